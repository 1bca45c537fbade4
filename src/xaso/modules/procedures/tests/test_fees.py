"""Fees: base by channel and count, exemption, relief, council tariff. Unknown never becomes 0."""

from datetime import date

import pytest

from xaso.modules.procedures import rules
from xaso.modules.procedures.tests.test_rules import version

ON = date(2024, 6, 15)
POOR = {"group": "poor", "label": "Hộ nghèo", "percent": 100, "legal_basis": "Luật Phí và lệ phí"}
NEAR = {"group": "near_poor", "label": "Hộ cận nghèo", "percent": 50}
RELIEF = {"legal_basis": "NQ 66.22", "percent": 50, "valid_from": "2024-01-01", "valid_to": "2024-12-31",
          "channels": ["online"]}  # fmt: skip
PAGES = {"key": "p", "label": "Phí", "status": "known", "per": "page", "cap": 200_000,
         "steps": [{"from": 1, "amount": 2000}, {"from": 3, "amount": 1000}]}  # fmt: skip


def quote(*fees, channel="counter", counts=None, groups=(), on=ON, case=None, answers=None):
    one = version(fees=list(fees), **({"cases": [case]} if case else {}))
    return rules.fee_for(one, one.cases[0], channel, counts or {}, groups, on, answers)


def flat(amount=10_000, **more):
    return {"key": "f", "label": "Phí", "status": "known", "amount": amount} | more


def council(**more):
    tariff = {"amount": 8_000, "legal_basis": "NQ HĐND", "valid_from": "2023-01-01"}
    return {"key": "c", "label": "Lệ phí", "status": "council", "council": [tariff]} | more


@pytest.mark.parametrize(
    ("pages", "copies", "total"),
    [
        (1, 1, 2_000),
        (2, 1, 4_000),
        (3, 1, 5_000),
        (10, 1, 12_000),
        (10, 3, 36_000),
        (198, 1, 200_000),
        (500, 2, 400_000),
        (0, 1, 0),
    ],
)
def test_pages_with_a_cap_per_copy(pages, copies, total):
    assert quote(PAGES, counts={"page": pages, "copy": copies}).total == total


def test_every_step_is_told():
    steps = quote(PAGES, counts={"page": 300, "copy": 2}).lines[0].steps
    assert [s.amount for s in steps] == [4_000, 302_000, 200_000, 400_000]
    assert steps[0].text == "2 trang × 2.000 đ (từ trang 1)"


def test_channels_differ():
    fee = {"key": "f", "label": "Lệ phí", "status": "known", "by_channel": {"online": 7_000, "counter": 15_000}}
    assert quote(fee, channel="online").total == 7_000
    assert quote(fee, channel="counter").total == 15_000
    assert quote(fee, channel="post").total is None


@pytest.mark.parametrize(
    ("groups", "channel", "on", "total"),
    [
        ((), "counter", ON, 10_000),
        (("near_poor",), "counter", ON, 5_000),
        (("near_poor", "poor"), "counter", ON, 0),
        ((), "online", ON, 5_000),
        (("near_poor",), "online", ON, 2_500),
        ((), "online", date(2025, 1, 1), 10_000),
        (("stranger",), "counter", ON, 10_000),
    ],
)
def test_exemption_then_relief(groups, channel, on, total):
    fee = flat(exemptions=[POOR, NEAR], reliefs=[RELIEF])
    assert quote(fee, groups=groups, channel=channel, on=on).total == total


def test_acts_and_copies_are_counted():
    assert quote(flat(per="act"), counts={"act": 3}).total == 30_000
    assert quote(flat(8_000, per="copy"), counts={"copy": 4}).total == 32_000
    assert quote(flat(8_000, per="copy", cap=20_000), counts={"copy": 4}).total == 20_000


def test_the_council_says_how_much():
    assert quote(council()).total == 8_000
    assert quote(council(exemptions=[NEAR]), groups=["near_poor"]).total == 4_000
    assert quote(council(), on=date(2022, 6, 1)).total is None


def test_a_council_fee_without_tariff_is_unknown_but_the_exempt_pay_nothing():
    fee = council(council=[], exemptions=[POOR])
    asked = quote(fee)
    assert (asked.total, asked.status) == (None, "unknown")
    exempt = quote(fee, groups=["poor"])
    assert (exempt.total, exempt.status) == (0, "known")


def test_unknown_stays_unknown():
    unknown = {"key": "u", "label": "Phí", "status": "unknown"}
    assert (quote(unknown).total, quote(unknown).status) == (None, "unknown")
    assert quote(unknown, flat()).total is None
    assert quote(unknown, groups=["poor"]).total is None
    assert (quote().total, quote().status) == (None, "unknown")


def test_free_needs_a_source():
    free = {"key": "m", "label": "Lệ phí", "status": "free", "legal_basis": "Luật Hộ tịch 2014, Điều 11"}
    assert (quote(free).total, quote(free).status) == (0, "free")
    for wrong in (free | {"legal_basis": ""}, flat(0), free | {"amount": 5}, flat() | {"status": "unknown"}):
        with pytest.raises(ValueError, match="phí"):
            quote(wrong)


def test_a_case_chooses_its_fees():
    fees = [flat(), {"key": "m", "label": "Lệ phí", "status": "free", "legal_basis": "Luật"}]
    assert quote(*fees, case={"key": "a", "label": "A", "fees": ["m"]}).status == "free"
    assert quote(*fees, case={"key": "a", "label": "A"}).total == 10_000
    assert quote(*fees, case={"key": "a", "label": "A", "fees": []}).total == 0

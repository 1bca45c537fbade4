"""Declaring, deciding, withdrawing: two people, and nothing overwritten."""

from datetime import date
from decimal import Decimal

import pytest

from xaso.core.audit.models import Entry
from xaso.core.measures.periods import Period, period_of
from xaso.kit.errors import Forbidden, Missing, Refused
from xaso.modules.figures import queries as figures
from xaso.modules.figures.actions import Given, approve_figure, declare_figure, refuse_figure, withdraw_figure
from xaso.modules.figures.models import Declared

YEAR = "2024"


def people(ngu_kien):
    return figures.value("t_people", ngu_kien, period_of(YEAR)).number


def test_two_people_make_a_figure(state, hoa, ngu_kien):
    row = state("t_people", YEAR, number=Decimal(8000), approve=False)
    assert (row.state, row.as_of, row.period_key, row.entered_by_name) == (
        "waiting",
        date(2024, 12, 31),
        "",
        "Trịnh Thị Mai",
    )
    approve_figure(hoa, row)
    assert people(ngu_kien) == 8000
    assert [entry.verb for entry in Entry.objects.order_by("pk")] == ["figures.declare", "figures.approve"]


def test_nobody_approves_what_they_declared(state, hoa, mai):
    row = state("t_people", YEAR, number=Decimal(1), approve=False)
    with pytest.raises(Forbidden):
        approve_figure(mai, row)
    Declared.objects.filter(pk=row.pk).update(entered_by_id=hoa.account_id)
    row.refresh_from_db()
    with pytest.raises(Refused, match="không tự duyệt"):
        approve_figure(hoa, row)


def test_another_commune_may_not(own_content, oanh, tam, son, ngu_kien):
    for actor in (oanh, tam, son):
        with pytest.raises(Forbidden):
            declare_figure(actor, ngu_kien, key="t_people", period=period_of(YEAR), given=Given(number=Decimal(1)))


def test_a_newer_one_replaces_and_the_older_stays(state, ngu_kien):
    first = state("t_people", YEAR, number=Decimal(8000))
    second = state("t_people", YEAR, number=Decimal(8100))
    first.refresh_from_db()
    assert (first.number, first.state, first.replaced_by) == (8000, "approved", second)
    assert people(ngu_kien) == 8100
    assert len(figures.history(ngu_kien, "t_people")) == 2


def test_withdrawing_brings_back_what_was_before(state, hoa, ngu_kien):
    first, second, third = (state("t_people", YEAR, number=Decimal(n)) for n in (1, 2, 3))
    withdraw_figure(hoa, second, reason="nhầm")
    assert people(ngu_kien) == 3
    withdraw_figure(hoa, third, reason="nhầm")
    assert people(ngu_kien) == 1
    withdraw_figure(hoa, first, reason="nhầm")
    assert people(ngu_kien) is None
    with pytest.raises(Refused, match="đã được quyết định"):
        withdraw_figure(hoa, first, reason="nhầm")


def test_refusing_says_why_and_is_final(state, hoa, ngu_kien):
    row = state("t_people", YEAR, number=Decimal(1), approve=False)
    with pytest.raises(Refused, match="lý do"):
        refuse_figure(hoa, row, reason="  ")
    refuse_figure(hoa, row, reason="Thiếu xác nhận của công an")
    assert (row.state, row.reason) == ("refused", "Thiếu xác nhận của công an")
    with pytest.raises(Refused, match="đã được quyết định"):
        approve_figure(hoa, row)
    assert people(ngu_kien) is None


@pytest.mark.parametrize(
    ("key", "period", "given", "says"),
    [
        ("t_people", YEAR, {"number": Decimal(1), "source": " "}, "ghi nguồn"),
        ("t_people", YEAR, {}, "Người: chưa có giá trị"),
        ("t_people", "2026", {"number": Decimal(1)}, "chưa bắt đầu"),
        ("t_people", "2025", {"number": Decimal(1), "as_of": date(2025, 6, 1)}, "chưa đến"),
        ("t_people", YEAR, {"number": Decimal(1), "as_of": date(2023, 6, 1)}, "nằm ngoài"),
        ("t_spent", "2024-Q2", {"number": Decimal(1), "as_of": date(2024, 1, 1)}, "nằm ngoài"),
        ("t_people", YEAR, {"number": Decimal(1), "document_on": date(2025, 6, 1)}, "chưa đến"),
        ("t_people", YEAR, {"number": Decimal(1), "supplier": "x" * 201}, "dài quá 200"),
        ("t_rank", YEAR, {"number": Decimal(1)}, "không dùng cho cấp của Xã Ngũ Kiên"),
        ("t_online", YEAR, {"number": Decimal(101)}, "100 %"),
        (
            "t_online",
            YEAR,
            {"number": Decimal(70), "numerator": Decimal(2), "denominator": Decimal(3)},
            "2/3 là 66,67 %, không phải 70 %",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(state, key, period, given, says):
    with pytest.raises(Refused) as refusal:
        state(key, period, **given)
    assert says in refusal.value.message
    assert not Declared.objects.exists()


def test_no_figure_and_no_period_of_ones_own(state, mai, ngu_kien):
    with pytest.raises(Missing):
        state("no_such", YEAR, number=Decimal(1))
    odd = Period("2024-01..05", "cumulative", "5 tháng", date(2024, 1, 1), date(2024, 6, 1))
    with pytest.raises(Refused, match="Hãy chọn một tháng"):
        declare_figure(mai, ngu_kien, key="t_people", period=odd, given=Given(number=Decimal(1), source="x"))


def test_a_running_period_is_known_up_to_today(state, ngu_kien):
    assert state("t_spent", "2025", number=Decimal(5)).as_of == date(2025, 3, 10)


def test_the_database_lets_one_number_count(state):
    row = state("t_people", YEAR, number=Decimal(1))
    twin = state("t_people", YEAR, number=Decimal(2), approve=False)
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        Declared.objects.filter(pk=twin.pk).update(state="approved")
    assert row.is_current


def test_a_share_of_part_of_the_people_replaces_only_its_own(state, ngu_kien):
    state("t_online", YEAR, number=Decimal(90))
    state("t_online", YEAR, number=Decimal(100), sub_population="công an phường")
    assert figures.value("t_online", ngu_kien, period_of(YEAR)).number == 90

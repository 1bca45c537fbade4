"""Nights, moments, repetitions and moves, without a database."""

from datetime import datetime, time, timedelta

import pytest

from xaso.kit.clock import VIETNAM
from xaso.modules.zalo import rules
from xaso.modules.zalo.definitions import zalo

BEGINS, ENDS = time(22), time(6)


@pytest.mark.parametrize(
    ("hour", "minute", "night"), [(21, 59, False), (22, 0, True), (0, 0, True), (5, 59, True), (6, 0, False)]
)
def test_the_night_lies_across_midnight(hour, minute, night):
    at = datetime(2026, 11, 16, hour, minute, tzinfo=VIETNAM)
    assert rules.is_night(at, BEGINS, ENDS) is night
    if night:
        morning = rules.morning(at, ENDS)
        assert (morning.hour, morning.minute) == (6, 0)
        assert timedelta() < morning - at <= timedelta(hours=8)


def test_a_night_within_one_day():
    assert rules.is_night(datetime(2026, 11, 16, 2, tzinfo=VIETNAM), time(1), time(5))
    assert not rules.is_night(datetime(2026, 11, 16, 23, tzinfo=VIETNAM), time(1), time(5))


@pytest.mark.parametrize(
    ("text", "seconds"), [("1700000000123", 1_700_000_000.123), ("1700000000", 1_700_000_000.0), ("17e9", None),
                          ("-1700000000", None), ("١٧٠٠٠٠٠٠٠٠", None), ("1" * 30, None), ("", None)],
)  # fmt: skip
def test_moments_are_seconds_or_milliseconds(text, seconds):
    assert rules.moment_of(text) == seconds


def test_a_repetition_is_known_by_the_message_and_not_by_the_time():
    one = {"message": {"msg_id": "m"}, "timestamp": "1"}
    assert rules.fingerprint("e", one, b"1") == rules.fingerprint("e", one | {"timestamp": "2"}, b"2")
    assert rules.fingerprint("e", one, b"1") != rules.fingerprint("f", one, b"1")
    report = {"message": {"msg_id": "m", "delivery_time": "1"}}
    assert rules.fingerprint("e", report, b"1") != rules.fingerprint("e", one, b"1")
    assert rules.fingerprint("follow", {}, b"1") != rules.fingerprint("follow", {}, b"2")


def test_reports_move_forward_only():
    assert rules.before("seen") == ["queued", "sent", "delivered"]
    assert rules.before("delivered") == ["queued", "sent"]
    assert "seen" not in rules.before("sent") + rules.before("failed")


def test_waits_grow_to_an_hour():
    waits = [rules.wait_after(attempts).total_seconds() for attempts in range(1, 12)]
    assert waits[:3] == [30, 60, 120]
    assert max(waits) == 3600


@pytest.mark.parametrize(
    ("host", "known"),
    [("a.zdn.vn", True), ("A.ZDN.VN.", True), ("zdn.vn", False), ("azdn.vn", False), ("zdn.vn.example.com", False)],
)
def test_hosts(host, known):
    assert rules.host_is_known(host, (".zdn.vn",)) is known


def test_the_content_knows_the_codes_of_the_notes():
    named = {-108, -109, -112, -114, -118, -119, -115, -124, -125, -131, -133, -135, -139, -141, -144, -146, -147}
    assert named | {-14020, -216, -224} <= {one.code for one in zalo().errors}
    assert zalo().fault(-999).code == -999
    assert zalo().fault(-999).then == "sms"
    assert {one.code: one.longest for one in zalo().params} == {
        "name": 30, "phone": 15, "address": 200, "code": 30, "custom": 30, "status": 30, "contact": 50,
        "salutation": 5, "product": 200, "amount": 20,
    }  # fmt: skip

"""What a resident reads: money, days, deadlines, masked numbers."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine

from xaso.ui.templatetags import ui

# 08:00 on 21 July 2026 in Vietnam.
NOW = datetime(2026, 7, 21, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "text"),
    [(1234000, "1.234.000 đồng"), (500, "500 đồng"), (0, "không thu phí"), (-15000, "-15.000 đồng"), (None, "")],
)
def test_money(value, text):
    assert ui.dong(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(1234, "1.234"), (0, "0"), (0.5, "0,5"), (Decimal("1234.50"), "1.234,50"), (12.0, "12"), ("", "")],
)
def test_numbers(value, text):
    assert ui.so(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(98.5, "98,5 %"), (100, "100 %"), (99.95, "100 %"), (0, "0 %"), (None, "–"), (98.449, "98,4 %")]
)
def test_percent(value, text):
    assert ui.phan_tram(value) == text


def test_moments_are_read_on_a_vietnamese_clock():
    late = datetime(2026, 7, 21, 18, 30, tzinfo=UTC)
    assert ui.ngay(late) == "22/07/2026"
    assert ui.gio_ngay(late) == "01:30 ngày 22/07/2026"
    assert ui.gio_ngay(date(2026, 7, 5)) == ui.ngay(date(2026, 7, 5)) == "05/07/2026"
    assert ui.ngay(None) == ui.gio_ngay(None) == ""


@pytest.mark.parametrize(
    ("deadline", "text", "tone"),
    [
        (5, "còn 5 ngày", "good"),
        (2, "còn 2 ngày", "warn"),
        (0, "hạn hôm nay", "warn"),
        (-1, "quá hạn 1 ngày", "bad"),
        (date(2026, 7, 31), "còn 10 ngày", "good"),
        (date(2026, 7, 20), "quá hạn 1 ngày", "bad"),
        (NOW + timedelta(hours=3, minutes=20), "còn 3 giờ", "warn"),
        (NOW + timedelta(minutes=20), "còn 20 phút", "warn"),
        (NOW - timedelta(hours=2), "quá hạn 2 giờ", "bad"),
        (NOW + timedelta(days=1), "còn 1 ngày", "warn"),
        (NOW - timedelta(days=1200), "quá hạn 1.200 ngày", "bad"),
        (None, "không có hạn", "neutral"),
    ],
)
@time_machine.travel(NOW, tick=False)
def test_deadlines_are_said_in_words_and_tone(deadline, text, tone):
    assert ui.con_lai(deadline) == text
    assert ui.muc_han(deadline) == tone


def test_soon_can_be_widened():
    assert ui.muc_han(4) == "good"
    assert ui.muc_han(4, 5) == "warn"


@pytest.mark.parametrize(
    ("number", "masked"), [("026090001123", "026••••••123"), ("123456789", "123•••789"), ("12345", "•••••"), (None, "")]
)
def test_personal_numbers_are_masked(number, masked):
    assert ui.che_so(number) == masked


@pytest.mark.parametrize(
    ("raw", "shown"),
    [("0912345678", "0912 345 678"), ("+84 912 345 678", "0912 345 678"), ("113", "113"), ("", ""), (None, "")],
)
def test_phone_numbers(raw, shown):
    assert ui.dien_thoai(raw) == shown

from datetime import date
from decimal import Decimal

import pytest

from xaso.modules.reports import rules
from xaso.modules.reports.rules import Number


def every_day(_: date) -> bool:
    return True


def weekdays(day: date) -> bool:
    return day.isoweekday() < 6


@pytest.mark.parametrize(
    ("until", "day", "is_working", "due"),
    [
        (date(2024, 4, 1), 10, every_day, date(2024, 4, 10)),
        (date(2024, 3, 1), 31, every_day, date(2024, 3, 31)),
        (date(2024, 2, 1), 31, every_day, date(2024, 2, 29)),
        (date(2023, 7, 1), 15, weekdays, date(2023, 7, 17)),  # a Saturday gives way to Monday
        (date(2025, 1, 1), 15, weekdays, date(2025, 1, 15)),
    ],
)
def test_a_report_is_due_on_a_day_of_the_following_month(until, day, is_working, due):
    assert rules.due_on(until, day, is_working) == due


@pytest.mark.parametrize(
    ("state", "today", "standing"),
    [
        (rules.SENT, date(2024, 5, 1), "done"),
        (rules.SIGNED, date(2024, 5, 1), "signed"),
        (rules.WRITING, date(2024, 4, 11), "late"),
        (rules.WAITING, date(2024, 4, 10), "due"),
        (rules.WRITING, date(2024, 4, 5), "due"),
        (rules.WRITING, date(2024, 4, 4), "open"),
        (rules.WRITING, date(2024, 3, 31), "ahead"),
    ],
)
def test_where_a_report_stands(state, today, standing):
    assert rules.standing(state, date(2024, 4, 10), date(2024, 4, 1), today, 5) == standing


def test_only_a_report_in_waiting_is_signed_or_returned():
    assert [(a, b) for a in rules.MOVES for b in rules.LABELS if rules.may_move(a, b)] == [
        (rules.WRITING, rules.WAITING),
        (rules.WAITING, rules.WRITING),
        (rules.WAITING, rules.SIGNED),
        (rules.SIGNED, rules.SENT),
    ]


def number(value=None, above=None, below=None, **more) -> Number:
    given = {"type": "percent", "comparator": "=", "text": "", "is_missing": value is None, "is_verified": True} | more
    three = [None if one is None else Decimal(str(one)) for one in (value, above, below)]
    return Number(number=three[0], numerator=three[1], denominator=three[2], **given)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (number(), "chưa có số liệu"),
        (number(text="không áp dụng"), "không áp dụng"),
        (number(text="thiếu số liệu thành phần"), "chưa có số liệu"),
        (number("98.6", 986, 1000), "98,6 % (986/1.000)"),
        (number(46, comparator=">", is_verified=False), "hơn 46 % – chưa kiểm chứng"),
        (number(1412, type="count"), "1.412"),
        (number(0, type="count"), "0"),
        (number("12.345", type="ratio"), "12,35"),
        (number(text="Bí thư", is_missing=False, type="label"), "Bí thư"),
        (number(text="có", is_missing=False, is_verified=False, type="yes_no"), "có – chưa kiểm chứng"),
    ],
)
def test_a_cell_says_what_is_known(value, text):
    assert rules.cell_text(value) == text


@pytest.mark.parametrize("text", ["=1+1", "+84912", "-1", "@a", "\tx"])
def test_a_cell_is_never_a_formula(text):
    assert rules.plain_cell(text) == f"'{text}"
    assert rules.plain_cell("Nguyễn =1") == "Nguyễn =1"

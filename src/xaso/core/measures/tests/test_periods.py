"""Periods: their days, their months, and their neighbours."""

from datetime import UTC, date, datetime

import pytest

from xaso.core.marks.watching import month_of
from xaso.core.measures.periods import find_period, key_of, period_of


@pytest.mark.parametrize(
    ("key", "since", "until", "label", "months", "previous", "cumulative"),
    [
        ("2024-03", date(2024, 3, 1), date(2024, 4, 1), "tháng 3/2024", 1, "2024-02", "2024-Q1"),
        ("2024-Q1", date(2024, 1, 1), date(2024, 4, 1), "quý 1 năm 2024", 3, "2023-Q4", "2024-Q1"),
        ("2024-Q3", date(2024, 7, 1), date(2024, 10, 1), "quý 3 năm 2024", 3, "2024-Q2", "2024-9M"),
        ("2024-H1", date(2024, 1, 1), date(2024, 7, 1), "6 tháng đầu năm 2024", 6, "2023-H2", "2024-H1"),
        ("2024-H2", date(2024, 7, 1), date(2025, 1, 1), "6 tháng cuối năm 2024", 6, "2024-H1", "2024"),
        ("2024-9M", date(2024, 1, 1), date(2024, 10, 1), "9 tháng năm 2024", 9, "2023-9M", "2024-9M"),
        ("2024", date(2024, 1, 1), date(2025, 1, 1), "năm 2024", 12, "2023", "2024"),
        ("2024-12", date(2024, 12, 1), date(2025, 1, 1), "tháng 12/2024", 1, "2024-11", "2024"),
    ],
)
def test_a_period_has_its_days(key, since, until, label, months, previous, cumulative):
    period = period_of(key)
    assert (period.since, period.until, period.label) == (since, until, label)
    assert len(period.months) == months
    assert period.previous == previous
    assert period.cumulative.key == cumulative
    assert period.key == key


@pytest.mark.parametrize(
    "text", ["", "20", "2024-", "2024-13", "2024-Q5", "2024-00", "abcd", "2024-H3", "1999", "2024-1"]
)
def test_what_names_no_period_is_none(text):
    assert find_period(text) is None


def test_months_of_half_a_year():
    assert period_of("2024-H2").months == [202407, 202408, 202409, 202410, 202411, 202412]


def test_a_moment_belongs_to_its_vietnamese_month():
    assert month_of(datetime(2024, 2, 29, 17, 30, tzinfo=UTC)) == 202403
    assert month_of(date(2024, 2, 29)) == 202402


@pytest.mark.parametrize("kind", ["month", "quarter", "half", "nine", "year"])
def test_the_key_of_a_day_names_the_period_around_it(kind):
    period = period_of(key_of(kind, date(2024, 5, 20)))
    assert period.kind == kind
    assert period.since <= date(2024, 5, 20) < period.until

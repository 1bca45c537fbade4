"""Periods of reporting: a month, a quarter, six months, nine months, a year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from xaso.kit import clock

MONTHS = {"month": 1, "quarter": 3, "half": 6, "nine": 9, "year": 12}
PARTS = {
    **{f"{month:02d}": ("month", month, f"tháng {month}/") for month in range(1, 13)},
    **{f"Q{n}": ("quarter", 3 * n - 2, f"quý {n} năm ") for n in range(1, 5)},
    "H1": ("half", 1, "6 tháng đầu năm "),
    "H2": ("half", 7, "6 tháng cuối năm "),
    "9M": ("nine", 1, "9 tháng năm "),
    "": ("year", 1, "năm "),
}


@dataclass(frozen=True, slots=True)
class Period:
    """`until` is the first day after it."""

    key: str
    kind: str
    label: str
    since: date
    until: date

    @property
    def last(self) -> date:
        return self.until - timedelta(days=1)

    @property
    def months(self) -> list[int]:
        """[202401, 202402, …]"""
        count = (self.until.year - self.since.year) * 12 + self.until.month - self.since.month
        firsts = (months_on(self.since.year, self.since.month, step) for step in range(count))
        return [first.year * 100 + first.month for first in firsts]

    @property
    def begins_at(self) -> datetime:
        return start_of(self.since)

    @property
    def ends_at(self) -> datetime:
        """The first moment after it."""
        return start_of(self.until)

    @property
    def previous(self) -> str:
        if self.kind == "nine":
            return f"{self.since.year - 1}-9M"
        return key_of(self.kind, self.since - timedelta(days=1))

    @property
    def following(self) -> str:
        """The key of the next period, or empty when it has not begun."""
        if self.kind == "nine":
            return f"{self.since.year + 1}-9M" if date(self.since.year + 1, 1, 1) <= clock.today() else ""
        return key_of(self.kind, self.until) if self.until <= clock.today() else ""

    @property
    def cumulative(self) -> Period:
        """From 1 January to the same end."""
        kind = {3: "quarter", 6: "half", 9: "nine", 12: "year"}.get(self.last.month, "")
        if kind:
            keys = {"quarter": "-Q1", "half": "-H1", "nine": "-9M", "year": ""}
            return period_of(f"{self.since.year}{keys[kind]}")
        since = date(self.since.year, 1, 1)
        label = f"{self.last.month} tháng đầu năm {self.since.year}" if self.last.month > 1 else self.label
        return Period(f"{self.since.year}-01..{self.last.month:02d}", "cumulative", label, since, self.until)


def key_of(kind: str, day: date) -> str:
    """`2026-11`, `2026-Q4`, `2026-H2`, `2026-9M` or `2026`: the period of that kind with the day in it."""
    match kind:
        case "year":
            return f"{day:%Y}"
        case "nine":
            return f"{day:%Y}-9M"
        case "half":
            return f"{day.year}-H{1 if day.month <= 6 else 2}"
        case "quarter":
            return f"{day.year}-Q{(day.month - 1) // 3 + 1}"
    return f"{day:%Y-%m}"


def find_period(text: str) -> Period | None:
    """The period named, or None."""
    year, _, part = text.partition("-")
    known = year.isdecimal() and len(year) == 4 and 2000 <= int(year) <= 2200
    if not known or part not in PARTS or (not part and text != year):
        return None
    kind, first, label = PARTS[part]
    number = int(year)
    return Period(text, kind, f"{label}{number}", date(number, first, 1), months_on(number, first, MONTHS[kind]))


def label_of(key: str) -> str:
    """“quý 1 năm 2024” for 2024-Q1; a key that names no period is shown as it is."""
    found = find_period(key)
    return found.label if found else key


def period_of(text: str) -> Period:
    """The period named; this month when the text names none."""
    return find_period(text) or this("month")


def this(kind: str) -> Period:
    """The period of that kind with today in it."""
    found = find_period(key_of(kind, clock.today()))
    if found is None:
        raise ValueError(f"no kind of period {kind}")
    return found


def months_on(year: int, month: int, count: int) -> date:
    """The first day of the month so many months on."""
    whole = year * 12 + month - 1 + count
    return date(whole // 12, whole % 12 + 1, 1)


def start_of(day: date) -> datetime:
    """Midnight of that day in Vietnam."""
    return datetime(day.year, day.month, day.day, tzinfo=clock.VIETNAM)


def span_of(month: int) -> tuple[date, date]:
    """First day of 202403, and of the month after it."""
    first = date(month // 100, month % 100, 1)
    return first, months_on(first.year, first.month, 1)

"""Days of a document: until when it must be registered, when it is due, when to warn. Working days of its unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from xaso.core.deadlines.calendar import calendar_for
from xaso.core.deadlines.queries import due_for, part_of
from xaso.core.deadlines.rules import CannotCompute, Limit, nth_working_day
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.modules.incoming import rules

MOST_DAYS = 365
WARN_AT_SHARE = 75
URGENT_HOURS = 1
PAST = "Hạn xử lý phải từ hôm nay trở đi. Hãy chọn ngày khác."
BAD_SPAN = "Số ngày làm việc phải từ 1 đến 365."


@dataclass(frozen=True, slots=True)
class Due:
    """How long somebody is given: working days, or a day. Neither: no deadline is said."""

    days: int | None = None
    on: date | None = None

    @property
    def is_said(self) -> bool:
        return self.days is not None or self.on is not None


def register_by(unit_path: str, arrived_at: datetime, urgency: int) -> datetime:
    """The same or the next working day; what is urgent at once, that is within one office hour (NĐ 30/2020)."""
    try:
        if urgency > rules.Urgency.NORMAL:
            return due_for(unit_path, Limit(URGENT_HOURS, "hour"), arrived_at)
        day = clock.local(arrived_at).date()
        calendar = calendar_for(unit_path, day)
        return calendar.closing(nth_working_day(day, 1, calendar))
    except CannotCompute as error:
        raise Refused(str(error)) from error


def due_at(unit_path: str, due: Due, at: datetime) -> datetime | None:
    """The closing of the last day. Raises Refused on a day that cannot be."""
    if due.days is None and due.on is None:
        return None
    try:
        if due.on is not None:
            return _closing_on(unit_path, due.on, at)
        if due.days is None or not 1 <= due.days <= MOST_DAYS:
            raise Refused(BAD_SPAN)
        return due_for(unit_path, Limit(due.days, "workday"), at)
    except CannotCompute as error:
        raise Refused(str(error)) from error


def _closing_on(unit_path: str, day: date, at: datetime) -> datetime:
    """A day off counts as the last working day before it: nobody answers on a holiday."""
    if day < clock.local(at).date():
        raise Refused(PAST)
    calendar = calendar_for(unit_path, day)
    return calendar.closing(day if calendar.is_working(day) else nth_working_day(day, -1, calendar))


def deadline(unit_path: str, due: Due, at: datetime) -> dict[str, Any]:
    """The columns of a new deadline: when it is due, when to warn (75 % of the office time), nobody told yet."""
    last = due_at(unit_path, due, at)
    return {
        "due_at": last,
        "warn_at": part_of(unit_path, at, last, WARN_AT_SHARE),
        "warned_at": None,
        "day_told_at": None,
        "late_told_at": None,
    }

"""Working time and the three verdicts, as arithmetic on dates. All moments are aware; results are Vietnamese time.

The day of receipt is not counted. Vietnam has no daylight saving, so wall-clock arithmetic is exact.
"""

from __future__ import annotations

import calendar as months
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Literal
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
CUT_OFF = time(15)
"""What is received later is due on the next working day when the limit is "within the day"."""

LimitUnit = Literal["hour", "workday", "day", "month"]
MONDAY_TO_FRIDAY = frozenset({1, 2, 3, 4, 5})


class CannotCompute(ValueError):
    """A date is not computed rather than guessed. The sentence is for the person at the screen."""


class UnitMissing(CannotCompute):
    def __init__(self) -> None:
        super().__init__(
            "Thời hạn của thủ tục này thiếu đơn vị tính (giờ, ngày làm việc, ngày hay tháng). "
            "Hãy báo người quản lý danh mục bổ sung rồi tiếp nhận lại."
        )


class LimitInvalid(CannotCompute):
    def __init__(self) -> None:
        super().__init__(
            "Thời hạn phải là số không âm; hạn tính theo ngày hoặc tháng phải là số nguyên. "
            "Hãy báo người quản lý danh mục sửa lại."
        )


class YearMissing(CannotCompute):
    def __init__(self, year: int) -> None:
        super().__init__(
            f"Chưa có lịch nghỉ lễ năm {year} nên không tính được hạn. "
            f"Hãy thêm tệp calendar/{year}.yaml vào thư mục nội dung rồi thử lại."
        )


@dataclass(frozen=True, slots=True)
class Shift:
    start: time
    end: time
    weekdays: frozenset[int] = MONDAY_TO_FRIDAY


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days off, swapped working days and office hours of one unit. `years` are those known; None means all."""

    off: frozenset[date]
    working: frozenset[date]
    shifts: tuple[Shift, ...]
    years: frozenset[int] | None = None

    def shifts_on(self, day: date) -> tuple[Shift, ...]:
        """A swapped working day keeps the hours of a Monday."""
        if self.years is not None and day.year not in self.years:
            raise YearMissing(day.year)
        if day in self.off:
            return ()
        weekday = 1 if day in self.working else day.isoweekday()
        return tuple(shift for shift in self.shifts if weekday in shift.weekdays)

    def is_working(self, day: date) -> bool:
        return bool(self.shifts_on(day))

    def opening(self, day: date) -> datetime:
        return _moment(day, self.shifts_on(day)[0].start)

    def closing(self, day: date) -> datetime:
        return _moment(day, self.shifts_on(day)[-1].end)


@dataclass(frozen=True, slots=True)
class Limit:
    """How long the law gives. `same_day`: answered within the day, whatever the amount says."""

    amount: int | Decimal
    unit: LimitUnit | None
    same_day: bool = False

    @property
    def within_the_day(self) -> bool:
        return self.same_day or (self.amount == 0 and self.unit is not None)


@dataclass(frozen=True, slots=True)
class Wait:
    """A time when the dossier waited for somebody outside the office. `to_at` None: it still waits."""

    from_at: datetime
    to_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """What happened to one dossier, as far as its verdicts depend on it. `supplements` are in time order."""

    started_at: datetime
    limit: Limit
    due_legal_at: datetime
    due_shown_at: datetime
    supplements: tuple[Wait, ...] = ()
    finished_at: datetime | None = None
    returned_at: datetime | None = None
    stopped_at: datetime | None = None

    @property
    def ended_at(self) -> datetime | None:
        return self.finished_at or self.returned_at or self.stopped_at


@dataclass(frozen=True, slots=True)
class Verdicts:
    """On time by the law, by the promise to the citizen, and by the formula of QĐ 766."""

    legal: bool
    shown: bool
    qd766: bool


class Light(StrEnum):
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


def next_open(at: datetime, calendar: Calendar) -> datetime:
    """The same moment when the office is open, else the start of the next shift."""
    local = at.astimezone(VIETNAM)
    for shift in calendar.shifts_on(local.date()):
        if local.time() <= shift.end:
            return max(local, _moment(local.date(), shift.start))
    return calendar.opening(nth_working_day(local.date(), 1, calendar))


def nth_working_day(day: date, count: int, calendar: Calendar) -> date:
    """The count-th working day after `day`, or before it when the count is negative; 0 is the day itself."""
    step = timedelta(days=1 if count > 0 else -1)
    for _ in range(abs(count)):
        day += step
        while not calendar.is_working(day):
            day += step
    return day


def working_days_between(first: date, last: date, calendar: Calendar) -> int:
    """Working days after `first` up to and including `last`; negative when `last` comes first."""
    if last < first:
        return -working_days_between(last, first, calendar)
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(calendar.is_working(day) for day in days)


def add_working_time(at: datetime, amount: timedelta, calendar: Calendar) -> datetime:
    """Work that long inside office hours. Ends at a closing time rather than at the next opening."""
    at = next_open(at, calendar)
    while True:
        for shift in calendar.shifts_on(at.date()):
            begin = max(at, _moment(at.date(), shift.start))
            room = _moment(at.date(), shift.end) - begin
            if room >= max(amount, timedelta()):
                return begin + amount
            amount -= max(room, timedelta())
        at = calendar.opening(nth_working_day(at.date(), 1, calendar))


def working_time_between(first: datetime, last: datetime, calendar: Calendar) -> timedelta:
    """Office hours between two moments; negative when `last` comes first."""
    if last < first:
        return -working_time_between(last, first, calendar)
    first, last = first.astimezone(VIETNAM), last.astimezone(VIETNAM)
    total = timedelta()
    for n in range((last.date() - first.date()).days + 1):
        day = first.date() + timedelta(days=n)
        for shift in calendar.shifts_on(day):
            overlap = min(last, _moment(day, shift.end)) - max(first, _moment(day, shift.start))
            total += max(overlap, timedelta())
    return total


def working_minutes_left(now: datetime, due_at: datetime, calendar: Calendar) -> int:
    """Office minutes until the due moment; negative once it has passed."""
    return int(working_time_between(now, due_at, calendar).total_seconds() // 60)


def due(
    received_at: datetime, limit: Limit, calendar: Calendar, cut_off: time = CUT_OFF, waits: tuple[Wait, ...] = ()
) -> datetime:
    """When the answer is due. Finished waits are added in the unit of the limit: office hours, working days or days."""
    _check(limit)
    start = next_open(received_at, calendar)
    if limit.within_the_day:
        late = start.time() > cut_off
        day = nth_working_day(start.date(), int(late) + _waited_days(waits, limit, calendar), calendar)
        return calendar.closing(day)
    if limit.unit == "hour":
        waited = sum((_waited_time(wait, calendar) for wait in waits), timedelta())
        return add_working_time(start, _hours(limit.amount) + waited, calendar)
    if limit.unit == "workday":
        return _after_workdays(start.date(), Decimal(limit.amount) + _waited_days(waits, limit, calendar), calendar)
    last = start.date()
    last = _add_months(last, int(limit.amount)) if limit.unit == "month" else last + timedelta(days=int(limit.amount))
    last += timedelta(days=_waited_days(waits, limit, calendar))
    return calendar.closing(_roll(last, calendar))


def moved(due_at: datetime, wait: Wait, limit: Limit, calendar: Calendar) -> datetime:
    """A date that was promised by hand, later by one finished wait, at the same time of the day."""
    if limit.unit == "hour" and not limit.within_the_day:
        return add_working_time(due_at, _waited_time(wait, calendar), calendar)
    count = _waited_days((wait,), limit, calendar)
    local = due_at.astimezone(VIETNAM)
    if count == 0:
        return local
    if _counts_calendar_days(limit):
        day = _roll(local.date() + timedelta(days=count), calendar)
    else:
        day = nth_working_day(local.date(), count, calendar)
    return min(_moment(day, local.time()), calendar.closing(day))


def near_from(due_at: datetime, calendar: Calendar) -> datetime:
    """From when the deadline is near: the opening of the working day before it."""
    return calendar.opening(nth_working_day(due_at.astimezone(VIETNAM).date(), -1, calendar))


def light(now: datetime, started_at: datetime, due_at: datetime) -> Light:
    """Green in the first half of the time, yellow from 50 %, red from 80 % and when it is over."""
    total = due_at - started_at
    used = (now - started_at) / total if total > timedelta() else 1.0
    if used >= 0.8:
        return Light.RED
    return Light.YELLOW if used >= 0.5 else Light.GREEN


def is_late(now: datetime, due_at: datetime) -> bool:
    return now > due_at


def verdicts(course: Course, calendar: Calendar, cut_off: time, now: datetime) -> Verdicts:
    """Three answers to "on time?". An open dossier counts as on time until its date has passed."""
    end = course.ended_at or now
    return Verdicts(
        legal=end <= course.due_legal_at,
        shown=end <= course.due_shown_at,
        qd766=_on_time_766(course, calendar, cut_off, now),
    )


def _on_time_766(course: Course, calendar: Calendar, cut_off: time, now: datetime) -> bool:
    """QĐ 766 forgives the waiting of one supplement and nothing else: no other pause, no new promise.

    When that one supplement is the last that happened, its moment is the end.
    """
    if len(course.supplements) > 1:
        return False
    waits: tuple[Wait, ...] = ()
    end = course.ended_at
    if course.supplements:
        wait = course.supplements[0]
        if end is None and wait.to_at is None:
            end = wait.from_at
        waits = (replace(wait, to_at=wait.to_at or end),)
    return (end or now) <= due(course.started_at, course.limit, calendar, cut_off, waits)


def _check(limit: Limit) -> None:
    if limit.within_the_day and limit.amount >= 0:
        return
    if limit.unit is None:
        raise UnitMissing
    whole = limit.amount == int(limit.amount)
    if limit.amount < 0 or (limit.unit in {"day", "month"} and not whole):
        raise LimitInvalid


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=VIETNAM)


def _hours(amount: int | Decimal) -> timedelta:
    return timedelta(seconds=int(Decimal(amount) * 3600))


def _counts_calendar_days(limit: Limit) -> bool:
    return limit.unit in {"day", "month"} and not limit.within_the_day


def _waited_time(wait: Wait, calendar: Calendar) -> timedelta:
    return working_time_between(wait.from_at, wait.to_at, calendar) if wait.to_at else timedelta()


def _waited_days(waits: tuple[Wait, ...], limit: Limit, calendar: Calendar) -> int:
    spans = [
        (wait.from_at.astimezone(VIETNAM).date(), wait.to_at.astimezone(VIETNAM).date()) for wait in waits if wait.to_at
    ]
    if _counts_calendar_days(limit):
        return sum((last - first).days for first, last in spans)
    return sum(working_days_between(first, last, calendar) for first, last in spans)


def _after_workdays(day: date, amount: Decimal, calendar: Calendar) -> datetime:
    """Half a day more is half of the office hours of the next working day."""
    whole = int(amount)
    day = nth_working_day(day, whole, calendar)
    rest = amount - whole
    if rest == 0:
        return calendar.closing(day)
    following = calendar.opening(nth_working_day(day, 1, calendar))
    office = working_time_between(following, calendar.closing(following.date()), calendar)
    return add_working_time(following, timedelta(seconds=int(rest * int(office.total_seconds()))), calendar)


def _add_months(day: date, count: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    last = months.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def _roll(day: date, calendar: Calendar) -> date:
    return day if calendar.is_working(day) else nth_working_day(day, 1, calendar)

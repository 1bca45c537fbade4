"""When an item plays: once, or at times of the week. All wall-clock times are Vietnam's, which has no summer time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7))
DAY_NAMES = ("Thứ 2", "Thứ 3", "Thứ 4", "Thứ 5", "Thứ 6", "Thứ 7", "Chủ nhật")
MINUTES_A_DAY = 24 * 60
MINUTES_A_WEEK = 7 * MINUTES_A_DAY


@dataclass(frozen=True, slots=True)
class Weekly:
    """Days of the week (0 is Monday) and times ("05:00") at which an item repeats."""

    days: tuple[int, ...]
    times: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.days or not self.times or any(day not in range(7) for day in self.days):
            raise ValueError("a weekly schedule needs days 0–6 and times")
        for text in self.times:
            minute_of(text)

    def for_audit(self) -> str:
        return f"{','.join(map(str, self.days))} {','.join(self.times)}"

    def words(self) -> str:
        """Thứ 2, Thứ 4 lúc 05:00 và 17:00."""
        return f"{day_words(self.days)} lúc {' và '.join(sorted(self.times))}"


def day_words(days: Iterable[int]) -> str:
    """Thứ 2–6 when the days follow each other, else a list."""
    found = sorted(set(days))
    if len(found) == 7:
        return "Hằng ngày"
    in_a_row = found == list(range(found[0], found[-1] + 1))
    if in_a_row and len(found) > 2:
        last = DAY_NAMES[found[-1]]
        return f"{DAY_NAMES[found[0]]}–{last.removeprefix('Thứ ') if last != DAY_NAMES[6] else last}"
    return ", ".join(DAY_NAMES[day] for day in found)


def minute_of(text: str) -> int:
    """Minutes from 00:00 of "05:30". Raises ValueError."""
    hours, _, minutes = text.partition(":")
    if not (hours.isdecimal() and minutes.isdecimal() and len(minutes) == 2 and int(hours) < 24 and int(minutes) < 60):
        raise ValueError(f"not a time of day: {text!r}")
    return int(hours) * 60 + int(minutes)


def clock_words(minute: int) -> str:
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}"


def minute_of_day(moment: datetime) -> int:
    local = moment.astimezone(VIETNAM)
    return local.hour * 60 + local.minute


@dataclass(frozen=True, slots=True)
class Timing:
    """When one item plays and how long each time lasts."""

    starts_at: datetime | None
    until: datetime | None
    weekly: Weekly | None
    seconds: float
    begins_at: datetime | None = None
    """A weekly item does not play before this moment."""


def occurrences(timing: Timing, after: datetime, before: datetime) -> Iterator[datetime]:
    """Starts in [after, before), the earliest first."""
    if timing.weekly is None:
        if timing.starts_at is not None and after <= timing.starts_at < before:
            yield timing.starts_at
        return
    minutes = sorted(minute_of(text) for text in timing.weekly.times)
    day = after.astimezone(VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)
    while day < before:
        if day.weekday() in timing.weekly.days:
            for minute in minutes:
                moment = day + timedelta(minutes=minute)
                if after <= moment < before and _in_force(timing, moment):
                    yield moment
        day += timedelta(days=1)


def _in_force(timing: Timing, moment: datetime) -> bool:
    return (timing.until is None or moment < timing.until) and (timing.begins_at is None or moment >= timing.begins_at)

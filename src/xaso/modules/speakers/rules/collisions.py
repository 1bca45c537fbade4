"""Two items of the same standing cannot sound at once: which ones meet, and the next time that is free."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from xaso.modules.speakers.rules.limits import Limits, quiet_at
from xaso.modules.speakers.rules.scheduling import VIETNAM, Timing, minute_of_day, occurrences

HORIZON = timedelta(days=15)
"""Weekly items repeat: what does not meet in two weeks from the first time on never meets."""
STEP = timedelta(minutes=5)
PAUSE = timedelta(seconds=10)
"""Between two items, so that people hear where one ends."""


@dataclass(frozen=True, slots=True)
class Booked:
    """An item that already has its times."""

    title: str
    timing: Timing


@dataclass(frozen=True, slots=True)
class Meeting:
    title: str
    at: datetime


def _spans(timing: Timing, after: datetime, before: datetime) -> list[tuple[datetime, datetime]]:
    length = timedelta(seconds=timing.seconds)
    return [(start, start + length) for start in occurrences(timing, after - length, before)]


def meetings(wanted: Timing, booked: Iterable[Booked], now: datetime) -> list[Meeting]:
    """Each booked item that would sound at the same time, with the first moment at which they meet."""
    first = max(now, wanted.starts_at or now) if wanted.weekly is None else max(now, wanted.begins_at or now)
    mine = _spans(wanted, first, first + HORIZON)
    found = []
    for other in booked:
        theirs = _spans(other.timing, first, first + HORIZON)
        if hit := _first_overlap(mine, theirs):
            found.append(Meeting(other.title, hit))
    return found


def _first_overlap(
    mine: Sequence[tuple[datetime, datetime]], theirs: Sequence[tuple[datetime, datetime]]
) -> datetime | None:
    one = two = 0
    while one < len(mine) and two < len(theirs):
        (start, end), (other_start, other_end) = mine[one], theirs[two]
        if start < other_end + PAUSE and other_start < end + PAUSE:
            return max(start, other_start)
        if end <= other_end:
            one += 1
        else:
            two += 1
    return None


def next_free(wanted: datetime, seconds: float, booked: Sequence[Booked], limits: Limits) -> datetime | None:
    """The first time from `wanted` on, in steps of five minutes and on that day or the next, that nobody has."""
    end = wanted + timedelta(days=2)
    length = timedelta(seconds=seconds)
    busy = [span for other in booked for span in _spans(other.timing, wanted, end)]
    at = _rounded(wanted)
    while at < end:
        is_free = all(at >= stop + PAUSE or at + length + PAUSE <= start for start, stop in busy)
        if is_free and quiet_at(limits, minute_of_day(at), seconds) is None:
            return at
        at += STEP
    return None


def _rounded(moment: datetime) -> datetime:
    """Up to the next full five minutes."""
    local = moment.astimezone(VIETNAM).replace(second=0, microsecond=0)
    if local < moment:
        local += timedelta(minutes=1)
    return local + timedelta(minutes=-local.minute % 5)

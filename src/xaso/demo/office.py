"""Office time by arithmetic on prefix sums: the answers of `core.deadlines.rules` in microseconds instead of loops.

Moments are whole microseconds since 1970 in UTC, days are dates in Vietnam. A test compares with the rules themselves.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from pathlib import Path

from django.conf import settings

from xaso.core.deadlines import rules
from xaso.core.deadlines.calendar import calendar_for, cut_off_for, load

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
SHIFT = 7 * HOUR
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_DAY = date(1970, 1, 1)


def moment(at: datetime) -> int:
    return (at - EPOCH) // timedelta(microseconds=1)


def whole(us: int) -> datetime:
    return EPOCH + timedelta(microseconds=us)


@lru_cache(4096)
def _day_text(day: int) -> str:
    return (FIRST_DAY + timedelta(days=day)).isoformat()


@lru_cache(1 << 16)
def stamp(us: int) -> str:
    """As Django writes a moment on SQLite: UTC without an offset."""
    day, rest = divmod(us, DAY)
    seconds, fraction = divmod(rest, SECOND)
    minutes, second = divmod(seconds, 60)
    text = f"{_day_text(day)} {minutes // 60:02d}:{minutes % 60:02d}:{second:02d}"
    return f"{text}.{fraction:06d}" if fraction else text


@lru_cache(1 << 16)
def iso(us: int) -> str:
    """As the audit chain digests a moment."""
    text = stamp(us)
    return f"{text[:10]}T{text[11:]}{'' if len(text) > 19 else '.000000'}+00:00"


def day_of(us: int) -> date:
    """The day on a Vietnamese calendar."""
    return FIRST_DAY + timedelta(days=(us + SHIFT) // DAY)


class Office:
    """One set of office hours on the known calendar."""

    def __init__(self, calendar: rules.Calendar, cut_off: time) -> None:
        self.calendar, self.cut_off = calendar, cut_off
        self.starts: list[int] = []
        self.ends: list[int] = []
        years = sorted(calendar.years or ())
        day, last = date(years[0], 1, 1), date(years[-1], 12, 31)
        while day <= last:
            for shift in calendar.shifts_on(day):
                self.starts.append(moment(datetime.combine(day, shift.start, tzinfo=rules.VIETNAM)))
                self.ends.append(moment(datetime.combine(day, shift.end, tzinfo=rules.VIETNAM)))
            day += timedelta(days=1)
        lengths = [end - start for start, end in zip(self.starts, self.ends, strict=True)]
        self.worked = list(accumulate(lengths))
        self._dues: dict[tuple[int, bool, rules.Limit], int] = {}
        self._nears: dict[tuple[int, int], int | None] = {}

    def _position(self, at: int) -> int:
        return bisect_left(self.ends, at)

    def next_open(self, at: int) -> int:
        return max(at, self.starts[self._position(at)])

    def _until(self, at: int) -> int:
        """Office time from the calendar's beginning."""
        index = self._position(at)
        return self.worked[index] - (self.ends[index] - max(at, self.starts[index]))

    def between(self, first: int, last: int) -> int:
        return self._until(last) - self._until(first)

    def add(self, at: int, amount: int) -> int:
        """Ends at a closing time rather than at the next opening."""
        if amount <= 0:
            return self.next_open(at)
        wanted = self._until(at) + amount
        index = bisect_left(self.worked, wanted)
        return self.ends[index] - (self.worked[index] - wanted)

    def part(self, at: int, due_at: int, share: int) -> int | None:
        """As `deadlines.queries.part_of`."""
        if not share:
            return None
        amount = max(self.between(at, due_at), 0) * share
        return min(self.add(at, (amount + 50) // 100), due_at)

    def due(self, at: int, limit: rules.Limit) -> int:
        """As `rules.due` without waits: the same for all moments of a day before, and after, its cut-off."""
        if limit.unit == "hour" and not limit.within_the_day:
            return moment(rules.due(whole(at), limit, self.calendar, self.cut_off))
        start = self.next_open(at)
        local = whole(start).astimezone(rules.VIETNAM) if limit.within_the_day else None
        key = ((start + SHIFT) // DAY, bool(local and local.time() > self.cut_off), limit)
        found = self._dues.get(key)
        if found is None:
            found = self._dues[key] = moment(rules.due(whole(at), limit, self.calendar, self.cut_off))
        return found

    def near(self, begun_at: int, due_at: int) -> int | None:
        """As `deadlines.actions` sets `near_at`."""
        key = ((self.next_open(begun_at) + SHIFT) // DAY, (due_at + SHIFT) // DAY)
        if key not in self._nears:
            same_day = key[0] == key[1]
            self._nears[key] = None if same_day else moment(rules.near_from(whole(due_at), self.calendar))
        return self._nears[key]


_offices: dict[tuple[object, ...], Office] = {}
_by_day: dict[tuple[str, int], Office] = {}
_hours_of: dict[str, str] = {}


def forget() -> None:
    """Before a load: the content may have changed since the last one."""
    for kept in (_offices, _by_day, _hours_of):
        kept.clear()


def office_of(unit_path: str, at: int) -> Office:
    """The office hours in force for a unit on the day of a moment. Units with the same hours share one."""
    key = (_hours_of.get(unit_path) or _group(unit_path), (at + SHIFT) // DAY)
    found = _by_day.get(key)
    if found is None:
        day = day_of(at)
        calendar, cut_off = calendar_for(unit_path, day), cut_off_for(unit_path, day)
        hours = (calendar, cut_off)
        if hours not in _offices:
            _offices[hours] = Office(calendar, cut_off)
        found = _by_day[key] = _offices[hours]
    return found


def _group(unit_path: str) -> str:
    """The unit whose office hours these are: most communes have those of everybody, so most share one key."""
    content = load(tuple(Path(folder) / "calendar" for folder in settings.CONTENT_DIRS))
    own = [entry.unit for entry in content.hours if entry.unit and unit_path.startswith(entry.unit)]
    found = _hours_of[unit_path] = max(own, key=len, default="*")
    return found

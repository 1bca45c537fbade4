"""Questions about clocks. Lists ask once for a whole page."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from xaso.core.deadlines import rules
from xaso.core.deadlines.calendar import calendar_for, cut_off_for
from xaso.core.deadlines.models import Clock
from xaso.kit import clock as wall
from xaso.kit.errors import Missing


def clock_of(subject: str) -> Clock:
    """The clock of a subject. Raises Missing when none was started."""
    found = Clock.objects.filter(subject=subject).first()
    if found is None:
        raise Missing("Hồ sơ này chưa được tính thời hạn. Hãy tiếp nhận hồ sơ trước.")
    return found


def clocks_of(subjects: Iterable[str]) -> dict[str, Clock]:
    """Clocks by subject, in one statement; subjects without a clock are left out."""
    return {found.subject: found for found in Clock.objects.filter(subject__in=list(subjects))}


def due_for(unit_path: str, limit: rules.Limit, at: datetime) -> datetime:
    """What the date would be, without starting anything: for a form's preview."""
    day = wall.local(at).date()
    return rules.due(at, limit, calendar_for(unit_path, day), cut_off_for(unit_path, day))


def light_of(clock: Clock, now: datetime) -> rules.Light:
    """The colour in lists, against the promised date."""
    return rules.light(now, clock.counted_from_at, clock.due_shown_at)


def working_minutes_left(clock: Clock, now: datetime) -> int:
    """Office minutes until the promised date; negative once it has passed."""
    return rules.working_minutes_left(now, clock.due_shown_at, calendar_for(clock.unit_path, wall.local(now).date()))


def part_of(unit_path: str, at: datetime, due_at: datetime | None, share: int) -> datetime | None:
    """A step's own deadline: `share` percent of the office time until the due date. None without a share or a date."""
    if not share or due_at is None:
        return None
    calendar = calendar_for(unit_path, wall.local(at).date())
    whole = max(rules.working_time_between(at, due_at, calendar), timedelta())
    return min(rules.add_working_time(at, whole * share / 100, calendar), due_at)

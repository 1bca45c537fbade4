"""By the clock: tell of deadlines that are near or have passed, each once."""

from datetime import datetime

from xaso.core.access import SYSTEM, Actor
from xaso.core.actions import action
from xaso.core.deadlines.events import DeadlineNear, DeadlinePassed
from xaso.core.deadlines.models import Clock
from xaso.core.outbox.actions import announce
from xaso.kit import clock as wall

BATCH = 200


def announce_deadlines() -> int:
    """Announce until nothing is left. Safe to run twice, or by two workers at once. Returns how many were announced."""
    now, total = wall.now(), 0
    while near := list(
        Clock.objects.near(now).order_by("near_at").values_list("pk", "subject", "due_shown_at")[:BATCH]
    ):
        total += announce_near(SYSTEM, None, clocks=near, now=now)
    while passed := list(Clock.objects.passed(now).order_by("due_shown_at").values_list("pk", "subject")[:BATCH]):
        total += announce_passed(SYSTEM, None, clocks=passed, now=now)
    return total


@action("deadlines.announce_near", "Báo hồ sơ sắp đến hạn")
def announce_near(by: Actor, _: None, /, *, clocks: list[tuple[int, str, datetime]], now: datetime) -> int:
    """One row at a time: only the worker whose update found the row unmarked announces it."""
    told = 0
    for pk, subject, due_at in clocks:
        if Clock.objects.near(now).filter(pk=pk, due_shown_at=due_at).update(near_announced_at=now):
            announce(DeadlineNear(subject=subject, due=wall.local(due_at).isoformat()))
            told += 1
    return told


@action("deadlines.announce_passed", "Báo hồ sơ quá hạn")
def announce_passed(by: Actor, _: None, /, *, clocks: list[tuple[int, str]], now: datetime) -> int:
    """As above, for the promise that has passed."""
    told = 0
    for pk, subject in clocks:
        if Clock.objects.passed(now).filter(pk=pk).update(passed_announced_at=now):
            announce(DeadlinePassed(subject=subject))
            told += 1
    return told

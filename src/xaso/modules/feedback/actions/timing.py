"""The clock of QĐ 766: how long until triaged, supplemented, answered, published. Working days of the unit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from xaso.core.deadlines import actions as deadlines
from xaso.core.deadlines.models import Clock
from xaso.core.deadlines.queries import clocks_of, due_for
from xaso.core.deadlines.rules import CannotCompute, Limit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.modules.feedback.definitions import Span, desk
from xaso.modules.feedback.models import Report

KIND = "feedback"


def due_after(unit_path: str, span: Span, at: datetime) -> datetime | None:
    """The closing of the last day; None in a year whose holidays nobody has written down yet."""
    try:
        return due_for(unit_path, Limit(span.days, "workday"), at)
    except CannotCompute:  # a resident is heard even where the calendar ends; the overdue board shows what has no date
        return None


def limits(at: datetime) -> Any:
    return desk().clock_on(clock.local(at).date())


def begin(report: Report, at: datetime) -> None:
    """Begin the clock of this round; the columns are set on the row, not stored."""
    report.due_at = due_after(report.unit_path, limits(at).answer, at)
    if report.due_at is not None:
        deadlines.start(report.clock_ref, report.unit_path, Limit(limits(at).answer.days, "workday"), at, KIND)


def clock_of(report: Report) -> Clock | None:
    return clocks_of([report.clock_ref]).get(report.clock_ref)


def hold(report: Report, at: datetime, note: str) -> None:
    """The clock stands still while the resident is asked."""
    if (running := clock_of(report)) and running.state == Clock.State.RUNNING:
        deadlines.pause(running, "supplement", at, note=note[:500])


def go_on(report: Report, at: datetime) -> datetime | None:
    """The clock runs again. The new date."""
    held = clock_of(report)
    if held is None or held.state != Clock.State.PAUSED:
        return report.due_at
    return deadlines.resume(held, at).due_shown_at


def end(report: Report, at: datetime, outcome: str) -> bool | None:
    """The round is over. Whether it was on time by the legal date; None without a clock."""
    running = clock_of(report)
    if running is None or not running.is_open:
        return None
    return deadlines.stop(running, at, outcome).verdict_legal


def extend(report: Report, days: int, reason: str) -> datetime:
    """A later promise, once. Raises Refused."""
    running = clock_of(report)
    if running is None:
        raise Refused("Phản ánh này không có thời hạn nên không gia hạn được.")
    if not 1 <= days <= 60:
        raise Refused("Số ngày gia hạn phải từ 1 đến 60 ngày làm việc.")
    try:
        later = due_for(report.unit_path, Limit(days, "workday"), max(running.due_shown_at, clock.now()))
    except CannotCompute as error:
        raise Refused(str(error)) from error
    return deadlines.reschedule(running, later, reason).due_shown_at

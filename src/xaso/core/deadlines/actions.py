"""Verbs on clocks. They run inside the action of whoever owns the subject: no permission, audit or transaction of
their own. Every change is compare-and-set, so of two people at once one is told to look again.
"""

from datetime import datetime, time
from typing import Any

from xaso.core.deadlines import rules
from xaso.core.deadlines.calendar import calendar_for, cut_off_for
from xaso.core.deadlines.models import Clock, Pause
from xaso.core.deadlines.queries import clock_of
from xaso.core.deadlines.rules import CannotCompute, Limit
from xaso.kit import clock as wall
from xaso.kit.errors import Refused
from xaso.kit.rows import insert

__all__ = ["clock_of", "new_clock", "pause", "reschedule", "restart", "resume", "start", "start_many", "stop"]

OUTCOMES = ("finished", "returned", "stopped")
CHANGED = "Thời hạn của hồ sơ vừa được người khác thay đổi. Hãy tải lại trang rồi thử lại."
NEVER = {"near_announced_at": None, "passed_announced_at": None}


def start(subject: str, unit_path: str, limit: Limit, at: datetime, kind: str) -> Clock:
    """Begin to count. One statement."""
    clock = new_clock(subject, unit_path, limit, at, kind)
    insert([clock])
    return clock


def start_many(clocks: list[Clock]) -> list[Clock]:
    """Begin to count for many, made by `new_clock`. One statement."""
    insert(clocks)
    return clocks


def new_clock(subject: str, unit_path: str, limit: Limit, at: datetime, kind: str) -> Clock:
    """The row, not yet stored."""
    calendar, cut_off = _office(unit_path, at)
    due_at = _due(at, limit, calendar, cut_off)
    return Clock(
        subject=subject,
        unit_path=unit_path,
        kind=kind,
        started_at=at,
        counted_from_at=at,
        limit_amount=limit.amount,
        limit_unit=limit.unit or "",
        same_day=limit.same_day,
        due_original_at=due_at,
        due_legal_at=due_at,
        due_shown_at=due_at,
        near_at=_near(at, due_at, calendar),
    )


def pause(clock: Clock, cause: str, at: datetime, document: str = "", note: str = "") -> Clock:
    """Stand still: somebody outside the office has to act first."""
    if cause not in Pause.Cause.values:
        raise ValueError(f"unknown cause of a pause: {cause!r}")
    if clock.state != Clock.State.RUNNING:
        raise Refused("Chỉ tạm dừng được khi thời hạn đang tính. Hãy kiểm tra trạng thái hồ sơ.")
    _change(clock, state=Clock.State.PAUSED)
    Pause.objects.create(clock=clock, cause=cause, from_at=at, document=document, note=note)
    return clock


def resume(clock: Clock, at: datetime) -> Clock:
    """Go on; both dates move by the time that was waited."""
    if clock.state != Clock.State.PAUSED:
        raise Refused("Thời hạn không ở trạng thái tạm dừng nên không tính tiếp được.")
    waits, last = _close_pause(clock, at)
    calendar, cut_off = _office(clock.unit_path, clock.counted_from_at)
    legal = _due(clock.counted_from_at, clock.limit, calendar, cut_off, waits)
    shown = legal
    if clock.rescheduled_at:
        shown = _asked(rules.moved, clock.due_shown_at, last.wait, clock.limit, calendar)
    near_at = _near(clock.counted_from_at, shown, calendar)
    return _change(clock, state=Clock.State.RUNNING, due_legal_at=legal, due_shown_at=shown, near_at=near_at, **NEVER)


def restart(clock: Clock, at: datetime) -> Clock:
    """Complete papers arrived: the limit counts again from zero (NĐ 61/2018, Điều 19 khoản 4)."""
    if not clock.is_open:
        raise Refused("Hồ sơ đã kết thúc nên không tính lại thời hạn được.")
    calendar, cut_off = _office(clock.unit_path, at)
    due_at = _due(at, clock.limit, calendar, cut_off)
    if clock.state == Clock.State.PAUSED:
        _close_pause(clock, at)
    return _change(
        clock,
        state=Clock.State.RUNNING,
        counted_from_at=at,
        due_legal_at=due_at,
        due_shown_at=due_at,
        near_at=_near(at, due_at, calendar),
        **NEVER,
    )


def reschedule(clock: Clock, new_due: datetime, reason: str, *, override: bool = False) -> Clock:
    """Promise a later date, at most once (NĐ 61/2018, Điều 19 khoản 9). The legal date does not move."""
    if not clock.is_open:
        raise Refused("Hồ sơ đã kết thúc nên không hẹn lại ngày được.")
    if clock.rescheduled_at and not override:
        raise Refused(
            "Hồ sơ này đã hẹn lại một lần. Quy định chỉ cho hẹn lại một lần; hãy trả kết quả sớm nhất có thể."
        )
    if not reason.strip():
        raise Refused("Hãy ghi lý do hẹn lại để xin lỗi người dân.")
    if new_due <= clock.due_shown_at:
        raise Refused("Ngày hẹn mới phải sau ngày hẹn cũ. Hãy chọn ngày muộn hơn.")
    calendar, _ = _office(clock.unit_path, clock.counted_from_at)
    return _change(
        clock,
        due_shown_at=new_due,
        near_at=_near(clock.counted_from_at, new_due, calendar),
        rescheduled_at=wall.now(),
        reschedule_reason=reason.strip()[:500],
        **NEVER,
    )


def stop(clock: Clock, at: datetime, outcome: str) -> Clock:
    """The work is over: `finished`, `returned` or `stopped`. Says for good whether it was on time."""
    if outcome not in OUTCOMES:
        raise ValueError(f"unknown outcome of a clock: {outcome!r}")
    if not clock.is_open:
        raise Refused("Thời hạn của hồ sơ này đã kết thúc từ trước.")
    if clock.state == Clock.State.PAUSED:
        resume(clock, at)
    calendar, cut_off = _office(clock.unit_path, clock.started_at)
    waits = tuple(pause.wait for pause in clock.pauses.filter(cause=Pause.Cause.SUPPLEMENT).order_by("from_at"))
    course = rules.Course(
        clock.started_at, clock.limit, clock.due_legal_at, clock.due_shown_at, waits, **{f"{outcome}_at": at}
    )
    found = _asked(rules.verdicts, course, calendar, cut_off, at)
    return _change(
        clock,
        state=Clock.State.STOPPED if outcome == "stopped" else Clock.State.FINISHED,
        finished_at=at,
        outcome=outcome,
        verdict_legal=found.legal,
        verdict_shown=found.shown,
        verdict_766=found.qd766,
    )


def _change(clock: Clock, **fields: Any) -> Clock:
    """Write only if the clock is still as this caller saw it."""
    seen = {
        "state": clock.state,
        "due_legal_at": clock.due_legal_at,
        "due_shown_at": clock.due_shown_at,
        "rescheduled_at": clock.rescheduled_at,
    }
    if not Clock.objects.filter(pk=clock.pk, **seen).update(**fields):
        raise Refused(CHANGED)
    for name, value in fields.items():
        setattr(clock, name, value)
    return clock


def _close_pause(clock: Clock, at: datetime) -> tuple[tuple[rules.Wait, ...], Pause]:
    """End the open pause. Returns every wait since the limit began to count, and the pause just ended."""
    pauses = list(clock.pauses.filter(from_at__gte=clock.counted_from_at).order_by("from_at"))
    last = pauses[-1]
    last.to_at = max(at, last.from_at)
    if not Pause.objects.filter(pk=last.pk, to_at=None).update(to_at=last.to_at):
        raise Refused(CHANGED)
    return tuple(pause.wait for pause in pauses), last


def _office(unit_path: str, at: datetime) -> tuple[rules.Calendar, time]:
    day = wall.local(at).date()
    return calendar_for(unit_path, day), cut_off_for(unit_path, day)


def _due(
    at: datetime, limit: Limit, calendar: rules.Calendar, cut_off: time, waits: tuple[rules.Wait, ...] = ()
) -> datetime:
    return _asked(rules.due, at, limit, calendar, cut_off, waits)


def _near(begun_at: datetime, due_at: datetime, calendar: rules.Calendar) -> datetime | None:
    """None when the work begins on the day it is due: there is nothing to warn of the day before."""
    if _asked(rules.next_open, begun_at, calendar).date() == wall.local(due_at).date():
        return None
    return _asked(rules.near_from, due_at, calendar)


def _asked(rule: Any, *args: Any) -> Any:
    """A date that cannot be computed is a "no" with the same sentence."""
    try:
        return rule(*args)
    except CannotCompute as error:
        raise Refused(str(error)) from error

"""Questions about the queue of a day. A day has a few hundred tickets at most, so a day is read in one statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from xaso.core.access import Actor, visible
from xaso.kit import clock
from xaso.kit.errors import Missing
from xaso.kit.sure import sure
from xaso.modules.queueing import rules
from xaso.modules.queueing.models import Counter, Ticket
from xaso.modules.queueing.rules import InLine, Spread

NO_COUNTER = "Không tìm thấy quầy này ở đơn vị của bạn. Hãy chọn lại quầy trong danh sách."
NO_TICKET = "Không tìm thấy số thứ tự này ở đơn vị của bạn. Số chỉ dùng trong ngày; hãy lấy số mới."
NEW_CALL = timedelta(seconds=45)
DAYS_SHOWN = 31


def counters_of(unit_path: str) -> list[Counter]:
    """Counters in use, by number."""
    return list(Counter.objects.filter(unit_path=unit_path, valid_to=None).order_by("number"))


def counter(by: Actor, permission: str, key: UUID) -> Counter:
    """A counter in use. Raises Missing."""
    found = visible(by, permission, Counter.objects.filter(valid_to=None)).filter(uuid=key).first()
    if found is None:
        raise Missing(NO_COUNTER)
    return found


def ticket(by: Actor, permission: str, key: UUID) -> Ticket:
    found = visible(by, permission, Ticket.objects.select_related("unit", "counter")).filter(uuid=key).first()
    if found is None:
        raise Missing(NO_TICKET)
    return found


def fields_served(counters: Iterable[Counter]) -> list[str]:
    """What a visitor may choose: every field of a counter, in the order of the counters."""
    return list(dict.fromkeys(field for one in counters for field in one.fields))


def today_of(unit_path: str) -> list[Ticket]:
    """All tickets of today, by number."""
    rows = Ticket.objects.filter(unit_path=unit_path, day=clock.today())
    return list(rows.select_related("counter").order_by("number"))


def waiting(unit_path: str) -> list[Ticket]:
    """Who waits now, by number."""
    rows = Ticket.objects.filter(unit_path=unit_path, day=clock.today(), state=Ticket.State.WAITING)
    return list(rows.order_by("number"))


def current_of(counter: Counter) -> Ticket | None:
    """The ticket called to the counter or served there."""
    open_now = Q(state=Ticket.State.CALLED) | Q(state=Ticket.State.SERVED, finished_at=None)
    return Ticket.objects.filter(open_now, counter=counter, day=clock.today(), unit_path=counter.unit_path).first()


def priority_calls_of(counter: Counter) -> list[bool]:
    """Whether each of the last tickets the counter called today was a priority one, oldest first."""
    rows = Ticket.objects.filter(unit_path=counter.unit_path, day=clock.today(), counter=counter)
    last = rows.order_by("-called_at", "-pk").values_list("is_priority", flat=True)[: rules.PRIORITY_IN_A_ROW]
    return list(last)[::-1]


def line(tickets: Iterable[Ticket]) -> list[InLine]:
    """The waiting ones, as the rules see them."""
    return [InLine(one.number, one.field, one.is_priority) for one in tickets if one.state == Ticket.State.WAITING]


@dataclass(frozen=True, slots=True)
class Turn:
    """What a visitor is told: people ahead, minutes to wait (None: not known), counters that may call."""

    ahead: int
    minutes: int | None
    counters: list[Counter]


def turn_of(ticket: Ticket) -> Turn:
    """Two statements: counters and today's tickets."""
    counters = [one for one in counters_of(ticket.unit_path) if rules.takes(one.fields, ticket.field)]
    open_now = [one for one in counters if one.is_open]
    tickets = today_of(ticket.unit_path)
    me = InLine(ticket.number, ticket.field, ticket.is_priority)
    ahead = rules.ahead_of(me, line(tickets), [one.fields for one in open_now or counters])
    lengths = [_seconds(one.served_at, one.finished_at) for one in tickets if one.served_at and one.finished_at]
    return Turn(ahead, rules.expected_minutes(ahead, len(open_now), lengths), counters)


@dataclass(frozen=True, slots=True)
class Call:
    """A number on the wall."""

    code: str
    counter: int
    label: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class Wall:
    """What everybody in the hall may read: numbers, never names."""

    calls: list[Call]
    following: list[str]
    waiting: int
    at: datetime


def wall_of(unit_path: str, following: int = 8) -> Wall:
    """Numbers at the counters, the newest call first, and the next to come. One statement."""
    now = clock.now()
    tickets = today_of(unit_path)
    there = [(sure(one.last_called_at), sure(one.counter), one.code) for one in tickets if one.is_with_officer]
    there.sort(key=lambda call: call[0], reverse=True)
    calls = [Call(code, place.number, place.label, now - called_at < NEW_CALL) for called_at, place, code in there]
    queue = [one for one in tickets if one.state == Ticket.State.WAITING]
    queue.sort(key=lambda one: (not one.is_priority, one.number))
    return Wall(calls, [one.code for one in queue[:following]], len(queue), now)


@dataclass(frozen=True, slots=True)
class FieldWait:
    """Waiting of one field on one day. `spread` is None while nobody was called."""

    field: str
    issued: int
    waiting: int
    missed: int
    spread: Spread | None
    service: Spread | None


def waits_by_field(tickets: Iterable[Ticket]) -> list[FieldWait]:
    """Waiting times per field, the longest median first; fields without a figure last."""
    groups: dict[str, list[Ticket]] = defaultdict(list)
    for one in tickets:
        groups[one.field or "Việc khác"].append(one)
    found = [_field_wait(field, rows) for field, rows in groups.items()]
    return sorted(found, key=lambda one: (-(one.spread.median if one.spread else -1), one.field))


def _field_wait(field: str, rows: list[Ticket]) -> FieldWait:
    states = [row.state for row in rows]
    return FieldWait(
        field,
        len(rows),
        states.count(Ticket.State.WAITING),
        states.count(Ticket.State.MISSED),
        rules.spread([_seconds(row.issued_at, row.called_at) for row in rows if row.called_at]),
        rules.spread([_seconds(row.served_at, row.finished_at) for row in rows if row.served_at and row.finished_at]),
    )


def day_of(by: Actor, day: date) -> list[Ticket]:
    """Tickets of a day the actor may see."""
    rows = visible(by, "queueing.view", Ticket.objects.filter(day=day))
    return list(rows.select_related("counter").order_by("unit_path", "number"))


def history(by: Actor, until: date) -> list[dict[str, Any]]:
    """Each of the last 31 days: issued, served, missed, never called. One grouped statement, newest first."""
    since = until - timedelta(days=DAYS_SHOWN - 1)
    rows = visible(by, "queueing.view", Ticket.objects.filter(day__gte=since, day__lte=until))
    state = Ticket.State
    counted = rows.values("day").annotate(
        issued=Count("pk"),
        served=Count("pk", filter=Q(state=state.SERVED)),
        missed=Count("pk", filter=Q(state=state.MISSED)),
        uncalled=Count("pk", filter=Q(state=state.WAITING)),
        priority=Count("pk", filter=Q(is_priority=True)),
    )
    return [dict(row) for row in counted.order_by("-day")]


def _seconds(start: datetime | None, end: datetime | None) -> int:
    return max(0, int((end - start).total_seconds())) if start and end else 0

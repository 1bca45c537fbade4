"""Verbs of the queue. A ticket changes hands by compare-and-set, so two counters never call the same number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.core.numbering.actions import next_value
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import tidy
from xaso.kit.sure import sure
from xaso.modules.queueing import rules
from xaso.modules.queueing.models import Counter, Ticket
from xaso.modules.queueing.queries import (
    counters_of,
    current_of,
    fields_served,
    line,
    priority_calls_of,
    waiting,
)

State = Ticket.State
MOVED_ON = "Số {code} vừa được xử lý ở chỗ khác. Hãy tải lại trang để xem tình trạng mới."
NOT_OPEN = "Quầy {number} đang đóng. Hãy bấm “Mở quầy” rồi gọi số."
STILL_CALLED = "Số {code} đang được gọi. Hãy chọn “Đã đến” hoặc “Không có mặt” trước khi gọi số khác."


@action("queueing.issue", "Lấy số thứ tự")
def issue_ticket(
    by: Actor, unit: Unit, /, *, field: str = "", is_priority: bool = False, idempotency_key: str = ""
) -> Ticket:
    """The next number of the unit today. The same key gives the same ticket, however often it is sent."""
    day = clock.today()
    if idempotency_key:
        next_value("queue", unit.path, f"{day:%Y%m%d}", 0)  # takes the lock, gives no number: a double tap waits here
        if before := Ticket.objects.filter(idempotency_key=idempotency_key).first():
            return before
    if field and field not in fields_served(counters_of(unit.path)):
        raise Refused("Hôm nay không có quầy nào nhận lĩnh vực này. Hãy chọn “Việc khác” để được hướng dẫn.")
    return Ticket.objects.create(
        unit=unit,
        unit_path=unit.path,
        day=day,
        number=next_value("queue", unit.path, f"{day:%Y%m%d}"),
        field=field,
        is_priority=is_priority,
        issued_at=clock.now(),
        idempotency_key=idempotency_key or None,
    )


@action("queueing.call", "Gọi số tiếp theo")
def call_next(by: Actor, counter: Counter, /) -> Ticket | None:
    """Finish the one being served, call the next. None when nobody waits for this counter."""
    now = clock.now()
    # Writing the counter's row first makes two calls at the same counter take turns.
    if not Counter.objects.filter(pk=counter.pk, is_open=True).update(last_called_at=now):
        raise Refused(NOT_OPEN.format(number=counter.number))
    current = current_of(counter)
    if current is not None and current.state == State.CALLED:
        raise Refused(STILL_CALLED.format(code=current.code))
    if current is not None:
        _move(current, State.SERVED, finished_at=now)
    return _take_next(by, counter, now)


def _take_next(by: Actor, counter: Counter, now: datetime) -> Ticket | None:
    tickets = {one.number: one for one in waiting(counter.unit_path)}
    before = priority_calls_of(counter)
    while chosen := rules.next_in_line(line(tickets.values()), counter.fields, before):
        ticket = tickets.pop(chosen.number)
        if _call(ticket, State.WAITING, counter, by, now):
            note(number=ticket.number, counter=counter.number)
            return ticket
    return None


def _call(ticket: Ticket, was: str, counter: Counter, by: Actor, now: datetime) -> bool:
    """True when this counter got the ticket."""
    values = {
        "state": State.CALLED,
        "called_at": ticket.called_at or now,
        "last_called_at": now,
        "calls": ticket.calls + 1,
        "counter": counter,
        "officer_name": by.name[:120],
    }
    if not Ticket.objects.filter(pk=ticket.pk, state=was).update(**values):
        return False
    _take_over(ticket, values)
    return True


@action("queueing.call_again", "Gọi lại số")
def call_again(by: Actor, ticket: Ticket, /, *, counter: Counter | None = None) -> Ticket:
    """Call the number again: the one on the wall, or one that was missed and has come back (to `counter`)."""
    now = clock.now()
    if ticket.state == State.CALLED:
        _move(ticket, State.CALLED, last_called_at=now, calls=ticket.calls + 1)
        return ticket
    if ticket.state != State.MISSED or ticket.day != clock.today():
        raise Refused(f"Số {ticket.code} không gọi lại được. Chỉ gọi lại số đang gọi hoặc số vắng mặt trong ngày.")
    place = counter or sure(ticket.counter)
    if place.unit_path != ticket.unit_path:
        raise Refused("Quầy này thuộc đơn vị khác. Hãy chọn quầy của đơn vị cấp số.")
    if not Counter.objects.filter(pk=place.pk, is_open=True).update(last_called_at=now):
        raise Refused(NOT_OPEN.format(number=place.number))
    if (current := current_of(place)) is not None:
        raise Refused(f"Quầy {place.number} đang có số {current.code}. Hãy xong số này rồi gọi lại.")
    if not _call(ticket, State.MISSED, place, by, now):
        raise Refused(MOVED_ON.format(code=ticket.code))
    return ticket


@action("queueing.serve", "Người dân đã đến quầy")
def serve(by: Actor, ticket: Ticket, /) -> Ticket:
    """The person stands at the counter: waiting ends, service begins."""
    _need(ticket, State.CALLED)
    _move(ticket, State.CALLED, state=State.SERVED, served_at=clock.now())
    return ticket


@action("queueing.miss", "Gọi không có mặt")
def mark_missed(by: Actor, ticket: Ticket, /) -> Ticket:
    """Nobody came. The number may be called again today."""
    _need(ticket, State.CALLED)
    _move(ticket, State.CALLED, state=State.MISSED)
    return ticket


@action("queueing.finish", "Phục vụ xong")
def finish(by: Actor, ticket: Ticket, /) -> Ticket:
    """Service ends; nobody else is called (a pause)."""
    _need(ticket, State.SERVED)
    if ticket.finished_at:
        raise Refused(MOVED_ON.format(code=ticket.code))
    _move(ticket, State.SERVED, finished_at=clock.now())
    return ticket


@action("queueing.cancel", "Huỷ số")
def cancel(by: Actor, ticket: Ticket, /) -> Ticket:
    """The person left before being called, or took a number by mistake."""
    _need(ticket, State.WAITING)
    _move(ticket, State.WAITING, state=State.CANCELLED)
    return ticket


@action("queueing.open_counter", "Mở quầy")
def open_counter(by: Actor, counter: Counter, /) -> Counter:
    """The officer sits down. Somebody else's open counter is taken over: shifts change."""
    values = {"is_open": True, "officer_id": by.account_id, "officer_name": by.name[:120]}
    if not Counter.objects.filter(pk=counter.pk, valid_to=None).update(**values):
        raise Refused(f"Quầy {counter.number} đã ngừng sử dụng. Hãy chọn quầy khác.")
    _take_over(counter, values)
    return counter


@action("queueing.close_counter", "Đóng quầy")
def close_counter(by: Actor, counter: Counter, /) -> Counter:
    """The officer leaves. Whoever is at the counter is finished first."""
    if (current := current_of(counter)) is not None:
        raise Refused(f"Số {current.code} còn ở quầy. Hãy bấm “Phục vụ xong” hoặc “Không có mặt” rồi đóng quầy.")
    values = {"is_open": False, "officer": None, "officer_name": ""}
    Counter.objects.filter(pk=counter.pk).update(**values)
    _take_over(counter, values)
    return counter


@action("queueing.manage", "Khai báo quầy")
def manage_counter(by: Actor, counter: Counter, /, *, number: int, label: str, fields: Sequence[str] = ()) -> Counter:
    """Set up a counter, new (with unit and unit_path) or known."""
    same = Counter.objects.filter(unit_path=counter.unit_path, number=number, valid_to=None)
    if same.exclude(pk=counter.pk).exists():
        raise Refused(f"Đơn vị đã có quầy số {number}. Hãy chọn số khác.")
    counter.number, counter.label, counter.fields = number, tidy(label)[:80], list(fields)
    if not counter.pk:
        counter.valid_from = clock.today()
        counter.save(force_insert=True)
    else:
        counter.save(update_fields=["number", "label", "fields"])
    return counter


@action("queueing.retire_counter", "Ngừng dùng quầy")
def retire_counter(by: Actor, counter: Counter, /) -> Counter:
    """The counter is used no more; its past tickets keep it."""
    if counter.is_open or current_of(counter) is not None:
        raise Refused(f"Quầy {counter.number} đang mở. Hãy đóng quầy trước khi ngừng sử dụng.")
    counter.valid_to = clock.today()
    counter.save(update_fields=["valid_to"])
    return counter


@action("queueing.link_dossier", "Gắn hồ sơ vào số thứ tự")
def link_dossier(by: Actor, ticket: Ticket, /, *, dossier: str) -> Ticket:
    """The dossier that came of the visit; the first one stays."""
    Ticket.objects.filter(pk=ticket.pk, dossier="").update(dossier=dossier)
    return ticket


def _need(ticket: Ticket, state: str) -> None:
    if ticket.state != state:
        raise Refused(MOVED_ON.format(code=ticket.code))


def _move(ticket: Ticket, was: str, **values: Any) -> None:
    """Compare and set: only when the ticket is still what the officer saw."""
    unfinished = {"finished_at": None} if was == State.SERVED or values.get("state") == State.SERVED else {}
    if not Ticket.objects.filter(pk=ticket.pk, state=was, **unfinished).update(**values):
        raise Refused(MOVED_ON.format(code=ticket.code))
    _take_over(ticket, values)


def _take_over(row: Any, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)

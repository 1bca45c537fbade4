"""States of documents, told to their senders and heard from their receivers, each at most once."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from xaso.core.access import Actor
from xaso.core.actions import action
from xaso.core.outbox.actions import announce
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.subject import resolve
from xaso.modules.exchange.events import StatusQueued
from xaso.modules.exchange.models import Parcel, Status
from xaso.modules.exchange.rules import message, statuses
from xaso.modules.outgoing import actions as outgoing

Direction = Status.Direction


@action("exchange.tell", "Báo trạng thái cho nơi gửi")
def tell(by: Actor, parcel: Parcel, /, *, code: str, note: str = "") -> Status | None:
    """Queue a state for the sender. None: told already, or nothing may be told any more."""
    _hold(parcel)
    told = _codes(parcel, Direction.TOLD)
    if not statuses.may_tell(code, told):
        return None
    status = Status.objects.create(
        parcel=parcel, direction=Direction.TOLD, code=code, at=clock.now(), note=note[:500], retry_at=clock.now()
    )
    announce(StatusQueued(parcel=str(parcel.uuid)))
    return status


@action("exchange.record_told", "Ghi trạng thái đã báo")
def record_told(by: Actor, parcel: Parcel, /, *, status: Status, error: str = "", again: bool = True) -> Status:
    """The axis has it, or has not. What it will never take is closed with its sentence."""
    if not error or not again:
        Status.objects.filter(pk=status.pk).update(sent_at=clock.now(), error=error[:500])
    else:
        attempts = status.attempts + 1
        retry_at = clock.now() + statuses.wait_after(attempts)
        Status.objects.filter(pk=status.pk, sent_at=None).update(
            attempts=attempts, retry_at=retry_at, error=error[:500]
        )
    status.refresh_from_db()
    return status


@action("exchange.hear", "Ghi trạng thái nơi nhận báo về")
def hear(by: Actor, parcel: Parcel, /, *, code: str, at: datetime, note: str = "") -> Status | None:
    """What a receiver says of a copy. Answers to a recall or a replacement are about the earlier copy."""
    _hold(parcel)
    if not statuses.may_hear(code, _codes(parcel, Direction.HEARD)):
        return None
    status = Status.objects.create(
        parcel=parcel, direction=Direction.HEARD, code=code, at=at, note=note[:500], sent_at=clock.now()
    )
    is_answer = code in {statuses.RECALL_ACCEPTED, statuses.RECALL_REFUSED}
    copy = parcel.about if is_answer and parcel.about and parcel.business != message.NEW else parcel
    try:
        with transaction.atomic():
            outgoing.record_follow(by, resolve(copy.recipient_ref), state=code, at=at, note=note[:500])
    except Refused as refusal:
        # A receiver that answers what nobody asked: kept with the reason, shown on the parcel.
        status.error = refusal.message[:500]
        status.save(update_fields=["error"])
    return status


def _hold(parcel: Parcel) -> None:
    """One at a time: two states at once look at what was told before."""
    Parcel.objects.select_for_update().filter(pk=parcel.pk).first()


def _codes(parcel: Parcel, direction: str) -> list[str]:
    return list(Status.objects.filter(parcel=parcel, direction=direction).values_list("code", flat=True))

"""The same message to many, in portions: a few statements for thousands, sent without an event for each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, Protocol

from django.db import transaction

from xaso.core.access import Actor
from xaso.core.outbox.actions import announce
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import plain, tidy
from xaso.modules.sms import actions as sms
from xaso.modules.sms import queries as told_by_sms
from xaso.modules.zalo import queries, rules
from xaso.modules.zalo.actions.sending import NOT_CONNECTED, fault_of, takers
from xaso.modules.zalo.events import ManyQueued
from xaso.modules.zalo.models import Message, Template

State, Kind = Message.State, Message.Kind
AT_ONCE = 500


class Reachable(Protocol):
    """What of a recipient counts here: `audiences.queries.Recipient` fits."""

    @property
    def uuid(self) -> str: ...

    @property
    def phone(self) -> str: ...

    @property
    def zalo_user(self) -> str: ...

    @property
    def unit_path(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Said:
    """What is sent: a template to numbers, or `text` to users of Zalo. `fallback_text` goes by SMS when neither can,
    as a message of `sms_kind`; with a `topic` only to numbers that take it by SMS."""

    template: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    text: str = ""
    fallback_text: str = ""
    sms_kind: str = "service"
    topic: str = ""

    @property
    def words(self) -> dict[str, str]:
        return {name: tidy(str(value)) for name, value in self.values.items()}


@dataclass(frozen=True, slots=True)
class _Batch:
    """What every row of one call has in common."""

    unit: Unit
    purpose: str
    said: Said
    found: Template | None
    fault: str
    text_fault: str
    now: datetime


def queue_many(by: Actor, unit: Unit, recipients: Iterable[Reachable], /, *, said: Said, purpose: str) -> int:
    """To each the template when there is one and a number, else the text when Zalo knows the user; others are left out.

    Each recipient once per purpose, however often this is called. How many were new. Inside an action. What is wrong
    with all of them is known at once: the rows then say why, or the words go by SMS.
    """
    found = queries.template_named(unit, said.template) if said.template else None
    batch = _Batch(
        unit, purpose[:80], said, found, fault_of(unit, found, said.template, said.words) if said.template else "",
        "" if queries.is_connected(unit) else NOT_CONNECTED, clock.now(),
    )  # fmt: skip
    before = Message.objects.filter(purpose=batch.purpose).count()
    for portion in _portions(recipients):
        rows = [row for one in portion if (row := _row(batch, one)) is not None]
        with transaction.atomic():
            Message.objects.bulk_create(rows, ignore_conflicts=True, batch_size=AT_ONCE)
        if batch.fault and said.fallback_text:
            _by_sms(by, batch, [one for one in portion if one.phone])
    if said.sms_kind == "emergency":
        announce(ManyQueued(purpose=batch.purpose))
    return Message.objects.filter(purpose=batch.purpose).count() - before


def _portions(recipients: Iterable[Reachable]) -> Iterator[list[Reachable]]:
    source = iter(recipients)
    while portion := list(islice(source, AT_ONCE)):
        yield portion


def _row(batch: _Batch, one: Reachable) -> Message | None:
    said, found = batch.said, batch.found
    common: dict[str, Any] = {
        "unit": batch.unit, "unit_path": batch.unit.path, "purpose": batch.purpose, "created_at": batch.now,
        "key": f"{batch.purpose}|{one.phone or one.zalo_user}"[:160],
    }  # fmt: skip
    if said.template and one.phone:
        return Message(
            kind=Kind.TEMPLATE, phone=one.phone, template=found, values=said.words,
            price=found.price if found else None, fallback_text=plain(said.fallback_text).strip(),
            sms_kind=said.sms_kind, topic=said.topic,
            **_standing(batch, batch.fault), **common,
        )  # fmt: skip
    text = plain(said.text).strip()[: rules.LONGEST_TEXT]
    if not text or not one.zalo_user:
        return None
    return Message(kind=Kind.TEXT, user=one.zalo_user[:40], text=text, **_standing(batch, batch.text_fault), **common)


def _standing(batch: _Batch, fault: str) -> dict[str, Any]:
    if fault:
        return {"state": State.FAILED, "error": fault[:500]}
    return {"state": State.QUEUED, "retry_at": batch.now}


def _by_sms(by: Actor, batch: _Batch, portion: list[Reachable]) -> None:
    """What cannot go by Zalo goes by SMS, under the same purpose; the row says which message that was."""
    phones = [one.phone for one in portion]
    rows = Message.objects.filter(purpose=batch.purpose, kind=Kind.TEMPLATE, state=State.FAILED, phone__in=phones)
    wanted = takers([one.phone for one in rows.filter(sms_uuid=None)], batch.said.topic, batch.said.sms_kind)
    waiting = list(rows.filter(sms_uuid=None, phone__in=wanted))
    try:
        sms.queue_many(
            by, batch.unit, [one for one in portion if one.phone in wanted], text=batch.said.fallback_text,
            purpose=batch.purpose, kind=batch.said.sms_kind, topic=batch.said.topic,
        )  # fmt: skip
    except Refused as refusal:
        rows.update(error=f"{batch.fault} {refusal.message}"[:500])
        return
    handed = told_by_sms.uuids_of(batch.purpose, sorted(wanted))
    for one in waiting:
        if one.phone in handed:
            one.state, one.sms_uuid = State.FELL_BACK, handed[one.phone]
    Message.objects.bulk_update(waiting, ["state", "sms_uuid"], batch_size=AT_ONCE)

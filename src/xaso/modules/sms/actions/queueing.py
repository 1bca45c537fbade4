"""Messages into the queue. Nothing here talks to the outside; a sender takes them from there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any, Protocol, TypedDict, Unpack

from django.db import transaction

from xaso.core.access import Actor
from xaso.core.actions import action
from xaso.core.outbox.actions import announce
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.modules.audiences.queries import phone_of
from xaso.modules.sms import definitions, sealing
from xaso.modules.sms.events import SmsQueued
from xaso.modules.sms.models import Sms
from xaso.modules.sms.rules.segments import Segments, segments

AT_ONCE = 500
MOST_PARTS = 10
LONGEST_KEY = 80
HIDDEN = "Nội dung bí mật"


class Reachable(Protocol):
    """What of a recipient counts here: `audiences.queries.Recipient` fits."""

    @property
    def uuid(self) -> str: ...

    @property
    def phone(self) -> str: ...

    @property
    def unit_path(self) -> str: ...


class More(TypedDict, total=False):
    """What a message may carry besides. `secret`: its words are never stored readable."""

    topic: str
    budget_line: str
    contact_uuid: str
    secret: bool


def queue(
    by: Actor, unit: Unit | None, /, *, to: str, text: str, purpose: str, kind: str, key: str, **more: Unpack[More]
) -> Sms:
    """One message, inside the caller's action. Under a key it is queued once; the second call gives the first message.

    `kind`: service, notice, answer, emergency or code. Also takes `topic`, `budget_line`, `contact_uuid` and `secret`.
    """
    del by
    if (known := Sms.objects.filter(key=_key(key)).first()) is not None:
        return known
    row = _row(
        _measured(text),
        kind,
        phone=phone_of(to),
        unit=unit,
        unit_path=unit.path if unit else "",
        purpose=purpose[:80],
        key=_key(key),
        topic=more.get("topic", ""),
        budget_line=more.get("budget_line", "")[:40],
        contact_uuid=more.get("contact_uuid") or None,
        is_told=True,
    )
    if more.get("secret"):
        row.is_secret, row.sealed, row.text = True, sealing.seal(row.text), ""
    row.save(force_insert=True)
    announce(SmsQueued(str(row.uuid)))
    return row


def queue_many(by: Actor, unit: Unit, recipients: Iterable[Reachable], /, *, text: str, purpose: str, kind: str,
               topic: str, budget_line: str = "") -> int:  # fmt: skip
    """The same words to many, in portions. Each number once per purpose, however often this is called.

    How many messages were new. They leave by the sender, without an event for each.
    """
    del by
    measured = _measured(text)
    before = Sms.objects.filter(purpose=purpose[:80]).count()
    for portion in _portions(recipients):
        rows = [
            _row(measured, kind, phone=one.phone, unit=unit, unit_path=one.unit_path, purpose=purpose[:80],
                 key=_key(f"{purpose}|{one.phone}"), topic=topic, budget_line=budget_line[:40],
                 contact_uuid=one.uuid or None)
            for one in portion
        ]  # fmt: skip
        with transaction.atomic():
            Sms.objects.bulk_create(rows, ignore_conflicts=True, batch_size=AT_ONCE)
    return Sms.objects.filter(purpose=purpose[:80]).count() - before


@dataclass(frozen=True, slots=True)
class Words:
    """A message to hand in by itself. The audit entry keeps a checksum, never the words."""

    to: str
    text: str
    purpose: str
    kind: str
    key: str
    secret: bool = False

    def for_audit(self) -> Any:
        return [self.purpose, self.kind, self.key]


@action("sms.hand_in", "Đưa tin nhắn vào hàng gửi")
def hand_in(by: Actor, unit: Unit | None, /, *, words: Words) -> Sms:
    """`queue` for a caller without an action of its own, such as a handler."""
    return queue(by, unit, to=words.to, text=words.text, purpose=words.purpose, kind=words.kind, key=words.key,
                 secret=words.secret)  # fmt: skip


def call_off(by: Actor, unit: Unit, /, *, purpose: str, reason: str) -> int:
    """What of a purpose has not left yet does not leave any more, inside the caller's action. How many that were."""
    del by, unit
    waiting = Sms.objects.filter(purpose=purpose[:80], state=Sms.State.QUEUED)
    return waiting.update(state=Sms.State.EXPIRED, error=reason[:300], settled_at=clock.now(), sealed="")


def _portions(recipients: Iterable[Reachable]) -> Iterator[list[Reachable]]:
    source = iter(recipients)
    while portion := list(islice(source, AT_ONCE)):
        yield [one for one in portion if one.phone]


def _measured(text: str) -> Segments:
    measured = segments(text)
    if not measured.text:
        raise Refused("Tin nhắn chưa có chữ nào. Hãy viết nội dung.")
    if measured.parts > MOST_PARTS:
        raise Refused(
            f"Tin dài {measured.parts} đoạn; nhiều nhất {MOST_PARTS} đoạn. Hãy viết ngắn lại, hoặc viết không dấu."
        )
    return measured


def _row(measured: Segments, kind: str, **where: Any) -> Sms:
    declared, now = definitions.kind_named(kind), clock.now()
    price = definitions.price_of(kind, measured.encoding, clock.today())
    return Sms(
        text=measured.text,
        kind=kind,
        priority=declared.priority,
        encoding=measured.encoding,
        parts=measured.parts,
        cost=None if price is None else price.dong * measured.parts,
        due_at=now,
        expires_at=now + timedelta(minutes=declared.valid_minutes),
        created_at=now,
        **where,
    )


def _key(key: str) -> str:
    """A long key is kept as its checksum, so that two of them never become one by being cut."""
    return key if len(key) <= LONGEST_KEY else hashlib.sha256(key.encode()).hexdigest()

"""Messages from residents: keywords change consent and are answered; everything else is told upwards."""

from __future__ import annotations

import uuid as uuids
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.core.outbox.actions import announce
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import plain
from xaso.modules.audiences.actions import hear_number
from xaso.modules.audiences.queries import contact_by_phone, phone_of, topics
from xaso.modules.sms import definitions
from xaso.modules.sms.actions.queueing import queue
from xaso.modules.sms.events import SmsReceived
from xaso.modules.sms.models import Received, Sms
from xaso.modules.sms.rules import keywords
from xaso.modules.sms.rules.segments import without_marks

LONGEST = 2000
AGAIN_WITHIN = timedelta(minutes=10)
MOST_ANSWERS = 5


@dataclass(frozen=True, slots=True)
class Incoming:
    """`ref`: the gateway's own name of the message, when it has one; the same ref is the same message."""

    sender: str
    to: str
    text: str
    provider: str
    ref: str = ""

    def for_audit(self) -> Any:
        return [self.provider, self.ref]


@action("sms.take_in", "Nhận tin nhắn đến")
def take_in(by: Actor, only: Unit | None, /, *, message: Incoming) -> Received | None:
    """None when it was known already. A number that is no mobile (a bank, an operator) is kept, never answered."""
    del only
    text = plain(message.text).strip()[:LONGEST]
    sender = _number(message.sender)
    if _is_known(message, sender, text):
        return None
    declared = definitions.declared()
    meant = keywords.meant(text, declared.keywords.stop, declared.keywords.start, declared.topic_words)
    contact = contact_by_phone(sender)
    row = Received.objects.create(
        unit_path=contact.unit_path if contact else _home(),
        sender=sender[:20],
        to=message.to[:20],
        text=text,
        meaning=meant.meaning,
        topic=meant.topic,
        provider=message.provider,
        ref=_ref(message),
        at=clock.now(),
    )
    note(meaning=meant.meaning)
    if not _is_mobile(sender):
        return row
    if meant.meaning in (keywords.STOP, keywords.START):
        evidence = f"Tin nhắn đến {clock.local(row.at):%H:%M %d/%m/%Y}: {text[:160]}"
        hear_number(by, contact, phone=sender, topic=meant.topic, given=meant.meaning == keywords.START,
                    evidence=evidence)  # fmt: skip
    if meant.meaning == keywords.OTHER:
        announce(SmsReceived(str(row.uuid), sender, text, row.at.isoformat()))
    else:
        _answer(by, contact.unit if contact else None, row)
    return row


def _home() -> str:
    """Whoever stands in no book is the business of the highest unit of this installation."""
    found = Unit.objects.on(clock.today()).order_by("path").first()
    return found.path if found else ""


def _number(said: str) -> str:
    try:
        return phone_of(said)
    except Refused:
        return plain(said).strip()[:20]


def _is_mobile(sender: str) -> bool:
    return sender.startswith("84") and len(sender) == 11 and sender.isdigit()


def _ref(message: Incoming) -> str:
    return f"{message.provider}:{message.ref}"[:80] if message.ref else uuids.uuid4().hex


def _is_known(message: Incoming, sender: str, text: str) -> bool:
    """By its ref; a gateway without refs that brings the same words again within minutes brings the same message."""
    if message.ref:
        return Received.objects.filter(ref=_ref(message)).exists()
    since = clock.now() - AGAIN_WITHIN
    return Received.objects.filter(provider=message.provider, sender=sender, text=text, at__gte=since).exists()


def _answer(by: Actor, unit: Unit | None, row: Received) -> None:
    """One short answer. A number that keeps writing keywords (a machine answering a machine) is left alone."""
    recent = Sms.objects.filter(
        phone=row.sender, purpose__startswith="sms.Received:", created_at__gt=clock.now() - timedelta(days=1)
    )
    if recent.count() >= MOST_ANSWERS:
        return
    queue(by, unit, to=row.sender, text=answer_to(row.meaning, row.topic), purpose=f"sms.Received:{row.pk}",
          kind="answer", key=f"sms.answer:{row.uuid}")  # fmt: skip


def answer_to(meaning: str, topic: str) -> str:
    words = definitions.declared().answers
    if meaning == keywords.UNCLEAR:
        known = ", ".join(spellings[0] for spellings in definitions.declared().topic_words.values())
        return words.which_topic.format(topics=known)
    said = {
        (keywords.STOP, False): words.stopped_all, (keywords.STOP, True): words.stopped,
        (keywords.START, False): words.started_all, (keywords.START, True): words.started,
    }[meaning, bool(topic)]  # fmt: skip
    return said.format(topic=without_marks(topics()[topic].label) if topic else "")

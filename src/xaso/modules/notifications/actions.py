"""Verbs of telling. `notify` is called inside another module's action; nothing here talks to the outside."""

import hashlib
import uuid as uuids
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Model

from xaso.core.access import Actor
from xaso.core.accounts.models import Person
from xaso.core.actions import action
from xaso.core.outbox.actions import announce
from xaso.kit import clock
from xaso.kit import subject as subjects
from xaso.kit.errors import Refused
from xaso.modules.notifications.definitions import MessageText, text_named
from xaso.modules.notifications.events import MessageQueued, MessageShown
from xaso.modules.notifications.models import Message

Channel, State = Message.Channel, Message.State


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody reached only by phone or e-mail, or a person with another phone than the one on record."""

    name: str = ""
    phone: str = ""
    email: str = ""
    person_id: int | None = None


def notify(
    by: Actor,
    to: Person | Contact,
    template: str,
    *,
    subject: Model | str,
    unit_path: str,
    values: dict[str, Any],
    link: str = "",
    key: str = "",
) -> None:
    """Tell somebody, in every channel that can reach them. Inside an action: one INSERT, sent after the commit.

    `link`: the path of the page about it, e.g. "/portal/dossiers/<uuid>/"; a value `address` of ours says the same.
    `key`: it is told one single time under this key, however often this is called.
    """
    del by
    contact = to if isinstance(to, Contact) else Contact(to.full_name, to.phone, to.email, to.pk)
    if key and Message.objects.filter(idempotency_key__in=[_key(key, channel) for channel in Channel]).exists():
        return
    text = text_named(template)
    about = subject if isinstance(subject, str) else subjects.ref(subject)
    home = settings.PUBLIC_URL.rstrip("/")
    values = {"address": home + link} | values
    link = link or (str(values["address"]).removeprefix(home) if str(values["address"]).startswith(home) else "")
    key = key or uuids.uuid4().hex
    rows = [
        _message(contact, text, channel, values, key, subject=about, unit_path=unit_path, link=link[:200])
        for channel in _channels(contact, text)
    ]
    Message.objects.bulk_create(rows)
    for row in rows:
        if row.channel != Channel.INAPP:
            announce(MessageQueued(str(row.uuid), row.channel))
        elif row.person_id is not None:
            announce(MessageShown(str(row.uuid), row.person_id))


def _key(key: str, channel: str) -> str:
    """A long key is kept as its checksum, so that two of them never become one by being cut."""
    short = key if len(key) <= 100 else hashlib.sha256(key.encode()).hexdigest()
    return f"{short}:{channel}"


def _channels(contact: Contact, text: MessageText) -> Iterable[str]:
    reachable = {Channel.INAPP: contact.person_id, Channel.SMS: contact.phone, Channel.EMAIL: contact.email}
    return [channel for channel, way in reachable.items() if way and channel in text.texts]


def _message(
    contact: Contact, text: MessageText, channel: str, values: dict[str, Any], key: str, **where: Any
) -> Message:
    title, body = text.render(channel, values)
    now = clock.now()
    seen = channel == Channel.INAPP
    return Message(
        person_id=contact.person_id,
        name=contact.name,
        phone=contact.phone,
        email=contact.email,
        template=text.name,
        channel=channel,
        title=title[:200],
        body=body,
        state=State.SENT if seen else State.QUEUED,
        created_at=now,
        sent_at=now if seen else None,
        idempotency_key=_key(key, channel),
        **where,
    )


@action("notifications.record_delivery", "Ghi kết quả gửi")
def record_delivery(by: Actor, message: Message, /, *, provider_ref: str = "", error: str = "") -> None:
    """What the provider answered. A message already sent stays sent."""
    del by
    values: dict[str, Any] = {"state": State.FAILED, "error": error[:500]}
    if not error:
        values = {"state": State.SENT, "sent_at": clock.now(), "provider_ref": provider_ref[:200], "error": ""}
    Message.objects.filter(pk=message.pk).exclude(state=State.SENT).update(**values)
    message.refresh_from_db()


@action("notifications.record_bad_end", "Ghi tin không tới nơi")
def record_bad_end(by: Actor, message: Message, /, *, error: str) -> None:
    """The provider took it and later said that it did not arrive."""
    del by
    Message.objects.filter(pk=message.pk, state=State.SENT).update(state=State.FAILED, error=error[:500])
    message.refresh_from_db()


@action("notifications.record_code", "Ghi việc gửi mã đăng nhập")
def record_code(by: Actor, message: Message, /) -> None:
    """Keep that a code was sent. The body handed in has no code in it."""
    del by
    message.created_at = message.sent_at = clock.now()
    message.state = State.SENT
    message.save(force_insert=True)


@action("notifications.mark_read", "Đánh dấu đã đọc")
def mark_read(by: Actor, message: Message, /) -> None:
    del by
    Message.objects.filter(pk=message.pk, channel=Channel.INAPP, read_at=None).update(
        read_at=clock.now(), state=State.READ
    )
    message.refresh_from_db()


@action("notifications.resend", "Gửi lại")
def resend(by: Actor, message: Message, /) -> None:
    """Try again, after the cause was mended."""
    del by
    if not Message.objects.filter(pk=message.pk, state=State.FAILED).update(state=State.QUEUED, error=""):
        raise Refused("Tin này không ở trạng thái chưa gửi được. Hãy tải lại danh sách.")
    announce(MessageQueued(str(message.uuid), message.channel))
    message.refresh_from_db()

"""What a person was told, and what could not be told."""

from datetime import datetime

from django.db.models import QuerySet

from xaso.core.access import Actor, visible
from xaso.kit.pages import Page, newest
from xaso.modules.notifications.models import Message

PAGE = 20


def inbox(person_id: int | None, after: str = "", size: int = PAGE, until: datetime | None = None) -> Page[Message]:
    """What a person was told in the app, newest first; with `until` nothing later."""
    if person_id is None:
        return Page()
    found = Message.objects.filter(person_id=person_id, channel=Message.Channel.INAPP)
    return newest(found.filter(created_at__lte=until) if until is not None else found, after, size)


def unread_count(person_id: int | None) -> int:
    if person_id is None:
        return 0
    return Message.objects.filter(person_id=person_id, channel=Message.Channel.INAPP, read_at=None).count()


def failures(by: Actor) -> QuerySet[Message]:
    """Messages that did not get through, newest first, of the units this administrator keeps."""
    failed = Message.objects.filter(state=Message.State.FAILED)
    return visible(by, "notifications.manage", failed).order_by("-id")


def told_about(subject: str) -> list[Message]:
    """Everything told about one thing, oldest first."""
    return list(Message.objects.filter(subject=subject).order_by("id"))


def message_with(uuid: str) -> Message | None:
    return Message.objects.filter(uuid=uuid).first()


def was_sent(key: str) -> bool:
    return Message.objects.filter(idempotency_key=key, state=Message.State.SENT).exists()

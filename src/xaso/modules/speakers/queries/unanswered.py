"""What the link asks again and again: whether there is anything to send, and what was sent and never answered."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection
from django.db.models import Q

from xaso.kit import clock
from xaso.modules.speakers.models import Command
from xaso.modules.speakers.queries.door import Pending, as_pending

ANYTHING_QUEUED = f"SELECT 1 FROM {Command._meta.db_table} WHERE state = 'queued' LIMIT 1"  # noqa: S608 - our own table


def is_anything_queued() -> bool:
    """Asked twenty times a second: as plain SQL, the same on both databases, it costs a tenth of the ORM's question."""
    with connection.cursor() as cursor:
        cursor.execute(ANYTHING_QUEUED)
        return cursor.fetchone() is not None


def unanswered(sent_before: datetime, back: Iterable[str], limit: int = 2000) -> list[Pending]:
    """Sent before that moment to a device that is connected, or at any time to one that has just come back.

    A speaker of another maker never answers: sent again it would play again.
    """
    there = Q(sent_at__lt=sent_before, device__pulse__is_online=True) | Q(device__serial__in=list(back))
    rows = Command.objects.filter(there, state="sent", expires_at__gt=clock.now(), device__protocol="xaso")
    rows = rows.exclude(kind="programme")
    return as_pending(rows.order_by("rank", "pk")[:limit])

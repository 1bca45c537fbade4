"""Telling people: what was given to them, what hurries, what is nearly due or late. Each once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q

from xaso.core.access import Actor
from xaso.core.accounts.models import Person, Post
from xaso.core.actions import action
from xaso.core.units.queries import unit_at
from xaso.kit import clock
from xaso.kit.sure import sure
from xaso.modules.incoming import rules
from xaso.modules.incoming.models import Assignment, Document
from xaso.modules.incoming.queries.people import leaders_of, posts_with
from xaso.modules.notifications.actions import notify

BATCH = 200


def tell(by: Actor, person: Person, document: Document, template: str, key: str = "", **more: Any) -> None:
    """One message about a document. Inside the caller's action."""
    values = {
        "number": str(document),
        "subject": document.subject,
        "sender": document.issuer or document.sender,
        "due": f"{clock.local(document.due_at):%d/%m/%Y}" if document.due_at else "không ghi hạn",
        "unit": unit_at(document.unit_path).full_name,
    }
    notify(
        by, person, template, subject=document, unit_path=document.unit_path, values=values | more,
        link=document.get_absolute_url(), key=key,
    )  # fmt: skip


def tell_assigned(by: Actor, document: Document, parts: Iterable[Assignment], people: dict[int, Person]) -> None:
    for part in parts:
        if part.person_id != by.person_id:
            key = f"incoming.assigned:{part.uuid}"
            tell(by, people[part.person_id], document, "incoming.assigned", key, role=part.get_role_display().lower())


def tell_urgent(by: Actor, document: Document) -> None:
    """Hoả tốc: the clerk and the leaders at once, however it came."""
    if document.urgency != rules.Urgency.EXPRESS:
        return
    posts = [*leaders_of(document.unit_path), *posts_with(document.unit_path, "incoming.register")]
    for person in _people(posts):
        if person.pk != by.person_id:
            tell(by, person, document, "incoming.express", f"incoming.express:{document.pk}:{person.pk}")


def tell_those(by: Actor, document: Document, permission: str, template: str, **more: Any) -> None:
    """Everybody of the unit whose role gives the permission."""
    for person in _people(posts_with(document.unit_path, permission)):
        tell(by, person, document, template, **more)


def _people(posts: Iterable[Post]) -> list[Person]:
    return list({post.account.person_id: post.account.person for post in posts}.values())


@action("incoming.remind", "Nhắc văn bản sắp đến hạn, quá hạn")
def remind(by: Actor, _: None, /, *, now: datetime) -> int:
    """At 75 % of the time, on the last day, and once it is late: the people who work on it, each once. One batch."""
    told = 0
    for column, due, template in _questions(now):
        open_ones = Document.objects.filter(due, ended_at=None, lead__isnull=False, **{column: None})
        for document in open_ones.select_related("lead__account__person").order_by("due_at", "id")[:BATCH]:
            free = Document.objects.filter(pk=document.pk, due_at=document.due_at, ended_at=None, **{column: None})
            if free.update(**{column: now}):
                key = f"{template}:{column}:{document.pk}:{document.due_at:%Y%m%d%H%M}"
                tell(by, sure(document.lead).account.person, document, template, key)
                told += 1
    return told


def _questions(now: datetime) -> list[tuple[str, Q, str]]:
    midnight = clock.local(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    not_late = Q(due_at__gte=now)
    return [
        ("day_told_at", not_late & Q(due_at__lt=midnight), "incoming.last_day"),
        ("warned_at", not_late & Q(due_at__gte=midnight, warn_at__lte=now, warn_at__lt=F("due_at")), "incoming.near"),
        ("late_told_at", Q(due_at__lt=now), "incoming.late"),
    ]

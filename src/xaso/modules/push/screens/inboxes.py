"""What other modules know for a resident's inbox, put together; and the commune's bulletins by place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from xaso.core.inbox import InboxEntry, Span, span_of
from xaso.kit import clock
from xaso.kit.module import slot
from xaso.modules.audiences import queries as audiences
from xaso.modules.bulletins.queries import listing as bulletins
from xaso.modules.push import queries

SIZE = 20


@dataclass(frozen=True, slots=True)
class Row:
    entry: InboxEntry
    is_new: bool


@dataclass(frozen=True, slots=True)
class Inbox:
    rows: list[Row]
    next: str
    """Where the next page begins, or empty."""


def read(request: HttpRequest, after: str = "", size: int = SIZE) -> Inbox:
    """Newest first from every module that offers something. Nothing is stored: it is asked for now."""
    place = _place(after)
    # One more for the next page, and those of the very moment where the last page ended.
    request.inbox_span = Span(place[0] if place else None, size + 2)
    found = {entry.url + entry.title: entry for part in slot("portal.inbox") for entry in part(request)}
    entries = sorted(found.values(), key=_key, reverse=True)
    if place:
        entries = [one for one in entries if _key(one) < place]
    seen = queries.seen_until(request.actor.person_id)
    rows = [Row(one, _is_new(one, seen)) for one in entries[:size]]
    return Inbox(rows, _after(entries[size - 1]) if len(entries) > size else "")


def _key(entry: InboxEntry) -> tuple[datetime, str]:
    return entry.at, entry.url


def _is_new(entry: InboxEntry, seen: datetime | None) -> bool:
    if entry.is_read is not None:
        return not entry.is_read and (seen is None or entry.at > seen)
    return seen is None or entry.at > seen


def _after(entry: InboxEntry) -> str:
    return f"{entry.at.timestamp():.6f}~{entry.url}"


def _place(after: str) -> tuple[datetime, str] | None:
    """Where a page ended; None for what somebody made up."""
    moment, mark, url = after.partition("~")
    if not mark or len(after) > 300 or not moment.replace(".", "", 1).isascii():
        return None
    try:
        return datetime.fromtimestamp(float(moment), clock.VIETNAM), url
    except (ValueError, OverflowError, OSError):
        return None


def bulletins_part(request: HttpRequest) -> list[InboxEntry]:
    """Bulletins for the place where the resident stands in the commune's book, without topics he or she refused."""
    person = request.actor.person_id
    contact = audiences.contact_of_person(person) if person else None
    if contact is None:
        return []
    wishes = audiences.wishes(contact)
    refused = {topic for (topic, channel), wish in wishes.items() if channel == "push" and wish is False}
    span = span_of(request)
    page = bulletins.inbox([contact.unit_path], refused, size=span.size, until=span.until)
    return [_entry(one) for one in page.rows]


def _entry(bulletin: Any) -> InboxEntry:
    kind = "Tin khẩn" if bulletin.is_emergency else "Bản tin"
    return InboxEntry(bulletin.published_at, bulletin.title, str(bulletin.unit), bulletin.public_url, kind)

"""Filing everything anew from the feeds: after an upgrade, in pieces, from where the last run stopped.

Each piece is one transaction that also remembers how far it came. The rows are locked while they are filed, so that an
action that changes one of them meanwhile files it after us.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.db import transaction

from xaso.core.search.actions import index_many
from xaso.core.search.feeds import Feed, feeds
from xaso.core.search.models import Entry, Feeding
from xaso.kit import clock
from xaso.kit.subject import ref

PIECE = 200
SWEPT = 500
A_WHILE = 40.0


def refill(*, anew: bool = False, seconds: float | None = None, told: Callable[[str, int], None] | None = None) -> int:
    """File what the feeds hold and was not filed yet. Returns how many rows were looked at.

    `anew` begins again with every feed. `seconds`: stop after that time; the next call goes on.
    """
    if anew:
        Feeding.objects.all().delete()
    until = time.monotonic() + seconds if seconds is not None else None
    total = 0
    for feed in _unfinished():
        seen = 0
        while (piece := _piece(feed)) is not None:
            seen += piece
            if until is not None and time.monotonic() > until:
                return total + seen
        if told is not None:
            told(feed.title, seen)
        total += seen
    return total


def refill_for_a_while() -> None:
    """By the clock: nothing to do nearly always, and after an upgrade a part at a time."""
    refill(seconds=A_WHILE)


def _unfinished() -> list[Feed]:
    done = {row.model: row.version for row in Feeding.objects.exclude(done_at=None)}
    return [feed for feed in feeds() if done.get(feed.model) != feed.version]


def _piece(feed: Feed) -> int | None:
    """None when there is nothing left to file."""
    with transaction.atomic():
        progress = _progress(feed)
        if progress.done_at is not None:
            return None
        rows = list(_rows(feed, progress.last_pk))
        items = [(row, feed.item(row)) for row in rows]
        index_many([item for _, item in items if item is not None])
        hidden = [ref(row) for row, item in items if item is None]
        if hidden:
            Entry.objects.filter(subject__in=hidden).delete()
        progress.last_pk = rows[-1].pk if rows else progress.last_pk
        if not rows:
            progress.done_at = clock.now()
            _sweep(feed)
        progress.save()
    return len(rows) or None


def _progress(feed: Feed) -> Feeding:
    """Two workers at once take turns."""
    Feeding.objects.bulk_create([Feeding(model=feed.model, version=feed.version)], ignore_conflicts=True)
    progress = Feeding.objects.select_for_update().get(model=feed.model)
    if progress.version != feed.version:
        progress.version, progress.last_pk, progress.done_at = feed.version, 0, None
    return progress


def _rows(feed: Feed, last: int) -> Any:
    return feed.rows().select_for_update(of=("self",)).filter(pk__gt=last).order_by("pk")[:PIECE]


def _sweep(feed: Feed) -> None:
    """Entries whose thing is gone, or whose row the feed no longer offers."""
    last = ""
    while part := _references(feed.model, last):
        numbers = {reference: int(reference.rpartition(":")[2]) for reference in part}
        offered = set(feed.rows().filter(pk__in=numbers.values()).values_list("pk", flat=True))
        gone = [reference for reference, number in numbers.items() if number not in offered]
        if gone:
            Entry.objects.filter(subject__in=gone).delete()
        last = part[-1]


def _references(model: str, after: str) -> list[str]:
    rows = Entry.objects.filter(model=model, subject__gt=after).order_by("subject")
    return list(rows.values_list("subject", flat=True)[:SWEPT])

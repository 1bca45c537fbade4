"""A document as it is found by the search of the whole desk. A secret stub is found by its number only."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from xaso.core.search.feeds import Feed, Item
from xaso.modules.layouts import queries as layouts
from xaso.modules.outgoing.models import Document
from xaso.modules.outgoing.rules import moves


def item_of(document: Document) -> Item:
    kind = layouts.kinds().get(document.kind)
    title = " ".join(part for part in (document.code, document.subject or document.get_level_display()) if part)
    line = f"{kind.title if kind else 'Văn bản đi'} · {moves.LABELS[document.state]} · {document.signer_name}".rstrip(
        " ·"
    )
    return Item(
        document,
        "outgoing.view",
        document.unit_path,
        title,
        line,
        document.get_absolute_url(),
        document.issued_at or document.begun_at,
        texts=[document.text[:20_000], *document.addressees],
    )


def _rows() -> QuerySet[Any]:
    return Document.objects.all()


FEED = Feed("outgoing.Document", "Văn bản đi", _rows, item_of, ("outgoing.view",))

"""How a document is found: its words and the text of its files. Never one under secrecy."""

from __future__ import annotations

from django.db.models import QuerySet

from xaso.core.search.feeds import Feed, Item
from xaso.modules.incoming.models import Document, Reading

PERMISSION = "incoming.view"


def item_of(document: Document) -> Item | None:
    """None for what is not in the book, or not of this system's business."""
    if document.is_secret or document.number is None or document.registered_at is None:
        return None
    reading = Reading.objects.filter(document=document).first()
    texts = [document.remark, document.signer, document.outcome_note, reading.text if reading else ""]
    dated = f" ngày {document.dated_on:%d/%m/%Y}" if document.dated_on else ""
    return Item(
        thing=document,
        permission=PERMISSION,
        unit_path=document.unit_path,
        title=f"{document}: {document.subject}"[:300],
        line=f"{document.signed_as}{dated}, {document.issuer}"[:300],
        url=document.get_absolute_url(),
        moment=document.registered_at,
        texts=texts,
    )


def _rows() -> QuerySet[Document]:
    return Document.objects.filter(secrecy="", number__isnull=False)


FEED = Feed("incoming.Document", "Văn bản đến", _rows, item_of, (PERMISSION,))

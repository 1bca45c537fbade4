"""The index is kept with the document: filed when it changes, with the text of its files once that was read."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.core.search.actions import index_many
from xaso.kit import clock
from xaso.modules.incoming.models import Document, Reading
from xaso.modules.incoming.queries.finding import item_of


@dataclass(frozen=True, slots=True)
class Text:
    """What was read off all files of a document. `why` says why there is none, or not all."""

    text: str
    origin: str
    pages: int
    why: str

    def for_audit(self) -> dict[str, Any]:
        return asdict(self)


def put_in_search(document: Document) -> None:
    """Inside the caller's action. What is not to be found is left out."""
    if item := item_of(document):
        index_many([item])


@action("incoming.keep_text", "Ghi nội dung đọc được của tệp")
def keep_text(by: Actor, document: Document, /, *, read: Text) -> Document:
    """What was read off the files, and why not more."""
    if document.is_secret:
        return document
    Reading.objects.update_or_create(
        document=document,
        defaults=asdict(read) | {"why": read.why[:500], "read_at": clock.now()},
    )
    note(letters=len(read.text))
    put_in_search(document)
    return document

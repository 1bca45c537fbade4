"""Questions about outgoing documents."""

from xaso.modules.outgoing.queries.books import book_for, books_of
from xaso.modules.outgoing.queries.documents import document, document_for, documents_of
from xaso.modules.outgoing.queries.sheets import agency_of, annexes_of, content_of
from xaso.modules.outgoing.queries.signers import signers_of
from xaso.modules.outgoing.rules.moves import CHANNELS, FOLLOWS, LABELS, PRIORITIES, URGENCIES

__all__ = [
    "CHANNELS", "FOLLOWS", "LABELS", "PRIORITIES", "URGENCIES", "agency_of", "annexes_of", "book_for", "books_of",
    "content_of", "document", "document_for", "documents_of", "signers_of",
]  # fmt: skip

"""Books of numbers: which takes a document, what the next number would be, the numbers nobody sees yet."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from xaso.core.access import Actor, visible
from xaso.core.numbering.models import Counter
from xaso.kit import clock
from xaso.kit.errors import Missing
from xaso.modules.outgoing.models import Book, Document
from xaso.modules.outgoing.rules import naming

COMMON = "Sổ văn bản đi"
NO_BOOK = "Không tìm thấy sổ này ở đơn vị của bạn. Hãy chọn sổ trong danh sách."


def books_of(unit_path: str) -> list[Book]:
    """In use today."""
    today = clock.today()
    ongoing = Q(valid_to=None) | Q(valid_to__gte=today)
    return list(Book.objects.filter(ongoing, unit_path=unit_path, valid_from__lte=today).order_by("id"))


def books(by: Actor) -> list[Book]:
    """Every book the actor may see, closed ones too: old years are read in them."""
    return list(visible(by, "outgoing.view", Book.objects.select_related("unit")).order_by("unit_path", "id")[:200])


def book(by: Actor, permission: str, key: UUID) -> Book:
    found = visible(by, permission, Book.objects.select_related("unit")).filter(uuid=key).first()
    if found is None:
        raise Missing(NO_BOOK)
    return found


def takes(book: Book, document: Document) -> bool:
    """A secret document only into a secret book, a normative one only into a normative book."""
    if (book.is_secret, book.is_normative) != (document.is_secret, document.is_normative):
        return False
    return not book.kinds or document.kind in book.kinds


def book_for(document: Document) -> Book | None:
    """The book made for this kind, else the common one, of those in use."""
    fitting = [one for one in books_of(document.unit_path) if takes(one, document)]
    return next((one for one in fitting if one.kinds), fitting[0] if fitting else None)


def next_number(book: Book, kind: str, year: int) -> int:
    """What would be given now. For a page: somebody else may get it first."""
    series = naming.series_of(book.pk, kind, is_per_kind=book.is_per_kind)
    row = Counter.objects.filter(book=series, unit_path=book.unit_path, period=str(year)).first()
    return (row.value if row else 0) + 1

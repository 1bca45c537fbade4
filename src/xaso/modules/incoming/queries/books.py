"""The books of the year, and what a clerk's earlier lines remember."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, QuerySet

from xaso.core.access import Actor
from xaso.kit import clock
from xaso.kit.pages import Page, cut, number_in
from xaso.modules.incoming.definitions import Book, desk
from xaso.modules.incoming.models import Assignment, Document

PAGE = 30
MOST_PRINTED = 20_000
REMEMBERED = 400
SENDERS_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Sender:
    """An issuer as it was last written, with the signer it last had."""

    name: str
    signer: str
    signer_title: str


def books_for(by: Actor) -> tuple[Book, ...]:
    return desk().books if by.may("incoming.view_secret") else desk().open_books


def book_rows(unit_path: str, book: str, year: int) -> QuerySet[Document]:
    rows = Document.objects.filter(register_path=unit_path, book=book, year=year)
    return rows.select_related("lead__account__person")


def book_page(unit_path: str, book: str, year: int, after: str = "", size: int = PAGE) -> Page[Document]:
    """The newest number first; `after` is the last number shown."""
    rows = book_rows(unit_path, book, year)
    if last := number_in(after):
        rows = rows.filter(number__lt=last)
    return cut(list(rows.order_by("-number")[: size + 1]), size, lambda row: row.number)


def printed_rows(unit_path: str, book: str, year: int, month: int | None = None) -> list[Document]:
    """In the order of the numbers, for paper: the whole year, or a month of it."""
    rows = book_rows(unit_path, book, year)
    if month is not None:
        first = datetime(year, month, 1, tzinfo=clock.VIETNAM)
        until = (first + timedelta(days=31)).replace(day=1)
        rows = rows.filter(registered_at__gte=first, registered_at__lt=until)
    return list(rows.order_by("number")[:MOST_PRINTED])


def last_numbers(unit_path: str, year: int) -> dict[str, int]:
    """book → the last number given that year."""
    rows = Document.objects.filter(register_path=unit_path, year=year).values_list("book")
    return {book: number for book, number in rows.annotate(Max("number")) if number}


def parts_in(documents: list[Document]) -> dict[int, list[Assignment]]:
    """Who got each document, for the column of the printed book; one statement."""
    found: dict[int, list[Assignment]] = {one.pk: [] for one in documents}
    for part in Assignment.objects.filter(document__in=documents).order_by("id"):
        found[part.document_id].append(part)
    return found


def senders_of(unit_path: str) -> list[Sender]:
    """Issuers of the unit's recent documents, the last one first: nobody types a name twice."""
    rows = Document.objects.filter(unit_path=unit_path, secrecy="").order_by("-pk")
    found: dict[str, Sender] = {}
    for issuer, signer, title in rows.values_list("issuer", "signer", "signer_title")[:REMEMBERED]:
        if issuer and (issuer not in found or (signer and not found[issuer].signer)):
            found[issuer] = Sender(issuer, signer, title)
    return list(found.values())[:SENDERS_SHOWN]

"""Numbers and symbols as they are written, and whether a document left in time. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

LAST_DAYS = 40
ORGANS = {"UBND": "Ủy ban nhân dân", "HĐND": "Hội đồng nhân dân"}
"""Who issues: the abbreviation in the symbol, and the name at the head of the sheet."""


def written(number: int) -> str:
    """Numbers below 10 are written with a leading zero."""
    return f"{number:02d}"


def code_of(number: int | None, symbol: str, year: int, *, is_normative: bool) -> str:
    """`12/QĐ-UBND`, `45/UBND-VP`; a normative document also carries its year: `03/2024/QĐ-UBND`."""
    if number is None:
        return ""
    return f"{written(number)}/{year}/{symbol}" if is_normative else f"{written(number)}/{symbol}"


def series_of(book_id: int, kind: str, *, is_per_kind: bool) -> str:
    """The name of the sequence a number is taken from: the book's own, or the kind's within it."""
    return f"outgoing:{book_id}:{kind}" if is_per_kind else f"outgoing:{book_id}"


def is_on_time(signed_on: date, issued_on: date, is_working: Callable[[date], bool]) -> bool:
    """Issued on the day of signing or by the end of the next working day."""
    last = signed_on + timedelta(days=1)
    for _ in range(LAST_DAYS):
        if is_working(last):
            break
        last += timedelta(days=1)
    return issued_on <= last


def parsed_number(words: str) -> int | None:
    """The number in what somebody types to find a document: `12`, `012`, `12/QĐ-UBND`."""
    head = words.strip().partition("/")[0]
    return int(head) if head.isdecimal() and len(head) <= 9 else None

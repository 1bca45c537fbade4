"""Keyset pages: lists that are as fast on the thousandth page as on the first, because none of them counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, date, datetime
from typing import Any, Generic, TypeVar

from django.db.models import F, Model, Q, QuerySet

LONGEST_KEY = 18
"""Digits that fit a key of either database; a longer one was made up."""

Row = TypeVar("Row")
Kept = TypeVar("Kept", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows, and what `after` of the next page is: the key of the last row, or empty at the end."""

    rows: list[Row] = field(default_factory=list)
    after: str = ""


def number_in(text: str) -> int:
    """A row number out of an address; 0 when it is not one."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_KEY else 0


def day_in(text: str) -> date | None:
    """A day out of an address; None when it is not one."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def moment_in(text: str) -> datetime | None:
    """A moment out of an address; None when it is not one, or lies where no clock and no database can follow."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo and MINYEAR < found.year < MAXYEAR else None


def cut(found: list[Row], size: int, key: Callable[[Row], object]) -> Page[Row]:
    """The page out of `size + 1` rows: the one too many only tells that there are more."""
    return Page(found[:size], str(key(found[size - 1])) if len(found) > size else "")


def newest(rows: QuerySet[Kept], after: str, size: int) -> Page[Kept]:
    """By descending id."""
    if last := number_in(after):
        rows = rows.filter(pk__lt=last)
    return cut(list(rows.order_by("-pk")[: size + 1]), size, _number)


def oldest(rows: QuerySet[Kept], after: str, size: int) -> Page[Kept]:
    """By ascending id."""
    if last := number_in(after):
        rows = rows.filter(pk__gt=last)
    return cut(list(rows.order_by("pk")[: size + 1]), size, _number)


def by_deadline(rows: QuerySet[Kept], after: str, size: int, *, undated_first: bool = False) -> Page[Kept]:
    """By `due_at`, the earliest first; what has none comes last, or first. `after` is `moment|id` of the last row."""
    moment, _, last = after.partition("|")
    if pk := number_in(last):
        rows = rows.filter(_due_after(moment_in(moment), pk, undated_first=undated_first))
    due = F("due_at").asc(nulls_first=True) if undated_first else F("due_at").asc(nulls_last=True)
    return cut(list(rows.order_by(due, "pk")[: size + 1]), size, _deadline)


def _due_after(at: datetime | None, last: int, *, undated_first: bool) -> Q:
    if at is None:
        undated = Q(due_at=None, pk__gt=last)
        return undated | Q(due_at__isnull=False) if undated_first else undated
    later = Q(due_at__gt=at) | Q(due_at=at, pk__gt=last)
    return later if undated_first else later | Q(due_at=None)


def _deadline(row: Any) -> str:
    return f"{row.due_at.isoformat() if row.due_at else ''}|{row.pk}"


def _number(row: Model) -> object:
    return row.pk

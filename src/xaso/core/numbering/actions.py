"""Giving numbers. Runs inside the caller's transaction: a rolled-back paper gives its number back, so no gap."""

from datetime import date, datetime

from django.db import connection

from xaso.core.numbering.schemes import Scheme, scheme_for
from xaso.core.units.models import Unit
from xaso.kit import clock

_NEXT = """
    INSERT INTO numbering_counter (book, unit_path, period, value) VALUES (%s, %s, %s, %s)
    ON CONFLICT (book, unit_path, period) DO UPDATE SET value = numbering_counter.value + excluded.value
    RETURNING value
"""


def next_value(book: str, unit_path: str, period: str, count: int = 1) -> int:
    """The next number of a book in a unit and period; with `count`, the last of a block of that many.

    One statement on both databases. Raises RuntimeError outside a transaction, where a crash would leave a gap.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a number was asked for outside a transaction: a crash would leave a gap in the book")
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [book, unit_path, period, count])
        return cursor.fetchone()[0]


def next_number(scheme_name: str, unit: Unit, at: datetime, count: int = 1) -> list[str]:
    """`count` whole numbers as text by the scheme in force on that day, lowest first."""
    day = clock.local(at).date()
    scheme = scheme_for(scheme_name, day)
    last = next_value(scheme.book, unit.path, period_of(scheme, day), count)
    return [scheme.text(unit.agency_code, day, value) for value in range(last - count + 1, last + 1)]


def period_of(scheme: Scheme, day: date) -> str:
    return {"day": f"{day:%Y%m%d}", "month": f"{day:%Y%m}", "year": f"{day:%Y}", "never": ""}[scheme.reset]

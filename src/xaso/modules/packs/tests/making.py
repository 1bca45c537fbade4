"""Packs with one call."""

from decimal import Decimal
from typing import Any

from django.db import connection

from xaso.core.access import Actor
from xaso.core.audit import kept
from xaso.core.measures.periods import period_of
from xaso.modules.packs.actions import seal_pack
from xaso.modules.packs.models import Pack
from xaso.modules.packs.rules import Evidence, Line

Q1 = period_of("2024-Q1")


def line(key: str = "households", number: Any = 10, **more: Any) -> Line:
    given = {"label": "Hộ gia đình", "type": "count", "unit": "hộ", "origin": "declared"} | more
    return Line(key=key, number=None if number is None else Decimal(str(number)), **given)


def share(key: str, above: int, below: int) -> Line:
    number = Decimal(above) * 100 / below
    return line(key, number, label="Tỷ lệ hộ", type="percent", numerator=Decimal(above), denominator=Decimal(below))


def sealed(by: Actor, unit: Any, lines: list[Line] | None = None, **more: Any) -> Pack:
    given = {"kind": "report", "period": Q1, "subject": "", "documents": []} | more
    return seal_pack(by, unit, lines=lines or [line()], **given)


def tamper(pack: Pack, old: str, new: str) -> None:
    """Somebody with the database's password changes a signed pack."""
    kept.remove(connection, "packs_pack")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE packs_pack SET body = replace(body, %s, %s) WHERE id = %s", [old, new, pack.pk])
        assert cursor.rowcount == 1
    kept.install(connection, "packs_pack")


DECISION = Evidence("15/QĐ-UBND", "Quyết định kiện toàn tổ công nghệ số cộng đồng", "2024-02-01", "ab" * 32)

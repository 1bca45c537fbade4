"""How a target is said."""

from __future__ import annotations

from decimal import Decimal

from xaso.modules.figures import queries as figures
from xaso.modules.targets.models import COMPARATORS, Target
from xaso.modules.targets.rules import HUNDRED

WORDS = dict(COMPARATORS) | {"=": ""}


def number_words(value: Decimal | None) -> str:
    """98.5000 → 98,5"""
    return "" if value is None else figures.show_number(value.normalize())


def comparator_words(comparator: str) -> str:
    return WORDS.get(comparator, "")


def wanted_words(target: Target) -> str:
    """“ít nhất 60 %”, “không quá 10”, “có”; empty while nobody has given the number."""
    if target.direction == Target.Direction.YES_NO:
        return "có"
    if target.value is None:
        return ""
    if target.is_percent and target.value == HUNDRED:
        return "100 %"  # "at least all of it" says no more
    amount = figures.show_money(target.value) if target.measure_unit == "đồng" else number_words(target.value)
    unit = "" if target.measure_unit == "đồng" else target.measure_unit
    return f"{comparator_words(target.comparator)} {amount} {unit}".strip()

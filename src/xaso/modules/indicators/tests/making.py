"""Small sets for tests, written as content would write them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from xaso.modules.indicators.definitions import Version
from xaso.modules.indicators.rules.numbers import Reading
from xaso.modules.indicators.rules.outcomes import Facts
from xaso.modules.indicators.rules.totals import ItemPoints, total_of

TODAY = date(2024, 10, 10)


def component(code: str, most: Any, formula: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"code": code, "label": f"Thành phần {code}", "max": most, "formula": formula, **more}


def version(components: list[dict[str, Any]], **more: Any) -> Version:
    """One group of these components."""
    total = sum(Decimal(str(one["max"])) for one in components)
    group = {"code": "1", "label": "Nhóm", "max": total, "components": components}
    return version_of([group], **more)


def version_of(groups: list[dict[str, Any]], **more: Any) -> Version:
    total = sum(Decimal(str(one["max"])) for one in groups)
    return Version.model_validate(
        {"version": "1", "valid_from": date(2024, 1, 1), "max": total, "groups": groups} | more
    )


def readings(**given: Any) -> dict[str, Reading]:
    """A number, a text, or two numbers (numerator, denominator) of a share; None is missing."""
    found = {}
    for key, value in given.items():
        if isinstance(value, tuple):
            a, b = (Decimal(one) for one in value)
            found[key] = Reading(a * 100 / b if b else None, "", a, b)
        elif isinstance(value, str):
            found[key] = Reading(text=value)
        else:
            found[key] = Reading(None if value is None else Decimal(str(value)))
    return found


def facts(best: dict[str, Any] | None = None, places: int | None = None, **given: Any) -> Facts:
    return Facts(readings(**given), 2024, {k: Decimal(v) for k, v in (best or {}).items()}, places)


def scored(formula: dict[str, Any], most: Any = 10, best: dict[str, Any] | None = None, **given: Any) -> ItemPoints:
    """One component alone."""
    one = version([component("1.1", most, formula)], not_applicable="zero")
    return total_of(one, facts(best, **given)).items()[0]

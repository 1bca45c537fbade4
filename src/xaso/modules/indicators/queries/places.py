"""Whose score is looked at."""

from __future__ import annotations

from datetime import date

from xaso.core.access import Actor, require
from xaso.core.accounts.queries import own_unit
from xaso.core.units.models import Unit
from xaso.core.units.queries import unit_by_code


def unit_for(by: Actor, code: str, on: date) -> Unit:
    """The unit named, as it was on that day, or where the actor works. Raises Missing, Forbidden, Refused."""
    found = unit_by_code(code, on) if code else own_unit(by)
    require(by, "indicators.view", found)
    return found


def communes_of(unit: Unit, on: date) -> list[Unit]:
    """Communes under the unit on that day, by name; none when it is a commune itself."""
    if unit.kind in Unit.COMMUNE_KINDS:
        return []
    return list(Unit.objects.on(on).under(unit.path).communes().order_by("name", "path"))


def is_commune(unit: Unit) -> bool:
    return unit.kind in Unit.COMMUNE_KINDS

"""Addresses of the overview's pages, and the period picker every one of them has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from xaso.core.measures.periods import Period, find_period, key_of
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.modules.overview import queries


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: unit, period, and on which map."""

    unit: Unit
    period: Period
    key: str
    cumulative: bool
    todays_map: bool
    of_kind: str

    @property
    def query(self) -> dict[str, str]:
        found = {"unit": self.unit.code, "period": self.key}
        found |= {"cumulative": "1"} if self.cumulative else {}
        found |= {"map": "today"} if self.todays_map else {}
        return found | ({"type": self.of_kind} if self.of_kind else {})


def asked(request: HttpRequest) -> Asked:
    """Raises Missing when the unit may not be seen."""
    cumulative = request.GET.get("cumulative") == "1"
    plain = queries.period_asked(request.GET.get("period", ""))
    period = plain.cumulative if cumulative else plain
    unit = queries.unit_asked(request.actor, request.GET.get("unit", ""), period)
    of_kind = request.GET.get("type", "")
    of_kind = of_kind if of_kind in {kind.value for kind in Unit.COMMUNE_KINDS} else ""
    return Asked(unit, period, plain.key, cumulative, request.GET.get("map") == "today", of_kind)


def at(name: str, found: Asked, *arguments: str, **changed: str) -> str:
    """The address of a page of this module for the same unit and period, with some of it changed; "" leaves it out."""
    query = {name: value for name, value in (found.query | changed).items() if value}
    return f"{reverse(f'cockpit-overview:{name}', args=arguments)}?{urlencode(query)}"


def export_url(request: HttpRequest, measure: str, found: Asked) -> str:
    """Where the rows behind a measure are exported, or empty for whom may not."""
    if not request.actor.may("reports.export", on=found.unit):
        return ""
    query = {"measure": measure, "unit": found.unit.code, "period": found.period.key}
    return f"{reverse('desk-reports:new_export')}?{urlencode(query)}"


def picker(found: Asked, name: str, *arguments: str) -> dict[str, Any]:
    """Kinds of period as tabs, the one before and after, and the switch to cumulative."""
    plain = find_period(found.key) or found.period
    inside = max(plain.since, min(plain.last, clock.today()))

    def to(key: str, **more: str) -> str:
        return at(name, found, *arguments, period=key, **more) if key else ""

    tabs = [
        {"label": label, "url": to(key_of(kind, inside)), "current": kind == plain.kind}
        for kind, label in queries.KINDS.items()
    ]
    grows = plain.since.month > 1
    return {
        "tabs": tabs,
        "previous": to(plain.previous),
        "following": to(plain.following),
        "cumulative": to(plain.key, cumulative="" if found.cumulative else "1") if grows else "",
    }


def sheets(found: Asked, what: str, key: str = "-") -> dict[str, str]:
    """Where a chart's numbers are taken home from."""
    return {form: at("sheet", found, what, key, form) for form in ("csv", "xlsx")}


def crumbs(found: Asked, label: str) -> list[dict[str, str]]:
    """The way back to the whole."""
    return [{"label": f"Toàn cảnh {found.unit}", "url": at("board", found, type="")}, {"label": label}]

"""What the pages of a score have in common: the place, the words of a state, the figures behind a component."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from xaso.core.measures.periods import Period, find_period, this
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.modules.figures import queries as figures
from xaso.modules.figures.queries import Value
from xaso.modules.indicators import queries
from xaso.modules.indicators.definitions import PassFail, Shared
from xaso.modules.indicators.queries import ItemScore

FIRST_YEAR = 2022
STATES = {
    "scored": ("đã chấm", "good"),
    "missing": ("chưa có số liệu", "neutral"),
    "not_applicable": ("không áp dụng", "info"),
    "info": ("chỉ theo dõi", "info"),
    "passed": ("đạt", "good"),
    "failed": ("chưa đạt", "bad"),
}
POLICIES = {
    "zero": "tính 0 điểm",
    "full": "được đủ điểm",
    "redistribute": "điểm chia lại trong nhóm",
}


@dataclass(frozen=True, slots=True)
class Place:
    unit: Unit
    period: Period
    query: str


def place_of(request: HttpRequest) -> Place:
    """The unit and the year asked for; one's own and the running year when nothing is."""
    period = find_period(request.GET.get("ky", "")) or this("year")
    unit = queries.unit_for(request.actor, request.GET.get("don-vi", ""), period.last)
    return Place(unit, period, "?" + urlencode({"don-vi": unit.code, "ky": period.key}))


def picker(place: Place, home: Unit) -> dict[str, Any]:
    """What the form for choosing shows: years, and communes for those who look over several."""
    years = range(max(clock.today().year, place.period.since.year), FIRST_YEAR - 1, -1)
    return {
        "unit": place.unit,
        "period": place.period,
        "years": [str(year) for year in years],
        "communes": queries.communes_of(home, place.period.last),
        "is_commune": queries.is_commune(place.unit),
        "query": place.query,
    }


def origin_of(value: Value) -> str:
    """Where a value comes from, in words."""
    if value.is_missing:
        return "chưa có"
    if value.origin == "declared":
        return "khai báo"
    return "tính từ số khai" if value.rests_on_declared else "tính từ dữ liệu"


def shown_values(item: ItemScore) -> tuple[Value, ...]:
    """The figures that tell the score: two numbers, or the share where only that is known."""
    formula = item.component.formula
    by_key = {one.key: one for one in item.values}
    hidden: set[str | None] = set()
    parts = formula.conditions if isinstance(formula, PassFail) else (formula,) if isinstance(formula, Shared) else ()
    for part in parts:
        if part.share:
            hidden |= {part.a, part.b} if by_key[part.share].origin == "declared" else {part.share}
    return tuple(one for one in item.values if one.key not in hidden)


def item_row(item: ItemScore, query: str) -> dict[str, Any]:
    """A component as the page shows it."""
    word, tone = STATES[item.state]
    return {
        "item": item,
        "word": word,
        "tone": tone,
        "points": "–" if item.points is None else queries.said(item.points),
        "max": queries.said(item.max),
        "policy": POLICIES[item.policy] if item.state == "not_applicable" else "",
        "values": [_value(one, query) for one in shown_values(item)],
    }


def _value(value: Value, query: str) -> dict[str, Any]:
    kind = figures.catalogue().get(value.key)
    return {
        "label": kind.label if kind else value.key,
        "shown": figures.shown_with_unit(value),
        "origin": origin_of(value),
        "is_missing": value.is_missing,
        "unverified": not value.is_missing and not value.is_verified,
        "url": reverse("desk-figures:figure", args=[value.key]) + query,
    }

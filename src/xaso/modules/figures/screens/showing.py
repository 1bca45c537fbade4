"""What the pages of figures have in common: whose figures, of which period, and the marks of a value."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from xaso.core.access import Actor
from xaso.core.measures.periods import Period, find_period, this
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.modules.figures import queries as figures
from xaso.modules.figures.queries import FigureKind, Value
from xaso.modules.figures.rules.numbers import show_number

YEARS_BACK = 3
PARTS = ("", "-9M", "-H1", "-H2", "-Q1", "-Q2", "-Q3", "-Q4", *(f"-{month:02d}" for month in range(12, 0, -1)))


def place(request: HttpRequest) -> tuple[Unit, Period]:
    """The unit and the period asked for; one's own and the running quarter when nothing is."""
    period = find_period(request.GET.get("period", "")) or this("quarter")
    return figures.unit_named(request.actor, request.GET.get("unit", ""), min(period.last, clock.today())), period


def asked(unit: Unit, period: Period, **more: str) -> str:
    """The query of a link that keeps unit and period."""
    return "?" + urlencode({"unit": unit.code, "period": period.key} | more)


def periods_to_choose(chosen: Period | None = None) -> list[tuple[str, str]]:
    """Years, halves, quarters and months that have begun, the latest year first."""
    today = clock.today()
    keys = [f"{year}{part}" for year in range(today.year, today.year - YEARS_BACK, -1) for part in PARTS]
    found = [one for key in keys if (one := find_period(key)) and one.since <= today]
    if chosen and chosen.key not in {one.key for one in found}:
        found.append(chosen)
    return [(one.key, one.label[0].upper() + one.label[1:]) for one in found]


def origin_of(value: Value) -> tuple[str, str, str]:
    """Words, tone and icon of where a value comes from."""
    if value.is_missing:
        return "chưa có", "neutral", "minus"
    if value.origin == "declared":
        return "khai báo", "info", "edit"
    return ("tính từ số khai", "info", "edit") if value.rests_on_declared else ("tính từ dữ liệu", "good", "check")


def described(kind: FigureKind, value: Value, unit: Unit, period: Period) -> dict[str, Any]:
    """A value as a row or a card shows it."""
    origin, tone, icon = origin_of(value)
    return {
        "kind": kind,
        "value": value,
        "shown": figures.shown_with_unit(value),
        "origin": origin,
        "tone": tone,
        "icon": icon,
        "unverified": not value.is_missing and not value.is_verified,
        "others": [(origin_of(other)[0], figures.shown_with_unit(other)) for other in value.others],
        "gap": gap_of(value),
        "url": reverse("desk-figures:figure", args=[kind.key]) + asked(unit, period),
    }


def gap_of(value: Value) -> str:
    """How far what is counted lies from what was declared: +3 điểm %, −48 điểm %."""
    if value.gap is None or value.gap == 0:
        return ""
    sign = "+" if value.gap > 0 else "−"
    suffix = " điểm %" if value.type in {"percent", "ratio"} else ""
    return f"{sign}{show_number(abs(value.gap))}{suffix}"


def behind_url(by: Actor, value: Value, unit: Unit, period: Period) -> str:
    """Where the rows behind a figure are shown; empty when none were counted or nobody offers such a page."""
    counted = any(figures.kind_of(one.key).measure and one.origin == "computed" for one in value.sources)
    if not counted or not by.may("cockpit.use", on=unit):
        return ""
    try:
        return reverse("cockpit-overview:behind", args=[value.key]) + asked(unit, period)
    except NoReverseMatch:
        return ""

"""The whole on one page: a commune's tiles and red list, or a province's communes side by side."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.shortcuts import render
from django.urls import path, reverse

from xaso.core.access import Actor
from xaso.core.measures import queries as measures
from xaso.core.screens import Answer, screen
from xaso.modules.figures import queries as figures
from xaso.modules.overview import queries
from xaso.modules.overview.definitions import board as board_of
from xaso.modules.overview.queries import Shown, Side
from xaso.modules.overview.screens import behind, comparing, downloads
from xaso.modules.overview.screens.addresses import Asked, asked, at, picker, sheets
from xaso.ui.charts import Part, Point, Spark, StackedChart, Trend, spark, stacked_chart
from xaso.ui.charts import trend as drawn_trend

WHOLE = 100


@screen("overview/cockpit/board.html", permission="overview.view")
def board(request: HttpRequest) -> Answer:
    """A commune's figures and what needs somebody; a province or district shows its communes instead."""
    found = asked(request)
    if queries.is_tree(found.unit):
        return render(request, "overview/cockpit/province.html", _province(request.actor, found))
    shown = queries.shown_figures(board_of().tiles, found.unit, found.period)
    return {
        **_frame(found, "board"),
        "tiles": [_tile(one, found) for one in shown],
        "red": queries.red_list(request.actor, found.unit, found.period, shown),
        "months": _months(shown),
        "ways": _ways(found),
        "rows_url": _one_stop(request.actor, found),
        "overdue_url": _overdue(request.actor, found),
        "declare_url": reverse("desk-figures:index") if request.actor.may("figures.declare", on=found.unit) else "",
        "sheets": sheets(found, "board"),
    }


def _frame(found: Asked, name: str, *arguments: str) -> dict[str, Any]:
    return {"asked": found, "unit": found.unit, "period": found.period, "picker": picker(found, name, *arguments)}


def _one_stop(by: Actor, found: Asked) -> str:
    """Empty for whom the dossiers themselves are not open."""
    if not by.may("dossiers.view", on=found.unit):
        return ""
    return f"{reverse('cockpit-dossiers:figures')}?{urlencode({'ky': found.key, 'don-vi': found.unit.code})}"


def _overdue(by: Actor, found: Asked) -> str:
    if not by.may("dossiers.view", on=found.unit):
        return ""
    return f"{reverse('cockpit-dossiers:rows', args=['overdue'])}?{urlencode({'don-vi': found.unit.code})}"


def _tile(one: Shown, found: Asked) -> dict[str, Any]:
    to = "ranking" if queries.is_tree(found.unit) else "behind"
    return {
        "label": one.kind.label,
        "figure": one.text,
        "parts": one.parts,
        "url": at(to, found, one.kind.key),
        "goal": one.goal.sentence if one.goal else "",
        "tone": one.goal.tone if one.goal else "",
        "marks": one.marks,
        "chart": _spark(one),
    }


def _spark(one: Shown) -> Spark | None:
    most = WHOLE if one.kind.type == "percent" else None
    target = one.goal.number if one.goal else None
    return spark(one.kind.label, comparing.points_of(one.kind, one.trend), target=target, most=most)


def _months(shown: list[Shown]) -> dict[str, Any]:
    """The numbers behind all the small lines, as one table."""
    lines = [(one.kind.label, comparing.points_of(one.kind, one.trend)) for one in shown if one.trend]
    head: list[Point] = lines[0][1] if lines else []
    return {"head": [point.short for point in head], "lines": lines}


def _ways(found: Asked) -> StackedChart | None:
    keys = board_of().ways
    if not keys or found.todays_map:
        return None
    counted = measures.totals(keys, found.unit.path, found.period)
    labels = measures.catalogue()
    parts = [Part(labels[key].label, counted[key], at("rows", found, key)) for key in keys]
    return stacked_chart("Hồ sơ đến bằng cách nào", parts, unit="hồ sơ")


def _province(by: Actor, found: Asked) -> dict[str, Any]:
    whole = queries.province(found.unit, found.period, todays_map=found.todays_map)
    columns, trend = board_of().columns, _trend_head(found)
    signed = queries.who_signed(found.unit, found.period)
    return {
        **_frame(found, "board"),
        "tiles": [_tile(one, found) for one in whole.tiles],
        "head": [
            "Đơn vị",
            *({"label": o.short, "num": True, "url": at("ranking", found, o.key)} for o in columns),
            *(["Xu hướng"] if trend else []),
        ],
        "trend": trend,
        "rows": [_row(side, found) for side in whole.sides],
        "silent": whole.without,
        "odd": [one for one in (_oddity(side, found) for side in whole.sides) if one["words"]],
        "signed": signed,
        "unplaced": whole.unplaced,
        "maps": map_switch(found, "board"),
        "map_url": at("map", found, board_of().tiles[0]),
        "sheets": sheets(found, "province"),
        "ways": _ways(found),
        "rows_url": _one_stop(by, found),
    }


def _row(side: Side, found: Asked) -> dict[str, Any]:
    cells = [side.values[one.key] for one in board_of().columns]
    url = at("board", found, unit=side.unit.code, map="")
    return {"name": side.unit.name, "url": url, "cells": cells, "trend": _trend(side)}


def _trend(side: Side) -> Trend | None:
    """The change is told only of a number that was counted: a declared one has its own story."""
    if side.moving is None:
        return None
    shown = side.values[board_of().trend]
    change = side.moving.change if shown.value.origin == "computed" else None
    most = WHOLE if shown.kind.type == "percent" else None
    return drawn_trend([month.number for month in side.moving.months], change, most=most)


def _trend_head(found: Asked) -> dict[str, Any] | None:
    """What the line beside each commune is, and what its sign compares with; None where there is none."""
    key = board_of().trend
    if not key or found.todays_map:
        return None
    earlier, kind = queries.before(found.period), figures.kind_of(key)
    return {"label": kind.label, "earlier": earlier.label if earlier else "", "points": kind.type in comparing.SHARES}


def _oddity(side: Side, found: Asked) -> dict[str, Any]:
    words = [f"{one.kind.label} {one.text} ({one.odd})" for one in side.values.values() if one.odd]
    if side.is_too_good:
        words.insert(0, queries.TOO_GOOD)
    return {"name": str(side.unit), "url": at("board", found, unit=side.unit.code, map=""), "words": words}


def map_switch(found: Asked, name: str, *arguments: str) -> list[dict[str, Any]]:
    """Units as they were in the period, or their rows under the units of today."""
    return [
        {"label": "Như đã báo cáo", "url": at(name, found, *arguments, map=""), "current": not found.todays_map},
        {"label": "Theo bản đồ hiện nay", "url": at(name, found, *arguments, map="today"), "current": found.todays_map},
    ]


urlpatterns = [
    path("", board, name="board"),
    path("ranking/<slug:key>/", comparing.ranking, name="ranking"),
    path("map/<slug:key>/", comparing.mapped, name="map"),
    path("behind/<slug:key>/", behind.behind, name="behind"),
    path("rows/<str:key>/", behind.rows, name="rows"),
    path("sheet/<slug:what>/<slug:key>.<slug:form>", downloads.sheet, name="sheet"),
]

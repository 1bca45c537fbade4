"""One figure of every commune: as a ranking and on the schematic map."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpRequest

from xaso.core.screens import Answer, screen
from xaso.core.units.models import Unit
from xaso.kit.errors import Missing
from xaso.modules.figures import queries as figures
from xaso.modules.figures.queries import FigureKind
from xaso.modules.overview import queries
from xaso.modules.overview.definitions import board
from xaso.modules.overview.queries import Month, Ranking, Side
from xaso.modules.overview.screens.addresses import Asked, asked, at, crumbs, picker, sheets
from xaso.ui.charts import Bar, BarChart, LineChart, Point, bar_chart, line_chart

KINDS_OF_UNIT = {"": "Tất cả", "commune": "Xã", "ward": "Phường", "township": "Thị trấn"}
NO_NUMBERS = "Số liệu này không phải con số nên không xếp hạng và không vẽ bản đồ được. Hãy mở số liệu của từng xã."
RANK_NOTE = (
    "Hạng tính riêng cho xã, phường, thị trấn. Số chưa kiểm chứng không xếp hạng; đơn vị chưa có số liệu đứng cuối. "
    "▲ ▼: tăng, giảm so với kỳ trước."
)
SHARES = {"percent", "ratio"}
NUMBERS = {"percent", "ratio", "count", "money", "rank"}


def points_of(kind: FigureKind, months: Sequence[Month]) -> list[Point]:
    return [Point(one.label, one.number, number_words(kind, one), one.short) for one in months]


def number_words(kind: FigureKind, month: Month) -> str:
    if month.number is None:
        return ""
    text = figures.show_number(month.number)
    return f"{text} %" if kind.type in SHARES else text


def trend_chart(kind: FigureKind, months: Sequence[Month], goal: Any) -> LineChart | None:
    """The months as a line with the target; None for what has no months."""
    if not months:
        return None
    return line_chart(
        kind.label,
        {kind.label: points_of(kind, months)},
        target=goal.number if goal else None,
        target_text=goal.words if goal else "",
        most=100 if kind.type == "percent" else None,
    )


def _asked_of_many(request: HttpRequest, key: str) -> tuple[Asked, FigureKind]:
    found = asked(request)
    kind = queries.figure_named(key)
    if kind.type not in NUMBERS:
        raise Missing(NO_NUMBERS)
    if not queries.is_tree(found.unit):
        raise Missing("Xếp hạng và bản đồ là của tỉnh, huyện. Hãy chọn một đơn vị có xã, phường trực thuộc.")
    return found, kind


@screen("overview/cockpit/ranking.html", permission="overview.view")
def ranking(request: HttpRequest, key: str) -> Answer:
    """Every commune's number with what it is a share of, and the province's months."""
    found, kind = _asked_of_many(request, key)
    ranked = _ranking(key, found)
    return {
        **frame(found, "ranking", key),
        "kind": kind,
        "whole": ranked.whole,
        "chart": ranking_chart(ranked, found),
        "trend": trend_chart(kind, ranked.whole.trend, ranked.goal),
        "unplaced": ranked.unplaced,
        "behind_url": at("behind", found, key),
        "map_url": at("map", found, key),
        "sheets": sheets(found, "ranking", key),
        "trend_sheets": sheets(found, "trend", key),
    }


def _ranking(key: str, found: Asked) -> Ranking:
    return queries.ranking(key, found.unit, found.period, kind_of_unit=found.of_kind, todays_map=found.todays_map)


def ranking_chart(ranked: Ranking, found: Asked) -> BarChart:
    kind = ranked.kind
    return bar_chart(
        f"{kind.label}, {found.period.label}",
        [_bar(side, kind, found) for side in ranked.sides],
        most=100 if kind.type == "percent" else None,
        target=ranked.goal.number if ranked.goal else None,
        target_text=ranked.goal.words if ranked.goal else "",
        note=RANK_NOTE,
    )


def _bar(side: Side, kind: FigureKind, found: Asked) -> Bar:
    shown = side.values[kind.key]
    notes = [mark for mark in shown.marks if mark != "máy tính từ dữ liệu gốc"] + ([shown.odd] if shown.odd else [])
    return Bar(
        str(side.unit),
        shown.value.number,
        shown.text,
        " ".join(one for one in (f"({shown.parts})" if shown.parts else "", change_words(side.change)) if one),
        at("behind", found, kind.key, unit=side.unit.code, map="", type=""),
        "",
        str(side.rank or ""),
        tuple(notes),
        1 if shown.value.is_verified else 2,
    )


def change_words(change: Decimal | None) -> str:
    """▲ 1,2 against the period before; a mark and a number, no colour."""
    if change is None:
        return ""
    moved = figures.show_number(abs(change))
    return "" if moved == "0" else f"{'▲' if change > 0 else '▼'} {moved}"


@screen("overview/cockpit/map.html", permission="overview.view")
def mapped(request: HttpRequest, key: str) -> Answer:
    """The same on the schematic map, and as a list."""
    found, kind = _asked_of_many(request, key)
    ranked = _ranking(key, found)

    def to(unit: Unit) -> str:
        return at("behind", found, key, unit=unit.code, map="", type="")

    drawn = queries.map_of(ranked, to)
    return {
        **frame(found, "map", key),
        "kind": kind,
        "map": drawn,
        "list": [square for area in drawn.areas for square in area.squares],
        "ranking_url": at("ranking", found, key),
        "sheets": sheets(found, "ranking", key),
    }


def frame(found: Asked, name: str, key: str) -> dict[str, Any]:
    """What ranking and map share: the figures to choose from, kinds of unit, the two maps."""
    keys = board().keys
    chosen = [figures.kind_of(one) for one in keys]
    return {
        "asked": found,
        "unit": found.unit,
        "period": found.period,
        "picker": picker(found, name, key),
        "crumbs": crumbs(found, figures.kind_of(key).label),
        "others": [(one.label, at(name, found, one.key), one.key == key) for one in chosen if one.type in NUMBERS],
        "kinds": [
            {"label": label, "url": at(name, found, key, type=kind), "current": kind == found.of_kind}
            for kind, label in KINDS_OF_UNIT.items()
        ],
        "maps": [
            {"label": "Như đã báo cáo", "url": at(name, found, key, map=""), "current": not found.todays_map},
            {"label": "Theo bản đồ hiện nay", "url": at(name, found, key, map="today"), "current": found.todays_map},
        ],
    }

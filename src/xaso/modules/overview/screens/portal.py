"""What everybody may see: a commune's few figures in plain words, and open data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path, reverse

from xaso.core.measures.periods import Period, find_period
from xaso.core.screens import PUBLIC, Answer, declare, screen
from xaso.core.units.models import Unit
from xaso.kit.errors import Missing
from xaso.modules.overview import queries
from xaso.modules.overview.definitions import openness
from xaso.modules.overview.queries import OpenCell, OpenRow, OpenTable
from xaso.modules.overview.screens.sheets import Sheet, answer

KEPT = "public, max-age=3600"
PROTECTED = "Có quá ít hồ sơ nên không công bố, để không ai nhận ra người trong đó."


@screen("overview/portal/scoreboard.html", permission=PUBLIC)
def scoreboard(request: HttpRequest) -> Answer:
    """Choose a commune, or read what it did in the last finished quarter."""
    period = queries.period_published(request.GET.get("period", ""))
    code = request.GET.get("unit", "")
    if not code:
        return {"period": period, "groups": _communes(period), "open_url": reverse("portal-overview:open_data")}
    unit = queries.public_unit(code, period)
    table = queries.open_table(_province_of(unit), period)
    row = table.row_of(unit.code)
    before = find_period(period.previous)
    earlier = queries.open_table(_province_of(unit), before).row_of(unit.code) if before else None
    following = find_period(period.following) if period.following else None
    return {
        "unit": unit,
        "period": period,
        "table": table,
        "figures": [_plain(number, row, earlier, table) for number in range(len(table.kinds))] if row else [],
        "previous": _at(unit.code, period.previous),
        "following": _at(unit.code, period.following)
        if following and following != period and _is_over(following)
        else "",
        "open_url": f"{reverse('portal-overview:open_data')}?{urlencode({'unit': unit.code})}",
        "all_url": reverse("portal-overview:scoreboard"),
    }


def _is_over(period: Period) -> bool:
    return queries.period_published(period.key).key == period.key


def _at(code: str, period: str) -> str:
    return f"{reverse('portal-overview:scoreboard')}?{urlencode({'unit': code, 'period': period})}"


def _communes(period: Period) -> list[tuple[str, list[dict[str, str]]]]:
    """Every commune of the period under its district or province."""
    found: dict[str, list[dict[str, str]]] = {}
    for unit in queries.all_communes(period):
        link = {"name": str(unit), "url": _at(unit.code, "")}
        found.setdefault(str(unit.parent) if unit.parent else "", []).append(link)
    return list(found.items())


def _province_of(unit: Unit) -> Unit:
    while unit.parent is not None:
        unit = unit.parent
    return unit


def _plain(number: int, row: OpenRow, earlier: OpenRow | None, table: OpenTable) -> dict[str, Any]:
    """A figure for somebody who never heard of indicators."""
    said, cell, kind = openness().figures[number], row.cells[number], table.kinds[number]
    before = earlier.cells[number] if earlier else None
    return {
        "words": said.words,
        "plain": said.plain,
        "text": _text(cell, is_share=bool(kind.numerator)),
        "parts": _parts(cell),
        "instead": "" if _text(cell, is_share=True) else PROTECTED if cell.value else "Chưa có số liệu.",
        "unit": "" if kind.numerator else kind.unit,
        "change": _change(cell, before),
        "whole": _text(table.total.cells[number], is_share=bool(kind.numerator)) if kind.numerator else "",
        "percent": f"{cell.percent:f}" if cell.percent is not None else "",
    }


def _text(cell: OpenCell, *, is_share: bool) -> str:
    if not cell.value:
        return ""
    if cell.value == "<5":
        return "dưới 5"
    if cell.is_protected:
        return ""
    return f"{cell.value} %" if is_share else cell.value


def _parts(cell: OpenCell) -> str:
    return f"{cell.numerator} trong {cell.denominator} hồ sơ" if cell.percent is not None else ""


def _change(cell: OpenCell, before: OpenCell | None) -> str:
    if before is None or cell.percent is None or before.percent is None:
        return ""
    moved = cell.percent - before.percent
    if not moved:
        return "bằng kỳ trước"
    return f"{'tăng' if moved > 0 else 'giảm'} {abs(moved):f} điểm so với kỳ trước".replace(".", ",")


@screen("overview/portal/open_data.html", permission=PUBLIC)
def open_data(request: HttpRequest) -> Answer:
    """Which files there are and how to read them."""
    period = queries.period_published(request.GET.get("period", ""))
    provinces = queries.provinces(period)
    chosen = _chosen(request.GET.get("unit", ""), provinces, period)
    table = queries.open_table(chosen, period) if chosen else None
    return {
        "period": period,
        "rules": openness(),
        "province": chosen,
        "files": [
            {"province": str(one), "code": one.code, "period": period.label, "key": period.key} for one in provinces
        ],
        "forms": [("csv", "CSV"), ("json", "JSON"), ("xlsx", "XLSX")],
        "table": table,
        "total": list(zip((one.words for one in openness().figures), table.total.cells, strict=True)) if table else [],
        "earlier": period.previous,
        "all_url": reverse("portal-overview:scoreboard"),
    }


def _chosen(code: str, provinces: list[Unit], period: Period) -> Unit | None:
    if code:
        return _province_of(queries.public_unit(code, period))
    return provinces[0] if provinces else None


@declare(PUBLIC)
def open_file(request: HttpRequest, code: str, period: str, form: str) -> HttpResponse:
    """A province's communes in one finished period: /portal/overview/open/26-2024-Q1.csv."""
    del request
    asked = queries.period_published(period)
    if asked.key != period or form not in {"csv", "json", "xlsx"}:
        raise Missing("Kỳ này chưa công bố. Hãy chọn lại ở trang Dữ liệu mở.")
    table = queries.open_table(_province_of(queries.public_unit(code, asked)), asked)
    response: HttpResponse = (
        JsonResponse(_as_json(table), json_dumps_params={"ensure_ascii": False, "indent": 1})
        if form == "json"
        else answer(_as_sheet(table), form)
    )
    response["Cache-Control"] = KEPT
    return response


def _notes(table: OpenTable) -> list[str]:
    return [
        openness().licence,
        f"Số liệu {table.period.label}, đếm ngày {table.day:%d/%m/%Y}.",
        "<5: từ 1 đến 4, không công bố số thật. …: không công bố, để không tính ngược ra số nhỏ.",
        "Ô trống: chưa có số liệu, không phải số 0.",
    ]


def _as_sheet(table: OpenTable) -> Sheet:
    head = ["Mã", "Đơn vị", "Loại"]
    for kind in table.kinds:
        head += [kind.key, f"{kind.key}.tu_so", f"{kind.key}.mau_so"] if kind.numerator else [kind.key]
    return Sheet(f"Dữ liệu mở {table.province} {table.period.key}", _notes(table), head, _lines(table))


def _lines(table: OpenTable) -> Iterable[list[str]]:
    for row in (*table.rows, table.total):
        line = [row.code, row.name, row.kind]
        for cell, kind in zip(row.cells, table.kinds, strict=True):
            line += [cell.value, cell.numerator, cell.denominator] if kind.numerator else [cell.value]
        yield line


def _as_json(table: OpenTable) -> dict[str, Any]:
    def told(row: OpenRow) -> dict[str, Any]:
        return {"code": row.code, "name": row.name, "kind": row.kind, "figures": {c.key: _cell(c) for c in row.cells}}

    return {
        "province": table.province,
        "period": table.period.key,
        "counted_on": table.day.isoformat(),
        "licence": openness().licence,
        "notes": _notes(table)[2:],
        "figures": {
            kind.key: {"label": said.words, "meaning": said.plain, "unit": kind.unit}
            for kind, said in zip(table.kinds, openness().figures, strict=True)
        },
        "units": [told(row) for row in table.rows],
        "total": told(table.total),
    }


def _cell(cell: OpenCell) -> dict[str, Any]:
    """Missing is null; protected is a text, never a number."""
    found: dict[str, Any] = {"value": cell.value or None}
    if cell.denominator:
        found |= {"numerator": cell.numerator, "denominator": cell.denominator}
    return found


urlpatterns = [
    path("", scoreboard, name="scoreboard"),
    path("open/", open_data, name="open_data"),
    path("open/<slug:code>_<slug:period>.<slug:form>", open_file, name="open_file"),
]

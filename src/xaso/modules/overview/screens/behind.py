"""Behind a figure: what it means, how it came about, the communes it sums, and its rows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from xaso.core.audit import actions as audit
from xaso.core.measures import queries as measures
from xaso.core.measures.periods import Period
from xaso.core.screens import Answer, screen
from xaso.core.units.models import Unit
from xaso.kit.errors import Missing
from xaso.modules.figures import queries as figures
from xaso.modules.figures.queries import FigureKind, Value
from xaso.modules.overview import queries
from xaso.modules.overview.queries import Shown
from xaso.modules.overview.screens import comparing
from xaso.modules.overview.screens.addresses import Asked, asked, at, crumbs, export_url, picker, sheets

PARTS = {"numerator": "Tử số", "denominator": "Mẫu số"}
CONFIDENCES = {"high": "có sổ sách hoặc hệ thống chứng minh", "medium": "tổng hợp từ báo cáo", "low": "ước tính"}


@screen("overview/cockpit/behind.html", permission="overview.view")
def behind(request: HttpRequest, key: str) -> Answer:
    """A figure and its proof. Of a province: the communes it sums and what they signed; of a commune: the rows."""
    found = asked(request)
    kind = queries.figure_named(key)
    shown, parts = queries.figure_and_parts(kind, found.unit, found.period)
    page: dict[str, Any] = {
        "asked": found,
        "unit": found.unit,
        "period": found.period,
        "picker": picker(found, "behind", key),
        "kind": kind,
        "shown": shown,
        "obtained": obtained(kind, shown.value, found.period),
        "parts": [_part(number, one, value, found) for number, (one, value) in enumerate(parts)],
        "others": [(other, figures.shown_with_unit(other)) for other in shown.value.others],
        "trend": comparing.trend_chart(kind, shown.trend, shown.goal),
        "trend_sheets": sheets(found, "trend", key),
        "crumbs": crumbs(found, kind.label),
        "may_packs": request.actor.may("packs.view", on=found.unit),
        "is_tree": queries.is_tree(found.unit),
    }
    if queries.is_tree(found.unit):
        return page | _of_a_tree(kind, shown, found)
    return page | _of_a_commune(request, kind, found)


def obtained(kind: FigureKind, value: Value, period: Period) -> list[tuple[str, str]]:
    """How the number came about, for a list of facts."""
    said = [("Tính cho", period.label)]
    if value.is_missing:
        said.append(("Tình trạng", value.text or "chưa có số liệu: chưa ai khai, chưa có dòng dữ liệu nào để đếm"))
    elif value.origin == "computed":
        said.append(("Cách có", "máy tính từ dữ liệu gốc, không ai gõ tay"))
        said += [("Đếm", measures.catalogue()[one].label) for one in _measures_of(kind)]
    else:
        said.append(("Cách có", "khai báo"))
        said += [("Nguồn", value.source), ("Người cung cấp", value.supplier), ("Văn bản", value.document)]
        said.append(("Mức tin cậy", CONFIDENCES.get(value.confidence, "")))
    if value.as_of:
        said.append(("Số liệu đến ngày", f"{value.as_of:%d/%m/%Y}"))
    if kind.base:
        said.append(("Tính trên", kind.base))
    if kind.source:
        said.append(("Định nghĩa theo", kind.source))
    return [(name, text) for name, text in said if text]


def _measures_of(kind: FigureKind) -> list[str]:
    catalogue = figures.catalogue()
    return [one for one in (kind.measure, *(catalogue[part].measure for part in kind.parts)) if one]


def _part(number: int, kind: FigureKind, value: Value, found: Asked) -> dict[str, Any]:
    return {
        "label": kind.label,
        "role": list(PARTS.values())[number] if number < len(PARTS) else "Số hạng",
        "text": "" if value.is_missing else figures.shown_with_unit(value),
        "origin": Shown(kind, value).origin,
        "url": at("behind", found, kind.key),
    }


def _of_a_tree(kind: FigureKind, shown: Shown, found: Asked) -> dict[str, Any]:
    is_number = kind.type in comparing.NUMBERS
    ranked = queries.ranking(kind.key, found.unit, found.period) if is_number else None
    signed = queries.signed_sum(kind, shown.value, found.unit, found.period) if is_number else None
    line = signed.line if signed else None
    return {
        "communes": comparing.ranking_chart(ranked, found) if ranked else None,
        "sheets": sheets(found, "ranking", kind.key),
        "signed": signed,
        "signed_text": _summed_words(kind, line.number, line.comparator) if line and line.number is not None else "",
        "gap_text": figures.show_number(signed.gap) if signed and signed.gap else "",
    }


def _summed_words(kind: FigureKind, number: Any, comparator: str) -> str:
    value = Value(kind.key, kind.type, "", "", comparator=comparator, number=number, origin="declared")
    return figures.shown_with_unit(value)


def _of_a_commune(request: HttpRequest, kind: FigureKind, found: Asked) -> dict[str, Any]:
    part = request.GET.get("part", "numerator")
    part = part if part in PARTS else "numerator"
    measure = queries.measure_behind(kind, part)
    if not measure:
        return {"rows": None}
    # The figure itself was asked a moment ago, and with it the family of every measure it is made of.
    shown = _rows(request, measure, found, is_fresh=True)
    tabs = [
        {"label": label, "url": at("behind", found, kind.key, part=name), "current": name == part}
        for name, label in PARTS.items()
        if kind.numerator and queries.measure_behind(kind, name)
    ]
    following = at("behind", found, kind.key, part=part, after=shown.after) if shown.after else ""
    first = at("behind", found, kind.key, part=part) if request.GET.get("after") else ""
    return {
        "rows": shown,
        "tabs": tabs,
        "next": following,
        "first": first,
        "export": export_url(request, measure, found),
    }


def _rows(request: HttpRequest, measure: str, found: Asked, *, is_fresh: bool = False) -> queries.Behind:
    """The page of rows; that somebody looked at them is put on record."""
    after = request.GET.get("after", "")
    shown = queries.rows_behind(request.actor, measure, found.unit, found.period, after, is_fresh=is_fresh)
    if shown.rows:
        _record(request, found.unit)
    return shown


def _record(request: HttpRequest, unit: Unit) -> None:
    audit.record_reading(request.actor, f"{unit._meta.label}:{unit.pk}", unit.path, request.path)


@screen("overview/cockpit/rows.html", permission="overview.view")
def rows(request: HttpRequest, key: str) -> Answer:
    """The rows behind a measure that is no figure of its own."""
    found = asked(request)
    if key not in measures.catalogue():
        raise Missing("Không có số đo tên này. Hãy quay lại trang Toàn cảnh và chọn lại.")
    count = measures.totals([key], found.unit.path, found.period)[key]
    shown = _rows(request, key, found, is_fresh=True)
    return {
        "asked": found,
        "unit": found.unit,
        "period": found.period,
        "rows": shown,
        "count": count,
        "next": at("rows", found, key, after=shown.after) if shown.after else "",
        "first": at("rows", found, key) if request.GET.get("after") else "",
        "export": export_url(request, key, found),
        "crumbs": crumbs(found, shown.label),
    }

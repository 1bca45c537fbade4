"""The numbers of the overview's charts as CSV and XLSX."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse

from xaso.core.screens import declare
from xaso.kit.errors import Missing
from xaso.modules.figures import queries as figures
from xaso.modules.figures.queries import FigureKind
from xaso.modules.overview import queries
from xaso.modules.overview.definitions import board
from xaso.modules.overview.queries import Shown
from xaso.modules.overview.screens.addresses import Asked, asked
from xaso.modules.overview.screens.sheets import Sheet, Value, answer

FORMS = ("csv", "xlsx")
HEAD = ("Giá trị", "Dấu", "Tử số", "Mẫu số", "Nguồn", "Đã kiểm chứng", "Đến ngày")


@declare("overview.view")
def sheet(request: HttpRequest, what: str, key: str, form: str) -> HttpResponse:
    """`what`: board, province, ranking or trend; `key`: the figure of the latter two."""
    found = asked(request)
    makers = {"board": _board, "province": _province, "ranking": _ranking, "trend": _trend}
    if what not in makers or form not in FORMS:
        raise Missing("Không có bảng này. Hãy tải lại từ trang Toàn cảnh.")
    return answer(makers[what](found, key), form)


def _notes(found: Asked) -> list[str]:
    notes = [f"{found.unit}, {found.period.label}", "Ô trống: chưa có số liệu, không phải số 0."]
    if found.todays_map:
        notes.append("Đơn vị theo bản đồ hiện nay; số khai báo không chuyển theo nên để trống.")
    return notes


def _line(one: Shown) -> list[Value]:
    value = one.value
    if value.is_missing:
        return [None, None, None, None, value.text or "chưa có số liệu", None, None]
    day = f"{value.as_of:%d/%m/%Y}" if value.as_of else None
    number: Value = value.number if value.number is not None else one.text
    verified = "có" if value.is_verified else "chưa"
    return [number, value.comparator, value.numerator, value.denominator, one.origin, verified, day]


def _board(found: Asked, _key: str) -> Sheet:
    shown = queries.shown_figures(board().tiles, found.unit, found.period)
    rows = [[one.kind.label, one.kind.unit, *_line(one)] for one in shown]
    return Sheet(f"Toàn cảnh {found.unit} {found.period.label}", _notes(found), ("Số liệu", "Đơn vị tính", *HEAD), rows)


def _province(found: Asked, _key: str) -> Sheet:
    whole = queries.province(found.unit, found.period, todays_map=found.todays_map)
    kinds = [figures.kind_of(key) for key in board().keys]
    head = ["Mã", "Đơn vị", "Loại", *(label for kind in kinds for label in _columns(kind))]
    trend = board().trend if not found.todays_map else ""
    months = next((side.moving.months for side in whole.sides if side.moving), ()) if trend else ()
    head += [f"{figures.kind_of(trend).label} {month.label}" for month in months]
    rows = [
        [
            *(side.unit.code, side.unit.name, side.unit.get_kind_display()),
            *_numbers([side.values[k.key] for k in kinds]),
            *(month.number for month in (side.moving.months if side.moving else ())),
        ]
        for side in whole.sides
    ]
    return Sheet(f"Các xã của {found.unit} {found.period.label}", _notes(found), head, rows)


def _columns(kind: FigureKind) -> list[str]:
    return [kind.label, f"{kind.label}: tử số", f"{kind.label}: mẫu số"] if kind.numerator else [kind.label]


def _numbers(shown: Sequence[Shown]) -> list[Value]:
    found: list[Value] = []
    for one in shown:
        known = not one.value.is_missing
        found.append(one.value.number if known and one.value.number is not None else one.text or None)
        if one.kind.numerator:
            found += [one.value.numerator if known else None, one.value.denominator if known else None]
    return found


def _ranking(found: Asked, key: str) -> Sheet:
    kind = queries.figure_named(key)
    ranked = queries.ranking(key, found.unit, found.period, kind_of_unit=found.of_kind, todays_map=found.todays_map)
    rows: list[list[Value]] = [
        [side.rank, side.unit.code, str(side.unit), *_line(side.values[key]), side.values[key].odd or None]
        for side in ranked.sides
    ]
    head = ("Hạng", "Mã", "Đơn vị", *HEAD, "Ghi chú")
    return Sheet(f"{kind.label} {found.period.label}", _notes(found), head, rows)


def _trend(found: Asked, key: str) -> Sheet:
    kind = queries.figure_named(key)
    shown = queries.shown_figures([key], found.unit, found.period)[0]
    rows: list[list[Value]] = [[one.label, one.number] for one in shown.trend]
    return Sheet(f"{kind.label} theo tháng", _notes(found), ("Tháng", kind.unit or "Giá trị"), rows)

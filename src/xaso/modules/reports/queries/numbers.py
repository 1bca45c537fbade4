"""The numbers of a report as they are now: tables to print and lines to seal, from the same values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from xaso.core.measures.periods import Period
from xaso.core.units.models import Unit
from xaso.kit.errors import Missing
from xaso.modules.figures import queries as figures
from xaso.modules.indicators import queries as indicators
from xaso.modules.packs import queries as packs
from xaso.modules.reports import rules
from xaso.modules.reports.definitions import FigureTable, ReportKind
from xaso.modules.reports.printed import FIGURE_HEADS, SET_HEADS, Cell, Row, Table
from xaso.modules.reports.rules import Number

CUMULATIVE = "luy-ke"
SCORED = {
    "scored": "Đã chấm",
    "missing": "Thiếu số liệu",
    "not_applicable": "Không áp dụng",
    "info": "Theo dõi",
    "passed": "Đạt",
    "failed": "Chưa đạt",
}


@dataclass(frozen=True, slots=True)
class Numbers:
    """`lines` are what a pack keeps; `missing` counts the figures nobody has."""

    tables: tuple[Table, ...]
    lines: tuple[packs.Line, ...]
    missing: int


def numbers_of(kind: ReportKind, unit: Unit, period: Period) -> Numbers:
    """Everything the report prints, in the period and from 1 January. A few statements, whatever it prints."""
    now = _values(kind.figure_keys, unit, period)
    whole = now if period.cumulative.key == period.key else _values(kind.figure_keys, unit, period.cumulative)
    tables: list[Table] = []
    lines: dict[str, packs.Line] = {}
    for table in kind.tables:
        if table.set:
            made, sealed = _score_table(table, unit, period)
        else:
            made, sealed = _figure_table(table, now, whole)
        tables.append(made)
        lines |= {line.key: line for line in sealed}
    missing = sum(value.is_missing for value in now.values())
    return Numbers(tuple(tables), tuple(lines.values()), missing)


def _values(keys: list[str], unit: Unit, period: Period) -> dict[str, Any]:
    if not keys:
        return {}
    found = figures.values(keys, [unit], period)
    return {key: found[key, unit.path] for key in keys}


def _figure_table(
    table: FigureTable, now: dict[str, Any], whole: dict[str, Any]
) -> tuple[Table, list[packs.Line]]:  # fmt: skip
    catalogue = figures.catalogue()
    rows, lines = [], []
    for at, key in enumerate(table.figures, start=1):
        kind = catalogue[key]
        unit = "%" if kind.type == "percent" else "đồng" if kind.type == "money" else kind.unit
        rows.append(Row(str(at), kind.label, unit, _cell(now[key]), _cell(whole[key]), _note(kind, now[key]), key=key))
        lines.append(packs.line_of(key, kind.label, now[key]))
        if whole is not now:
            line = packs.line_of(f"{key}:{CUMULATIVE}", f"{kind.label} (luỹ kế)", whole[key])
            lines.append(replace(line, period=whole[key].period_key))
    return Table(table.title, FIGURE_HEADS, tuple(rows)), lines


def _cell(value: Any) -> Cell:
    text = value.text if value.is_missing or value.number is not None else figures.shown(value)
    number = Number(
        value.type, value.comparator, value.number, value.numerator, value.denominator, text,
        value.is_missing, value.is_verified,
    )  # fmt: skip
    return Cell.of(rules.cell_text(number), value.number, value.numerator, value.denominator)


def _note(kind: Any, value: Any) -> str:
    """Where a declared number comes from, and what still has to be checked."""
    said = [f"nguồn: {value.source}" if value.origin == "declared" and value.source else ""]
    said += [kind.base, rules.TO_VERIFY if kind.to_verify else ""]
    return "; ".join(part for part in said if part)


def _score_table(table: FigureTable, unit: Unit, period: Period) -> tuple[Table, list[packs.Line]]:
    """Groups with their sums, and their components where the report asks for them.

    The figures behind the points are sealed with them, so that a change of any of them is noticed afterwards.
    """
    try:
        view = indicators.set_named(table.set, period.last)
    except Missing as missing:
        return Table(table.title, SET_HEADS, (), f"{missing.message} Bảng này để trống."), []
    score = indicators.score(view, unit, period)
    rows, lines = [], {}
    for group in score.groups:
        rows.append(_group_row(group))
        for item in group.items:
            lines[f"{table.set}:{item.code}"] = _points(f"{table.set}:{item.code}", item.label, item.points)
            lines |= {line.key: line for line in _behind(item.values)}
            if table.detail == "components":
                rows.append(_item_row(item))
    rows.append(_total_row(table.set, score))
    total = score.points if score.counted_max else None
    lines[table.set] = _points(table.set, f"Tổng điểm {view.title}", total)
    return Table(table.title, SET_HEADS, tuple(rows), _about(view, score)), list(lines.values())


def _about(view: Any, score: Any) -> str:
    said = f"{view.title}, bản {view.version}."
    if score.missing_max:
        said += f" Tiêu chí thiếu số liệu ({rules.decimal(score.missing_max)} điểm) để trống, không tính là 0."
    return f"{said} Bộ chỉ số cần kiểm chứng." if view.to_verify else said


def _behind(values: tuple[Any, ...]) -> list[packs.Line]:
    catalogue = figures.catalogue()
    return [
        packs.line_of(value.key, catalogue[value.key].label, value)
        for value in values
        if value.key in catalogue and not value.sub_population
    ]


def _total_row(code: str, score: Any) -> Row:
    note = "; ".join(said for said in (score.level_label, _counted(score)) if said)
    return Row("", "Tổng điểm", "", _most(score.max), _sum(score), note, is_group=True, key=code)


def _group_row(group: Any) -> Row:
    most = _most(group.max)
    return Row(group.code, group.label, "", most, _sum(group), _counted(group), is_group=True, key=group.code)


def _sum(score: Any) -> Cell:
    """Of a group or a set. Where nothing could be judged there is no sum, and no 0."""
    return Cell.of(rules.decimal(score.points), score.points) if score.counted_max else Cell("–")


def _counted(score: Any) -> str:
    if not score.counted_max:
        return "chưa có số liệu để chấm"
    lacking = score.counted_max < score.max
    return f"trên {rules.decimal(score.counted_max)} điểm đã có số liệu" if lacking else ""


def _item_row(item: Any) -> Row:
    points = Cell.of("–" if item.points is None else rules.decimal(item.points), item.points)
    state = SCORED.get(item.state, item.state)
    return Row(item.code, item.label, state, _most(item.max), points, item.explanation, key=item.code)


def _most(points: Decimal) -> Cell:
    return Cell.of(rules.decimal(points), points)


def _points(key: str, label: str, points: Decimal | None) -> packs.Line:
    origin = "missing" if points is None else "computed"
    return packs.Line(key=key, label=label[:200], unit="điểm", number=points, origin=origin)

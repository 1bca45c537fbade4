"""What stands behind a figure: how it came about, the communes it sums, the signed packs, the rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import prefetch_related_objects

from xaso.core.access import Actor
from xaso.core.measures import queries as measures
from xaso.core.measures.declaring import family_of, stock_of
from xaso.core.measures.periods import Period
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Missing
from xaso.modules.figures import queries as figures
from xaso.modules.figures.queries import FigureKind, Value
from xaso.modules.overview.definitions import board
from xaso.modules.overview.queries.showing import is_begun
from xaso.modules.packs import queries as packs
from xaso.modules.reports.queries.reports import ReportKind, kind_named, pack_kind

PAGE = 20
BESIDE = ("procedure", "unit", "account", "parent")


@dataclass(frozen=True, slots=True)
class RowShown:
    """A row in words that hold no personal data: what it is, where, on which day; `dossier` opens it."""

    name: str
    about: str
    unit: str
    day: date | None
    dossier: UUID | None = None


@dataclass(frozen=True, slots=True)
class Behind:
    """The rows behind one measure; `may_see` is False where the actor sees the number but not the rows."""

    measure: str
    label: str
    rows: Sequence[RowShown]
    after: str
    may_see: bool


def measure_behind(kind: FigureKind, part: str) -> str:
    """The measure whose rows are listed: of the figure itself, of its numerator, or of its denominator."""
    if kind.measure:
        return kind.measure
    key = kind.denominator if part == "denominator" else kind.numerator
    return figures.catalogue()[key].measure if key else ""


def rows_behind(
    by: Actor, measure: str, unit: Unit, period: Period, after: str = "", *, is_fresh: bool = False
) -> Behind:
    """A keyset page of 20. A stock without a permission of its own is only a number.

    `is_fresh`: the page has just asked for the figure itself, so that what was marked is counted already.
    """
    family, stock = family_of(measure), stock_of(measure)
    permission = family.permission if family else stock.permission if stock else ""
    label = measures.catalogue()[measure].label
    if not permission or not by.may(permission, on=unit):
        return Behind(measure, label, (), "", may_see=False)
    page = measures.page(by, measure, unit.path, period, after, PAGE, is_fresh=is_fresh and is_begun(period))
    rows = list(page.rows)
    if rows:
        names = {field.name for field in rows[0]._meta.get_fields() if field.many_to_one}
        prefetch_related_objects(rows, *(name for name in BESIDE if name in names))
    shown = [_row_shown(row, family.day if family else "") for row in rows]
    return Behind(measure, label, shown, page.after, may_see=True)


def _row_shown(row: Any, day: str) -> RowShown:
    """A dossier by its number and procedure; anything else as it calls itself."""
    moment = getattr(row, day, None) if day else None
    on = clock.local(moment).date() if isinstance(moment, datetime) else moment
    unit = str(row.unit) if getattr(row, "unit_id", None) else ""
    if hasattr(row, "procedure_id"):
        return RowShown(row.number or "Chưa cấp mã", row.procedure.name, unit, on, row.uuid)
    return RowShown(str(row), row._meta.verbose_name.capitalize(), unit, on)


@dataclass(frozen=True, slots=True)
class Signed:
    """A provincial number as the sum of what communes signed, beside the number computed now."""

    line: packs.SumLine | None
    counted: list[Any]
    silent: list[Unit]
    refused: list[tuple[Unit, str]]
    gap: Decimal | None


@dataclass(frozen=True, slots=True)
class Reported:
    """Who has signed the periodic report of the period, who has not, and whose pack is no longer what was signed."""

    title: str
    kind: str
    counted: list[Any]
    silent: list[Unit]
    refused: list[tuple[Unit, str]]


def who_signed(unit: Unit, period: Period) -> Reported | None:
    """None for a period that owes no report. Two statements."""
    asked = _report_of(period)
    if asked is None:
        return None
    found = packs.summed(unit.path, period, pack_kind(asked.code))
    return Reported(asked.title, pack_kind(asked.code), found.counted, found.silent, found.refused)


def _report_of(period: Period) -> ReportKind | None:
    if not board().report:
        return None
    asked = kind_named(board().report)
    return asked if asked.due_for(period.key) and asked.is_owed_for(period.last) else None


def signed_sum(kind: FigureKind, live: Value, unit: Unit, period: Period) -> Signed | None:
    """None for a period that owes no report. Two statements."""
    asked = _report_of(period)
    if asked is None:
        return None
    found = packs.summed(unit.path, period, pack_kind(asked.code))
    line = next((one for one in found.values.values() if _is_of(one, kind.key)), None)
    gap = None
    if line is not None and line.number is not None and live.number is not None:
        gap = live.number - line.number
    return Signed(line, found.counted, found.silent, found.refused, gap)


def _is_of(line: packs.SumLine, key: str) -> bool:
    return line.key == key or any(given.figure == key and not given.period for _, given in line.of)


def figure_named(key: str) -> FigureKind:
    """Raises Missing."""
    found = figures.catalogue().get(key)
    if found is None:
        raise Missing("Không có số liệu tên này. Hãy quay lại trang Toàn cảnh và chọn lại.")
    return found

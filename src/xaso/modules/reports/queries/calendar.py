"""Which reports a unit owes, by when, and where each stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from xaso.core.deadlines.calendar import calendar_for
from xaso.core.deadlines.rules import CannotCompute
from xaso.core.measures.periods import Period, period_of
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.modules.reports import rules
from xaso.modules.reports.definitions import Due, ReportKind, report_kinds
from xaso.modules.reports.models import Report

EARLY = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Owed:
    """One report of one period. `report` is None until somebody begins it."""

    kind: ReportKind
    period: Period
    due_on: date
    report: Report | None
    standing: str

    @property
    def title(self) -> str:
        return rules.STANDINGS[self.standing]

    @property
    def is_open(self) -> bool:
        return self.standing not in {"done", "signed"}

    @property
    def may_begin(self) -> bool:
        """From the last month of the period on: many offices close their books a little early."""
        return self.report is None and self.period.until - EARLY <= clock.today()


def due_on(kind: ReportKind, due: Due, period: Period, unit_path: str) -> date:
    """The declared day of the month after; a day off gives way to the next working day, where the calendar is known."""
    plain = rules.due_on(period.until, due.day, lambda _: True)
    if kind.day_off == "same":
        return plain
    try:
        return rules.due_on(period.until, due.day, calendar_for(unit_path, plain).is_working)
    except CannotCompute:
        return plain


def owed_in(unit: Unit, year: int) -> list[Owed]:
    """Every report over the periods of that year, by deadline. One statement."""
    reports = {(one.kind, one.period_key): one for one in Report.objects.filter(unit=unit, period_key__startswith=year)}
    return owed(unit, year, reports)


def owed(unit: Unit, year: int, reports: dict[tuple[str, str], Report]) -> list[Owed]:
    """The same with the reports at hand."""
    found = [
        _owed(unit, kind, due, period_of(key), reports.get((kind.code, key)))
        for kind in report_kinds().values()
        for due in kind.due
        for key in due.keys_of(year)
    ]
    wanted = [one for one in found if one.kind.is_owed_for(one.period.last) or one.report]
    return sorted(wanted, key=lambda one: (one.due_on, one.kind.code))


def _owed(unit: Unit, kind: ReportKind, due: Due, period: Period, report: Report | None) -> Owed:
    day = report.due_on if report else due_on(kind, due, period, unit.path)
    state = report.state if report else rules.WRITING
    where = rules.standing(state, day, period.until, clock.today(), kind.remind_days)
    return Owed(kind, period, day, report, where)


def pressing(unit: Unit) -> list[Owed]:
    """What is late, near or open now, of this year and the last. One statement."""
    year = clock.today().year
    kept = Report.objects.filter(unit=unit, period_key__gte=str(year - 1))
    reports = {(one.kind, one.period_key): one for one in kept}
    both = [*owed(unit, year - 1, reports), *owed(unit, year, reports)]
    return [one for one in both if one.standing in {"late", "due", "open"}]


def counts(items: Iterable[Owed]) -> dict[str, int]:
    """How many stand where; every standing has an entry."""
    found = dict.fromkeys(rules.STANDINGS, 0)
    for one in items:
        found[one.standing] += 1
    return found


def due_by_unit(units: list[Unit]) -> dict[int, list[Owed]]:
    """Unit id → reports near their deadline and not signed yet. One statement for all."""
    year = clock.today().year
    kept: dict[int, dict[tuple[str, str], Report]] = {unit.pk: {} for unit in units}
    for report in Report.objects.filter(unit__in=kept, period_key__gte=str(year - 1)):
        kept[report.unit_id][report.kind, report.period_key] = report
    found: dict[int, list[Owed]] = {}
    for unit in units:
        both = [one for when in (year - 1, year) for one in owed(unit, when, kept[unit.pk])]
        found[unit.pk] = [one for one in both if one.standing == "due"]
    return found

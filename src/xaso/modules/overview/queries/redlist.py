"""What needs somebody today: overdue dossiers, late tasks, missed targets, figures that an open report waits for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from xaso.core.access import Actor, visible
from xaso.core.measures.periods import Period
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.modules.dossiers import queries as dossiers
from xaso.modules.overview.queries.showing import Shown
from xaso.modules.reports.queries.calendar import Owed, pressing
from xaso.modules.targets import queries as targets

FEW = 5
YEARS_BACK = 3
CAP = 1000


@dataclass(frozen=True, slots=True)
class RedList:
    """Each part is short; what is longer says so."""

    overdue: int
    tasks: tuple[Any, ...]
    failed: tuple[targets.TargetResult, ...]
    missing: tuple[Shown, ...]
    reports: tuple[Owed, ...]
    summary: str

    @property
    def is_empty(self) -> bool:
        return not (self.overdue or self.tasks or self.failed or self.missing or self.reports)


def red_list(by: Actor, unit: Unit, period: Period, shown: Sequence[Shown]) -> RedList:
    """Of one commune. About ten statements, none of them grows with the number of rows."""
    knows_targets = by.may("targets.view", on=unit)
    judged = targets.results(unit, period.last.year) if knows_targets else []
    late = list(visible(by, "targets.view", targets.overdue_tasks(unit.path))[:FEW]) if knows_targets else []
    owed = pressing(unit) if by.may("reports.view", on=unit) else []
    return RedList(
        overdue=_overdue(by, unit),
        tasks=tuple(late),
        failed=tuple(one for one in judged if one.result == targets.Result.FAILED)[:FEW],
        missing=tuple(one for one in shown if one.value.is_missing and not one.value.is_not_applicable),
        reports=tuple(one for one in owed if one.standing in {"late", "due"})[:FEW],
        summary=targets.summary(unit, period.last.year) if judged else "",
    )


def _overdue(by: Actor, unit: Unit) -> int:
    """Open dossiers past their day, counted up to 1,000."""
    since = clock.today() - timedelta(days=365 * YEARS_BACK)
    rows = dossiers.of_units(unit.path, since, clock.today() + timedelta(days=1))
    late = visible(by, "dossiers.view", rows).filter(dossiers.work_questions()["late"])
    return late[: CAP + 1].count()

"""What plans cost: planned, spent, left."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from xaso.core.access.queries import under
from xaso.core.units.models import Unit
from xaso.modules.targets.models import BudgetLine, Plan, Spending


@dataclass(frozen=True, slots=True)
class Costs:
    """Whole đồng. `over` is what single lines exceed: a line that is left full does not hide another that is not."""

    lines: tuple[BudgetLine, ...]
    planned: int
    spent: int
    over: int

    @property
    def left(self) -> int:
        return self.planned - self.spent

    @property
    def by_source(self) -> list[tuple[str, int, int]]:
        """(source of money, planned, spent)"""
        found: dict[str, tuple[int, int]] = {}
        for line in self.lines:
            planned, spent = found.get(line.source, (0, 0))
            found[line.source] = (planned + line.planned, spent + line.spent)
        return [(source, *sums) for source, sums in sorted(found.items())]


def costs(unit: Unit, year: int) -> Costs:
    """Of every approved plan of the unit whose years hold that one."""
    plans = Plan.objects.filter(
        unit_path=unit.path, first_year__lte=year, last_year__gte=year, state=Plan.State.APPROVED
    )
    return costs_of(BudgetLine.objects.filter(plan__in=plans).select_related("plan", "task").order_by("id"))


def costs_of(lines: Iterable[BudgetLine]) -> Costs:
    kept = tuple(lines)
    return Costs(kept, sum(one.planned for one in kept), sum(one.spent for one in kept), sum(one.over for one in kept))


def spent_in(path: str, since: date, until: date) -> int:
    """Spent by everything under the path, from a day to the day before another."""
    rows = Spending.objects.filter(under(path), spent_on__gte=since, spent_on__lt=until)
    return rows.aggregate(total=Sum("amount"))["total"] or 0

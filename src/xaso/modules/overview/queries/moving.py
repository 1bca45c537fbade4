"""Where each commune is going: its months as a line, and what changed against the period before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from xaso.core.measures import queries as measures
from xaso.core.measures.periods import Period, find_period
from xaso.core.units.models import Unit
from xaso.modules.figures.queries import FigureKind
from xaso.modules.overview.queries.showing import (
    MONTHS,
    Month,
    Question,
    is_begun,
    keys_of,
    measured_by,
    months_before,
    number_of,
)

Counted = Mapping[int, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Moving:
    """`change` only where both periods were counted from live rows."""

    months: tuple[Month, ...]
    change: Decimal | None


def before(period: Period) -> Period | None:
    """The one before of the same kind; a cumulative one has none."""
    return find_period(period.previous) if find_period(period.key) else None


def movings(kind: FigureKind, unit: Unit, units: Iterable[Unit], period: Period) -> dict[str, Moving]:
    """Path → the last twelve months of one figure, in one statement; empty when it is only declared.

    Asked after the figure's values of the same page: what was marked has been counted anew by then.
    """
    question = measured_by(kind)
    if question is None:
        return {}
    last, earlier = months_before(period, MONTHS), before(period)
    since = min(last.since, period.since, earlier.since if earlier else last.since)
    until = max(last.until, period.until)
    counted = measures.by_unit_and_month(keys_of([question]), unit.path, since, until, is_fresh=is_begun(period))
    return {
        one.path: Moving(
            tuple(Month(month, number_of(question, row.get(month, {}))) for month in last.months),
            _change(question, row, period, earlier),
        )
        for one in units
        for row in [counted.get(one.path, {})]
    }


def _change(question: Question, counted: Counted, period: Period, earlier: Period | None) -> Decimal | None:
    if earlier is None:
        return None
    now, then = (number_of(question, _summed(counted, one.months)) for one in (period, earlier))
    return None if now is None or then is None else now - then


def _summed(counted: Counted, months: Sequence[int]) -> dict[str, int]:
    whole: dict[str, int] = {}
    for month in months:
        for key, value in counted.get(month, {}).items():
            whole[key] = whole.get(key, 0) + value
    return whole

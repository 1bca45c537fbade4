"""What the figures say of a unit in a round: points of every component, and the values behind them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from xaso.core.measures.periods import Period, period_of
from xaso.core.units.models import Unit
from xaso.modules.assessments import rules
from xaso.modules.assessments.models import Round
from xaso.modules.figures import queries as figures
from xaso.modules.indicators import queries as indicators
from xaso.modules.packs import queries as packs

Value = figures.Value


@dataclass(frozen=True, slots=True)
class Computed:
    """A component as the figures give it. `points` is None while figures are missing."""

    points: Decimal | None
    max: Decimal
    is_scored: bool
    note: str
    has_source: bool
    values: tuple[Value, ...]


def period_in(cycle: Round) -> Period:
    return period_of(cycle.period_key)


def computed(cycle: Round, unit: Unit) -> dict[str, Computed]:
    """By component code. A few statements."""
    score = indicators.score(indicators.set_version(cycle.set_uuid), unit, period_in(cycle))
    return {item.code: _computed(item) for item in score.items()}


def _computed(item: indicators.ItemScore) -> Computed:
    known = [value for value in item.values if not value.is_missing]
    return Computed(
        points=item.points,
        max=item.max,
        is_scored=item.max > 0,
        note=item.explanation[:500],
        has_source=bool(known) and all(_is_backed(value) for value in known),
        values=item.values,
    )


def _is_backed(value: Value) -> bool:
    """Do live rows or a document stand behind it? Typed figures need one."""
    return all(one.document or one.origin == "computed" for one in value.sources)


def figure_lines(found: dict[str, Computed]) -> list[packs.Line]:
    """Every figure the points rest on, once, as lines of a pack."""
    lines: dict[str, packs.Line] = {}
    for one in found.values():
        for value in one.values:
            if value.key not in lines:
                kind = figures.catalogue().get(value.key)
                line = packs.line_of(f"figure.{value.key}", kind.label if kind else value.key, value)
                lines[value.key] = replace(line, text=line.text[:300])
    return list(lines.values())


def method_of(component: indicators.Component) -> str:
    return rules.METHODS.get(component.formula.type, component.formula.type)

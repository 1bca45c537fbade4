"""The score of a unit under a set: one reading of figures, whatever the number of units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from xaso.core.measures.periods import Period
from xaso.core.units.models import Unit
from xaso.modules.figures import queries as figures
from xaso.modules.figures.queries import Value
from xaso.modules.indicators.definitions import Component, Policy, Relative, every_key
from xaso.modules.indicators.queries.sets import SetView
from xaso.modules.indicators.rules.numbers import Reading
from xaso.modules.indicators.rules.outcomes import Facts, State
from xaso.modules.indicators.rules.passing import Judged
from xaso.modules.indicators.rules.totals import GroupPoints, ItemPoints, total_of


@dataclass(frozen=True, slots=True)
class ItemScore:
    """`points` is None while figures are missing, and for lines that carry no points. `max` is what it can give here;
    it differs from the declared one when points of the group were redistributed."""

    code: str
    label: str
    points: Decimal | None
    max: Decimal
    state: State
    values: tuple[Value, ...]
    explanation: str
    component: Component
    policy: Policy

    @property
    def is_moved(self) -> bool:
        """Has the maximum changed because something in the group does not apply?"""
        return self.max != self.component.max


@dataclass(frozen=True, slots=True)
class GroupScore:
    code: str
    label: str
    points: Decimal
    max: Decimal
    counted_max: Decimal
    items: tuple[ItemScore, ...]

    @property
    def share(self) -> Decimal | None:
        return self.points / self.counted_max if self.counted_max else None


@dataclass(frozen=True, slots=True)
class SetScore:
    """`points` of `counted_max`: what the figures at hand give of what they can give. The rest is not 0, it is open."""

    code: str
    version: str
    unit_path: str
    period_key: str
    points: Decimal
    max: Decimal
    counted_max: Decimal
    level: int | None
    level_label: str
    passed: Judged | None
    groups: tuple[GroupScore, ...]

    def items(self) -> list[ItemScore]:
        return [item for group in self.groups for item in group.items]

    def missing(self) -> list[ItemScore]:
        """Components without figures, those on which most points hang first."""
        return sorted((one for one in self.items() if one.state == "missing"), key=lambda one: -one.max)

    @property
    def missing_max(self) -> Decimal:
        """Points that are not counted yet because figures are missing."""
        return sum((one.max for one in self.items() if one.state == "missing"), Decimal(0))

    @property
    def share(self) -> Decimal | None:
        """Points of what is counted, between 0 and 1. None when nothing is."""
        return self.points / self.counted_max if self.counted_max else None


def score(of: SetView, unit: Unit, period: Period) -> SetScore:
    """The score of one unit."""
    return score_many(of, [unit], period)[unit.path]


def score_many(of: SetView, units: Sequence[Unit], period: Period) -> dict[str, SetScore]:
    """By unit path. As many statements for one unit as for all communes of a province."""
    values = figures.values(every_key([of.definition]), units, period)
    facts = facts_of(of, units, period, values)
    return {unit.path: _score(of, unit, period, values, facts[unit.path]) for unit in units}


def facts_of(
    of: SetView, units: Sequence[Unit], period: Period, values: Mapping[tuple[str, str], Value]
) -> dict[str, Facts]:
    """What the rules need to know of each unit. RELATIVE needs the other communes of the province as well."""
    best = _best(of, units, period)
    by_path: dict[str, dict[str, Reading]] = {unit.path: {} for unit in units}
    for (key, path), value in values.items():
        by_path[path][key] = reading(value)
    return {
        path: Facts(readings, period.since.year, best.get(_province(path), {}), of.definition.ratio_places)
        for path, readings in by_path.items()
    }


def reading(value: Value) -> Reading:
    """A missing value keeps its denominator: 0 of it means "not applicable", not "not known"."""
    if value.is_missing:
        return Reading(None, "", value.numerator, value.denominator)
    return Reading(value.number, value.text, value.numerator, value.denominator)


def _best(of: SetView, units: Iterable[Unit], period: Period) -> dict[str, dict[str, Decimal]]:
    """province → figure → the best value among the province's communes."""
    keys = [one.formula.figure for one in of.components if isinstance(one.formula, Relative)]
    if not keys:
        return {}
    provinces = {_province(unit.path) for unit in units}
    others = [one for root in sorted(provinces) for one in Unit.objects.on(period.last).under(root).communes()]
    best: dict[str, dict[str, Decimal]] = {root: {} for root in provinces}
    for (key, path), value in figures.values(keys, others, period).items():
        if value.number is not None:
            found = best[_province(path)]
            found[key] = max(found.get(key, value.number), value.number)
    return best


def _province(path: str) -> str:
    return path.split(".")[0] + "."


def _score(of: SetView, unit: Unit, period: Period, values: Mapping[tuple[str, str], Value], facts: Facts) -> SetScore:
    total = total_of(of.definition, facts)
    groups = tuple(_group(of, one, unit.path, values) for one in total.groups)
    return SetScore(
        code=of.code,
        version=of.version,
        unit_path=unit.path,
        period_key=period.key,
        points=total.points,
        max=of.max,
        counted_max=total.counted_max,
        level=total.level.level if total.level else None,
        level_label=total.level.label if total.level else "",
        passed=total.passed,
        groups=groups,
    )


def _group(of: SetView, group: GroupPoints, path: str, values: Mapping[tuple[str, str], Value]) -> GroupScore:
    return GroupScore(
        code=group.group.code,
        label=group.group.label,
        points=group.points,
        max=group.group.max,
        counted_max=group.counted_max,
        items=tuple(_item(of, one, path, values) for one in group.items),
    )


def _item(of: SetView, one: ItemPoints, path: str, values: Mapping[tuple[str, str], Value]) -> ItemScore:
    component = one.component
    return ItemScore(
        code=component.code,
        label=component.label,
        points=one.points,
        max=one.max,
        state=one.state,
        values=tuple(values[key, path] for key in component.reads()),
        explanation=one.outcome.explanation,
        component=component,
        policy=component.not_applicable or of.definition.not_applicable,
    )

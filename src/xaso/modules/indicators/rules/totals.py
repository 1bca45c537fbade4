"""Points of components, groups and the whole set. Missing is never 0: its points are simply not counted yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from xaso.modules.indicators.definitions import Component, Group, PassFail, Policy, Step, Version
from xaso.modules.indicators.rules.numbers import CENT, exact, half_up
from xaso.modules.indicators.rules.outcomes import Facts, Outcome, State, outcome_of, step_of
from xaso.modules.indicators.rules.passing import Judged, together


@dataclass(frozen=True, slots=True)
class ItemPoints:
    """A component's points. `max` is what it can give here; `declared_max` what the set says.

    `points` is None when nothing is known yet, or when the line carries no points.
    """

    component: Component
    outcome: Outcome
    points: Decimal | None
    max: Decimal

    @property
    def state(self) -> State:
        return self.outcome.state

    @property
    def is_counted(self) -> bool:
        return self.points is not None


@dataclass(frozen=True, slots=True)
class GroupPoints:
    group: Group
    items: tuple[ItemPoints, ...]

    @property
    def points(self) -> Decimal:
        return sum((one.points for one in self.items if one.points is not None), Decimal(0))

    @property
    def counted_max(self) -> Decimal:
        return sum((one.max for one in self.items if one.is_counted), Decimal(0))


@dataclass(frozen=True, slots=True)
class Total:
    groups: tuple[GroupPoints, ...]
    level: Step | None
    passed: Judged | None  # of all PASSFAIL components together; None when the set has none

    @property
    def points(self) -> Decimal:
        return sum((one.points for one in self.groups), Decimal(0))

    @property
    def counted_max(self) -> Decimal:
        return sum((one.counted_max for one in self.groups), Decimal(0))

    def items(self) -> list[ItemPoints]:
        return [item for group in self.groups for item in group.items]


def total_of(version: Version, facts: Facts) -> Total:
    """The score of one unit under one version."""
    outcomes = outcomes_of(version, facts)
    groups = tuple(group_points(group, outcomes, version.not_applicable) for group in version.groups)
    judged = [
        _judged(one.state) for group in groups for one in group.items if isinstance(one.component.formula, PassFail)
    ]
    total = Total(groups, None, together(judged) if judged else None)
    if not version.levels or not total.counted_max:
        return total
    reached = exact(total.points) / exact(total.counted_max) * 100
    return Total(groups, step_of(version.levels, reached), total.passed)


def _judged(state: State) -> Judged:
    return state if state in ("passed", "failed", "not_applicable") else "missing"


def outcomes_of(version: Version, facts: Facts) -> dict[str, Outcome]:
    """By code. A component that names others comes after them; circles were refused when the content was read."""
    found: dict[str, Outcome] = {}
    by_code = {one.code: one for one in version.components()}

    def find(code: str) -> Outcome:
        if code not in found:
            one = by_code[code]
            others = one.formula.all_of if isinstance(one.formula, PassFail) else ()
            found[code] = outcome_of(one, facts, {other: find(other).state for other in others})
        return found[code]

    for code in by_code:
        find(code)
    return found


def group_points(group: Group, outcomes: Mapping[str, Outcome], policy: Policy) -> GroupPoints:
    """The points of a group's components after what is not applicable has been dealt with."""
    moved = moved_maxima(group, outcomes, policy)
    return GroupPoints(group, tuple(_item(one, outcomes[one.code], moved, policy) for one in group.components))


def _item(one: Component, outcome: Outcome, moved: Mapping[str, Decimal], policy: Policy) -> ItemPoints:
    most = moved.get(one.code, one.max)
    return ItemPoints(one, outcome, _points(outcome, most, one.not_applicable or policy), most)


def _points(outcome: Outcome, most: Decimal, policy: Policy) -> Decimal | None:
    if not most:
        return None
    if outcome.state == "not_applicable":
        return {"full": most, "zero": Decimal(0), "redistribute": None}[policy]
    return None if outcome.share is None else half_up(outcome.share * exact(most))


def moved_maxima(group: Group, outcomes: Mapping[str, Outcome], policy: Policy) -> dict[str, Decimal]:
    """New maxima where points move from components that do not apply to the others, in proportion to their maxima.

    Exact to the last hundredth: what rounding leaves goes to the largest remainders, the earlier one first. What has
    policy `full` or `zero` keeps its points. When nothing is left to take them, they are not counted at all.
    """
    gone = [
        one
        for one in group.components
        if outcomes[one.code].state == "not_applicable" and (one.not_applicable or policy) == "redistribute"
    ]
    takers = [one for one in group.components if one.max and outcomes[one.code].state != "not_applicable"]
    if not gone or not takers:
        return {}
    cents = {one.code: int(one.max * 100) for one in takers}
    base = sum(cents.values())
    whole = base + sum(int(one.max * 100) for one in gone)
    found = {code: own * whole // base for code, own in cents.items()}
    left = whole - sum(found.values())
    for code in sorted(cents, key=lambda one: -(cents[one] * whole % base))[:left]:
        found[code] += 1
    return {code: amount * CENT for code, amount in found.items()} | {one.code: Decimal(0) for one in gone}

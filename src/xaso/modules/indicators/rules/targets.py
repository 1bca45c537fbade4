"""What can still be done: each lever's figure, and the values it can be raised to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from xaso.modules.indicators.definitions import (
    Bands,
    Choice,
    Component,
    Condition,
    CountT,
    Doc,
    LeverDefinition,
    PassFail,
    PerPop,
    Relative,
    Shared,
    Split,
    Version,
    YesNo,
)
from xaso.modules.indicators.rules.numbers import MISSING, Reading, exact
from xaso.modules.indicators.rules.outcomes import Facts

YES = Reading(Decimal(1), "yes")


@dataclass(frozen=True, slots=True)
class Move:
    """An action: one figure raised to one reachable value, and what that changes in the readings."""

    component: Component
    figure: str
    was: Reading
    now: Reading
    changes: Mapping[str, Reading]
    cost: int

    @property
    def add(self) -> Decimal:
        if self.now.number is None:
            return Decimal(1)
        return self.now.number - (self.was.number or Decimal(0))


def settled(version: Version, facts: Facts) -> Facts:
    """The same facts with shares taken apart into their two numbers, so that one of the two can be raised."""
    readings = dict(facts.readings)
    for one in shares_of(version):
        share = readings.get(one.share or "", MISSING)
        if share.numerator is None or share.denominator is None or not (one.a and one.b):
            continue
        readings[one.a] = Reading(share.numerator)
        readings[one.b] = Reading(share.denominator)
        readings[one.share or ""] = MISSING
    return replace(facts, readings=readings)


def shares_of(version: Version) -> Iterator[Shared | Condition]:
    for component in version.components():
        if isinstance(component.formula, Shared):
            yield component.formula
        elif isinstance(component.formula, PassFail):
            yield from component.formula.conditions


def moves_of(version: Version, facts: Facts, today: date) -> dict[str, list[Move]]:
    """Every lever's figure with the moves it has. `facts` are settled. A figure of which nothing is known has none."""
    users: dict[str, list[Component]] = {}
    for component in version.components():
        for _, key, _ in component.formula.reads():
            users.setdefault(key, []).append(component)
    found: dict[str, list[Move]] = {}
    pulls = [(one, lever) for one in version.components() if one.applies for lever in one.levers]
    for component, lever in pulls:
        moves = list(_moves(component, lever, users[lever.figure], facts, today))
        if moves and lever.figure not in found:
            found[lever.figure] = moves
    return found


def _moves(
    component: Component, lever: LeverDefinition, users: list[Component], facts: Facts, today: date
) -> Iterator[Move]:
    was = facts.of(lever.figure)
    for now in _reachable(component, lever, users, facts):
        changes = {lever.figure: now}
        for formula in (one.formula for one in users):
            if isinstance(formula, Doc) and formula.issued:
                changes[formula.issued] = Reading(text=today.isoformat())
        move = Move(component, lever.figure, was, now, changes, 0)
        yield replace(move, cost=component.cost + int(move.add * lever.cost_per_unit))


def _reachable(component: Component, lever: LeverDefinition, users: list[Component], facts: Facts) -> Iterable[Reading]:
    was = facts.of(lever.figure)
    if isinstance(component.formula, Choice):
        return _better_options(component.formula, was)
    if isinstance(component.formula, (YesNo, Doc, Split)):
        return [YES] if was.answer is False else []
    if was.number is None:
        return []
    return [Reading(value) for value in _values(component, lever, users, facts, was.number)]


def _better_options(formula: Choice, was: Reading) -> list[Reading]:
    now = next((one for one in formula.options if was.text in (one.key, one.label)), None)
    if now is None:
        return []
    return [Reading(text=one.key) for one in formula.options if one.share > now.share]


def _values(
    component: Component, lever: LeverDefinition, users: list[Component], facts: Facts, was: Decimal
) -> list[Decimal]:
    """In steps from what is: the end, and before it the first value that reaches each corner of a formula."""
    corners = [corner for one in users for corner in corners_of(one.formula, lever.figure, facts)]
    end = _end(lever, was, facts, corners_of(component.formula, lever.figure, facts))
    if end is None:
        return []
    last = int((exact(end) - exact(was)) // exact(lever.step))
    counts = {last} | {_steps_up(corner - exact(was), exact(lever.step)) for corner in corners}
    return [was + count * lever.step for count in sorted(counts) if 0 < count <= last]


def _steps_up(distance: Fraction, step: Fraction) -> int:
    return int(-(-distance // step))


def _end(lever: LeverDefinition, was: Decimal, facts: Facts, corners: list[Fraction]) -> Decimal | Fraction | None:
    if isinstance(lever.most, str):
        return facts.of(lever.most).number
    if lever.most is not None:
        return lever.most
    if lever.room:
        room = facts.of(lever.room).number
        return None if room is None else was + room
    if not corners:
        return None
    steps = _steps_up(max(corners) - exact(was), exact(lever.step))
    return was + steps * lever.step


def corners_of(formula: Any, figure: str, facts: Facts) -> list[Fraction]:
    """Values of the figure at which the formula's score begins or stops to rise."""
    if isinstance(formula, Shared):
        return _corners_of_share(formula, figure, facts)
    if isinstance(formula, PassFail):
        return [value for one in formula.conditions for value in _corners_of_condition(one, figure, facts)]
    if isinstance(formula, Bands):
        return [exact(band.from_) for band in formula.bands]
    if isinstance(formula, (CountT, PerPop)):
        return _corners_of_count(formula, figure, facts)
    if isinstance(formula, Relative):
        return [exact(facts.best[figure])] if figure in facts.best else []
    return []


def _corners_of_share(formula: Shared, figure: str, facts: Facts) -> list[Fraction]:
    threshold = exact(getattr(formula, "threshold", 100)) / 100
    a, b = facts.of(formula.a).number, facts.of(formula.b).number
    off = sum((exact(facts.of(key).number or Decimal(0)) for key in formula.less), Fraction(0))
    if figure == formula.a and b is not None:
        return [exact(b) * threshold + off]
    if figure == formula.b and a is not None:
        return [(exact(a) - off) / threshold]
    return []


def _corners_of_condition(one: Condition, figure: str, facts: Facts) -> list[Fraction]:
    if one.at_least is None:
        return []
    if figure == one.figure:
        return [exact(one.at_least)]
    b = facts.of(one.b).number if one.b else None
    return [exact(one.at_least) * exact(b) / 100] if figure == one.a and b is not None else []


def _corners_of_count(formula: CountT | PerPop, figure: str, facts: Facts) -> list[Fraction]:
    threshold = exact(formula.threshold)
    if isinstance(formula, PerPop):
        own, per, threshold = formula.a, formula.population, threshold / formula.per
    else:
        own, per = formula.figure, formula.per or ""
    if figure == own:
        many = facts.of(per).number if per else Decimal(1)
        return [] if many is None else [threshold * exact(many)]
    number = facts.of(own).number
    return [] if number is None else [exact(number) / threshold]

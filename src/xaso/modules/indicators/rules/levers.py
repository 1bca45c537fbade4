"""Which actions raise the score most.

An action raises one figure (a numerator, a count, a yes, an answer) to a value it can still reach. The question is for
the best few actions together, at most one per figure: the most points; of equal points, the least money, then fewer
actions. What acts together is counted together:

- bands and thresholds are steps, so an action stops at the smallest value that reaches the next one, or at the end;
- one figure may serve several components, as numerator of one and denominator of another;
- raising a denominator from 0 makes a component applicable and takes back the points that had moved to its group.

Figures that share a component, or a group whose points can move, form a cluster; between clusters points simply add.
So each cluster is tried out whole and the clusters are put together exactly: the answer equals trying out everything.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from xaso.modules.indicators.definitions import Component, PassFail, Version
from xaso.modules.indicators.rules.numbers import Reading
from xaso.modules.indicators.rules.outcomes import Facts, Outcome, outcome_of
from xaso.modules.indicators.rules.targets import Move, moves_of, settled
from xaso.modules.indicators.rules.totals import group_points, outcomes_of

Worth = tuple[Decimal, int, int]  # points, minus money, minus actions: compared in this order


@dataclass(frozen=True, slots=True)
class Chosen:
    """An action of the answer. `gain` is what it adds after those before it, so the gains add up."""

    move: Move
    gain: Decimal


@dataclass(frozen=True, slots=True)
class _Plan:
    worth: Worth
    moves: tuple[Move, ...]

    def plus(self, other: _Plan) -> _Plan:
        (points, money, count), (more, saved, fewer) = self.worth, other.worth
        return _Plan((points + more, money + saved, count + fewer), self.moves + other.moves)


NOTHING = _Plan((Decimal(0), 0, 0), ())


def best_moves(version: Version, facts: Facts, today: date, count: int = 3) -> list[Chosen]:
    """The best `count` actions together; fewer when no more gain anything. The strongest first."""
    score = Scorer(version, settled(version, facts))
    moves = moves_of(version, score.facts, today)
    plans = [NOTHING]
    for cluster in clusters(score, {figure: set(some[0].changes) for figure, some in moves.items()}):
        plans = _joined(plans, _plans_of(score, [moves[figure] for figure in cluster], count), count)
    best = max(plans, key=lambda plan: plan.worth)
    return _in_order(score, list(best.moves))


def _plans_of(score: Scorer, figures: Sequence[Sequence[Move]], count: int) -> list[_Plan]:
    """The best plan with exactly 0, 1, … actions in a cluster; only those that gain."""
    best = [NOTHING]
    for size in range(1, min(count, len(figures)) + 1):
        tried = (moves for chosen in itertools.combinations(figures, size) for moves in itertools.product(*chosen))
        best.append(max((_plan(score, moves) for moves in tried), key=lambda plan: plan.worth))
    return best


def _plan(score: Scorer, moves: tuple[Move, ...]) -> _Plan:
    return _Plan((score.gain(moves), -sum(move.cost for move in moves), -len(moves)), moves)


def _joined(one: list[_Plan], other: list[_Plan], count: int) -> list[_Plan]:
    """The best plan with exactly 0, 1, … `count` actions out of both."""
    found: dict[int, _Plan] = {}
    for a, mine in enumerate(one):
        for b, theirs in enumerate(other[: count - a + 1]):
            plan = mine.plus(theirs)
            if a + b not in found or plan.worth > found[a + b].worth:
                found[a + b] = plan
    return [found[size] for size in sorted(found)]


def _in_order(score: Scorer, moves: list[Move]) -> list[Chosen]:
    """Each time the action that adds most to those before it."""
    done: list[Chosen] = []
    while moves:
        before = [chosen.move for chosen in done]
        had = score.gain(before)
        gains = [(score.gain([*before, move]) - had, move) for move in moves]
        gain, best = max(gains, key=lambda pair: pair[0])
        done.append(Chosen(best, gain))
        moves.remove(best)
    return done


class Scorer:
    """Answers what actions add. Only components that read a changed figure are judged anew."""

    def __init__(self, version: Version, facts: Facts) -> None:
        self.version, self.facts = version, facts
        self.outcomes = outcomes_of(version, facts)
        self.groups = {group.code: group for group in version.groups}
        self.group_of = {one.code: group.code for group in version.groups for one in group.components}
        self.base = {code: self._group(code, {}) for code in self.groups}
        self.by_code = {one.code: one for one in version.components()}
        self.touched: dict[str, list[Component]] = {}
        for one in version.components():
            for key in self._keys(one):
                self.touched.setdefault(key, []).append(one)

    def gain(self, moves: Iterable[Move]) -> Decimal:
        """Points that the moves add to the set together."""
        changes: dict[str, Reading] = {}
        for move in moves:
            changes |= move.changes
        facts = replace(self.facts, readings={**self.facts.readings, **changes})
        changed = {one.code for key in changes for one in self.touched.get(key, ())}
        anew = {code: outcome_of(self.by_code[code], facts) for code in changed if not self._others(code)}
        for code in changed - anew.keys():
            anew[code] = outcomes_of(self.version, facts)[code]
        groups = {self.group_of[code] for code in changed}
        return sum((self._group(code, anew) - self.base[code] for code in groups), Decimal(0))

    def _group(self, code: str, anew: Mapping[str, Outcome]) -> Decimal:
        outcomes = {**self.outcomes, **anew} if anew else self.outcomes
        return group_points(self.groups[code], outcomes, self.version.not_applicable).points

    def _others(self, code: str) -> tuple[str, ...]:
        formula = self.by_code[code].formula
        return formula.all_of if isinstance(formula, PassFail) else ()

    def _keys(self, one: Component) -> set[str]:
        """Figures the component's outcome depends on, also through the components it names."""
        keys = set(one.reads())
        for other in self._others(one.code):
            keys |= self._keys(self.by_code[other])
        return keys

    def is_moving(self, one: Component) -> bool:
        """Has the component given its points to its group?"""
        policy = one.not_applicable or self.version.not_applicable
        return policy == "redistribute" and self.outcomes[one.code].state == "not_applicable"


def clusters(score: Scorer, figures: Mapping[str, set[str]]) -> list[list[str]]:
    """Figures (with all that a move of theirs changes) that have to be tried out together."""
    touched = {figure: [one for key in keys for one in score.touched[key]] for figure, keys in figures.items()}
    places = {
        figure: {one.code for one in some} | {score.group_of[one.code] + "/" for one in some}
        for figure, some in touched.items()
    }
    moving = {score.group_of[one.code] + "/" for some in touched.values() for one in some if score.is_moving(one)}
    found: list[tuple[set[str], list[str]]] = []
    for figure in figures:
        mine = {place for place in places[figure] if not place.endswith("/") or place in moving}
        members = [figure]
        rest = []
        for where, others in found:
            if where & mine:
                mine |= where
                members = others + members
            else:
                rest.append((where, others))
        found = [*rest, (mine, members)]
    return [members for _, members in found]

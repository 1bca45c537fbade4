""" "Which three actions raise the score most by 31 December?\""""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from xaso.core.measures.periods import Period
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.modules.figures import queries as figures
from xaso.modules.indicators.definitions import Choice, every_key
from xaso.modules.indicators.queries.scores import facts_of
from xaso.modules.indicators.queries.sets import SetView
from xaso.modules.indicators.rules.levers import Chosen, best_moves
from xaso.modules.indicators.rules.numbers import Reading, said


@dataclass(frozen=True, slots=True)
class Lever:
    """One action of the answer: raise `figure` by `add`, from `was` to `now`. The gains of an answer add up."""

    code: str
    label: str
    figure: str
    figure_label: str
    unit: str
    was: str
    now: str
    add: Decimal
    gain: Decimal
    cost: int
    owner: str


def best_actions(of: SetView, unit: Unit, period: Period, count: int = 3) -> list[Lever]:
    """The actions that together raise the score most; fewer when no more gain anything. What is counted as an action,
    and how actions that touch each other are counted together, is told in `rules.levers`."""
    values = figures.values(every_key([of.definition]), [unit], period)
    facts = facts_of(of, [unit], period, values)[unit.path]
    return [_lever(one) for one in best_moves(of.definition, facts, clock.today(), count)]


def _lever(chosen: Chosen) -> Lever:
    move = chosen.move
    kind = figures.catalogue()[move.figure]
    lever = next(one for one in move.component.levers if one.figure == move.figure)
    return Lever(
        code=move.component.code,
        label=move.component.label,
        figure=move.figure,
        figure_label=kind.label,
        unit=kind.unit,
        was=_shown(chosen, move.was),
        now=_shown(chosen, move.now),
        add=move.add,
        gain=chosen.gain,
        cost=move.cost,
        owner=lever.owner or move.component.owner,
    )


def _shown(chosen: Chosen, reading: Reading) -> str:
    formula = chosen.move.component.formula
    if isinstance(formula, Choice):
        return next((one.label for one in formula.options if reading.text in (one.key, one.label)), reading.text)
    if figures.catalogue()[chosen.move.figure].type == "yes_no":
        return "có" if reading.answer else "chưa có"
    return said(reading.number or Decimal(0))

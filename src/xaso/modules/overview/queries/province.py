"""Communes side by side: who is where, who is far from the others, who said nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from xaso.core.measures import queries as measures
from xaso.core.measures.periods import Period
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.modules.figures import queries as figures
from xaso.modules.figures.queries import FigureKind, Value
from xaso.modules.overview.definitions import board
from xaso.modules.overview.queries.moving import Moving, before, movings
from xaso.modules.overview.queries.places import communes_under
from xaso.modules.overview.queries.showing import (
    UNVERIFIED,
    Goal,
    Shown,
    goal_of,
    goals_for,
    keys_of,
    measured_by,
    number_of,
    trends,
)
from xaso.modules.overview.rules.ranking import Odd, Standing, outliers, ranked, too_good

MONTHS = 24
SHARES = {"percent", "ratio"}
FEWEST = 20
"""A share of fewer than this swings too far by itself to be told as unusual."""
TOO_GOOD = "mọi tỷ lệ đều 100 % mà không có tử số, mẫu số"


@dataclass(frozen=True, slots=True)
class Side:
    """One commune in the province's view."""

    unit: Unit
    values: dict[str, Shown]
    rank: int | None = None
    change: Decimal | None = None
    is_too_good: bool = False
    moving: Moving | None = None


@dataclass(frozen=True, slots=True)
class Province:
    """`sides` in the order of the map; `without` have no number of any figure shown."""

    unit: Unit
    period: Period
    tiles: list[Shown]
    sides: list[Side]
    without: list[Unit]
    unplaced: int = 0


def province(unit: Unit, period: Period, *, todays_map: bool = False) -> Province:
    """Every tile of the whole and every column of each commune. About ten statements for 136 communes.

    The communes of then have no months under the names of today: on today's map no trend is shown.
    """
    keys = board().keys
    kinds = [figures.kind_of(key) for key in keys]
    units, values, unplaced = _values(kinds, unit, period, todays_map=todays_map)
    goals = goals_for(unit, period.last.year)
    months = trends(kinds, unit.path, period, MONTHS)
    tiles = [
        Shown(kind, value, goal_of(kind, value, goals.get(kind.key)), months.get(kind.key, ()))
        for kind in kinds
        if kind.key in board().tiles
        for value in [values[kind.key, unit.path]]
    ]
    odd = {kind.key: odd_words(kind, values, units) for kind in kinds}
    moving = _moving(unit, units, period) if not todays_map else {}
    sides = [_side(one, kinds, values, odd, moving.get(one.path)) for one in units]
    silent = [side.unit for side in sides if all(shown.value.is_missing for shown in side.values.values())]
    return Province(unit, period, tiles, sides, silent, unplaced)


Values = Mapping[tuple[str, str], Value]


def _moving(unit: Unit, units: Sequence[Unit], period: Period) -> dict[str, Moving]:
    trend = board().trend
    return movings(figures.kind_of(trend), unit, units, period) if trend else {}


def _side(
    unit: Unit,
    kinds: Sequence[FigureKind],
    values: Values,
    odd: Mapping[str, Mapping[str, str]],
    moving: Moving | None,
) -> Side:
    shown = {kind.key: Shown(kind, values[kind.key, unit.path], odd=odd[kind.key].get(unit.path, "")) for kind in kinds}
    shares = [(one.value.number, one.value.is_verified) for one in shown.values() if one.kind.type == "percent"]
    return Side(unit, shown, is_too_good=too_good(shares), moving=moving)


def odd_words(kind: FigureKind, values: Values, units: Sequence[Unit]) -> dict[str, str]:
    """Path → why this number should be looked at, by the middle of all communes."""
    numbers = {
        one.path: number
        for one in units
        if kind.type in SHARES and (number := values[kind.key, one.path].number) is not None
        if (values[kind.key, one.path].denominator or FEWEST) >= FEWEST
    }
    return {path: _said(odd) for path, odd in outliers(numbers).items()}


def _said(odd: Odd) -> str:
    low, high = (figures.show_number(number.quantize(Decimal("0.1"))) for number in (odd.low, odd.high))
    side = "cao" if odd.is_above else "thấp"
    return f"{side} khác thường, quá nửa số đơn vị ở {low}–{high} %"


def _values(
    kinds: Sequence[FigureKind], unit: Unit, period: Period, *, todays_map: bool
) -> tuple[list[Unit], dict[tuple[str, str], Value], int]:
    if todays_map:
        return on_todays_map(kinds, unit, period)
    units = communes_under(unit, period)
    return units, figures.values([kind.key for kind in kinds], [unit, *units], period), 0


def on_todays_map(
    kinds: Sequence[FigureKind], unit: Unit, period: Period
) -> tuple[list[Unit], dict[tuple[str, str], Value], int]:
    """What the communes of then counted, under the names of today. Declared numbers stay where they were declared.

    The last part says how many units were split, so that nobody can say where their rows belong.
    """
    asked = {kind.key: question for kind in kinds if (question := measured_by(kind))}
    keys = keys_of(asked.values())
    placed, split = measures.on_todays_map(measures.by_unit(keys, unit.path, period))
    today = clock.today()
    units = list(Unit.objects.on(today).filter(path__in=list(placed)).communes().select_related("parent"))
    units.sort(key=lambda one: one.path)
    whole: dict[str, int] = {}
    for counted in (*placed.values(), *split.values()):
        for key, count in counted.items():
            whole[key] = whole.get(key, 0) + count
    rows = {one.path: placed[one.path] for one in units} | {unit.path: whole}
    values = {}
    for kind in kinds:
        for path, counted in rows.items():
            blank = Value(kind.key, kind.type, path, period.key)
            question = asked.get(kind.key)
            number = number_of(question, counted) if question else None
            if question is None or number is None:
                values[kind.key, path] = blank
                continue
            above = Decimal(counted.get(question.above, 0)) if question.below else None
            below = Decimal(counted.get(question.below, 0)) if question.below else None
            values[kind.key, path] = replace(
                blank, number=number, numerator=above, denominator=below, origin="computed", is_verified=True
            )
    return units, values, len(split)


@dataclass(frozen=True, slots=True)
class Ranking:
    """One figure of every commune, the best first within each kind of unit."""

    kind: FigureKind
    whole: Shown
    goal: Goal | None
    sides: list[Side]
    unplaced: int = 0

    @property
    def known(self) -> list[Decimal]:
        numbers = (side.values[self.kind.key].value.number for side in self.sides)
        return [number for number in numbers if number is not None]


def ranking(key: str, unit: Unit, period: Period, *, kind_of_unit: str = "", todays_map: bool = False) -> Ranking:
    """Ranked among the units of the chosen kind (xã, phường, thị trấn), among all when none is chosen.

    What cannot be verified has no rank; what is missing comes last.
    """
    kind = figures.kind_of(key)
    units, values, unplaced = _values([kind], unit, period, todays_map=todays_map)
    goals = goals_for(unit, period.last.year)
    higher = kind.better != "lower"
    standings = [
        Standing(one.path, one.kind if kind_of_unit else "", found.number, found.is_verified)
        for one in units
        for found in [values[key, one.path]]
    ]
    places = ranked(standings, higher_is_better=higher)
    odd = odd_words(kind, values, units)
    earlier = {} if todays_map else _before(kind, units, period)
    sides = [
        Side(
            one,
            {key: Shown(kind, values[key, one.path], goal_of(kind, values[key, one.path], goals.get(key)), (), words)},
            places.get(one.path),
            _change(values[key, one.path], earlier.get((key, one.path))),
        )
        for one in units
        if not kind_of_unit or one.kind == kind_of_unit
        for words in [odd.get(one.path, "")]
    ]
    sides.sort(key=lambda side: _order(side, key, higher=higher))
    months = trends([kind], unit.path, period, MONTHS).get(key, ())
    value = values[key, unit.path]
    goal = goal_of(kind, value, goals.get(key))
    return Ranking(kind, Shown(kind, value, goal, months), goal, sides, unplaced)


def _before(kind: FigureKind, units: Sequence[Unit], period: Period) -> dict[tuple[str, str], Value]:
    """The same figure in the period before; empty where a period has none (cumulative)."""
    earlier = before(period)
    return figures.values([kind.key], units, earlier) if earlier else {}


def _change(now: Value, then: Value | None) -> Decimal | None:
    """Only between two exact numbers."""
    if then is None or now.number is None or then.number is None:
        return None
    return now.number - then.number if now.comparator == then.comparator == "=" else None


def _order(side: Side, key: str, *, higher: bool) -> tuple[bool, bool, Decimal, str]:
    value = side.values[key].value
    number = value.number if value.number is not None else Decimal(0)
    return value.number is None, side.rank is None, -number if higher else number, side.unit.path


__all__ = ["TOO_GOOD", "UNVERIFIED", "Province", "Ranking", "Side", "on_todays_map", "province", "ranking"]

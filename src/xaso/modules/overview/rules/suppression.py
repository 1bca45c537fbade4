"""Small cells are not published, and cannot be worked out from what is.

Every published number of 1–4 becomes "<5". Whoever reads the table knows the sums (a district's total, a numerator and
its complement); so further numbers are left out until nothing but "1 to 4" can be said of any small one. Those left out
for this reason are 8 or more (or a total of 5 or more), and the reader may know that too.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor
from typing import Any

SMALLEST = 5
LEAST_VICTIM = 8
SMALL, LEFT_OUT = "<5", "…"
Cell = Hashable
Bounds = tuple[int, int]
INFINITE = 10**12
"""More than anything counted here; a number, so that sums with it stay sums."""


@dataclass(frozen=True, slots=True)
class Sum:
    """whole = parts, as every reader knows."""

    whole: Cell
    parts: tuple[Cell, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        return (self.whole, *self.parts)


@dataclass(frozen=True, slots=True)
class Hidden:
    """Which cells are shown as "<5" and which as "…"."""

    small: frozenset[Cell] = field(default_factory=frozenset)
    left_out: frozenset[Cell] = field(default_factory=frozenset)

    def shown(self, cell: Cell, value: int) -> str:
        if cell in self.small:
            return SMALL
        return LEFT_OUT if cell in self.left_out else str(value)

    def __contains__(self, cell: Cell) -> bool:
        return cell in self.small or cell in self.left_out


def is_small(value: int) -> bool:
    return 0 < value < SMALLEST


@dataclass(slots=True)
class _State:
    """What the reader of the table is told so far: cells "1 to 4", "5 or more", and "any number"."""

    small: set[Cell]
    large: set[Cell] = field(default_factory=set)
    any: set[Cell] = field(default_factory=set)

    @property
    def gone(self) -> set[Cell]:
        return self.small | self.large | self.any


def suppressed(values: Mapping[Any, int], sums: Sequence[Sum], unpublished: frozenset[Cell] = frozenset()) -> Hidden:
    """`unpublished`: cells that are not in the table but can be worked out from it, such as "not on time"."""
    sensitive = [cell for cell, value in values.items() if is_small(value)]
    state = _State({cell for cell in sensitive if cell not in unpublished})
    of_cell: dict[Cell, list[Sum]] = {}
    for one in sums:
        for cell in (one.whole, *one.parts):
            of_cell.setdefault(cell, []).append(one)
    while True:
        gone = state.gone | unpublished
        bounds = _known(values, sums, state, unpublished)
        told = _told_too_much(sensitive, bounds)
        found = _victims(told, values, of_cell, gone)
        if not found:
            # Solving the sums together costs more, so it comes when going through them one by one tells nothing new.
            for row in _solved(sums, bounds):
                _narrow_row(row, values, bounds)
            told = _told_too_much(sensitive, bounds)
            found = _victims(told, values, of_cell, gone)
        if found:
            state.large |= found
            continue
        exact = [cell for cell in told if bounds[cell][0] == bounds[cell][1]]
        last = {_last_resort(cell, of_cell.get(cell, []), state) for cell in exact} - {None}
        if not last:
            return Hidden(frozenset(state.small), frozenset(state.large | state.any))
        state.any |= last
        state.small -= last


def _told_too_much(sensitive: Sequence[Cell], bounds: Mapping[Cell, Bounds]) -> list[Cell]:
    return [cell for cell in sensitive if bounds[cell][0] > 1 or bounds[cell][1] < SMALLEST - 1]


def _victims(
    told: Sequence[Cell], values: Mapping[Cell, int], of_cell: Mapping[Cell, list[Sum]], gone: set[Cell]
) -> set[Cell]:
    return {found for cell in told if (found := _victim(cell, values, of_cell, gone)) is not None}


def _victim(cell: Cell, values: Mapping[Cell, int], of_cell: Mapping[Cell, list[Sum]], gone: set[Cell]) -> Cell | None:
    """What to leave out so that less can be told: near the cell first, then behind what is left out already."""
    seen, edge = {cell}, [cell]
    while edge:
        sums = [one for near in edge for one in of_cell.get(near, [])]
        if (found := _near(values, sums, gone)) is not None:
            return found
        around = {other for one in sums for other in (one.whole, *one.parts)}
        edge = sorted((other for other in around - seen if other in gone), key=str)
        seen |= around
    return None


def _near(values: Mapping[Cell, int], sums: Sequence[Sum], gone: set[Cell]) -> Cell | None:
    """The smallest part that is large enough, else a whole, else a part just large enough not to be small."""
    parts = {cell for one in sums for cell in one.parts if cell not in gone}
    wholes = {one.whole for one in sums if one.whole not in gone}
    for cells, least in ((parts, LEAST_VICTIM), (wholes, SMALLEST), (parts, SMALLEST)):
        fitting = [cell for cell in cells if values[cell] >= least]
        if fitting:
            return min(fitting, key=lambda cell: (values[cell], str(cell)))
    return None


def _last_resort(cell: Cell, sums: Sequence[Sum], state: _State) -> Cell | None:
    """Everything around is small: four parts of a whole "<5" can only be 1 each. Then one of them says nothing."""
    around = [other for one in sums for other in (one.whole, *one.parts) if other != cell]
    return next((other for other in [*around, cell] if other in state.small), None)


def _known(
    values: Mapping[Cell, int], sums: Sequence[Sum], state: _State, unpublished: frozenset[Cell]
) -> dict[Cell, Bounds]:
    """The narrowest range a reader can give each cell, by going through the sums until nothing changes."""
    bounds = {cell: _told(cell, value, state, unpublished) for cell, value in values.items()}
    # A sum of which everything is published tells nothing, and most are.
    open_sums = [one for one in sums if any(bounds[cell][0] != bounds[cell][1] for cell in one.cells)]
    touching: dict[Cell, list[int]] = {}
    for number, one in enumerate(open_sums):
        for cell in one.cells:
            if bounds[cell][0] != bounds[cell][1]:
                touching.setdefault(cell, []).append(number)
    waiting = dict.fromkeys(range(len(open_sums)))
    while waiting:
        number = next(iter(waiting))
        del waiting[number]
        for cell in _narrow(open_sums[number], bounds):
            waiting.update(dict.fromkeys(touching[cell]))
    return bounds


def _told(cell: Cell, value: int, state: _State, unpublished: frozenset[Cell]) -> Bounds:
    if cell in state.small:
        return 1, SMALLEST - 1
    if cell in state.large:
        return SMALLEST, INFINITE
    return (0, INFINITE) if cell in state.any or cell in unpublished else (value, value)


def _narrow(one: Sum, bounds: dict[Cell, Bounds]) -> list[Cell]:
    """The whole lies between the sums of its parts' ends; a part is the whole without the others. What changed."""
    known = [bounds[part] for part in one.parts]
    low, high = sum(pair[0] for pair in known), sum(pair[1] for pair in known)
    changed = [one.whole] if _tighten(one.whole, low, high, bounds) else []
    least, most = bounds[one.whole]
    for part, (part_low, part_high) in zip(one.parts, known, strict=True):
        if part_low == part_high:
            continue
        if _tighten(part, least - (high - part_high), most - (low - part_low), bounds):
            changed.append(part)
            low += bounds[part][0] - part_low
            high += bounds[part][1] - part_high
    return changed


Row = dict[Cell, Fraction]


def _solved(sums: Sequence[Sum], bounds: Mapping[Cell, Bounds]) -> list[Row]:
    """The sums solved together, each for a cell that no other row holds: what a reader with patience can do."""
    rows: dict[Cell, Row] = {}
    for one in sums:
        row: Row = {}
        for cell, sign in ((one.whole, -1), *((part, 1) for part in one.parts)):
            if bounds[cell][0] != bounds[cell][1]:
                row[cell] = row.get(cell, Fraction(0)) + sign
        for cell in [cell for cell in row if cell in rows]:
            _subtract(row, rows[cell], row[cell])
        if row:
            _keep(rows, row)
    return list(rows.values())


def _narrow_row(row: Row, values: Mapping[Cell, int], bounds: dict[Cell, Bounds]) -> None:
    """Σ factor × cell is known: each cell lies between what the others' ends leave for it."""
    known = sum((factor * values[cell] for cell, factor in row.items()), Fraction(0))
    ends = {cell: sorted((factor * bounds[cell][0], factor * bounds[cell][1])) for cell, factor in row.items()}
    least_of_all, most_of_all = sum(low for low, _ in ends.values()), sum(high for _, high in ends.values())
    for cell, factor in row.items():
        least = (known - (most_of_all - ends[cell][1])) / factor
        most = (known - (least_of_all - ends[cell][0])) / factor
        low, high = sorted((least, most))
        _tighten(cell, ceil(low), floor(high), bounds)


def _keep(rows: dict[Cell, Row], row: Row) -> None:
    """One more equation, solved for one cell; that cell leaves all the others."""
    pivot = next(iter(row))
    first = row[pivot]
    for cell in row:
        row[cell] /= first
    for other in rows.values():
        if pivot in other:
            _subtract(other, row, other[pivot])
    rows[pivot] = row


def _subtract(row: Row, other: Row, times: Fraction) -> None:
    for cell, factor in other.items():
        left = row.get(cell, Fraction(0)) - times * factor
        if left:
            row[cell] = left
        else:
            row.pop(cell, None)


def _tighten(cell: Cell, low: int, high: int, bounds: dict[Cell, Bounds]) -> bool:
    old_low, old_high = bounds[cell]
    if low <= old_low and high >= old_high:
        return False
    bounds[cell] = (max(old_low, low), min(old_high, high))
    return True

"""The schematic map: which class each commune is in, and where its square lies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from xaso.core.units.models import Unit
from xaso.kit.fold import fold
from xaso.modules.figures import queries as figures
from xaso.modules.overview.definitions import Place, layouts
from xaso.modules.overview.queries.province import Ranking, Side
from xaso.modules.overview.rules.ranking import LETTERS, bounds_of, class_of
from xaso.ui.charts import Area, Square, TileMap

NOTHING, NO_LETTER, NO_PATTERN = "chưa có số liệu", "–", 5
COLUMNS, WIDTH = 12, 4


@dataclass(frozen=True, slots=True)
class Classes:
    """The bounds of the classes and which way is better."""

    bounds: tuple[Decimal, ...]
    higher: bool
    unit: str
    has_target: bool

    def of(self, side: Side, key: str) -> int | None:
        return class_of(side.values[key].value.number, self.bounds, higher_is_better=self.higher)

    def words(self, place: int) -> str:
        """From and to, in the figure's unit."""
        numbers = [figures.show_number(bound.quantize(Decimal("0.1")).normalize()) for bound in self.bounds]
        better, worse = ("từ", "dưới") if self.higher else ("đến", "trên")
        if place == 0:
            reached = "đạt mục tiêu, " if self.has_target else ""
            return f"{reached}{better} {numbers[0]} {self.unit}".strip()
        if place == len(self.bounds):
            return f"{worse} {numbers[-1]} {self.unit}".strip()
        return f"{better} {numbers[place]} đến {worse} {numbers[place - 1]} {self.unit}".strip()


def map_of(found: Ranking, url: Callable[[Unit], str]) -> TileMap:
    """Every commune as a square in its district's box; districts without a place on the layout follow below."""
    key, higher = found.kind.key, found.kind.better != "lower"
    target = found.goal.number if found.goal else None
    bounds = bounds_of(found.known, target, higher_is_better=higher)
    classes = Classes(bounds, higher, found.kind.unit, target is not None)
    squares = {side.unit.path: _square(side, key, classes, url) for side in found.sides}
    return TileMap(found.kind.label, _areas(found.sides, squares), _legend(found, classes))


def _square(side: Side, key: str, classes: Classes, url: Callable[[Unit], str]) -> Square:
    place = classes.of(side, key)
    letter, pattern = (NO_LETTER, NO_PATTERN) if place is None else (LETTERS[place], place + 1)
    return Square(
        str(side.unit), _initials(side.unit.name), url(side.unit), side.values[key].text or NOTHING, letter, pattern
    )


def _initials(name: str) -> str:
    """Tam Quan → TQ"""
    return "".join(word[0] for word in name.split())[:3].upper()


def _legend(found: Ranking, classes: Classes) -> tuple[tuple[str, int, str, int], ...]:
    places = [classes.of(side, found.kind.key) for side in found.sides]
    lines = [
        (LETTERS[place], place + 1, classes.words(place), places.count(place))
        for place in range(len(classes.bounds) + 1)
        if classes.bounds
    ]
    return (*lines, (NO_LETTER, NO_PATTERN, NOTHING, places.count(None)))


def _areas(sides: Sequence[Side], squares: dict[str, Square]) -> tuple[Area, ...]:
    parents: dict[str, Unit] = {}
    inside: dict[str, list[Square]] = {}
    for side in sorted(sides, key=lambda side: fold(side.unit.name)):
        if side.unit.parent is not None:
            parents[side.unit.parent.path] = side.unit.parent
            inside.setdefault(side.unit.parent.path, []).append(squares[side.unit.path])
    province = next(iter(inside), "").split(".")[0]
    layout = layouts().get(province)
    known = {place.code: place for place in layout.areas} if layout else {}
    lowest = max((place.row + place.high for place in known.values()), default=1)
    found, others = [], 0
    for path, parent in sorted(parents.items()):
        place = known.get(parent.code)
        if place is None:
            place = _place_below(parent, others, lowest, alone=len(parents) == 1)
            others += 1
        box = (place.column, place.row, place.wide, place.high)
        found.append(Area(str(parent), *box, tuple(inside[path])))
    return tuple(sorted(found, key=lambda area: (area.row, area.column)))


def _place_below(parent: Unit, number: int, lowest: int, *, alone: bool) -> Place:
    """A box in the rows under the layout, three beside each other."""
    if alone:
        return Place(code=parent.code, column=1, row=1, wide=6, high=1)
    across = COLUMNS // WIDTH
    row = min(8, lowest + number // across)
    return Place(code=parent.code, column=1 + WIDTH * (number % across), row=row, wide=WIDTH, high=1)

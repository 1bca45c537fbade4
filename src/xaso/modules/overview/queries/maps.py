"""The schematic map: which class each commune is in, and where its square lies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from xaso.core.units.models import Unit
from xaso.kit.fold import fold
from xaso.modules.figures import queries as figures
from xaso.modules.overview.definitions import Layout, Place, layouts
from xaso.modules.overview.queries.province import Ranking, Side
from xaso.modules.overview.rules.ranking import LETTERS, bounds_of, class_of
from xaso.ui.charts import Area, Square, TileMap

NOTHING, NO_LETTER, NO_PATTERN = "chưa có số liệu", "–", 5
COLUMNS, WIDTH, LAST_ROW = 12, 4, 8
UNPLACED = "Chưa xếp vùng"
KINDS = (Unit.Kind.WARD, Unit.Kind.TOWNSHIP, Unit.Kind.COMMUNE)


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
    """Every commune as a square in the box of its district or region; what has no place on the layout follows below."""
    key, higher = found.kind.key, found.kind.better != "lower"
    target = found.goal.number if found.goal else None
    bounds = bounds_of(found.known, target, higher_is_better=higher)
    classes = Classes(bounds, higher, found.kind.unit, target is not None)
    squares = {side.unit.path: _square(side, key, classes, url) for side in found.sides}
    areas, is_placed = _areas(found.sides, squares)
    return TileMap(found.kind.label, areas, _legend(found, classes), is_placed)


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


def _areas(sides: Sequence[Side], squares: dict[str, Square]) -> tuple[tuple[Area, ...], bool]:
    """The boxes, and whether they stand where they lie."""
    named = sorted(sides, key=lambda side: fold(side.unit.name))
    layout = layouts().get(named[0].unit.path.split(".")[0]) if named else None
    if layout is None:
        return _by_kind(named, squares), False
    boxes = _named_boxes(named, layout) | _districts(
        [one for one in named if not any(one.unit.code in area.communes for area in layout.areas)], layout
    )
    found = [
        Area(name, place.column, place.row, place.wide, place.high, tuple(squares[path] for path in paths))
        for (name, place), paths in boxes.items()
    ]
    return tuple(sorted(found, key=lambda area: (area.row, area.column))), True


Boxes = dict[tuple[str, Place], list[str]]


def _by_kind(named: Sequence[Side], squares: dict[str, Square]) -> tuple[Area, ...]:
    """Nobody has said where they lie: wards, townships, communes, each in the order of the alphabet."""
    kinds = [kind for kind in KINDS if any(one.unit.kind == kind for one in named)]
    return tuple(
        Area(f"{Unit.Kind(kind).label.capitalize()} ({len(inside)})", 1, row, 6, 1, inside)
        for row, kind in enumerate(kinds, start=1)
        for inside in [tuple(squares[one.unit.path] for one in named if one.unit.kind == kind)]
    )


def _named_boxes(named: Sequence[Side], layout: Layout) -> Boxes:
    found: Boxes = {}
    for place in layout.areas:
        if inside := [one.unit.path for one in named if one.unit.code in place.communes]:
            found[place.name, place] = inside
    return found


def _districts(named: Sequence[Side], layout: Layout) -> Boxes:
    """By the unit above; those without a place of their own stand below the layout."""
    parents: dict[str, Unit] = {}
    inside: dict[str, list[str]] = {}
    for one in named:
        if one.unit.parent is not None:
            parents[one.unit.parent.path] = one.unit.parent
            inside.setdefault(one.unit.parent.path, []).append(one.unit.path)
    known = {place.code: place for place in layout.areas if place.code}
    below = _places_below(max(place.row + place.high for place in layout.areas))
    found: Boxes = {}
    # What stands straight under the province comes last: it shares the box of those that find no room.
    for path, parent in sorted(parents.items(), key=lambda one: (one[1].kind == Unit.Kind.PROVINCE, one[0])):
        if place := known.get(parent.code):
            found[str(parent), place] = inside[path]
        elif parent.kind != Unit.Kind.PROVINCE and len(below) > 1:
            found[str(parent), below.pop(0)] = inside[path]
        else:
            found.setdefault((UNPLACED, below[0]), []).extend(inside[path])
    return found


def _places_below(row: int) -> list[Place]:
    """The boxes that are free under the layout, three beside each other; at least one."""
    rows = range(min(row, LAST_ROW), LAST_ROW + 1)
    return [
        Place(code=UNPLACED, column=column, row=row, wide=WIDTH, high=1)
        for row in rows
        for column in range(1, COLUMNS, WIDTH)
    ]

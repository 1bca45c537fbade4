"""What is published: finished periods of a province's communes, small numbers protected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.cache import cache

from xaso.core.measures.periods import Period, find_period, key_of
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.modules.figures import queries as figures
from xaso.modules.figures.queries import FigureKind, Value
from xaso.modules.overview.definitions import KnownSum, openness
from xaso.modules.overview.queries.places import communes_under
from xaso.modules.overview.rules.suppression import LEFT_OUT, Cell, Hidden, Sum, suppressed

KEPT_SECONDS = 6 * 3600
NOT_KNOWN = ""
WHOLE = "all"


@dataclass(frozen=True, slots=True)
class OpenCell:
    """A published figure. Texts: a number, "<5", "…" (left out), or empty (not known)."""

    key: str
    value: str
    numerator: str = ""
    denominator: str = ""
    percent: Decimal | None = None

    @property
    def is_protected(self) -> bool:
        return self.value in {"<5", LEFT_OUT}


@dataclass(frozen=True, slots=True)
class OpenRow:
    code: str
    name: str
    kind: str
    cells: tuple[OpenCell, ...]


@dataclass(frozen=True, slots=True)
class OpenTable:
    """`rows` of every commune, `total` of the province; `day` is when it was counted."""

    province: str
    period: Period
    day: date
    kinds: tuple[FigureKind, ...]
    rows: tuple[OpenRow, ...]
    total: OpenRow

    def row_of(self, code: str) -> OpenRow | None:
        return next((row for row in self.rows if row.code == code), None)


def latest_period() -> Period:
    """The last finished period of the published kind."""
    running = find_period(key_of(openness().period, clock.today()))
    found = find_period(running.previous) if running else None
    if found is None:
        raise ValueError("no finished period")
    return found


def period_published(key: str) -> Period:
    """The period named when it is finished and of the published kind, else the latest."""
    found = find_period(key)
    if found is None or found.kind != openness().period or found.until > clock.today():
        return latest_period()
    return found


def open_table(province: Unit, period: Period) -> OpenTable:
    """Kept for six hours: a finished period changes rarely, and the day of the data is said."""
    key = f"overview.open:{province.path}:{period.key}"
    found = cache.get(key)
    if found is None:
        found = _table(province, period)
        cache.set(key, found, KEPT_SECONDS)
    return found


def refresh() -> int:
    """Works the latest table of every province out ahead of its readers, who would wait seconds. How many."""
    period = latest_period()
    provinces = list(Unit.objects.on(clock.today()).filter(kind__in=[Unit.Kind.PROVINCE, Unit.Kind.CITY], parent=None))
    for province in provinces:
        forget(province, period)
        open_table(province, period)
    return len(provinces)


def forget(province: Unit, period: Period) -> None:
    cache.delete(f"overview.open:{province.path}:{period.key}")


def _table(province: Unit, period: Period) -> OpenTable:
    units = communes_under(province, period)
    kinds = [figures.kind_of(key) for key in openness().keys]
    keys = list(dict.fromkeys(key for kind in kinds for key in (kind.key, *kind.parts)))
    values = figures.values(keys, units, period)
    counts = _counts(kinds, units, values)
    sums = _sums(kinds, counts, [unit.path for unit in units])
    unpublished = frozenset(cell for cell in counts if cell[1].startswith("-"))
    hidden = suppressed(counts, sums, unpublished)
    rows = tuple(_row(unit.path, unit.code, unit.name, unit.kind, kinds, counts, hidden) for unit in units)
    total = _row(WHOLE, province.code, province.name, province.kind, kinds, counts, hidden)
    return OpenTable(str(province), period, clock.today(), tuple(kinds), rows, total)


Counts = dict[tuple[str, str], int]


def _counts(kinds: Sequence[FigureKind], units: Sequence[Unit], values: Mapping[tuple[str, str], Value]) -> Counts:
    """(path, figure) → whole number, of what is computed and exact; a complement is called "-numerator/denominator"."""
    found: Counts = {}
    keys = {key for kind in kinds for key in (kind.parts or (kind.key,))}
    for unit in units:
        for key in keys:
            value = values[key, unit.path]
            if value.number is not None and value.comparator == "=" and value.number == int(value.number):
                found[unit.path, key] = int(value.number)
        for kind in kinds:
            if kind.numerator and (unit.path, kind.numerator) in found and (unit.path, kind.denominator) in found:
                rest = found[unit.path, kind.denominator] - found[unit.path, kind.numerator]
                found[unit.path, _rest(kind)] = max(rest, 0)
    totals: Counts = {}
    for (_, key), count in found.items():
        totals[WHOLE, key] = totals.get((WHOLE, key), 0) + count
    return found | totals


def _rest(kind: FigureKind) -> str:
    return f"-{kind.numerator}/{kind.denominator}"


def _sums(kinds: Sequence[FigureKind], counts: Counts, paths: Sequence[str]) -> list[Sum]:
    """Everything a reader can add up: units to the whole, numerator and rest, and what content says."""
    found: list[Sum] = []
    for path in (*paths, WHOLE):
        shares = [kind for kind in kinds if kind.numerator and (path, _rest(kind)) in counts]
        found += [_sum(path, kind.denominator, (kind.numerator, _rest(kind))) for kind in shares]
        found += [_sum(path, one.whole, one.parts) for one in openness().sums if _is_known(one, path, counts)]
    for key in sorted({key for _, key in counts}):
        parts: tuple[Cell, ...] = tuple((path, key) for path in paths if (path, key) in counts)
        found.append(Sum((WHOLE, key), parts))
    # Where a unit lacks one part of a share, the parts of the whole do not add up: nobody can use that sum.
    return [one for one in found if counts[one.whole] == sum(counts[part] for part in one.parts)]  # type: ignore[index]


def _sum(path: str, whole: str, parts: Sequence[str]) -> Sum:
    return Sum((path, whole), tuple((path, part) for part in parts))


def _is_known(one: KnownSum, path: str, counts: Counts) -> bool:
    return all((path, key) in counts for key in (one.whole, *one.parts))


def _row(
    path: str, code: str, name: str, kind_of_unit: str, kinds: Sequence[FigureKind],
    counts: Counts, hidden: Hidden,
) -> OpenRow:  # fmt: skip
    def cell(kind: FigureKind) -> OpenCell:
        if kind.numerator:
            return _share(kind, path, counts, hidden)
        if (path, kind.key) in counts:
            return OpenCell(kind.key, hidden.shown((path, kind.key), counts[path, kind.key]))
        return OpenCell(kind.key, NOT_KNOWN)

    return OpenRow(code, name, kind_of_unit, tuple(cell(kind) for kind in kinds))


def _share(kind: FigureKind, path: str, counts: Counts, hidden: Hidden) -> OpenCell:
    """A share only where both its parts are published and the whole is large enough to speak of per cent."""
    above, below = (path, kind.numerator), (path, kind.denominator)
    if above not in counts or below not in counts:
        return OpenCell(kind.key, NOT_KNOWN)
    shown = hidden.shown(above, counts[above]), hidden.shown(below, counts[below])
    if above in hidden or below in hidden or counts[below] < openness().smallest_base:
        return OpenCell(kind.key, LEFT_OUT, *shown)
    exact = (Decimal(counts[above]) * 100 / counts[below]).quantize(Decimal("0.1"))
    return OpenCell(kind.key, figures.show_number(exact), *shown, percent=exact)

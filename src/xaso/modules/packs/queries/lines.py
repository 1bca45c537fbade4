"""Live figures written as lines of a pack, and the rows they stand on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from xaso.core.access import SYSTEM
from xaso.core.measures import queries as measures
from xaso.core.measures.periods import Period, find_period, period_of
from xaso.core.units.models import Unit
from xaso.kit.errors import Missing
from xaso.modules.figures import queries as figures
from xaso.modules.packs import rules
from xaso.modules.packs.rules import Line, Rows

Value = figures.Value


def lines_of(unit: Unit, period: Period, keys: Sequence[str]) -> list[Line]:
    """What the figures say of a unit now, as lines ready to be sealed."""
    catalogue, found = figures.catalogue(), figures.values(keys, [unit], period)
    return [line_of(key, catalogue[key].label, found[key, unit.path]) for key in keys]


def line_of(key: str, label: str, value: Value) -> Line:
    """One value of figures as a line. A computed one names its measures, so that sealing keeps its rows."""
    kind = figures.catalogue().get(value.key)
    return Line(
        key=key,
        label=label,
        type=value.type,
        unit=kind.unit if kind else "",
        comparator=value.comparator or "=",
        number=value.number,
        numerator=value.numerator,
        denominator=value.denominator,
        text=value.text or "",
        origin=value.origin,
        source=str(value.source or ""),
        document=str(value.document or ""),
        as_of=str(value.as_of or ""),
        figure=value.key,
        period=value.period_key,
        measures=measures_of(value.key) if value.origin == "computed" else (),
    )


def measures_of(key: str) -> tuple[str, ...]:
    """Every measure a figure is computed from, in order and once."""
    kind = figures.catalogue().get(key)
    if kind is None:
        return ()
    if kind.measure:
        return (kind.measure,)
    return tuple(dict.fromkeys(measure for part in kind.parts for measure in measures_of(part)))


def rows_behind(unit_path: str, period: Period, keys: Iterable[str]) -> dict[str, Rows]:
    """The rows each measure counts now: how many, their digest, and which while they are few."""
    return {key: _rows(key, unit_path, period) for key in keys}


def _rows(key: str, unit_path: str, period: Period) -> Rows:
    try:
        rows = measures.rows(SYSTEM, key, unit_path, period).order_by("pk")
    except Missing:  # a stock whose rows nobody may open is kept as its count
        return Rows(key, measures.totals([key], unit_path, period)[key], "")
    return rules.rows_of(key, rows.values_list("pk", flat=True).iterator(5_000))


def period_named(key: str) -> Period:
    """Also the one from January to some month, whose key has both: 2024-01..05."""
    year, _, last = key.partition("-01..")
    found = period_of(f"{year}-{last}").cumulative if last else find_period(key)
    if found is None:
        raise ValueError(f"a pack names no period by {key!r}")
    return found


def with_rows(lines: Sequence[Line], unit: Unit, period: Period) -> list[Line]:
    """The lines with the rows their measures stand on now; each measure is walked once for each period."""
    seen: dict[tuple[str, str], Rows] = {}
    for line in lines:
        for key in line.measures:
            where = line.period or period.key
            if (key, where) not in seen:
                seen[key, where] = _rows(key, unit.path, period_named(where))
    return [replace(line, rows=tuple(seen[key, line.period or period.key] for key in line.measures)) for line in lines]

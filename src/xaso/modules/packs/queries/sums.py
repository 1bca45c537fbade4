"""The province as the sum of what its communes signed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from xaso.core.measures.periods import Period
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.modules.packs import rules
from xaso.modules.packs.models import Pack
from xaso.modules.packs.queries.signed import check, contents, signed
from xaso.modules.packs.rules import Line


@dataclass(frozen=True, slots=True)
class SumLine:
    """A line of many packs, added. `of` lists every pack and what it gave, `without` the units that gave nothing."""

    key: str
    label: str
    type: str
    unit: str
    comparator: str
    number: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    of: tuple[tuple[Pack, Line], ...]
    without: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class ProvinceSum:
    """Σ of the signed packs. `silent` have not signed, `refused` signed what is no longer what they signed."""

    values: dict[str, SumLine]
    counted: list[Pack]
    silent: list[Unit]
    refused: list[tuple[Unit, str]]


def summed(path: str, period: Period, kind: str) -> ProvinceSum:
    """The latest pack of each commune under the path, added line by line; a silent one is never zero."""
    latest = signed(path, period, kind)
    refused = [(one.unit, fault) for one in latest if (fault := check(one))]
    broken = {unit.pk for unit, _ in refused}
    counted = [one for one in latest if one.unit_id not in broken]
    spoken = {one.unit_id for one in latest}
    silent = [unit for unit in communes_of(path, period) if unit.pk not in spoken]
    return ProvinceSum(_values(counted), counted, silent, refused)


def communes_of(path: str, period: Period) -> list[Unit]:
    """Communes under the path on the last day of the period, or today while it runs."""
    day = min(period.last, max(clock.today(), period.since))
    return list(Unit.objects.on(day).under(path).communes().order_by("path"))


def _values(counted: Sequence[Pack]) -> dict[str, SumLine]:
    given: dict[str, list[tuple[Pack, Line]]] = defaultdict(list)
    for one in counted:
        for line in contents(one).lines:
            given[line.key].append((one, line))
    return {key: _sum(pairs, counted) for key, pairs in given.items()}


def _sum(pairs: Sequence[tuple[Pack, Line]], counted: Sequence[Pack]) -> SumLine:
    first = pairs[0][1]
    of = tuple((pack, line) for pack, line in pairs if rules.addable(line) and line.type == first.type)
    total = rules.add_up([line for _, line in of])
    gave = {pack.pk for pack, _ in of}
    without = tuple(pack.unit for pack in counted if pack.pk not in gave)
    return SumLine(
        first.key, first.label, first.type, first.unit,
        total.comparator, total.number, total.numerator, total.denominator, of, without,
    )  # fmt: skip

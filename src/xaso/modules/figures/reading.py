"""Reads what a page of figures needs in few statements, and works every value out once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from django.db.models import Q, QuerySet

from xaso.core.measures import queries as measures
from xaso.core.measures.periods import Period, find_period, key_of, period_of
from xaso.kit import clock
from xaso.modules.figures.counted import measured, value_of_count
from xaso.modules.figures.definitions import AMOUNTS, SHARES, FigureKind
from xaso.modules.figures.models import Declared
from xaso.modules.figures.rules.covering import covering
from xaso.modules.figures.rules.values import NOT_APPLICABLE, Value, chosen, share, share_of, summed, total

MANY = 300
"""More paths than this are asked for as one range, which two databases answer faster than a list."""


class Sheet:
    """Values of some figures of some units in one period, each worked out when it is first asked for."""

    def __init__(self, kinds: Mapping[str, FigureKind], paths: list[str], period: Period, sub_population: str) -> None:
        self.kinds = kinds
        self.paths = list(dict.fromkeys(paths))
        self.period = period
        self.sub_population = sub_population
        self._known_on = min(period.last, clock.today())
        self._labels = {key: measure.label for key, measure in measures.catalogue().items()}
        self._measured: dict[tuple[str, str], int] = {}
        self._declared: dict[tuple[str, str], list[Declared]] = {}
        self._done: dict[tuple[str, str], Value] = {}

    def fill(self, keys: Iterable[str]) -> None:
        """Read everything these figures rest on."""
        needed = self._closure(keys)
        wanted = {one.measure for one in needed if one.measure}
        if wanted and not self.sub_population and self.period.since <= clock.today():
            self._measured = measured(wanted, self.paths, self.period)
        for row in self.rows({one.key for one in needed}):
            self._declared.setdefault((row.key, row.unit_path), []).append(row)

    def value(self, key: str, path: str) -> Value:
        found = self._done.get((key, path))
        if found is None:
            kind = self.kinds[key]
            blank = Value(key, kind.type, path, self.period.key, sub_population=self.sub_population)
            found = chosen(self._computed(kind, blank), self._stated(kind, blank)) or blank
            self._done[key, path] = found
        return found

    def _closure(self, keys: Iterable[str]) -> list[FigureKind]:
        found: dict[str, FigureKind] = {}
        waiting = list(keys)
        while waiting:
            kind = self.kinds[waiting.pop()]
            if kind.key not in found:
                found[kind.key] = kind
                waiting += kind.parts
        return list(found.values())

    def rows(self, keys: Collection[str]) -> QuerySet[Declared]:
        """What was declared that may count in this period."""
        stock = Q(period_key="", as_of__gte=date(self.period.last.year, 1, 1), as_of__lte=self.period.last)
        rows = current().filter(stock | Q(period_key__in=_spans_of(self.period)), key__in=keys)
        rows = rows.filter(sub_population=self.sub_population)
        if len(self.paths) <= MANY:
            return rows.filter(unit_path__in=self.paths)
        return rows.filter(unit_path__gte=min(self.paths), unit_path__lte=max(self.paths))

    def _computed(self, kind: FigureKind, blank: Value) -> Value | None:
        path = blank.unit_path
        if kind.measure:
            count = self._measured.get((kind.measure, path))
            return None if count is None else value_of_count(blank, count, self._labels[kind.measure], self._known_on)
        if kind.numerator:
            return share(blank, self.value(kind.numerator, path), self.value(kind.denominator, path))
        return total(blank, [self.value(key, path) for key in kind.sum]) if kind.sum else None

    def _stated(self, kind: FigureKind, blank: Value) -> Value | None:
        rows = self._declared.get((blank.key, blank.unit_path))
        if not rows:
            return None
        if kind.kind == "stock":
            known = [row for row in rows if not row.period_key]
            return value_of(blank, max(known, key=lambda row: row.as_of)) if known else None
        by_key = {row.period_key: row for row in rows if row.period_key}
        if exact := by_key.get(self.period.key):
            return value_of(blank, exact)
        if kind.type not in AMOUNTS:
            return None
        spans = covering(self.period.since, self.period.until, [one for key in by_key if (one := find_period(key))])
        return summed(blank, [value_of(blank, by_key[span.key]) for span in spans]) if spans else None


def current() -> QuerySet[Declared]:
    """Declared, approved and not replaced."""
    return Declared.objects.filter(state=Declared.State.APPROVED, replaced_by=None)


def value_of(blank: Value, row: Declared) -> Value:
    """A share proves itself by its two parts; a declared count is what its source says."""
    is_share = blank.type in SHARES
    number, above, below = row.number, row.numerator, row.denominator
    if is_share and above is not None and below:
        number = share_of(above, below)
    is_known = number is not None or bool(row.text)
    return Value(
        blank.key,
        blank.type,
        blank.unit_path,
        blank.period_key,
        row.comparator,
        number,
        above,
        below,
        text=row.text if is_known else NOT_APPLICABLE,
        origin="declared" if is_known else "missing",
        is_verified=is_known and (below is not None or not is_share),
        source=row.source,
        supplier=row.supplier,
        document=row.document,
        as_of=row.as_of,
        confidence=row.confidence,
        sub_population=row.sub_population,
    )


def _spans_of(period: Period) -> list[str]:
    """The period itself and every shorter one inside it."""
    found = {period.key}
    for month in period.months:
        day = date(month // 100, month % 100, 1)
        for kind in ("month", "quarter", "half", "nine"):
            span = period_of(key_of(kind, day))
            if period.since <= span.since and span.until <= period.until:
                found.add(span.key)
    return sorted(found)

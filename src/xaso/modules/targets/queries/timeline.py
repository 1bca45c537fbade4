"""One line of time for a target: every promise made of it, what was reached each year, and the milestones ahead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from xaso.core.measures.periods import period_of
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.modules.figures import queries as figures
from xaso.modules.figures.queries import Value
from xaso.modules.targets.models import Target
from xaso.modules.targets.queries.showing import wanted_words

MOST_YEARS = 8


@dataclass(frozen=True, slots=True)
class Moment:
    """A year in the life of a target. `amount` is the number for a chart, None where there is none."""

    year: int
    kind: Literal["target", "actual", "milestone"]
    words: str
    amount: float | None = None
    target: Target | None = None
    is_self: bool = False
    note: str = ""

    @property
    def counts(self) -> bool:
        """Was it replaced or given up, it is history and no bar to reach."""
        return self.target is None or self.target.is_active


def chain_of(target: Target) -> list[Target]:
    """The promise, what it took the place of, and what took its place: oldest first."""
    rows = Target.objects.select_related("plan", "replaces", "replaced_by")
    found = [rows.get(pk=target.pk)]
    while found[0].replaces_id:
        found.insert(0, rows.get(pk=found[0].replaces_id))
    while newer := rows.filter(replaces=found[-1].pk).first():
        found.append(newer)
    return found


def timeline(target: Target) -> list[Moment]:
    """By year. Other promises of the same figure (40 % in 2024, 60 % in 2025) stand on the same line."""
    promises = _promises(target)
    moments = [_promise(one, target) for one in promises]
    moments += [_milestone(year, text, target) for year, text in target.milestones.items() if year.isdecimal()]
    moments += _actuals(target, [one.year for one in promises])
    order = {"actual": 0, "target": 1, "milestone": 2}
    return sorted(moments, key=lambda one: (one.year, order[one.kind]))


def _promises(target: Target) -> list[Target]:
    chain = chain_of(target)
    if not target.figure:
        return chain
    same = Target.objects.filter(figure=target.figure, unit_path=target.unit_path, kind=target.kind)
    known = {one.pk for one in chain}
    return chain + list(same.exclude(pk__in=known).select_related("plan", "replaced_by").order_by("due_on", "id"))


def _promise(one: Target, asked: Target) -> Moment:
    note = ""
    if one.state == Target.State.REPLACED:
        note = f"đã thay: {one.closed_reason} ({one.closed_document})"
    elif one.state == Target.State.DROPPED:
        note = f"không thực hiện: {one.closed_reason} ({one.closed_document})"
    amount = float(one.value) if one.value is not None else None
    return Moment(one.year, "target", wanted_words(one) or "chưa ghi con số", amount, one, one.pk == asked.pk, note)


def _milestone(year: str, text: str, target: Target) -> Moment:
    plain = text.replace(",", ".")
    amount = float(plain) if plain.replace(".", "", 1).isdecimal() else None
    words = f"{text} {target.measure_unit}".strip() if amount is not None else text
    return Moment(int(year), "milestone", words, amount)


def _actuals(target: Target, years: list[int]) -> list[Moment]:
    if target.figure not in figures.catalogue() or target.kind != Target.Kind.FIGURE:
        return []
    unit: Unit = target.plan.unit
    first, last = min(years) - 1, min(max(years), clock.today().year)
    found = []
    for year in range(max(first, last - MOST_YEARS + 1), last + 1):
        value = figures.value(target.figure, unit, period_of(str(year)))
        if not value.is_missing:
            found.append(_actual(year, value))
    return found


def _actual(year: int, value: Value) -> Moment:
    amount = float(value.number) if value.number is not None else None
    note = "" if value.is_verified else "chưa kiểm chứng"
    if value.as_of:
        note = ", ".join(part for part in (f"đến {value.as_of:%d/%m/%Y}", note) if part)
    return Moment(year, "actual", figures.shown(value), amount, note=note)

"""What became of targets: the actual value beside the promise, and the word for it. Few statements for many targets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from xaso.core.measures.periods import Period, period_of
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.modules.figures import queries as figures
from xaso.modules.figures.queries import Value
from xaso.modules.targets import rules
from xaso.modules.targets.models import Confirmation, Plan, Target, last_day
from xaso.modules.targets.queries.showing import wanted_words
from xaso.modules.targets.rules import Counts, Question, Result, Standing

SHARES = {"percent", "ratio"}
Values = Mapping[tuple[str, str, int], Value]


@dataclass(frozen=True, slots=True)
class TargetResult:
    """One target on one day. `by_figure` is what the number alone says; `result` also heeds a leader's word."""

    target: Target
    on: date
    value: Value | None
    standing: Standing
    by_figure: Result
    result: Result
    percent: Decimal | None
    confirmation: Confirmation | None

    @property
    def label(self) -> str:
        return self.result.label

    @property
    def tone(self) -> str:
        return self.result.tone

    @property
    def wanted(self) -> str:
        return wanted_words(self.target)

    @property
    def actual(self) -> str:
        """What is known, in words; "chưa có số liệu" when nothing is."""
        return figures.shown(self.value) if self.value is not None else "chưa có số liệu"

    @property
    def is_unverified(self) -> bool:
        return self.value is not None and not self.value.is_missing and not self.value.is_verified

    @property
    def is_final(self) -> bool:
        """Is the last day over? Before it, vượt and đạt are as of today."""
        return self.on > self.target.due_on

    @property
    def is_confirmed(self) -> bool:
        return self.confirmation is not None and self.result == self.confirmation.result != self.by_figure

    @property
    def has_moved(self) -> bool:
        """The number is another one than the leader saw."""
        return self.confirmation is not None and self.confirmation.actual != self.actual[:80]


def targets_of(unit: Unit, year: int) -> list[Target]:
    """Promises of approved plans that fall due in that year, without those replaced by others. In the plans' order."""
    return list(_due(year).filter(unit_path=unit.path))


def targets_along(path: str, year: int) -> list[Target]:
    """The same of the unit and of every unit above it, the highest first. One statement."""
    codes = path.rstrip(".").split(".")
    paths = [".".join(codes[:count]) + "." for count in range(1, len(codes) + 1)]
    return sorted(_due(year).filter(unit_path__in=paths), key=lambda one: len(one.unit_path))


def _due(year: int) -> QuerySet[Target]:
    rows = Target.objects.filter(
        plan__state=Plan.State.APPROVED, due_on__gte=date(year, 1, 1), due_on__lte=last_day(year)
    )
    rows = rows.exclude(state=Target.State.REPLACED).select_related("plan__unit", "head__account__person")
    return rows.order_by("plan_id", "number", "id")


def results(unit: Unit, year: int, on: date | None = None) -> list[TargetResult]:
    """Every target of the unit and year, judged on that day (today when it is left out)."""
    return results_for(targets_of(unit, year), on)


def summary(unit: Unit, year: int, on: date | None = None) -> str:
    """4/15 vượt, 11/15 đạt, 0 không đạt"""
    return counts_of([unit], year, on)[unit.path].line


def counts_of(units: Sequence[Unit], year: int, on: date | None = None) -> dict[str, Counts]:
    """unit path → how its targets of the year stand. The same few statements for one unit and for a province."""
    targets = list(_due(year).filter(unit_path__in=[unit.path for unit in units]))
    found: dict[str, list[Result]] = {unit.path: [] for unit in units}
    for one in results_for(targets, on):
        found[one.target.unit_path].append(one.result)
    return {path: rules.counted(several) for path, several in found.items()}


def result_now(target: Target) -> TargetResult:
    return results_for([target])[0]


def results_for(targets: Sequence[Target], on: date | None = None) -> list[TargetResult]:
    """Judge these targets as of a day. Their plans' units are read along when they were not."""
    day = on or clock.today()
    known = _values(targets, day)
    words = _confirmations(targets, day)
    return [_judged(target, known.get(_place(target, day)), words.get(target.pk), day) for target in targets]


def _place(target: Target, day: date) -> tuple[str, str, int]:
    """A target of 2025 asked about in 2024 is seen with the figures of 2024."""
    key = f"#{target.pk}" if target.kind == Target.Kind.UNITS_MEETING else target.figure
    return key, target.unit_path, min(day.year, target.due_on.year)


def _values(targets: Sequence[Target], day: date) -> Values:
    catalogue = figures.catalogue()
    found: dict[tuple[str, str, int], Value] = {}
    for year in sorted({min(day.year, target.due_on.year) for target in targets}):
        period = period_of(str(year))
        here = [one for one in targets if min(day.year, one.due_on.year) == year and one.figure in catalogue]
        own = [one for one in here if one.kind == Target.Kind.FIGURE]
        units = {one.unit_path: one.plan.unit for one in own}
        if own:
            known = figures.values({one.figure for one in own}, list(units.values()), period)
            found |= {(key, path, year): value for (key, path), value in known.items()}
        for one in here:
            if one.kind == Target.Kind.UNITS_MEETING:
                found[f"#{one.pk}", one.unit_path, year] = _units_meeting(one, period)
    return found


def child_units(unit: Unit, day: date) -> list[Unit]:
    """The communes under a province or district on that day."""
    return list(Unit.objects.on(day).under(unit.path).communes().exclude(pk=unit.pk).order_by("path"))


def _units_meeting(target: Target, period: Period) -> Value:
    """How many communes under the unit reach a level. Those nobody knows about make it "at least"."""
    units = child_units(target.plan.unit, min(period.last, clock.today()))
    known = figures.values([target.figure], units, period) if units else {}
    bar, better = target.each_value or Decimal(0), target.direction
    standings = [figures.compare(value, target.each_comparator, bar, better) for value in known.values()]
    comparator, number = rules.units_meeting(standings)
    is_empty = not units or all(standing == "missing" for standing in standings)
    return Value(
        target.figure,
        "count",
        target.unit_path,
        period.key,
        comparator=comparator,
        number=None if is_empty else number,
        text="chưa đơn vị nào có số liệu" if is_empty else "",
        origin="missing" if is_empty else "computed",
        is_verified=all(value.is_verified for value in known.values()),
    )


def _confirmations(targets: Iterable[Target], day: date) -> dict[int, Confirmation]:
    """The newest of each target, of those given by that day."""
    rows = Confirmation.objects.filter(target__in=[target.pk for target in targets], on__lte=day)
    return {row.target_id: row for row in rows.order_by("id")}


def _judged(target: Target, value: Value | None, word: Confirmation | None, day: date) -> TargetResult:
    standing = _standing(target, value)
    asked = Question(
        standing=standing,
        on=day,
        due_on=target.due_on,
        is_dropped=target.state == Target.State.DROPPED,
        is_yes_no=target.direction == Target.Direction.YES_NO,
        is_percent=target.is_percent or (value is not None and value.type in SHARES),
        wanted=target.value,
        actual=value.number if value else None,
        comparator=value.comparator if value else "=",
    )
    by_figure = rules.result_of(asked)
    said = Result(word.result) if word else None
    return TargetResult(
        target,
        day,
        value,
        standing,
        by_figure,
        rules.with_word(asked, said) if said else by_figure,
        rules.percent_of_plan(asked.actual, target.value, target.direction),
        word,
    )


def _standing(target: Target, value: Value | None) -> Standing:
    if value is None or value.is_missing:
        return "missing"
    if target.direction == Target.Direction.YES_NO:
        return _yes_or_no(value)
    if target.value is None:
        return "missing"
    better = "higher" if target.kind == Target.Kind.UNITS_MEETING else target.direction
    return figures.compare(value, target.comparator, target.value, better)


def _yes_or_no(value: Value) -> Standing:
    if value.number is None:
        return "unsure"
    return "equal" if value.number else "worse"

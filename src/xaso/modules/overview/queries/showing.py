"""One figure as a page shows it: the value, its proof, the distance to the target and the months before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from xaso.core.measures import queries as measures
from xaso.core.measures.declaring import family_of
from xaso.core.measures.periods import Period, months_on
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.modules.figures import queries as figures
from xaso.modules.figures.queries import FigureKind, Value
from xaso.modules.targets import queries as targets

MONTHS = 12
UNVERIFIED = "chưa kiểm chứng"
ORIGINS = {"computed": "máy tính từ dữ liệu gốc", "declared": "khai báo", "missing": ""}
TONES = {"better": "good", "equal": "good", "worse": "bad", "unsure": "warn"}


@dataclass(frozen=True, slots=True)
class Goal:
    """A target beside a value: the bar, the verdict, and both in a sentence."""

    number: Decimal
    words: str
    verdict: str
    sentence: str

    @property
    def tone(self) -> str:
        return TONES.get(self.verdict, "")


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a trend; None where nothing is known."""

    key: int
    number: Decimal | None

    @property
    def label(self) -> str:
        return f"Tháng {self.key % 100}/{self.key // 100}"

    @property
    def short(self) -> str:
        month, year = self.key % 100, self.key // 100
        return f"T{month}/{year % 100:02d}" if month == 1 else f"T{month}"

    @property
    def period(self) -> str:
        return f"{self.key // 100}-{self.key % 100:02d}"


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure of a unit and period with everything a tile says."""

    kind: FigureKind
    value: Value
    goal: Goal | None = None
    trend: tuple[Month, ...] = ()
    odd: str = ""

    @property
    def text(self) -> str:
        return "" if self.value.is_missing else figures.shown_with_unit(self.value)

    @property
    def plain(self) -> str:
        """Without what is counted, for a column that says it."""
        return "" if self.value.is_missing else figures.shown(self.value)

    @property
    def parts(self) -> str:
        above, below = self.value.numerator, self.value.denominator
        if above is None or below is None or self.value.is_missing:
            return ""
        return f"{figures.show_number(above)}/{figures.show_number(below)}"

    @property
    def origin(self) -> str:
        return ORIGINS[self.value.origin]

    @property
    def marks(self) -> tuple[str, ...]:
        """What a reader must know before believing the number."""
        if self.value.is_missing:
            return ()
        said = [self.origin]
        if not self.value.is_verified:
            said.append(UNVERIFIED)
        if self.kind.to_verify:
            said.append("cách tính cần kiểm chứng")
        if self.value.gap:
            said.append("hai nguồn lệch nhau")
        return tuple(said)


def shown_figures(keys: Iterable[str], unit: Unit, period: Period) -> list[Shown]:
    """Every figure with goal and trend, in the order asked. The same few statements however many figures."""
    kinds = [figures.kind_of(key) for key in keys]
    values = figures.values([kind.key for kind in kinds], [unit], period)
    wanted = goals_for(unit, period.last.year)
    months = trends(kinds, unit.path, period)
    return [
        Shown(kind, value, goal_of(kind, value, wanted.get(kind.key)), months.get(kind.key, ()))
        for kind in kinds
        for value in [values[kind.key, unit.path]]
    ]


def figure_and_parts(kind: FigureKind, unit: Unit, period: Period) -> tuple[Shown, list[tuple[FigureKind, Value]]]:
    """One figure with goal and trend, and the values of what it is calculated from, read together."""
    values = figures.values([kind.key, *kind.parts], [unit], period)
    value = values[kind.key, unit.path]
    goal = goal_of(kind, value, goals_for(unit, period.last.year).get(kind.key))
    months = trends([kind], unit.path, period).get(kind.key, ())
    parts = [(figures.kind_of(key), values[key, unit.path]) for key in kind.parts]
    return Shown(kind, value, goal, months), parts


def goals_for(unit: Unit, year: int) -> dict[str, Any]:
    """Figure → the target of that year: the unit's own, else the one of a unit above it."""
    return {target.figure: target for target in targets.targets_along(unit.path, year) if _is_a_bar(target)}


def _is_a_bar(target: Any) -> bool:
    return bool(target.figure) and target.kind == "figure" and target.value is not None and target.state == "active"


def goal_of(kind: FigureKind, value: Value, target: Any) -> Goal | None:
    if target is None or target.value is None:
        return None
    better = kind.better if kind.better != "none" else target.direction
    verdict = figures.compare(value, target.comparator, target.value, better)
    words = f"mục tiêu {targets.wanted_words(target)}"
    return Goal(target.value, words, verdict, f"{words}: {_distance(kind, value, target.value, verdict)}")


def _distance(kind: FigureKind, value: Value, bar: Decimal, verdict: str) -> str:
    if verdict == "missing":
        return "chưa có số liệu"
    if verdict == "unsure" or value.number is None:
        return "chưa đủ chắc để kết luận"
    if verdict == "equal":
        return "đạt"
    unit = "điểm phần trăm" if kind.type in {"percent", "ratio"} else kind.unit
    apart = figures.show_number(abs(value.number - bar).quantize(Decimal("0.01")).normalize())
    return f"{'vượt' if verdict == 'better' else 'còn cách'} {apart} {unit}".rstrip()


@dataclass(frozen=True, slots=True)
class Question:
    """The measures a monthly number is made of; `below` is empty for a count."""

    above: str
    below: str = ""


def measured_by(kind: FigureKind) -> Question | None:
    """The measures behind a figure that can be asked month by month, or None."""
    catalogue = figures.catalogue()
    if kind.measure:
        return Question(kind.measure) if _has_months(kind.measure) else None
    if kind.numerator:
        above, below = catalogue[kind.numerator].measure, catalogue[kind.denominator].measure
        return Question(above, below) if _has_months(above) and _has_months(below) else None
    return None


def _has_months(key: str) -> bool:
    family = family_of(key) if key else None
    return family is not None and any(one.key == key for one in family.adding_up())


def trends(kinds: Sequence[FigureKind], path: str, period: Period, count: int = MONTHS) -> dict[str, tuple[Month, ...]]:
    """Figure → its last months up to the period's end, of those that live rows count. One statement.

    Asked after the values of the same figures: what was marked has been counted anew by then.
    """
    asked = {kind.key: question for kind in kinds if (question := measured_by(kind))}
    if not asked:
        return {}
    counted = measures.by_month(keys_of(asked.values()), path, months_before(period, count), is_fresh=is_begun(period))
    return {
        key: tuple(Month(month, number_of(question, row)) for month, row in sorted(counted.items()))
        for key, question in asked.items()
    }


def keys_of(asked: Iterable[Question]) -> list[str]:
    """With the measure that counts every row of the family: a month without rows is unknown, not zero."""
    keys = [key for one in asked for key in (one.above, one.below) if key]
    return list(dict.fromkeys([*keys, *(whole for key in keys if (whole := whole_of(key)))]))


def whole_of(key: str) -> str:
    """The measure of the same family that counts all of its rows, or empty."""
    family = family_of(key)
    wholes = [one.key for one in family.adding_up() if one.where is None and one.amount is None] if family else []
    return wholes[0] if wholes else ""


def number_of(question: Question, row: Mapping[str, int]) -> Decimal | None:
    above, below = row.get(question.above, 0), row.get(question.below, 0)
    if question.below:
        same = family_of(question.above) is family_of(question.below)
        return Decimal(above) * 100 / below if below and (same or _is_known(question.above, row)) else None
    return Decimal(above) if _is_known(question.above, row) else None


def _is_known(key: str, row: Mapping[str, int]) -> bool:
    """Are there rows of the measure's family at all?"""
    return bool(row.get(whole_of(key) or key, 0))


def is_begun(period: Period) -> bool:
    """What lies ahead is not counted by the questions for its values, so nothing of it was counted anew."""
    return period.since <= clock.today()


def months_before(period: Period, count: int) -> Period:
    """The months up to the period's end, or up to this month while it runs."""
    last = min(period.last, clock.today())
    first = months_on(last.year, last.month, 1 - count)
    return Period("", "", f"{count} tháng", first, months_on(last.year, last.month, 1))

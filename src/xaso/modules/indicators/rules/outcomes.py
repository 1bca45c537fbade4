"""What one component comes to: the share of its points that the figures give, and why, in a sentence.

A share is an exact fraction between 0 and 1; points are rounded only when the maximum is known (`totals`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from xaso.kit.fold import fold
from xaso.modules.indicators.definitions import (
    Bands,
    Choice,
    Component,
    CountT,
    Doc,
    Info,
    Level,
    PassFail,
    PerPop,
    Ratio,
    RatioT,
    Relative,
    Split,
    Step,
    YesNo,
)
from xaso.modules.indicators.rules import passing
from xaso.modules.indicators.rules.numbers import MISSING, Reading, exact, half_up, percent, said

State = Literal["scored", "missing", "not_applicable", "info", "passed", "failed"]
ONE = Fraction(1)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a unit's score is made from. `best`: of each figure, the best value among the province's communes."""

    readings: Mapping[str, Reading]
    year: int
    best: Mapping[str, Decimal] = field(default_factory=dict)
    ratio_places: int | None = None

    def of(self, key: str) -> Reading:
        return self.readings.get(key, MISSING)


@dataclass(frozen=True, slots=True)
class Outcome:
    state: State
    share: Fraction | None = None
    explanation: str = ""


def missing(explanation: str) -> Outcome:
    return Outcome("missing", None, explanation)


NO_DATA = missing("Chưa có số liệu.")


def outcome_of(component: Component, facts: Facts, passed: Mapping[str, State] | None = None) -> Outcome:
    """The outcome of a component; `passed` holds the states of the components that a PASSFAIL may name."""
    if not component.applies:
        return Outcome("not_applicable", None, "Không áp dụng đối với cấp xã.")
    if component.applies_when and facts.of(component.applies_when).answer is False:
        return Outcome("not_applicable", None, "Chưa áp dụng đối với đơn vị này.")
    formula = component.formula
    if isinstance(formula, PassFail):
        state, explanation = passing.judged(formula, facts.of, passed or {})
        share = {"passed": ONE, "failed": Fraction(0)}.get(state)
        return Outcome(state, share, explanation)
    return _BY_TYPE[type(formula)](formula, facts)


def ratio(formula: Ratio | RatioT, facts: Facts) -> Outcome:
    """a of b, at most 1; against a threshold when there is one."""
    two = both_of(formula, facts.of)
    if two is None:
        number = facts.of(formula.share).number if formula.share else None
        if number is None:
            return NO_DATA
        reached, told = exact(number) / 100, f"{said(number)} %, chưa có tử số và mẫu số"
    else:
        a, b = (two[1], two[0]) if formula.inverse else two
        if not b or not two[1]:
            return _ratio_of_nothing(formula, two)
        reached, told = exact(a) / exact(b), f"{said(a)}/{said(b)} = {percent(exact(a) / exact(b))}"
    if formula.times:
        factor = facts.of(formula.times).number
        if factor is None:
            return missing("Chưa có tỷ lệ đồng bộ để nhân.")
        reached, told = reached * min(exact(factor) / 100, ONE), f"{told}, nhân {said(factor)} %"
    if facts.ratio_places is not None:
        reached = exact(half_up(reached * 100, facts.ratio_places)) / 100
    return (
        against(reached * 100, exact(formula.threshold), f"{told}", " %")
        if isinstance(formula, RatioT)
        else Outcome("scored", capped(reached), f"{told}.")
    )


def _ratio_of_nothing(formula: Ratio | RatioT, two: tuple[Decimal, Decimal]) -> Outcome:
    """Nothing to divide by. In an inverse ratio a divides: no time used of the time allowed is the best there is."""
    if formula.inverse and two[1]:
        return Outcome("scored", ONE, f"0/{said(two[1])}.")
    return Outcome("not_applicable", None, "Mẫu số bằng 0 nên không áp dụng.")


def both_of(formula: Ratio | RatioT, of: Callable[[str], Reading]) -> tuple[Decimal, Decimal] | None:
    """Numerator (after what is taken off) and denominator, when both are known.

    A share that carries its own two numbers goes first: it has decided between counted and declared already.
    """
    share = of(formula.share) if formula.share else MISSING
    a, b = share.numerator, share.denominator
    if a is None or b is None:
        if share.number is not None:
            return None
        a, b = of(formula.a).number, of(formula.b).number
    if a is None or b is None:
        return None
    for key in formula.less:
        off = of(key).number
        if off is None:
            return None
        a -= off
    return max(a, Decimal(0)), b


def against(value: Fraction, threshold: Fraction, told: str, unit: str = "") -> Outcome:
    """At the threshold and above: everything. Below: the part of the way."""
    return Outcome("scored", capped(value / threshold), f"{told}, đủ điểm từ {said(threshold)}{unit}.")


def capped(share: Fraction) -> Fraction:
    return max(Fraction(0), min(share, ONE))


def bands(formula: Bands, facts: Facts) -> Outcome:
    number = facts.of(formula.figure).number
    if number is None:
        return NO_DATA
    band = next((one for one in reversed(formula.bands) if number >= one.from_), formula.bands[0])
    words = band.label or (
        f"từ {said(band.from_)} trở lên" if band.below is None else f"từ {said(band.from_)} đến dưới {said(band.below)}"
    )
    return Outcome(
        "scored", exact(band.share), f"{said(number)}: bậc {words}, được {percent(exact(band.share))} số điểm."
    )


def choice(formula: Choice, facts: Facts) -> Outcome:
    text = facts.of(formula.figure).text.strip()
    if not text:
        return NO_DATA
    option = next((one for one in formula.options if text == one.key or fold(text) == fold(one.label)), None)
    if option is None:
        return missing(f"“{text}” không phải một lựa chọn của tiêu chí này.")
    return Outcome("scored", exact(option.share), f"{option.label}.")


def split(formula: Split, facts: Facts) -> Outcome:
    answers = [(part, facts.of(part.figure).answer) for part in formula.parts]
    if unknown := [part.label for part, answer in answers if answer is None]:
        return missing(f"Chưa có số liệu: {'; '.join(unknown)}.")
    whole = sum((exact(part.weight) for part, _ in answers), Fraction(0))
    got = sum((exact(part.weight) for part, answer in answers if answer), Fraction(0))
    told = "; ".join(f"{part.label}: {'có' if answer else 'chưa'}" for part, answer in answers)
    return Outcome("scored", got / whole, f"{told}.")


def yes_no(formula: YesNo, facts: Facts) -> Outcome:
    answer = facts.of(formula.figure).answer
    if answer is None:
        return NO_DATA
    return Outcome("scored", ONE if answer else Fraction(0), "Có." if answer else "Chưa có.")


def doc(formula: Doc, facts: Facts) -> Outcome:
    answer = facts.of(formula.figure).answer
    if not answer:
        return NO_DATA if answer is None else Outcome("scored", Fraction(0), "Chưa có văn bản.")
    if not (formula.issued and formula.due):
        return Outcome("scored", ONE, "Có văn bản.")
    issued = day_of(facts.of(formula.issued).text)
    if issued is None:
        return missing("Chưa ghi ngày ban hành văn bản.")
    due = date(facts.year, *(int(part) for part in formula.due.split("-")))
    if issued <= due:
        return Outcome("scored", ONE, f"Ban hành ngày {issued:%d/%m/%Y}, kịp hạn {due:%d/%m/%Y}.")
    return Outcome("scored", exact(formula.late), f"Ban hành ngày {issued:%d/%m/%Y}, quá hạn {due:%d/%m/%Y}.")


def day_of(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None


def count_t(formula: CountT, facts: Facts) -> Outcome:
    number = facts.of(formula.figure).number
    if number is None:
        return NO_DATA
    threshold, told = exact(formula.threshold), said(number)
    if formula.per:
        per = facts.of(formula.per).number
        if per is None:
            return NO_DATA
        if not per:
            return Outcome("not_applicable", None, "Mẫu số bằng 0 nên không áp dụng.")
        threshold = threshold * exact(per)
    return against(exact(number), threshold, told)


def per_pop(formula: PerPop, facts: Facts) -> Outcome:
    a, population = facts.of(formula.a).number, facts.of(formula.population).number
    if a is None or population is None:
        return NO_DATA
    if not population:
        return Outcome("not_applicable", None, "Mẫu số bằng 0 nên không áp dụng.")
    value = exact(a) / exact(population) * formula.per
    return against(value, exact(formula.threshold), f"{said(value)} trên {formula.per} người")


def relative(formula: Relative, facts: Facts) -> Outcome:
    number = facts.of(formula.figure).number
    if number is None:
        return NO_DATA
    best = max(number, facts.best.get(formula.figure, number))
    if best <= 0:
        return Outcome("not_applicable", None, "Chưa xã nào có kết quả để so sánh.")
    return Outcome("scored", capped(exact(number) / exact(best)), f"{said(number)}, cao nhất tỉnh là {said(best)}.")


def level(formula: Level, facts: Facts) -> Outcome:
    number = facts.of(formula.figure).number
    if number is None:
        return NO_DATA
    step = step_of(formula.steps, exact(number))
    return Outcome("info", None, f"Mức {step.level}: {step.label}." if step else "Chưa xếp mức.")


def step_of(steps: tuple[Step, ...], value: Fraction) -> Step | None:
    """The highest step that the value reaches."""
    return next((one for one in reversed(steps) if value >= exact(one.from_)), None)


def info(formula: Info, facts: Facts) -> Outcome:
    unknown = [key for key in formula.figures if facts.of(key).is_missing]
    return NO_DATA if unknown and len(unknown) == len(formula.figures) else Outcome("info", None, "Không tính điểm.")


_BY_TYPE: dict[type, Callable[[Any, Facts], Outcome]] = {
    Ratio: ratio,
    RatioT: ratio,
    Bands: bands,
    Choice: choice,
    Split: split,
    YesNo: yes_no,
    Doc: doc,
    CountT: count_t,
    PerPop: per_pop,
    Relative: relative,
    Level: level,
    Info: info,
}

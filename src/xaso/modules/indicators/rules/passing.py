"""Met or not met: one condition that fails decides, whatever else is not known yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from xaso.modules.indicators.definitions import Condition, PassFail
from xaso.modules.indicators.rules.numbers import MISSING, Reading, exact, percent, said

Judged = Literal["passed", "failed", "missing", "not_applicable"]
WORDS: dict[Judged, str] = {
    "passed": "đạt",
    "failed": "chưa đạt",
    "missing": "chưa có số liệu",
    "not_applicable": "không áp dụng",
}


def judged(formula: PassFail, of: Callable[[str], Reading], states: Mapping[str, str]) -> tuple[Judged, str]:
    """All together, and the sentence that tells each."""
    found: list[tuple[str, Judged]] = []
    for one in formula.conditions:
        state, told = _condition(one, of)
        found.append((f"{one.label}: {told}", state))
    for code in formula.all_of:
        state = _known(states.get(code, "missing"))
        found.append((f"{code}: {WORDS[state]}", state))
    return together([state for _, state in found]), "; ".join(told for told, _ in found) + "."


def together(states: list[Judged]) -> Judged:
    for state in ("failed", "missing", "passed"):
        if state in states:
            return state
    return "not_applicable"


def _known(state: str) -> Judged:
    return "passed" if state == "passed" else "failed" if state == "failed" else _unknown(state)


def _unknown(state: str) -> Judged:
    return "not_applicable" if state == "not_applicable" else "missing"


def _condition(one: Condition, of: Callable[[str], Reading]) -> tuple[Judged, str]:
    if one.figure and one.at_least is None and one.at_most is None:
        answer = of(one.figure).answer
        return (
            ("missing", WORDS["missing"]) if answer is None else ("passed", "có") if answer else ("failed", "chưa có")
        )
    value, told = _value(one, of)
    if value is None:
        state: Judged = "not_applicable" if told else "missing"
        return state, WORDS[state]
    if one.at_least is not None:
        return ("passed" if value >= exact(one.at_least) else "failed"), f"{told}, cần từ {said(one.at_least)} trở lên"
    most = one.at_most or Decimal(0)
    return ("passed" if value <= exact(most) else "failed"), f"{told}, cần không quá {said(most)}"


def _value(one: Condition, of: Callable[[str], Reading]) -> tuple[Fraction | None, str]:
    """The value in percent or as a number. No value with words: nothing to divide by."""
    if one.figure:
        number = of(one.figure).number
        return (None, "") if number is None else (exact(number), said(number))
    share = of(one.share) if one.share else MISSING
    a, b = share.numerator, share.denominator
    if (a is None or b is None) and share.number is not None:
        return exact(share.number), f"{said(share.number)} %"
    if a is None or b is None:
        a, b = (of(key or "").number for key in (one.a, one.b))
    if a is None or b is None:
        return None, ""
    if not b:
        return None, WORDS["not_applicable"]
    value = exact(a) / exact(b)
    return value * 100, f"{said(a)}/{said(b)} = {percent(value)}"

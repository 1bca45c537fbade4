"""What a number with "hơn", "gần", "ít nhất" can be, and what that says about reaching a target."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from xaso.modules.figures.rules.values import HUNDRED, Value

Verdict = Literal["better", "equal", "worse", "unsure", "missing"]

NEAR = Decimal("0.1")
"""“Gần 90” lies within a tenth below 90, “nhỉnh hơn 90” within a tenth above. Our reading; no text defines it."""

STRICT = frozenset({">", "<"})


@dataclass(frozen=True, slots=True)
class Interval:
    """Everything the number can be. `low` None: no lower end; an end belongs to it unless it is open."""

    low: Decimal | None
    high: Decimal | None
    low_open: bool = False
    high_open: bool = False

    def above(self, number: Decimal) -> bool:
        """All of it is more than the number."""
        return self.low is not None and (self.low > number or (self.low == number and self.low_open))

    def below(self, number: Decimal) -> bool:
        return self.high is not None and (self.high < number or (self.high == number and self.high_open))

    def is_only(self, number: Decimal) -> bool:
        return self.low == self.high == number

    def holds(self, number: Decimal) -> bool:
        return not self.above(number) and not self.below(number)


def interval(comparator: str, number: Decimal, value_type: str = "count") -> Interval:
    """Who knows of 100 % does not write "hơn 98 %", so a share that is "more than" stays under 100."""
    least, most = _ends(value_type, number)
    match comparator:
        case ">":
            return Interval(number, most, low_open=True, high_open=True)
        case ">=":
            return Interval(number, most)
        case "<":
            return Interval(least, number, high_open=True)
        case "<=":
            return Interval(least, number)
        case "~<":
            return Interval(number - abs(number) * NEAR, number, high_open=True)
        case "~>":
            top = number + abs(number) * NEAR
            return Interval(number, min(top, most) if most is not None else top, low_open=True)
        case "=":
            return Interval(number, number)
    raise ValueError(f"no comparator {comparator!r}")


def _ends(value_type: str, number: Decimal) -> tuple[Decimal, Decimal | None]:
    least = Decimal(1) if value_type == "rank" else min(Decimal(0), number)
    most = HUNDRED if value_type in {"percent", "ratio"} and number < HUNDRED else None
    return least, most


def compare(actual: Value, target_comparator: str, target_number: Decimal, better: str) -> Verdict:
    """Has the target been passed (better), met (equal) or missed (worse)? Unsure where the wording leaves it open.

    The target's number is the bar; with ">" or "<" standing exactly on it is not enough. Without a direction
    (`better` = "none") the actual value has to lie within what the target's words allow.
    """
    if actual.is_missing:
        return "missing"
    if actual.number is None:
        return "unsure"
    known = interval(actual.comparator, actual.number, actual.type)
    if better == "none":
        return _within(known, interval(target_comparator, target_number, actual.type))
    return _against(known, target_number, better == "higher", target_comparator in STRICT)


def _against(known: Interval, bar: Decimal, higher: bool, strict: bool) -> Verdict:
    beyond, short = (known.above, known.below) if higher else (known.below, known.above)
    if beyond(bar):
        return "better"
    if short(bar):
        return "worse"
    if known.is_only(bar):
        return "worse" if strict else "equal"
    # Standing on the bar or beyond it: met for certain, whether passed is open.
    reached = known.low == bar if higher else known.high == bar
    return "equal" if reached and not strict else "unsure"


def _within(known: Interval, allowed: Interval) -> Verdict:
    if _apart(known, allowed):
        return "worse"
    low = allowed.low is None or known.above(allowed.low) or (known.low == allowed.low and not allowed.low_open)
    high = allowed.high is None or known.below(allowed.high) or (known.high == allowed.high and not allowed.high_open)
    return "equal" if low and high else "unsure"


def _apart(known: Interval, allowed: Interval) -> bool:
    """No number lies in both."""
    for one, other in ((known, allowed), (allowed, known)):
        if one.low is not None and other.high is not None:
            touching = one.low == other.high and (one.low_open or other.high_open)
            if one.low > other.high or touching:
                return True
    return False

"""Ranking, outliers, classes of the map. Plain arithmetic over numbers already known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

FAR = Decimal("3.5")
MAD_TO_SIGMA = Decimal("0.6745")
FEWEST_TO_COMPARE = 8
NOTABLE = Decimal(5)
WHOLE = Decimal(100)
FEWEST_SHARES = 3
LETTERS = ("A", "B", "C", "D")


@dataclass(frozen=True, slots=True)
class Standing:
    """A unit's number as it takes part in a ranking."""

    path: str
    kind: str
    number: Decimal | None
    is_verified: bool = True


def ranked(standings: Iterable[Standing], *, higher_is_better: bool = True) -> dict[str, int]:
    """Rank within units of the same kind: path → 1, 2, 2, 4. What is missing or cannot be verified has no rank."""
    by_kind: dict[str, list[Standing]] = {}
    for one in standings:
        if one.number is not None and one.is_verified:
            by_kind.setdefault(one.kind, []).append(one)
    found: dict[str, int] = {}
    for group in by_kind.values():
        ordered = sorted((one.number for one in group if one.number is not None), reverse=higher_is_better)
        first = {number: place for place, number in reversed(list(enumerate(ordered, start=1)))}
        found |= {one.path: first[one.number] for one in group if one.number is not None}
    return found


@dataclass(frozen=True, slots=True)
class Odd:
    """A number far from the others, with what the others are."""

    middle: Decimal
    low: Decimal
    high: Decimal
    is_above: bool


def outliers(numbers: Mapping[str, Decimal]) -> dict[str, Odd]:
    """Numbers more than 3.5 robust deviations from the middle (median absolute deviation); path → why.

    Where more than half are equal the deviation is zero; then what differs by five or more is told. Few numbers tell
    nothing.
    """
    if len(numbers) < FEWEST_TO_COMPARE:
        return {}
    middle = median(numbers.values())
    spread = median(abs(number - middle) for number in numbers.values())
    ordered = sorted(numbers.values())
    low, high = ordered[len(ordered) // 4], ordered[(3 * len(ordered)) // 4]
    return {
        path: Odd(middle, low, high, number > middle)
        for path, number in numbers.items()
        if _is_far(abs(number - middle), spread)
    }


def _is_far(distance: Decimal, spread: Decimal) -> bool:
    if not spread:
        return distance >= NOTABLE
    return distance >= NOTABLE and MAD_TO_SIGMA * distance / spread > FAR


def too_good(shares: Sequence[tuple[Decimal | None, bool]]) -> bool:
    """A unit whose every share is 100 % and none has a numerator and a denominator. `shares`: (number, is_verified)."""
    known = [(number, verified) for number, verified in shares if number is not None]
    return len(known) >= FEWEST_SHARES and all(number >= WHOLE and not verified for number, verified in known)


def bounds_of(numbers: Iterable[Decimal], target: Decimal | None, *, higher_is_better: bool) -> tuple[Decimal, ...]:
    """Where the classes of the map part. With a target the first class has reached it; the rest are equal thirds."""
    known = sorted(numbers, reverse=higher_is_better)
    if not known:
        return ()
    if target is not None:
        behind = [number for number in known if (number < target if higher_is_better else number > target)]
        return (target, *_cuts(behind, 3))
    return _cuts(known, 4)


def _cuts(ordered: Sequence[Decimal], parts: int) -> tuple[Decimal, ...]:
    """The last number of each part but the last, once each."""
    if not ordered:
        return ()
    ends = [ordered[max(0, len(ordered) * part // parts - 1)] for part in range(1, parts)]
    return tuple(dict.fromkeys(ends))


def class_of(number: Decimal | None, bounds: Sequence[Decimal], *, higher_is_better: bool) -> int | None:
    """0 is the best class; None when there is no number."""
    if number is None:
        return None
    for place, bound in enumerate(bounds):
        if number >= bound if higher_is_better else number <= bound:
            return place
    return len(bounds)

"""A value of a figure, and what can be calculated from several of them. Nothing is guessed: missing stays missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

Origin = Literal["computed", "declared", "missing"]

HUNDRED = Decimal(100)
COMPARATORS = ("=", ">", ">=", "<", "<=", "~<", "~>")
AT_LEAST = frozenset({">", ">=", "~>"})
AT_MOST = frozenset({"<", "<=", "~<"})
MIRRORED = {"=": "=", ">": "<", ">=": "<=", "~>": "~<", "<": ">", "<=": ">=", "~<": "~>"}

NOT_APPLICABLE = "không áp dụng"
"""Text of a share whose denominator is 0: there is nothing to take a share of."""


@dataclass(frozen=True, slots=True)
class Value:
    """What is known of a figure for a unit and a period, with its origin.

    `number` of a percent or ratio is the share of 100. `others` holds the same thing from the other origin, `gap` is
    `number` minus that. `parts` are the values it was calculated from.
    """

    key: str
    type: str
    unit_path: str
    period_key: str
    comparator: str = "="
    number: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    text: str = ""
    origin: Origin = "missing"
    is_verified: bool = False
    source: str = ""
    supplier: str = ""
    document: str = ""
    as_of: date | None = None
    confidence: str = ""
    sub_population: str = ""
    others: tuple[Value, ...] = ()
    gap: Decimal | None = None
    parts: tuple[Value, ...] = ()

    @property
    def is_missing(self) -> bool:
        return self.origin == "missing"

    @property
    def is_not_applicable(self) -> bool:
        return self.origin == "missing" and self.text == NOT_APPLICABLE

    @property
    def rests_on_declared(self) -> bool:
        """Calculated, but from at least one number that somebody typed."""
        return any(part.origin == "declared" or part.rests_on_declared for part in self.parts)

    @property
    def sources(self) -> tuple[Value, ...]:
        """The values at the bottom: measured or declared, never calculated from others."""
        return tuple(one for part in self.parts for one in part.sources) if self.parts else (self,)


def share_of(numerator: Decimal, denominator: Decimal) -> Decimal:
    """The share of 100. The denominator is not 0."""
    return numerator * HUNDRED / denominator


def share(blank: Value, above: Value, below: Value) -> Value:
    """A percent or ratio from its two parts. `blank` says key, type, unit and period."""
    parts = (above, below)
    if lacking := [part for part in parts if part.number is None]:
        return replace(blank, text=lacking[0].text, parts=parts)
    if not below.number or above.number is None:
        return replace(blank, text=NOT_APPLICABLE, numerator=above.number, denominator=below.number, parts=parts)
    comparator = _joined((above.comparator, MIRRORED[below.comparator]))
    if not comparator:
        return replace(blank, text="tử số và mẫu số đều là số ước chừng nên không tính được tỷ lệ", parts=parts)
    number = share_of(above.number, below.number)
    found = replace(blank, comparator=comparator, number=number, numerator=above.number, denominator=below.number)
    known = _known(found, parts)
    return known if number <= HUNDRED else replace(known, is_verified=False)  # one of the two counts must be wrong


def total(blank: Value, parts: Sequence[Value]) -> Value:
    """A sum; of nothing when one of its parts is missing."""
    numbers = [part.number for part in parts if part.number is not None]
    if len(numbers) < len(parts):
        return replace(blank, text="thiếu số liệu thành phần", parts=tuple(parts))
    comparator = _joined(tuple(part.comparator for part in parts))
    if not comparator:
        return replace(blank, text="không cộng được số “hơn” với số “gần”", parts=tuple(parts))
    return _known(replace(blank, comparator=comparator, number=sum(numbers, Decimal(0))), tuple(parts))


def summed(blank: Value, spans: Sequence[Value]) -> Value:
    """What was declared for every month or quarter of a longer period, added up."""
    found = total(blank, spans)
    return replace(found, origin="declared" if found.origin == "computed" else "missing", parts=())


def chosen(computed: Value | None, declared: Value | None) -> Value | None:
    """Computed counts before declared; the other stands beside it, with the gap. None when there is neither."""
    has_computed = computed is not None and not computed.is_missing
    if computed is None or declared is None or not has_computed:
        return declared or computed
    gap = None
    if computed.number is not None and declared.number is not None:
        gap = computed.number - declared.number
    return replace(computed, others=(declared,), gap=gap)


def _known(value: Value, parts: tuple[Value, ...]) -> Value:
    days = [part.as_of for part in parts if part.as_of]
    return replace(
        value,
        origin="computed",
        is_verified=all(part.is_verified for part in parts),
        as_of=min(days) if days else None,
        parts=parts,
    )


def _joined(comparators: tuple[str, ...]) -> str:
    """How sure a result is that grows with every part; empty when the parts pull in different directions."""
    loose = [one for one in comparators if one != "="]
    if not loose:
        return "="
    if len(loose) == 1:
        return loose[0]
    for direction, open_ended, closed in ((AT_LEAST, ">", ">="), (AT_MOST, "<", "<=")):
        if direction.issuperset(loose):
            return closed if set(loose) == {closed} else open_ended
    return ""

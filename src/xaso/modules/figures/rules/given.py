"""What somebody declares of a figure, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

from xaso.modules.figures.rules.numbers import (
    Unreadable,
    read_comparator,
    read_ratio,
    read_with_unit,
    show_number,
)
from xaso.modules.figures.rules.showing import NO, TRENDS, YES
from xaso.modules.figures.rules.values import COMPARATORS, HUNDRED, share_of

CONFIDENCES = ("high", "medium", "low")
WORDED = frozenset({"date", "label", "trend"})
EXACT_ONLY = WORDED | {"yes_no"}
LARGEST = Decimal(10) ** 15
SMALLEST_STEP = Decimal("0.0001")
_DAY = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


@dataclass(frozen=True, slots=True)
class Given:
    """`number` of money is in đồng; of yes_no 1 or 0; a date is `text` as 2022-10-04, 2022-04 or 2022."""

    comparator: str = "="
    number: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    text: str = ""
    sub_population: str = ""
    as_of: date | None = None
    source: str = ""
    supplier: str = ""
    document_number: str = ""
    document_title: str = ""
    document_on: date | None = None
    confidence: str = "medium"
    evidence: Any = None

    def for_audit(self) -> list[str]:
        return [self.comparator, str(self.number), str(self.numerator), str(self.denominator), self.text]

    @property
    def content(self) -> tuple[Any, ...]:
        """What makes two declarations say the same."""
        numbers = tuple(
            one if one is None else one.normalize() for one in (self.number, self.numerator, self.denominator)
        )
        return (self.comparator, *numbers, self.text)


def completed(given: Given, value_type: str) -> Given:
    """A share whose parts are given gets its number from them. Raises Unreadable when a typed number says otherwise."""
    above, below = given.numerator, given.denominator
    if value_type not in {"percent", "ratio"} or above is None or not below:
        return given
    if any(one is not None and not abs(one) <= LARGEST for one in (above, below, given.number)):
        return given  # `fault` says it
    number = share_of(above, below)
    if given.number is not None and not _agrees(given.number, number):
        said, is_now = show_number(given.number), show_number(number)
        raise Unreadable(f"{show_number(above)}/{show_number(below)} là {is_now} %, không phải {said} %")
    return replace(given, number=number.quantize(SMALLEST_STEP, ROUND_HALF_UP))


def _agrees(said: Decimal, exact: Decimal) -> bool:
    """As far as it was written out."""
    with localcontext() as context:
        context.rounding = ROUND_HALF_UP
        return exact.quantize(said) == said or exact.quantize(Decimal("0.01")) == said


def fault(given: Given, value_type: str, options: dict[str, str]) -> str:
    """The first thing wrong, as a sentence; empty when nothing is."""
    return next(_faults(given, value_type, options), "")


def _faults(given: Given, value_type: str, options: dict[str, str]) -> Iterator[str]:
    if given.comparator not in COMPARATORS:
        yield f"“{given.comparator}” không phải là cách so sánh; chọn một trong {' '.join(COMPARATORS)}"
    if given.comparator != "=" and value_type in EXACT_ONLY:
        yield "số liệu này không đi cùng “hơn”, “gần”"
    if given.confidence not in CONFIDENCES:
        yield f"độ tin cậy phải là một trong {', '.join(CONFIDENCES)}"
    if value_type in WORDED:
        yield from _word_faults(given, value_type, options)
    else:
        yield from _number_faults(given, value_type)


def _word_faults(given: Given, value_type: str, options: dict[str, str]) -> Iterator[str]:
    if not given.text:
        yield "chưa có giá trị"
    if given.number is not None or given.numerator is not None or given.denominator is not None:
        yield "số liệu này ghi bằng chữ, không ghi bằng số"
    if value_type == "trend" and given.text not in TRENDS:
        yield f"ghi một trong: {', '.join(TRENDS.values())}"
    if value_type == "label" and options and given.text not in options:
        yield f"chọn một trong: {', '.join(options.values())}"
    if value_type == "date" and not is_day(given.text):
        yield f"“{given.text[:20]}” không phải là ngày; ghi 31/12/2024, 12/2024 hoặc 2024"


def _number_faults(given: Given, value_type: str) -> Iterator[str]:
    numbers = [one for one in (given.number, given.numerator, given.denominator) if one is not None]
    if any(not one.is_finite() or one < 0 for one in numbers):
        yield "số liệu không thể âm"
    if any(one > LARGEST for one in numbers):
        yield "số lớn quá mức cho phép"
    yield from _part_faults(given, value_type)
    if given.number is None:
        if given.denominator != 0:
            yield "chưa có giá trị"
        return
    if value_type in {"count", "money", "rank"} and given.number % 1:
        yield f"{show_number(given.number)} không phải là số nguyên"
    if value_type == "percent" and given.number > HUNDRED:
        yield f"tỷ lệ không thể lớn hơn 100 %, ở đây là {show_number(given.number)} %"
    if value_type == "rank" and given.number < 1:
        yield "thứ hạng bắt đầu từ 1"
    if value_type == "yes_no" and given.number not in (0, 1):
        yield "ghi có hoặc không"


def _part_faults(given: Given, value_type: str) -> Iterator[str]:
    above, below = given.numerator, given.denominator
    if (above is None) != (below is None):
        yield "tử số và mẫu số phải ghi cùng nhau"
    if above is None or below is None:
        if value_type == "ratio":
            yield "ghi cả tử số và mẫu số, ví dụ 14/14"
        return
    if value_type not in {"percent", "ratio"}:
        yield "chỉ tỷ lệ có tử số và mẫu số"
    if above > below:
        yield f"tử số {show_number(above)} lớn hơn mẫu số {show_number(below)}"


def is_day(text: str) -> bool:
    if not _DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(f"{text}-01-01"[:10])
    except ValueError:
        return False
    return True


def read_value(text: str, value_type: str, unit: str = "", options: dict[str, str] | None = None) -> Given:
    """What one cell or one input box says: “hơn 46 %”, “14/14”, “gần 90 triệu đồng”, “có”, “tăng”, “04/10/2022”."""
    said = text.strip()
    if value_type in WORDED:
        return Given(text=_read_words(said, value_type, options or {}))
    if value_type == "yes_no":
        answers = {YES: Decimal(1), NO: Decimal(0), "1": Decimal(1), "0": Decimal(0)}
        if said.lower() not in answers:
            raise Unreadable(f"“{said[:30]}”: ghi có hoặc không")
        return Given(number=answers[said.lower()])
    comparator, rest = read_comparator(said)
    if value_type in {"percent", "ratio"} and (parts := read_ratio(rest)):
        return Given(comparator, None, *parts)
    if value_type == "ratio":
        raise Unreadable(f"“{said[:30]}”: ghi tử số/mẫu số, ví dụ 14/14")
    return Given(comparator, read_with_unit(rest, value_type, unit))


def _read_words(said: str, value_type: str, options: dict[str, str]) -> str:
    if value_type == "date":
        return "-".join(part.zfill(2) for part in reversed(re.split(r"[/.-]", said))) if "/" in said else said
    known = TRENDS if value_type == "trend" else options
    by_words = {words.lower(): key for key, words in known.items()}
    return by_words.get(said.lower(), said)

"""Measures for many units in one question. Only who has rows can have none of a kind: else nothing is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import takewhile

from xaso.core.measures import queries as measures
from xaso.core.measures.declaring import family_of, stock_of
from xaso.core.measures.periods import Period
from xaso.modules.figures.rules.values import Value


def measured(keys: Iterable[str], paths: list[str], period: Period) -> dict[tuple[str, str], int]:
    """{(measure, path): count} for each path and everything under it; absent where there is not a single row."""
    wanted = set(keys)
    asked = wanted | {probe for key in wanted for probe in _probes(key)}
    found: Counter[tuple[str, str]] = Counter()
    times: Counter[tuple[str, str]] = Counter()
    for over in _over(paths):
        for path, counts in measures.by_unit(asked, over, period).items():
            for target in _at_or_above(path, set(paths)):
                for key, count in counts.items():
                    found[key, target] += count
                    times[key, target] += 1
    present = {(_group(key), path) for key, path in times}
    for path in paths:
        if twice := [key for key in wanted if times[key, path] > 1 and not measures.catalogue()[key].adds_up]:
            # Different people, different procedures: those of two units together are not the sum of both.
            for key, count in measures.totals(twice, path, period).items():
                found[key, path] = count
    return {(key, path): found[key, path] for key in wanted for path in paths if (_group(key), path) in present}


def value_of_count(blank: Value, count: int, label: str, as_of: date) -> Value:
    return Value(
        blank.key,
        blank.type,
        blank.unit_path,
        blank.period_key,
        number=Decimal(count),
        origin="computed",
        is_verified=True,
        source=f"Tính từ dữ liệu: {label}",
        as_of=as_of,
        confidence="high",
    )


def _probes(key: str) -> list[str]:
    """The measure that counts every row of the family, or all of them where none does; of a part, the whole."""
    family = family_of(key)
    if family is None:
        return [_group(key)]
    whole = [one.key for one in family.measures if one.where is None and one.amount is None and one.adds_up]
    return whole[:1] or [one.key for one in family.measures if one.adds_up]


def _group(key: str) -> str:
    family, stock = family_of(key), stock_of(key)
    if family:
        return family.name
    return (stock.within if stock else "") or key


def _over(paths: list[str]) -> list[str]:
    """The unit over all of them; one for each province when there are several."""
    by_province: dict[str, list[list[str]]] = {}
    for path in paths:
        codes = path.rstrip(".").split(".")
        by_province.setdefault(codes[0], []).append(codes)
    return ["".join(f"{code}." for code in _common(ways)) for ways in by_province.values()]


def _common(ways: list[list[str]]) -> list[str]:
    """The codes that all begin with."""
    alike = takewhile(lambda level: len(set(level)) == 1, zip(*ways, strict=False))
    return [level[0] for level in alike]


def _at_or_above(path: str, wanted: set[str]) -> list[str]:
    codes = path.rstrip(".").split(".")
    heads = ("".join(f"{code}." for code in codes[:count]) for count in range(1, len(codes) + 1))
    return [head for head in heads if head in wanted]

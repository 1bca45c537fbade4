"""The line of a target's page: what was reached and what was promised, year by year."""

from __future__ import annotations

from collections.abc import Sequence

from xaso.modules.targets.queries import Moment
from xaso.modules.targets.rules import HUNDRED
from xaso.ui.charts import LineChart, Point, line_chart

FEWEST = 2


def chart_of(moments: Sequence[Moment], is_percent: bool) -> LineChart | None:
    """None while fewer than two years have a number: a single dot is no trend."""
    reached = {one.year: one for one in moments if one.kind == "actual" and one.amount is not None}
    if len(reached) < FEWEST:
        return None
    wanted = {one.year: one for one in moments if one.kind == "milestone" and one.amount is not None}
    wanted |= {one.year: one for one in moments if one.kind == "target" and one.amount is not None and one.counts}
    years = range(min(reached), max(*reached, *wanted) + 1 if wanted else max(reached) + 1)
    series: dict[str, Sequence[Point]] = {"Kết quả": _points(reached, years), "Mục tiêu": _points(wanted, years)}
    return line_chart("Kết quả và mục tiêu theo năm", series, most=HUNDRED if is_percent else None)


def _points(known: dict[int, Moment], years: range) -> list[Point]:
    return [
        Point(str(year), known[year].amount if year in known else None, known[year].words if year in known else "")
        for year in years
    ]

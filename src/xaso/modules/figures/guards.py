"""What a module above holds against a change of declared figures, such as a period that is locked.

A guard is asked with the unit, the first day and the first day after; it answers with a sentence, or nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from xaso.core.measures.periods import find_period
from xaso.core.units.models import Unit
from xaso.kit.errors import Refused
from xaso.kit.registry import Registry
from xaso.modules.figures.models import Declared

Guard = Callable[[Unit, date, date], str]
guards: Registry[Guard] = Registry("guard of declared figures")


def need_open(*rows: Declared) -> None:
    """Raises Refused when a guard holds the time that one of these rows is about. Each unit and time is asked once."""
    places = {(row.unit_id, *_span(row)): row.unit for row in rows}
    for (_, since, before), unit in places.items():
        for name in guards:
            if sentence := guards[name](unit, since, before):
                raise Refused(sentence)


def _span(row: Declared) -> tuple[date, date]:
    """A flow is about its period, a stock about its day."""
    period = find_period(row.period_key) if row.period_key else None
    return (period.since, period.until) if period else (row.as_of, row.as_of + timedelta(days=1))

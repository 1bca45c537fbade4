"""Which tables are watched, and the marks of the action that runs now in this thread."""

from collections import defaultdict
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Model

from xaso.core.marks.models import Mark
from xaso.kit import clock
from xaso.kit.rows import insert

Key = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Watch:
    """Rows of a table count in a family of measures, in the month of a day or moment of theirs."""

    family: str
    day: str


@dataclass(slots=True)
class Touched:
    """Rows an action acted on, and where each counted before it."""

    before: set[Key] = field(default_factory=set)
    things: dict[int, Model] = field(default_factory=dict)


_watched: dict[str, list[Watch]] = defaultdict(list)
_touched: ContextVar[Touched | None] = ContextVar("touched", default=None)


def watch(label: str, family: str, day: str) -> None:
    """Mark the family whenever an action acts on a row of the table `label` ("dossiers.Dossier")."""
    _watched[label].append(Watch(family, day))


def begin() -> Any:
    return _touched.set(Touched())


def end(token: Any) -> None:
    _touched.reset(token)


def touch(thing: Any) -> None:
    """An action acts on this, or made it."""
    touched = _touched.get()
    if touched is None or not isinstance(thing, Model) or thing._meta.label not in _watched:
        return
    if id(thing) not in touched.things:
        touched.things[id(thing)] = thing
        touched.before |= _keys(thing)


def store() -> None:
    """Insert the marks of the action: where its rows counted before, and where they count now. One statement."""
    touched = _touched.get()
    if touched is None or not touched.things:
        return
    keys = touched.before.union(*(_keys(thing) for thing in touched.things.values()))
    insert([Mark(family=family, unit_path=path, month=month) for family, path, month in sorted(keys)])


def _keys(thing: Model) -> set[Key]:
    return {
        (one.family, thing.unit_path, month_of(day))
        for one in _watched[thing._meta.label]
        if (day := getattr(thing, one.day)) is not None
    }


def month_of(day: date) -> int:
    """202403 of any day or moment of March 2024 in Vietnam."""
    local = clock.local(day) if isinstance(day, datetime) else day
    return local.year * 100 + local.month

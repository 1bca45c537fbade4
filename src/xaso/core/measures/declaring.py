"""How a module declares its measures, in its `measures.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.apps import apps
from django.db.models import Aggregate, Count, DateTimeField, Q, QuerySet

from xaso.core.marks.watching import watch


@dataclass(frozen=True, slots=True)
class Measure:
    """A named question. `where` picks rows of the family; `amount` says what is added up, rows when it is left out.

    `adds_up` is False for what cannot be summed over months and units, such as different procedures used.
    """

    key: str
    label: str
    unit: str
    where: Q | None = None
    amount: Callable[[Q | None], Aggregate] | None = None
    adds_up: bool = True

    @property
    def counted(self) -> Aggregate:
        return self.amount(self.where) if self.amount else Count("pk", filter=self.where)


@dataclass(frozen=True, slots=True)
class Family:
    """Measures over one table, counted together in one statement.

    `model` is a label ("dossiers.Dossier") with `unit_path`; `day` the moment or day that puts a row into a month.
    """

    name: str
    model: str
    day: str
    permission: str
    measures: tuple[Measure, ...]
    base: Q | None = None

    def rows(self) -> QuerySet:
        rows = apps.get_model(self.model)._default_manager.filter(**{f"{self.day}__isnull": False})
        return rows.filter(self.base) if self.base else rows

    @property
    def counts_moments(self) -> bool:
        """Is `day` a moment, not a day?"""
        return isinstance(apps.get_model(self.model)._meta.get_field(self.day), DateTimeField)

    def adding_up(self) -> tuple[Measure, ...]:
        return tuple(one for one in self.measures if one.adds_up)


@dataclass(frozen=True, slots=True)
class Stock:
    """What there is on a day: villages of a commune, officials in post. Counted from the rows whenever it is asked.

    `path` is the column with the unit's path. `within` is the stock this one is a part of: there are none of a part
    only where there is something of the whole; without it, no rows means that nothing is known.
    """

    measure: Measure
    rows: Callable[[date], QuerySet]
    path: str = "unit_path"
    permission: str = ""
    within: str = ""


_families: dict[str, Family] = {}
_stocks: dict[str, Stock] = {}
_family_of: dict[str, Family] = {}


def declare(family: Family) -> None:
    """Offer the measures of a family. Raises ValueError on a name given twice."""
    for measure in family.measures:
        _need_new(measure.key)
        _family_of[measure.key] = family
    _families[family.name] = family
    watch(family.model, family.name, family.day)


def declare_stock(stock: Stock) -> None:
    _need_new(stock.measure.key)
    _stocks[stock.measure.key] = stock


def _need_new(key: str) -> None:
    if key in _family_of or key in _stocks:
        raise ValueError(f"measure {key} is declared twice")


def families() -> list[Family]:
    return list(_families.values())


def family_of(key: str) -> Family | None:
    return _family_of.get(key)


def stock_of(key: str) -> Stock | None:
    return _stocks.get(key)


def catalogue() -> dict[str, Measure]:
    """Every measure by its key."""
    flows = {one.key: one for family in _families.values() for one in family.measures}
    return flows | {key: stock.measure for key, stock in _stocks.items()}

"""Figures of units and periods, and the rows behind each. Cells that were marked are counted anew first.

Who may ask is the caller's to check (`by.may("cockpit.use", on=unit)`); rows are shown only to whom they are visible.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet, Sum

from xaso.core.access import Actor, visible
from xaso.core.measures import declaring
from xaso.core.measures.counting import between, freshen
from xaso.core.measures.declaring import Family, Measure, Stock
from xaso.core.measures.models import Cell
from xaso.core.measures.periods import Period, span_of
from xaso.core.units.models import Unit
from xaso.core.units.queries import ended_with_one_successor
from xaso.kit import clock
from xaso.kit.errors import Missing
from xaso.kit.pages import Page, cut, day_in, moment_in, newest, number_in

NO_MEASURE = "Không có số đo tên “{key}”. Hãy quay lại trang số liệu và chọn lại."
Figures = dict[str, int]
Cursor = tuple[str, date, int]
"""Unit path, day or moment, and key of the last row shown."""


def catalogue() -> dict[str, Measure]:
    """Every measure by its key."""
    return declaring.catalogue()


def totals(keys: Iterable[str], path: str, period: Period) -> Figures:
    """Each measure summed over the unit and everything under it; 0 where there is nothing. Raises Missing."""
    kinds = _sorted_out(keys)
    found = dict.fromkeys(kinds.all, 0)
    if kinds.cells:
        rows = _cells(kinds.cells, path, period).values_list("measure")
        found |= dict(rows.annotate(Sum("value")).order_by())
    for key in kinds.others:
        family = _family(key)
        found[key] = _within(family, path, period).aggregate(n=_measure(key).counted)["n"] or 0
    for stock in kinds.stocks:
        found[stock.measure.key] = _stock_rows(stock, path, period).aggregate(n=stock.measure.counted)["n"] or 0
    return found


def by_unit(keys: Iterable[str], path: str, period: Period) -> dict[str, Figures]:
    """Each measure of every unit under the path that has rows: {unit path: {key: value}}; a missing key is 0."""
    kinds = _sorted_out(keys)
    found: dict[str, Figures] = {}
    if kinds.cells:
        rows = _cells(kinds.cells, path, period).values_list("unit_path", "measure")
        for unit_path, key, value in rows.annotate(Sum("value")).order_by():
            found.setdefault(unit_path, {})[key] = value
    for key in kinds.others:
        grouped = _within(_family(key), path, period).order_by().values("unit_path").annotate(n=_measure(key).counted)
        for row in grouped:
            found.setdefault(row["unit_path"], {})[key] = row["n"] or 0
    for stock in kinds.stocks:
        grouped = _stock_rows(stock, path, period).order_by().values(stock.path).annotate(n=stock.measure.counted)
        for row in grouped:
            found.setdefault(row[stock.path], {})[stock.measure.key] = row["n"] or 0
    return found


def by_month(keys: Iterable[str], path: str, period: Period, *, is_fresh: bool = False) -> dict[int, Figures]:
    """Each measure of every month of the period, summed under the path: {yyyymm: {key: value}}, zeros included.

    `is_fresh`: for the same page the caller has just asked the same families, so that nothing is counted anew again.
    """
    kinds = _sorted_out(keys, is_fresh=is_fresh)
    if kinds.others or kinds.stocks:
        raise ValueError("only measures that add up have months")
    found = {month: dict.fromkeys(kinds.all, 0) for month in period.months}
    rows = _cells(kinds.cells, path, period).values_list("month", "measure")
    for month, key, value in rows.annotate(Sum("value")).order_by():
        found[month][key] = value
    return found


def by_unit_and_month(
    keys: Iterable[str], path: str, since: date, until: date, *, is_fresh: bool = False
) -> dict[str, dict[int, Figures]]:
    """The whole table at once: {unit path: {yyyymm: {key: value}}} of measures that add up; what is missing is 0."""
    kinds = _sorted_out(keys, is_fresh=is_fresh)
    period = Period("", "", "", since, until)
    found: dict[str, dict[int, Figures]] = {}
    rows = _cells(kinds.cells, path, period).values_list("unit_path", "month", "measure", "value")
    for unit_path, month, key, value in rows:
        found.setdefault(unit_path, {}).setdefault(month, {})[key] = value
    return found


def on_todays_map(figures: dict[str, Figures]) -> tuple[dict[str, Figures], dict[str, Figures]]:
    """By-unit figures on the map of today, and those of units that were split, which nobody can place.

    What a unit reported goes to the one unit it went whole into, step by step.
    """
    today = clock.today()
    # A renamed unit may keep its path: it goes nowhere.
    onward = {before.path: after.path for before, after in ended_with_one_successor(today) if before.path != after.path}
    ended = set(Unit.objects.communes().filter(valid_to__lt=today).values_list("path", flat=True))
    living = set(Unit.objects.on(today).communes().values_list("path", flat=True))
    placed: dict[str, Figures] = {}
    split: dict[str, Figures] = {}
    for path, values in figures.items():
        target = path
        while target in onward and target not in living:
            target = onward[target]
        into = split if target in ended and target not in living else placed
        whole = into.setdefault(target, {})
        for key, value in values.items():
            whole[key] = whole.get(key, 0) + value
    return placed, split


def rows(by: Actor, key: str, path: str, period: Period) -> QuerySet:
    """The rows a measure counts, as far as the actor may see them. Raises Missing."""
    stock = declaring.stock_of(key)
    if stock:
        return visible(by, stock.permission, _stock_rows(stock, path, period)) if stock.permission else _no_rows(stock)
    family = _family(key)
    found = _within(family, path, period)
    measure = _measure(key)
    return visible(by, family.permission, found.filter(measure.where) if measure.where else found)


def page(
    by: Actor, key: str, path: str, period: Period, after: str = "", size: int = 20, *, is_fresh: bool = False
) -> Page[Any]:
    """A page of the rows behind a figure: unit by unit, the newest first. `is_fresh` as in `by_month`.

    The cells say where the rows are, so that a page costs the same however many rows lie around them.
    """
    family = declaring.family_of(key)
    if family is None or not _measure(key).adds_up:
        return newest(rows(by, key, path, period), after, size)
    if not is_fresh:
        freshen([family])
    cursor = _cursor(after, family)
    cells = _cells_from(key, path, period, cursor)[: size + 2]
    visible_rows = rows(by, key, path, period)
    found: list[Any] = []
    waiting = list(cells)
    while waiting and len(found) <= size:
        wanted = size + 1 - len(found)
        taken = _enough(waiting, wanted, has_cursor=bool(cursor) and not found)
        found += _rows_in(visible_rows, family, waiting[:taken], cursor)[:wanted]
        waiting = waiting[taken:]
    return cut(found, size, lambda row: _after(row, family))


def _cells_from(key: str, path: str, period: Period, cursor: Cursor | None) -> QuerySet[Cell]:
    cells = _cells([key], path, period).filter(value__gt=0).order_by("unit_path", "-month")
    if cursor:
        month = cursor[1].year * 100 + cursor[1].month
        cells = cells.filter(Q(unit_path__gt=cursor[0]) | Q(unit_path=cursor[0], month__lte=month))
    return cells


def _enough(cells: list[Cell], wanted: int, *, has_cursor: bool) -> int:
    """How many cells hold the rows wanted; the first one may be partly shown already.

    A large one is asked alone: two ranges at once are read whole and sorted, one is read in its order.
    """
    if has_cursor and cells[0].value > wanted:
        return 1
    held = 0
    for number, cell in enumerate(cells):
        held += 0 if has_cursor and number == 0 else cell.value
        if held >= wanted:
            return number + 1
    return len(cells)


def _rows_in(found: QuerySet, family: Family, cells: list[Cell], cursor: Cursor | None) -> QuerySet:
    """The rows of these cells after the cursor, in the order of the page."""
    where = Q()
    for path in dict.fromkeys(cell.unit_path for cell in cells):
        months = [cell.month for cell in cells if cell.unit_path == path]
        here = Q(unit_path=path) & between(family, span_of(min(months))[0], span_of(max(months))[1])
        if cursor and cursor[0] == path:
            _, day, pk = cursor
            here &= Q(**{f"{family.day}__lte": day}) & (Q(**{f"{family.day}__lt": day}) | Q(pk__lt=pk))
        where |= here
    found = found.filter(where)
    return found.order_by("unit_path", f"-{family.day}", "-pk")


def _after(row: Any, family: Family) -> str:
    day = getattr(row, family.day)
    shown = clock.local(day).isoformat() if family.counts_moments else day.isoformat()
    return f"{row.unit_path}|{shown}|{row.pk}"


def _cursor(after: str, family: Family) -> Cursor | None:
    """Where the page before ended; None at the beginning or when the address was cut."""
    path, day, pk = (after.split("|") + [""] * 3)[:3]
    at = moment_in(day) if family.counts_moments else day_in(day)
    return (path, at, number_in(pk)) if at and number_in(pk) else None


@dataclass(slots=True)
class _Kinds:
    all: list[str]
    cells: list[str]
    others: list[str]
    stocks: list[Stock]


def _sorted_out(keys: Iterable[str], *, is_fresh: bool = False) -> _Kinds:
    """Which measures are read from cells, counted from rows, or looked up on a day. Freshens the cells."""
    kinds = _Kinds(list(dict.fromkeys(keys)), [], [], [])
    wanted: dict[str, Family] = {}
    for key in kinds.all:
        if stock := declaring.stock_of(key):
            kinds.stocks.append(stock)
        elif _measure(key).adds_up:
            kinds.cells.append(key)
            wanted[_family(key).name] = _family(key)
        else:
            kinds.others.append(key)
    if wanted and not is_fresh:
        freshen(wanted.values())
    return kinds


def _family(key: str) -> Family:
    family = declaring.family_of(key)
    if family is None:
        raise Missing(NO_MEASURE.format(key=key))
    return family


def _measure(key: str) -> Measure:
    for measure in _family(key).measures:
        if measure.key == key:
            return measure
    raise Missing(NO_MEASURE.format(key=key))


def _under(path: str, column: str = "unit_path") -> Q:
    return Q(**{f"{column}__gte": path, f"{column}__lt": path[:-1] + "/"})


def _cells(keys: Sequence[str], path: str, period: Period) -> QuerySet[Cell]:
    first, last = period.months[0], period.months[-1]
    return Cell.objects.filter(_under(path), measure__in=keys, month__gte=first, month__lte=last)


def _within(family: Family, path: str, period: Period) -> QuerySet:
    return family.rows().filter(_under(path), between(family, period.since, period.until))


def _stock_rows(stock: Stock, path: str, period: Period) -> QuerySet:
    """As of the period's last day, or of today while it runs."""
    return stock.rows(min(period.last, clock.today())).filter(_under(path, stock.path))


def _no_rows(stock: Stock) -> QuerySet:
    raise Missing(f"“{stock.measure.label}” là số đếm chung, không mở được từng dòng.")

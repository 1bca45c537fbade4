"""Counting cells: only the marked ones, or a family whole.

Two readers never count the same cell at once: whoever counts a place holds every mark of it until the new value stands,
and the other waits for exactly those rows (on SQLite there is one writer anyway). What one has waited for is counted
already. A change that commits meanwhile leaves a mark of its own.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from xaso.core.marks.models import Mark
from xaso.core.measures.declaring import Family, Measure, families
from xaso.core.measures.models import Cell, Counted
from xaso.core.measures.months import Month
from xaso.core.measures.periods import span_of, start_of
from xaso.kit import clock
from xaso.kit.rows import insert

Place = tuple[str, int]
MARKS_AT_ONCE = 400
INSERTED_AT_ONCE = 200


def freshen(wanted: Iterable[Family]) -> int:
    """Count the marked cells of these families anew. Returns how many marks were read. One statement without marks."""
    by_name = {family.name: family for family in wanted}
    read = 0
    while marks := list(Mark.objects.filter(family__in=by_name).order_by("id")[:MARKS_AT_ONCE]):
        with transaction.atomic():
            for name, places in _take_places(marks).items():
                _recount(by_name[name], places)
        read += len(marks)
    return read


def _take_places(seen: Iterable[Mark]) -> dict[str, set[Place]]:
    """Take away all marks of the places seen: family → places, without those that another reader took meanwhile."""
    where = Q()
    for name, places in _by_family(seen).items():
        where |= Q(family=name) & _at(places)
    return _by_family(_take(Mark.objects.filter(where)))


def _take(marks: QuerySet[Mark]) -> list[Mark]:
    """Lock and remove them, everybody in one order, so that nobody waits in a circle."""
    taken = list(marks.order_by("id").select_for_update())
    for start in range(0, len(taken), MARKS_AT_ONCE):
        Mark.objects.filter(pk__in=[mark.pk for mark in taken[start : start + MARKS_AT_ONCE]]).delete()
    return taken


def _by_family(marks: Iterable[Mark]) -> dict[str, set[Place]]:
    found: dict[str, set[Place]] = defaultdict(set)
    for mark in marks:
        found[mark.family].add((mark.unit_path, mark.month))
    return found


def _by_month(places: Iterable[Place]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for path, month in sorted(places):
        found[month].append(path)
    return found


def _at(places: Iterable[Place]) -> Q:
    """Marks or cells of these units and months."""
    where = Q()
    for month, paths in _by_month(places).items():
        where |= Q(unit_path__in=paths, month=month)
    return where


def freshen_all() -> int:
    return freshen(families())


def rebuild(family: Family) -> None:
    """Count every cell of a family from nothing."""
    keys = [one.key for one in family.adding_up()]
    with transaction.atomic():
        _take(Mark.objects.filter(family=family.name))  # before the table, as every reader does
        _alone()
        Cell.objects.filter(measure__in=keys).delete()
        _store(cells_of(family, family.rows()))
        Counted.objects.update_or_create(
            family=family.name, defaults={"version": version_of(family), "counted_at": clock.machine_now()}
        )


def rebuild_changed() -> list[str]:
    """Count the families whose declaration is new or says something else than when they were last counted."""
    known = dict(Counted.objects.values_list("family", "version"))
    changed = [family for family in families() if known.get(family.name) != version_of(family)]
    for family in changed:
        rebuild(family)
    return [family.name for family in changed]


def rebuild_all() -> None:
    for family in families():
        rebuild(family)


def faults(limit: int = 20) -> Iterator[str]:
    """Every cell that is not what a recount gives, as a sentence; marked cells are counted first."""
    freshen_all()
    told = 0
    for family in families():
        live = {(cell.measure, cell.unit_path, cell.month): cell.value for cell in cells_of(family, family.rows())}
        keys = [one.key for one in family.adding_up()]
        kept = {
            (measure, path, month): value
            for measure, path, month, value in Cell.objects.filter(measure__in=keys)
            .exclude(value=0)
            .values_list("measure", "unit_path", "month", "value")
        }
        for key in sorted(live.keys() | kept.keys()):
            if live.get(key, 0) != kept.get(key, 0) and told < limit:
                told += 1
                yield _fault(key, kept.get(key, 0), live.get(key, 0))


def _fault(key: tuple[str, str, int], kept: int, live: int) -> str:
    measure, path, month = key
    return (
        f"Ô số liệu {measure} của đơn vị {path} tháng {month % 100}/{month // 100} ghi {kept}, đếm lại từ hồ sơ gốc"
        f" được {live}. Chạy “xaso manage recount” để tính lại."
    )


def cells_of(family: Family, rows: QuerySet) -> Iterator[Cell]:
    """The cells of some rows, counted in one statement; zeros are left out."""
    measures = family.adding_up()
    for row in _grouped(family, rows, measures).iterator():
        for number, measure in enumerate(measures):
            if value := row[f"n{number}"]:
                yield Cell(measure=measure.key, unit_path=row["unit_path"], month=row["in_month"], value=value)


def _grouped(family: Family, rows: QuerySet, measures: Iterable[Measure]) -> QuerySet[Any, dict[str, Any]]:
    asked = {f"n{number}": measure.counted for number, measure in enumerate(measures)}
    grouped = rows.annotate(in_month=Month(F(family.day))).order_by().values("unit_path", "in_month")
    return grouped.annotate(**asked)


def version_of(family: Family) -> str:
    """Changes when the meaning of a measure does: a checksum of the very question."""
    names = [measure.key for measure in family.adding_up()]
    question = f"{names} {_grouped(family, family.rows(), family.adding_up()).query.sql_with_params()}"
    return hashlib.sha256(question.encode()).hexdigest()


def _recount(family: Family, places: set[Place]) -> None:
    """Replace the cells of these units and months by what their rows say now."""
    keys = [one.key for one in family.adding_up()]
    where = Q()
    for month, paths in _by_month(places).items():
        where |= Q(unit_path__in=paths) & in_month(family, month)
    Cell.objects.filter(_at(places), measure__in=keys).delete()
    _store(cells_of(family, family.rows().filter(where)))


def in_month(family: Family, month: int) -> Q:
    return between(family, *span_of(month))


def between(family: Family, since: date, until: date) -> Q:
    """Rows of the family from a day up to, not including, another."""
    first, last = (start_of(since), start_of(until)) if family.counts_moments else (since, until)
    return Q(**{f"{family.day}__gte": first, f"{family.day}__lt": last})


def _store(cells: Iterable[Cell]) -> None:
    waiting: list[Cell] = []
    for cell in cells:
        waiting.append(cell)
        if len(waiting) == INSERTED_AT_ONCE:
            insert(waiting)
            waiting = []
    insert(waiting)


def _alone() -> None:
    """Nobody else counts while a family is counted whole: a mark that comes meanwhile waits for the next reader."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {Cell._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")

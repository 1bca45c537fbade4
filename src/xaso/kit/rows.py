"""New rows of one table in one statement, without compiling the statement anew each time.

`bulk_create` builds its SQL expression by expression for every call; with seven inserts a dossier that is half of
the time. Here the text is kept per table and number of rows. Only for plain new rows: no conflicts, no inheritance.
PostgreSQL gets many rows as one array per column: its driver is slow with hundreds of placeholders.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import (
    AutoField,
    BooleanField,
    CharField,
    F,
    ForeignKey,
    IntegerField,
    Model,
    QuerySet,
    TextField,
    Value,
)

MOST_VALUES = 900
MANY_VALUES = 50
MOST_ROWS = 1_000


def insert(rows: Sequence[Model]) -> None:
    """Store new rows of one model and give them their ids. One statement; in parts where there are very many."""
    if not rows:
        return
    model = type(rows[0])
    in_arrays = connections[DEFAULT_DB_ALIAS].vendor == "postgresql"
    at_once = MOST_ROWS if in_arrays else max(1, MOST_VALUES // len(_fields(model)))
    for start in range(0, len(rows), at_once):
        _insert(model, rows[start : start + at_once])


def insert_like(row: Model, source: QuerySet[Any], **copied: str) -> int:
    """A row like `row` for each row of `source`, in one statement for any number; returns how many are new.

    `copied` names the columns that come from the source. A row that is there already stays as it is.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    quote = connection.ops.quote_name
    values = {}
    for field in _fields(type(row)):
        told = getattr(field, "target_field", field)
        known = None if field.attname in copied else Value(field.pre_save(row, True), output_field=told)
        values[f"new_{field.attname}"] = known or F(copied[field.attname])
    # SQLite takes a conflict clause only behind a condition.
    found = source.filter(pk__isnull=False).order_by().annotate(**values).values_list(*values)
    text, given = found.query.sql_with_params()
    columns = ", ".join(quote(field.column) for field in _fields(type(row)))
    table = quote(row._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({columns}) {text} ON CONFLICT DO NOTHING", given)
        return int(cursor.rowcount)


@lru_cache(maxsize=200)
def _fields(model: type[Model]) -> tuple[Any, ...]:
    return tuple(field for field in model._meta.concrete_fields if not isinstance(field, AutoField))


@lru_cache(maxsize=200)
def _columns(model: type[Model]) -> tuple[tuple[Any, str, type | None], ...]:
    """Each column with the type whose values both databases take as they are; the others are prepared by Django."""
    return tuple((field, field.attname, _taken_as_it_is(field)) for field in _fields(model))


def _taken_as_it_is(field: Any) -> type | None:
    kinds = ((CharField, str), (TextField, str), (BooleanField, bool), (IntegerField, int), (ForeignKey, int))
    return next((python for kind, python in kinds if isinstance(field, kind)), None)


@lru_cache(maxsize=2_000)
def _statement(model: type[Model], count: int, vendor: str) -> str:
    """`count` 0: for any number of rows, each placeholder is an array."""
    del vendor
    connection = connections[DEFAULT_DB_ALIAS]
    quote, fields = connection.ops.quote_name, _fields(model)
    if count:
        line = "(" + ", ".join(["%s"] * len(fields)) + ")"
        source = "VALUES " + ", ".join([line] * count)
    else:
        arrays = ", ".join(f"%s::{field.db_type(connection)}[]" for field in fields)
        source = f"SELECT * FROM unnest({arrays})"  # noqa: S608 - types of our own columns
    key: Any = model._meta.pk
    return (
        f"INSERT INTO {quote(model._meta.db_table)} "
        f"({', '.join(quote(field.column) for field in fields)}) {source} RETURNING {quote(key.column)}"
    )


def _insert(model: type[Model], rows: Sequence[Model]) -> None:
    connection = connections[DEFAULT_DB_ALIAS]  # the connection itself: the global name is looked up anew at each use
    columns = _columns(model)
    values: list[Any] = [
        value
        if (value := getattr(row, name)) is None or type(value) is as_it_is
        else field.get_db_prep_save(field.pre_save(row, True), connection)
        for row in rows
        for field, name, as_it_is in columns
    ]
    count = len(rows)
    if connection.vendor == "postgresql" and len(values) > MANY_VALUES and count > 1:
        count, values = 0, [values[at :: len(columns)] for at in range(len(columns))]
    with connection.cursor() as cursor:
        cursor.execute(_statement(model, count, connection.vendor), values)
        ids = cursor.fetchall()
    for row, (key,) in zip(rows, ids, strict=True):
        row.pk = key
        row._state.adding = False
        row._state.db = connection.alias

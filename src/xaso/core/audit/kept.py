"""Tables whose rows are written once: the database itself refuses to change or delete them.

A module names its tables with `keep` beside its models and puts the lock on in a migration. Only `manage flush`,
which empties the whole database and asks first, lifts it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.base.base import BaseDatabaseWrapper

REFUSAL = "rows of this table are written once"
_tables: list[str] = []


def keep(table: str) -> str:
    """Name a table that is only ever added to."""
    if table not in _tables:
        _tables.append(table)
    return table


def install(connection: BaseDatabaseWrapper, table: str) -> None:
    """Put the lock on; on an already locked table it is renewed."""
    remove(connection, table)
    _run(connection, _postgresql(table) if connection.vendor == "postgresql" else _sqlite(table))


def remove(connection: BaseDatabaseWrapper, table: str) -> None:
    place = f" ON {table}" if connection.vendor == "postgresql" else ""
    _run(connection, [f"DROP TRIGGER IF EXISTS {name}{place}" for name in (*_names(table), f"{table}_not_emptied")])


def is_installed(connection: BaseDatabaseWrapper, table: str) -> bool:
    catalogue = "pg_trigger WHERE tgname" if connection.vendor == "postgresql" else "sqlite_master WHERE name"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {catalogue} IN (%s, %s)", _names(table))  # noqa: S608 - constant text
        return cursor.fetchone()[0] == len(_names(table))


@contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Without the locks inside; what was locked before is locked after."""
    locked = [table for table in _tables if is_installed(connection, table)]
    for table in locked:
        remove(connection, table)
    try:
        yield
    finally:
        for table in locked:
            install(connection, table)


def _names(table: str) -> tuple[str, str]:
    return f"{table}_unchanged", f"{table}_kept"


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _sqlite(table: str) -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    unchanged, kept = _names(table)
    return [
        f"CREATE TRIGGER {unchanged} BEFORE UPDATE ON {table} {refuse}",
        f"CREATE TRIGGER {kept} BEFORE DELETE ON {table} {refuse}",
    ]


def _postgresql(table: str) -> list[str]:
    refuse = "EXECUTE FUNCTION kept_refuse()"
    unchanged, kept = _names(table)
    return [
        (
            "CREATE OR REPLACE FUNCTION kept_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        ),
        f"CREATE TRIGGER {unchanged} BEFORE UPDATE ON {table} FOR EACH ROW {refuse}",
        f"CREATE TRIGGER {kept} BEFORE DELETE ON {table} FOR EACH ROW {refuse}",
        f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}",
    ]

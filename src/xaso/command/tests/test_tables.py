"""Tables made at once are those that the migrations make."""

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection

from xaso.command import state, tables

AT_ONCE = "from xaso.command import tables; tables.create(); assert tables.unapplied() == []"
BY_MIGRATION = "from django.core.management import call_command; call_command('migrate', verbosity=0)"
# Django's migrations give its own table of groups a wider key than its model says.
LOOKS = (
    """SELECT table_name, column_name, data_type, is_nullable, column_default, is_identity, character_maximum_length,
       numeric_precision, numeric_scale, collation_name FROM information_schema.columns
       WHERE table_schema = 'public' AND (table_name, column_name) <> ('auth_group_permissions', 'id')""",
    """SELECT conrelid::regclass, contype, conname, pg_get_constraintdef(oid) FROM pg_constraint
       WHERE connamespace = 'public'::regnamespace""",
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    "SELECT app, name FROM django_migrations",
)


def make(way, folder, url=""):
    script = f"import django; django.setup(); {way}"
    around = {**os.environ, "XASO_DATA": str(folder), "DATABASE_URL": url, "PYTHONPATH": str(state.CHECKOUT / "src")}
    around["DJANGO_SETTINGS_MODULE"] = "xaso.config.settings"
    subprocess.run([sys.executable, "-c", script], env=around, check=True, timeout=500)


def parts_of(sql):
    """A table's columns and constraints without their order, which a migrated SQLite table may have changed."""
    found, depth, part = set(), 0, ""
    for letter in re.sub(r"\s+", " ", sql[sql.index("(") + 1 : sql.rindex(")")]):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and not depth:
            found.add(part.strip())
            part = ""
        else:
            part += letter
    return frozenset(found | {part.strip()})


def of_sqlite(way, folder):
    folder.mkdir()
    make(way, folder)
    [file] = folder.glob("*.sqlite3")
    with closing(sqlite3.connect(file)) as opened:
        schema = opened.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
        applied = opened.execute("SELECT app, name FROM django_migrations").fetchall()
    return {(kind, name, parts_of(sql) if kind == "table" else sql) for kind, name, sql in schema} | set(applied)


def of_postgres(way, folder):
    name = f"xaso_{folder.name}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    try:
        make(way, folder, url)
        with psycopg.connect(url) as opened:
            return {(number, *map(str, row)) for number, look in enumerate(LOOKS) for row in opened.execute(look)}
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name}")


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_tables_made_at_once_are_those_of_the_migrations(tmp_path):
    look = of_postgres if connection.vendor == "postgresql" else of_sqlite
    at_once, migrated = look(AT_ONCE, tmp_path / "at_once"), look(BY_MIGRATION, tmp_path / "migrated")
    assert at_once - migrated == set()
    assert migrated - at_once == set()
    assert len(migrated) > 500


@pytest.mark.django_db
def test_this_database_lacks_no_migration():
    assert tables.unapplied() == []
    assert tables.exist()

"""The database itself keeps entries append-only: an entry is inserted, sealed once, and never touched again.

Only `manage flush`, which empties the whole database and asks first, lifts the lock. A migration that rebuilds
`audit_entry` on SQLite loses the triggers and ends with `install`.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

COLUMNS = (
    "id", "at", "unit_path", "actor_kind", "account_id", "actor_name", "via", "verb", "within", "subject",
    "outcome", "details", "digest",
)  # fmt: skip
REFUSAL = "audit entries are append-only"
NAMES = ("audit_entry_sealed_once", "audit_entry_kept")


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the lock on; on an already locked table it is renewed."""
    remove(connection)
    _run(connection, _postgresql() if connection.vendor == "postgresql" else _sqlite())


def remove(connection: BaseDatabaseWrapper) -> None:
    table = " ON audit_entry" if connection.vendor == "postgresql" else ""
    names = (*NAMES, "audit_entry_not_emptied") if connection.vendor == "postgresql" else NAMES
    _run(connection, [f"DROP TRIGGER IF EXISTS {name}{table}" for name in names])


def is_installed(connection: BaseDatabaseWrapper) -> bool:
    catalogue = "pg_trigger WHERE tgname" if connection.vendor == "postgresql" else "sqlite_master WHERE name"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {catalogue} IN (%s, %s)", NAMES)  # noqa: S608 - constant text
        return cursor.fetchone()[0] == len(NAMES)


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _sealing(same: str) -> str:
    unchanged = " AND ".join(f'NEW."{name}" {same} OLD."{name}"' for name in COLUMNS)
    return f'(OLD."position" IS NULL AND NEW."position" IS NOT NULL AND {unchanged})'


def _sqlite() -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    return [
        f"CREATE TRIGGER {NAMES[0]} BEFORE UPDATE ON audit_entry WHEN NOT {_sealing('IS')} {refuse}",
        f"CREATE TRIGGER {NAMES[1]} BEFORE DELETE ON audit_entry {refuse}",
    ]


def _postgresql() -> list[str]:
    refuse = "EXECUTE FUNCTION audit_refuse()"
    sealing = _sealing("IS NOT DISTINCT FROM")
    return [
        (
            "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        ),
        f"CREATE TRIGGER {NAMES[0]} BEFORE UPDATE ON audit_entry FOR EACH ROW WHEN (NOT {sealing}) {refuse}",
        f"CREATE TRIGGER {NAMES[1]} BEFORE DELETE ON audit_entry FOR EACH ROW {refuse}",
        f"CREATE TRIGGER audit_entry_not_emptied BEFORE TRUNCATE ON audit_entry FOR EACH STATEMENT {refuse}",
    ]

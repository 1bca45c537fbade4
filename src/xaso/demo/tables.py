"""Whole tables at once: blocks of ids, COPY on PostgreSQL, executemany on SQLite. Rows are tuples in the order here."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Max, Model

COLUMNS: dict[str, tuple[str, ...]] = {
    "accounts.Person": (
        "id", "uuid", "full_name", "folded_name", "personal_id", "old_id", "birth_on", "sex", "phone", "email",
        "address", "is_demo",
    ),
    "accounts.Account": (
        "id", "password", "last_login", "uuid", "username", "person_id", "phone", "official_email",
        "email_set_at", "email_confirmed_at", "is_active", "second_factor_required", "session_epoch", "created_at",
    ),
    "dossiers.Dossier": (
        "id", "uuid", "number", "secret", "procedure_id", "version_id", "case_key", "unit_id", "unit_path",
        "received_by_unit_id", "helped_at_unit_id", "state", "payment_state", "delivery_state", "sync_state", "channel",
        "filing", "result_by", "owner_person_id", "applicant_name", "applicant_id", "applicant_birth_on",
        "applicant_sex", "applicant_phone", "applicant_email", "applicant_address", "content", "answers",
        "search_tokens", "step_key", "step_role", "assignee_id", "submitted_at", "accepted_at", "due_at", "finished_at",
        "returned_at", "on_time_legal", "on_time_shown", "on_time_766", "supplements_asked", "supplement_answered_at",
        "needs_apology", "apologised_at", "rating", "rating_comment", "idempotency_key", "created_by_id",
    ),
    "files.StoredFile": (
        "id", "uuid", "blob_id", "subject", "unit_path", "owner_person_id", "kind", "name", "original_media_type",
        "pages", "is_signed", "made_from_id", "uploaded_by", "created_at", "removed_at",
    ),
    "dossiers.Party": (
        "id", "dossier_id", "role", "full_name", "personal_id", "phone", "account_id", "basis", "consent_at",
    ),
    "dossiers.SubmittedPaper": (
        "id", "dossier_id", "key", "name", "is_required", "is_handed_in", "originals", "copies", "file_id",
        "digitised_by_id", "digitised_at", "from_data", "is_reused", "note",
    ),
    "dossiers.Step": (
        "id", "dossier_id", "key", "label", "kind", "role", "account_id", "who", "started_at", "due_at", "finished_at",
        "outcome", "note",
    ),
    "dossiers.Supplement": (
        "id", "dossier_id", "items", "reason", "asked_at", "asked_by", "answer_by_on", "answered_at", "answer",
        "before_acceptance", "approved_by",
    ),
    "dossiers.Apology": (
        "id", "dossier_id", "reason", "due_before_at", "due_after_at", "at", "by", "override_reason",
    ),
    "dossiers.Result": (
        "id", "dossier_id", "file_id", "number", "decided_by", "decided_at", "handed_to", "handed_how", "handed_at",
        "person_signed_at", "agency_signed_at", "proof_code",
    ),
    "deadlines.Clock": (
        "id", "subject", "unit_path", "kind", "state", "started_at", "counted_from_at", "limit_amount", "limit_unit",
        "same_day", "due_original_at", "due_legal_at", "due_shown_at", "near_at", "finished_at", "outcome",
        "rescheduled_at", "reschedule_reason", "near_announced_at", "passed_announced_at", "verdict_legal",
        "verdict_shown", "verdict_766",
    ),
    "deadlines.Pause": ("id", "clock_id", "cause", "from_at", "to_at", "document", "note"),
    "payments.Charge": (
        "id", "uuid", "subject", "unit_id", "unit_path", "payer_name", "owner_person_id", "lines", "total", "paid",
        "waived", "collect_at", "state", "reference", "created_at", "due_on", "paid_at", "waived_reason",
        "cancelled_reason",
    ),
    "payments.Payment": (
        "id", "charge_id", "unit_path", "method", "amount", "at", "book_on", "by_id", "by_name", "transaction_id",
        "idempotency_key",
    ),
    "payments.Receipt": (
        "id", "uuid", "unit_id", "unit_path", "year", "serial", "charge_id", "amount", "lines", "payments", "issued_at",
        "issued_by_name", "cancelled_at", "cancelled_by_name", "cancelled_reason", "replaced_by_id",
    ),
    "audit.Entry": (
        "id", "at", "unit_path", "actor_kind", "account_id", "actor_name", "via", "verb", "within", "subject",
        "outcome", "details", "digest", "position", "link",
    ),
}  # fmt: skip
SQLITE_CACHE = "PRAGMA cache_size=-600000"
NULL = "\x01"


def model_of(label: str) -> type[Model]:
    return apps.get_model(label)


def check_columns() -> None:
    """Raises RuntimeError when a table has grown since this file was written, before anything is loaded."""
    for label, columns in COLUMNS.items():
        real = {field.column for field in model_of(label)._meta.concrete_fields if field.column}
        if real != set(columns):
            raise RuntimeError(f"the bulk load does not know {label}: {sorted(real ^ set(columns))}")


def lock_tables() -> None:
    """Nobody else inserts until the transaction ends, so that a block of ids stays ours. SQLite has one writer."""
    if connection.vendor != "postgresql":
        return
    names = ", ".join(model_of(label)._meta.db_table for label in COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE")


def next_ids() -> dict[str, int]:
    """The first free id of every table. On PostgreSQL ids given and rolled back are free again, which is harmless."""
    return {label: (model_of(label)._base_manager.aggregate(last=Max("pk"))["last"] or 0) + 1 for label in COLUMNS}


def write(rows: dict[str, list[tuple[Any, ...]]]) -> None:
    """Every table's rows, parents first, and the sequences moved behind them."""
    for label, columns in COLUMNS.items():
        if rows[label]:
            _write(model_of(label)._meta.db_table, columns, rows[label])


def _write(table: str, columns: Sequence[str], rows: list[tuple[Any, ...]]) -> None:
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            statement = f"COPY {table} ({names}) FROM STDIN WITH (NULL '{NULL}')"
            with cursor.copy(statement) as copy:
                copy.write("".join(map(_line, rows)))
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), %s)", [rows[-1][0]])
        else:
            marks = ", ".join("?" * len(columns))
            # Below Django, which would translate the marks of the statement anew for each row.
            cursor.connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)  # noqa: S608 - names of our own


def _line(row: tuple[Any, ...]) -> str:
    """One line of COPY's text. No value holds a tab or a new line: they are made of one-line texts and of JSON."""
    text = "\t".join([NULL if value is None else value if value.__class__ is str else str(value) for value in row])
    return f"{text.replace(chr(92), chr(92) * 2)}\n"


@contextmanager
def quick() -> Iterator[None]:
    """Without the collector of cycles: rows are many and hold none, and it would walk over all of them."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        with _roomy():
            yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def _roomy() -> Iterator[None]:
    """More page cache for SQLite while the load runs: random unique keys touch the whole index."""
    if connection.vendor == "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size")
        before = cursor.fetchone()[0]
        cursor.execute(SQLITE_CACHE)
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA cache_size={before}")

"""The tables of the database: made at once where there are none, migrated where there are some."""

from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection
from django.db.migrations import Migration, RunPython
from django.db.migrations.executor import MigrationExecutor


def exist() -> bool:
    """False for a database that is new, was thrown away, or was left before its tables were complete."""
    with connection.cursor() as cursor:
        return "django_migrations" in connection.introspection.table_names(cursor)


def unapplied() -> list[str]:
    """Names of migrations this database still lacks."""
    return [f"{migration.app_label}.{migration.name}" for migration in _plan(MigrationExecutor(connection))]


def bring_up_to_date() -> None:
    if exist():
        call_command("migrate", interactive=False, verbosity=0)
    else:
        create()


def create() -> None:
    """What all migrations together leave behind, in one transaction and in seconds; the migrations themselves take a
    minute or more on an old machine, because Django draws every model anew at every step."""
    with connection.schema_editor() as editor:
        for model in apps.get_models():
            if model._meta.can_migrate(connection):
                editor.create_model(model)
        _complete(editor)
    emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)


def complete() -> None:
    """For tables that Django made from the models, as it does for tests: what no model says, and the record."""
    with connection.schema_editor() as editor:
        _complete(editor)


def _complete(editor: Any) -> None:
    executor = MigrationExecutor(connection)
    plan = _plan(executor)
    models: Any = apps
    executor.recorder.ensure_schema()
    for migration in plan:
        for step in migration.operations:
            # Steps of libraries mend rows of old versions: here are none.
            if isinstance(step, RunPython) and type(migration).__module__.startswith("xaso."):
                step.code(models, editor)
        executor.recorder.record_applied(migration.app_label, migration.name)


def _plan(executor: MigrationExecutor) -> list[Migration]:
    return [migration for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]

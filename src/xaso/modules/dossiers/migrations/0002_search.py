"""Search by words: FTS5 on SQLite, GIN on PostgreSQL, both over the token column."""

from typing import Any

from django.db import migrations

SQLITE = [
    """CREATE VIRTUAL TABLE dossiers_search USING fts5(
         search_tokens, content='dossiers_dossier', content_rowid='id', detail='none', tokenize='ascii')""",
    """CREATE TRIGGER dossiers_search_insert AFTER INSERT ON dossiers_dossier BEGIN
         INSERT INTO dossiers_search(rowid, search_tokens) VALUES (new.id, new.search_tokens); END""",
    """CREATE TRIGGER dossiers_search_delete AFTER DELETE ON dossiers_dossier BEGIN
         INSERT INTO dossiers_search(dossiers_search, rowid, search_tokens)
         VALUES ('delete', old.id, old.search_tokens); END""",
    """CREATE TRIGGER dossiers_search_update AFTER UPDATE OF search_tokens ON dossiers_dossier
         WHEN old.search_tokens <> new.search_tokens BEGIN
         INSERT INTO dossiers_search(dossiers_search, rowid, search_tokens)
         VALUES ('delete', old.id, old.search_tokens);
         INSERT INTO dossiers_search(rowid, search_tokens) VALUES (new.id, new.search_tokens); END""",
]
POSTGRESQL = [
    "CREATE INDEX dossiers_search ON dossiers_dossier USING gin (to_tsvector('simple', search_tokens))",
]


def build(apps: Any, editor: Any) -> None:
    del apps
    for statement in POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement)


def drop(apps: Any, editor: Any) -> None:
    del apps
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP INDEX dossiers_search")
        return
    for name in ("insert", "delete", "update"):
        editor.execute(f"DROP TRIGGER dossiers_search_{name}")
    editor.execute("DROP TABLE dossiers_search")


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0001_initial")]
    operations = [migrations.RunPython(build, drop)]

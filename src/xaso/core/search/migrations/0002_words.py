"""The index over the words: FTS5 on SQLite, a tsvector column with GIN on PostgreSQL; kept by the database itself.

Prefixes of two to six letters have lists of their own on SQLite, so that a half-typed word costs what a word costs.
"""

from typing import Any

from django.db import migrations

SQLITE = [
    """CREATE VIRTUAL TABLE search_words USING fts5(
         folded, content='search_entry', content_rowid='id', columnsize=0, prefix='2 3 4 5 6',
         tokenize='unicode61 remove_diacritics 0')""",
    """CREATE TRIGGER search_words_insert AFTER INSERT ON search_entry BEGIN
         INSERT INTO search_words(rowid, folded) VALUES (new.id, new.folded); END""",
    """CREATE TRIGGER search_words_delete AFTER DELETE ON search_entry BEGIN
         INSERT INTO search_words(search_words, rowid, folded) VALUES ('delete', old.id, old.folded); END""",
    """CREATE TRIGGER search_words_update AFTER UPDATE ON search_entry
         WHEN old.folded <> new.folded OR old.id <> new.id BEGIN
         INSERT INTO search_words(search_words, rowid, folded) VALUES ('delete', old.id, old.folded);
         INSERT INTO search_words(rowid, folded) VALUES (new.id, new.folded); END""",
]
POSTGRESQL = [
    "ALTER TABLE search_entry ADD COLUMN words tsvector GENERATED ALWAYS AS (to_tsvector('simple', folded)) STORED",
    "CREATE INDEX search_words ON search_entry USING gin (words) WITH (fastupdate = off)",
]


def build(apps: Any, editor: Any) -> None:
    del apps
    for statement in POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement)


def drop(apps: Any, editor: Any) -> None:
    del apps
    if editor.connection.vendor == "postgresql":
        editor.execute("ALTER TABLE search_entry DROP COLUMN words")
        return
    for name in ("insert", "delete", "update"):
        editor.execute(f"DROP TRIGGER search_words_{name}")
    editor.execute("DROP TABLE search_words")


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(build, drop)]

"""Search by words without diacritics, by number, id or phone. One question with a form for each database.

Each dossier carries tokens of its words behind its unit's code, so the index narrows to the searcher's commune and to
the word at once. SQLite: an FTS5 table kept by triggers. PostgreSQL: a GIN index over the token array.
"""

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from xaso.kit.fold import words
from xaso.modules.dossiers.models import Dossier
from xaso.modules.dossiers.rules import search_prefix

MOST_WORDS = 6


def matching(rows: QuerySet[Dossier], unit_path: str, text: str) -> QuerySet[Dossier]:
    """Rows of the queryset in that unit whose name, id or phone has words beginning so. Empty text changes nothing."""
    found = words(text)[:MOST_WORDS]
    if not found:
        return rows
    prefix = search_prefix(unit_path)
    tokens = [prefix + word for word in found]
    if connection.vendor == "postgresql":
        query = " & ".join(f"'{token}':*" for token in tokens)
        return rows.extra(
            where=["to_tsvector('simple', dossiers_dossier.search_tokens) @@ %s::tsquery"], params=[query]
        )
    query = " ".join(f"{token}*" for token in tokens)
    ids = RawSQL("SELECT rowid FROM dossiers_search WHERE dossiers_search MATCH %s", [query])
    return rows.filter(pk__in=ids)

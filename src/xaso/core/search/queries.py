"""Find what the asker may see. One statement, newest first, a keyset page.

The index itself narrows to the words, to the units the asker sees and to the permissions held there: a commune's clerk
who types a common word in a province's database touches that commune's entries only. The rows' own columns are asked
as well, so nothing rests on the index alone. The order is that of the index (see `rules.place`), so a page costs the
same however many entries match. Typed with marks, what is written exactly so comes first, then the rest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from xaso.core.access import Actor
from xaso.core.search import matching, rules
from xaso.core.search.feeds import permissions
from xaso.core.search.models import Entry

PAGE = 20
EXACT, ALIKE = 0, 1
NEWEST = 4_000
"""Entries that PostgreSQL reads one by one, some milliseconds, before it asks its index."""

_CURSOR = re.compile(r"([01])\.(-?[0-9]{1,19})")
_COLUMNS = ("id", "subject", "model", "unit_path", "owner_person_id", "title", "line", "url", "moment")
_MOMENT = Entry._meta.get_field("moment")


@dataclass(frozen=True, slots=True)
class Found:
    """An entry the asker may see."""

    id: int
    subject: str
    model: str
    unit_path: str
    owner_person_id: int | None
    title: str
    line: str
    url: str
    moment: datetime
    tier: int


@dataclass(frozen=True, slots=True)
class Page:
    """`after` is empty at the end. `asked` is what was understood of the words."""

    rows: list[Found]
    after: str
    asked: tuple[rules.Chunk, ...] = ()


@dataclass(frozen=True, slots=True)
class Sight:
    """What somebody may see, for the index and for the rows. `sees_all`: no narrowing at all."""

    tokens: list[str]
    condition: str
    values: list[Any]
    sees_all: bool = False


def find(by: Actor, words: str, after: str = "", *, kind: str = "", size: int = PAGE) -> Page:
    """Entries with all the words that `by` may see. `kind` is a model's label. Words that ask nothing find nothing."""
    asked = rules.question(words)
    sight = _sight(by)
    if not rules.is_enough(asked) or not (sight.sees_all or sight.tokens):
        return Page([], "", asked)
    rows = _rows(*_statement(asked, sight, kind, _cursor(after), size + 1))
    last = rows[size - 1] if len(rows) > size else None
    return Page(rows[:size], f"{last.tier}.{last.id}" if last else "", asked)


def _cursor(after: str) -> tuple[int, int | None]:
    """The tier and key of the last row shown; whatever is not one counts as the beginning."""
    found = _CURSOR.fullmatch(after)
    if found is None or abs(int(found[2])) >= 1 << 63:
        return EXACT, None
    return int(found[1]), int(found[2])


def _sight(by: Actor) -> Sight:
    if by.kind == "system":
        return Sight([], "", [], sees_all=True)
    tokens: list[str] = []
    conditions: list[str] = []
    values: list[Any] = []
    for permission in sorted(permissions()):
        for scope, grant in dict.fromkeys(by.scopes_of(permission)):
            token, condition, given = _place(permission, scope, grant.unit_path, by.person_id)
            if token and token not in tokens:
                tokens.append(token)
                conditions.append(f"(e.permission = %s{condition})")
                values += [permission, *given]
    return Sight(tokens, " OR ".join(conditions), values)


def _place(permission: str, scope: str, path: str, person_id: int | None) -> tuple[str, str, list[Any]]:
    """A scope as a token and as a condition on the row."""
    if scope == "all":
        return rules.tree_token(permission, ""), "", []
    if scope == "own":
        if person_id is None:
            return "", "", []
        return rules.owner_token(permission, person_id), " AND e.owner_person_id = %s", [person_id]
    if scope == "unit":
        return rules.unit_token(permission, path), " AND e.unit_path = %s", [path]
    within = " AND e.unit_path >= %s AND e.unit_path < %s"
    return rules.tree_token(permission, path), within, [path, path[:-1] + "/"]


def _statement(
    asked: tuple[rules.Chunk, ...], sight: Sight, kind: str, cursor: tuple[int, int | None], limit: int
) -> tuple[str, list[Any]]:
    """What is written exactly so, then what is written alike; each in the order of the index, as far as needed."""
    tier, key = cursor
    has_marks = any(chunk.has_marks for chunk in asked)
    parts: list[str] = []
    values: list[Any] = []
    for level in (EXACT, ALIKE) if has_marks else (ALIKE,):
        if level < tier:
            continue
        before = key if level == tier else None
        part, given = _part(level, _query(asked, sight, kind, level, has_marks), sight, before, limit)
        parts.append(part)
        values += given
    return f"{' UNION ALL '.join(parts)} LIMIT %s", [*values, limit]


def _query(asked: tuple[rules.Chunk, ...], sight: Sight, kind: str, level: int, has_marks: bool) -> str:
    is_postgres = connection.vendor == "postgresql"
    write = matching.postgresql if is_postgres else matching.sqlite
    token = rules.kind_token(kind) if kind else ""
    if level == EXACT:
        return write(asked, sight.tokens, token, marked=True)
    alike = write(asked, sight.tokens, token, marked=False)
    if not has_marks:
        return alike
    exact = write(asked, [], "", marked=True)
    return f"({alike}) & !({exact})" if is_postgres else f"({alike}) NOT ({exact})"


def _part(level: int, query: str, sight: Sight, before: int | None, limit: int) -> tuple[str, list[Any]]:
    write = _part_of_postgresql if connection.vendor == "postgresql" else _part_of_sqlite
    columns = ", ".join((*(f"e.{name}" for name in _COLUMNS), f"{level} AS tier"))
    wanted = f" AND ({sight.condition})" if sight.condition else ""
    part, values = write(columns, wanted, query, sight.values, before, limit)
    return f"SELECT * FROM ({part}) AS tier{level}", values  # noqa: S608 - our own columns


def _part_of_sqlite(
    columns: str, wanted: str, query: str, given: list[Any], before: int | None, limit: int
) -> tuple[str, list[Any]]:
    earlier, earlier_than = ("", []) if before is None else (" AND w.rowid < %s", [before])
    found = f"search_words w CROSS JOIN search_entry e ON e.id = w.rowid WHERE w.folded MATCH %s{earlier}{wanted}"
    asked = f"SELECT {columns} FROM {found} ORDER BY w.rowid DESC LIMIT %s"  # noqa: S608 - our own words
    return asked, [query, *earlier_than, *given, limit]


def _part_of_postgresql(
    columns: str, wanted: str, query: str, given: list[Any], before: int | None, limit: int
) -> tuple[str, list[Any]]:
    """The newest entries are read one by one; only if they do not fill the page is the index asked for the older ones.

    The index gives every match before the first can be shown: what a hundred thousand documents say would cost half a
    second. `+ 0` keeps the second one on the index of the words.
    """
    earlier, earlier_than = ("", []) if before is None else ("WHERE e.id < %s", [before])
    top = f"FROM search_entry e {earlier} ORDER BY e.id DESC"
    newest = (
        f"SELECT {columns} FROM (SELECT * {top} LIMIT {NEWEST}) AS e WHERE e.words @@ %s::tsquery{wanted}"  # noqa: S608
        " ORDER BY e.id DESC LIMIT %s"
    )
    older = (
        f"SELECT {columns} FROM search_entry e WHERE e.words @@ %s::tsquery{wanted}"  # noqa: S608 - our own words
        f" AND e.id + 0 <= (SELECT e.id {top} OFFSET {NEWEST} LIMIT 1) ORDER BY e.id + 0 DESC LIMIT %s"
    )
    values = [*earlier_than, query, *given, limit, query, *given, *earlier_than, limit, limit]
    return f"({newest}) UNION ALL ({older}) LIMIT %s", values


def _rows(text: str, values: list[Any]) -> list[Found]:
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        rows = cursor.fetchall()
    return sorted((Found(*_taken(row)) for row in rows), key=lambda row: (row.tier, -row.id))


def _taken(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """SQLite keeps moments as text."""
    moment = row[8]
    if isinstance(moment, str):
        for convert in connection.ops.get_db_converters(_MOMENT.cached_col):
            moment = convert(moment, _MOMENT.cached_col, connection)
    return (*row[:8], moment, *row[9:])

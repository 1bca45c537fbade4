"""Filing things in the index, inside the action that changes them: found as soon as it commits, or never."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NotRequired, TypedDict, Unpack

from django.db import connection
from django.db.models import Model

from xaso.core.search import rules
from xaso.core.search.feeds import Item, permissions
from xaso.core.search.models import Entry
from xaso.kit import subject
from xaso.kit.fold import tidy

AT_ONCE = 500
_COLUMNS = list(Entry._meta.concrete_fields)
_CHANGED = [field.column for field in _COLUMNS if field.name != "subject"]


class Shown(TypedDict):
    """How a thing is found and shown. `title` and `line` are shown to whoever may see the entry; `texts` are only
    searched; `whole` is found only when typed to the last digit."""

    permission: str
    unit_path: str
    title: str
    line: str
    texts: Iterable[str]
    url: str
    moment: datetime
    owner_person_id: NotRequired[int | None]
    whole: NotRequired[Iterable[str]]


def index(thing: Model, /, **shown: Unpack[Shown]) -> None:
    """File the thing, or file it anew. One statement; nothing is written when nothing changed."""
    index_many([Item(thing, **shown)])


def index_many(items: Sequence[Item]) -> None:
    """The same for many things, one statement for every five hundred."""
    if unknown := {item.permission for item in items} - permissions():
        raise LookupError(f"no feed declares {', '.join(sorted(unknown))}: nobody would find this")
    entries = list({entry.subject: entry for entry in map(_entry, items)}.values())
    for start in range(0, len(entries), AT_ONCE):
        _store(entries[start : start + AT_ONCE])


def forget(thing: Model | str, /) -> None:
    """The thing is found no more. Takes the thing or its reference."""
    reference = thing if isinstance(thing, str) else subject.ref(thing)
    Entry.objects.filter(subject=reference).delete()


def _entry(item: Item) -> Entry:
    model = item.thing._meta.label
    ours = [rules.kind_token(model), *rules.access_tokens(item.permission, item.unit_path, item.owner_person_id)]
    title, line = tidy(item.title)[:300], tidy(item.line)[:300]
    entry = Entry(
        id=rules.place(int(item.moment.timestamp()) // 60, model, int(item.thing.pk)),
        subject=subject.ref(item.thing),
        model=model,
        permission=item.permission,
        unit_path=item.unit_path,
        owner_person_id=item.owner_person_id,
        title=title,
        line=line,
        url=item.url,
        moment=item.moment,
        folded=rules.indexed([title, line], item.texts, item.whole, ours),
    )
    entry.digest = _digest(entry)
    return entry


def _digest(entry: Entry) -> str:
    said = [entry.id, entry.permission, entry.unit_path, entry.owner_person_id, entry.title, entry.line, entry.url]
    return hashlib.sha256(repr([*said, entry.folded]).encode()).hexdigest()[:32]


@cache
def _statement(count: int) -> str:
    columns = ", ".join(field.column for field in _COLUMNS)
    line = "(" + ", ".join(["%s"] * len(_COLUMNS)) + ")"
    changes = ", ".join(f"{column} = excluded.{column}" for column in _CHANGED)
    return (
        f"INSERT INTO search_entry ({columns}) VALUES {', '.join([line] * count)} "  # noqa: S608 - our own columns
        f"ON CONFLICT (subject) DO UPDATE SET {changes} WHERE search_entry.digest <> excluded.digest"
    )


def _store(entries: list[Entry]) -> None:
    values: list[Any] = [
        field.get_db_prep_save(getattr(entry, field.attname), connection) for entry in entries for field in _COLUMNS
    ]
    with connection.cursor() as cursor:
        cursor.execute(_statement(len(entries)), values)

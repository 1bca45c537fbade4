"""The part of `searching` that runs with Django, in a process of its own."""

import sys
import time

from django.core.management import call_command
from django.db import connection, transaction

from bench.searching import AT_ONCE, COMMON, SELECTIVE, summary, texts, timed
from xaso.core.access import Actor, Grant
from xaso.core.accounts.models import Person
from xaso.core.search import matching, rules
from xaso.core.search.actions import index_many
from xaso.core.search.feeds import Item
from xaso.core.search.queries import find

CLERK_PATH = "26.246.09050."
SCOPES = {
    "commune": Actor("person", 1, 1, "clerk", (Grant("clerk", 3, CLERK_PATH),)),
    "district": Actor("person", 1, 1, "supervisor", (Grant("supervisor", 2, "26.246."),)),
    "province": Actor("person", 1, 1, "province", (Grant("province", 1, "26."),)),
    "stranger": Actor("person", 1, 1, "stranger", (Grant("clerk", 4, "27.100.00001."),)),
}


def measure(count, rounds):
    call_command("migrate", verbosity=0)
    filled = time.perf_counter()
    _fill(count)
    filled = time.perf_counter() - filled
    _fill_bare(count)
    _settle()
    times = {name: [] for name in SCOPES}
    bare, slowest = [], {}
    for _ in range(rounds):
        for words in (*COMMON, *SELECTIVE):
            one = timed(lambda words=words: _ask_bare(words))
            bare.append(one)
            _note(slowest, "bare", words, one)
            for name, actor in SCOPES.items():
                one = timed(lambda actor=actor, words=words: find(actor, words))
                times[name].append(one)
                _note(slowest, name, words, one)
    raw = summary(bare)
    found = {name: summary(one) for name, one in times.items()}
    return {"seconds_to_file": round(filled, 1), "size_mib": _size(), "bare": raw, **found,
            "ratio_p95": {name: round(one["p95_ms"] / raw["p95_ms"], 2) for name, one in found.items()},
            "slowest": {name: max(one.items(), key=lambda pair: pair[1]) for name, one in slowest.items()}}  # fmt: skip


def _note(slowest, name, words, seconds):
    kept = slowest.setdefault(name, {})
    kept[words] = round(min(kept.get(words, 9e9), seconds * 1000), 2)


def _fill(count):
    batch = []
    for number, (title, line, path, moment) in enumerate(texts(count), 1):
        batch.append(Item(Person(pk=number), "dossiers.view", path, title, line, f"/desk/thu/{number}/", moment))
        if len(batch) == AT_ONCE or number == count:
            with transaction.atomic():
                index_many(batch)
            batch = []
        if number % 100_000 == 0:
            print(f"filed {number}", file=sys.stderr, flush=True)


def _fill_bare(count):
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("CREATE TABLE bare (id bigint PRIMARY KEY, title text, words tsvector)")
            insert = "INSERT INTO bare VALUES (%s, %s, to_tsvector('simple', %s))"
        else:
            cursor.execute("CREATE TABLE bare_rows (id integer PRIMARY KEY, title text)")
            cursor.execute(
                "CREATE VIRTUAL TABLE bare USING fts5(folded, content='', tokenize='unicode61 remove_diacritics 0')"
            )
            insert = "INSERT INTO bare(rowid, folded) VALUES (%s, %s)"
        rows = []
        for number, (title, line, _, _) in enumerate(texts(count), 1):
            folded = " ".join([*rules.plain_words(title), *rules.plain_words(line)])
            rows.append((number, title, folded))
            if len(rows) == AT_ONCE or number == count:
                if connection.vendor == "postgresql":
                    cursor.executemany(insert, rows)
                else:
                    cursor.executemany("INSERT INTO bare_rows VALUES (%s, %s)", [row[:2] for row in rows])
                    cursor.executemany(insert, [(row[0], row[2]) for row in rows])
                rows = []
        if connection.vendor == "postgresql":
            cursor.execute("CREATE INDEX bare_words ON bare USING gin (words)")


def _settle():
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            connection.set_autocommit(True)
            cursor.execute("VACUUM ANALYZE")
        else:
            cursor.execute("INSERT INTO search_words(search_words) VALUES ('optimize')")
            cursor.execute("INSERT INTO bare(bare) VALUES ('optimize')")


def _ask_bare(words):
    asked = rules.question(words)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            query = matching.postgresql(asked, [], "", marked=False)
            cursor.execute("SELECT id, title FROM bare WHERE words @@ %s::tsquery ORDER BY id DESC LIMIT 21", [query])
        else:
            query = matching.sqlite(asked, [], "", marked=False)
            cursor.execute(
                "SELECT b.rowid, r.title FROM bare b CROSS JOIN bare_rows r ON r.id = b.rowid WHERE b.folded MATCH %s"
                " ORDER BY b.rowid DESC LIMIT 21",
                [query],
            )
        cursor.fetchall()


def _size():
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_total_relation_size('search_entry') / 1048576")
            return int(cursor.fetchone()[0])
        cursor.execute("PRAGMA page_count")
        return int(cursor.fetchone()[0]) * 4096 // 1048576

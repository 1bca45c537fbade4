"""Do the lists of documents stay flat? p95 of the clerk's pages at few and at many documents, in slices in turn.

`./xaso bench documents [--on sqlite,postgres] [--small 10000] [--big 1000000] [--rounds 40]`
Incoming documents of 40 communes; one commune's clerk opens the list, the book, the search by standing and the backlog.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from bench.rig.databases import cluster, surroundings
from bench.rig.report import keep
from bench.rig.turns import answering

UNITS = 40


def main(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("--on", default="postgres,sqlite")
    parser.add_argument("--small", type=int, default=10_000)
    parser.add_argument("--big", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=40)
    chosen = parser.parse_args(arguments)
    for database in chosen.on.split(","):
        found = _on(database, chosen)
        print(database, json.dumps(found, indent=1, ensure_ascii=False), flush=True)
        keep("documents", {"database": database, "small": chosen.small, "big": chosen.big, "results": found})
    return 0


def _on(database, chosen):
    with ExitStack() as stack:
        kept = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="xaso-bench-")))
        make = stack.enter_context(cluster()) if database == "postgres" else lambda name: ""
        asked = {}
        for name, count in (("small", chosen.small), ("big", chosen.big)):
            (kept / name).mkdir()
            around = surroundings(kept / name, make(name))
            command = [sys.executable, "-m", "bench.documents", "--inside", str(count)]
            asked[name] = stack.enter_context(answering(command, around))
        found = {}
        for question in QUESTIONS:
            times = {name: [] for name in asked}
            for _ in range(chosen.rounds):
                for name, one in asked.items():
                    times[name].append(float(one.ask(question)))
            p95 = {name: sorted(values)[int(len(values) * 0.95)] for name, values in times.items()}
            ratios = [big / small for small, big in zip(times["small"], times["big"], strict=True)]
            found[question] = {
                "p95_ms": {name: round(value * 1000, 2) for name, value in p95.items()},
                "big_over_small_p95": round(p95["big"] / p95["small"], 2),
                "big_over_small_median": round(statistics.median(ratios), 2),
            }
        return found


def inside(count):
    """Runs in a process of its own: fills the database, then answers one question after the other with its seconds."""
    import django

    django.setup()
    clerk, unit = _filled(count)
    print("ready", flush=True)
    for line in sys.stdin:
        begun = time.perf_counter()
        QUESTIONS[line.strip()](clerk, unit)
        print(time.perf_counter() - begun, flush=True)
    return 0


def _filled(count):
    from datetime import timedelta

    from django.core.management import call_command
    from django.db import connection

    from xaso.core.accounts.models import Account, Person, Post
    from xaso.core.accounts.queries import actor_of
    from xaso.core.units.actions import load_units
    from xaso.core.units.models import Unit
    from xaso.kit import clock
    from xaso.modules.incoming.models import Document

    call_command("migrate", verbosity=0)
    load_units(demo=False)
    units = list(Unit.objects.on(clock.today()).communes().order_by("path")[:UNITS])
    now, states = clock.now(), ["done"] * 94 + ["registered", "shown", "assigned", "working", "working", "working"]
    rows = (
        Document(
            unit=units[n % UNITS], unit_path=units[n % UNITS].path, register_path=units[n % UNITS].path,
            state=states[n // UNITS % 100], origin="edxml", sender=f"Sở {n % 23}",
            arrived_at=now - timedelta(minutes=n),
            ended_at=now if states[n // UNITS % 100] == "done" else None,
            register_by_at=now, registered_at=now, book="den", year=2026,
            number=n // UNITS + 1, kind="cong_van",
            subject=f"Về việc số {n}", due_at=now + timedelta(hours=n % 900 - 450),
        )
        for n in range(count)
    )  # fmt: skip
    while part := [row for _, row in zip(range(5000), rows, strict=False)]:
        Document.objects.bulk_create(part)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    person = Person.objects.create(full_name="Văn thư", folded_name="van thu")
    account = Account.objects.create(username="bench-clerk", person=person, password="!")
    Post.objects.create(
        account=account, unit=units[7], unit_path=units[7].path, role="clerk", valid_from=units[7].valid_from
    )
    return actor_of(account.pk), units[7]


def _list(clerk, unit):
    del unit
    from xaso.modules.incoming.queries.documents import listed

    return listed(clerk, {})


def _standing(clerk, unit):
    del unit
    from xaso.modules.incoming.queries.documents import listed

    return listed(clerk, {"standing": "open"})


def _book(clerk, unit):
    del clerk
    from xaso.modules.incoming.queries.books import book_page

    return book_page(unit.path, "den", 2026)


QUESTIONS = {"list": _list, "open ones": _standing, "book of the year": _book}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xaso.config.settings")
    if sys.argv[1:2] == ["--inside"]:
        sys.exit(inside(int(sys.argv[2])))
    sys.exit(main(sys.argv[1:]))

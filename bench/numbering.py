"""Numbers: fifty clerks take them as issuing does, against a bare counter row of the same database.

`./xaso bench numbering [--on sqlite,postgres] [--numbers 2000] [--clerks 50] [--rounds 3]`

Both sides: a transaction with the number and one row that keeps it, each clerk a process of its own, in turn. The bare
side is `UPDATE … SET value = value + 1 RETURNING value` on one row and an insert. `action` is the whole verb with its
audit entry, timeline, search entry and marks: told for knowledge, not compared. Ratio: ours over bare, per second.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from bench.rig.databases import ROOT, cluster, surroundings
from bench.rig.report import keep

MUST = 0.4
SIDES = ("ours", "bare")


def main(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("--on", default="sqlite,postgres")
    parser.add_argument("--numbers", type=int, default=2_000)
    parser.add_argument("--clerks", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--inside", action="store_true")
    chosen = parser.parse_args(arguments)
    if chosen.inside:
        print(json.dumps(_inside(chosen)))
        return 0
    worst = 1.0
    for database in chosen.on.split(","):
        with ExitStack() as stack:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="xaso-bench-"))
            url = stack.enter_context(cluster())("numbering") if database == "postgres" else ""
            told = [
                str(value) for name in ("numbers", "clerks", "rounds") for value in (f"--{name}", vars(chosen)[name])
            ]
            command = [sys.executable, "-m", "bench.numbering", "--inside", *told]
            done = subprocess.run(
                command, env=surroundings(Path(folder), url), cwd=ROOT, stdout=subprocess.PIPE, check=True
            )
        found = json.loads(done.stdout.splitlines()[-1])
        worst = min(worst, found["ratio"])
        print(json.dumps({database: found}, ensure_ascii=False, indent=1), flush=True)
        keep("numbering", {"database": database, "numbers": chosen.numbers, "clerks": chosen.clerks, **found})
    return 0 if worst >= MUST else 1


def _inside(chosen):
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_counter (id integer PRIMARY KEY, value bigint NOT NULL)")
        cursor.execute("CREATE TABLE bench_given (side varchar(8), clerk integer, value bigint)")
        cursor.execute("INSERT INTO bench_counter VALUES (1, 0)")
    rates = {side: [] for side in SIDES}
    for _ in range(chosen.rounds):
        for side in SIDES:
            rates[side].append(_together(side, chosen))
    middle = {side: round(statistics.median(found), 1) for side, found in rates.items()}
    whole = _whole_action(chosen)
    return {"per_second": middle, "ratio": round(middle["ours"] / middle["bare"], 3), "action_per_second": whole,
            "vendor": connection.vendor}  # fmt: skip


def _together(side, chosen):
    """Numbers a second of all clerks."""
    each = chosen.numbers // chosen.clerks
    seconds = _forked(chosen.clerks, lambda clerk: _take(side, clerk, each))
    return each * chosen.clerks / seconds


def _forked(count, work):
    from django.db import connections

    connections.close_all()
    began = time.monotonic()
    children = []
    for place in range(count):
        child = os.fork()
        if not child:
            status = 1
            try:
                work(place)
                status = 0
            finally:
                os._exit(status)
        children.append(child)
    if any(os.waitpid(child, 0)[1] for child in children):
        raise SystemExit("a clerk failed")
    return time.monotonic() - began


def _take(side, clerk, count):
    from django.db import connection, transaction

    from xaso.core.numbering.actions import next_value

    for _ in range(count):
        with transaction.atomic(), connection.cursor() as cursor:
            if side == "ours":
                value = next_value("outgoing:1", "26.252.09157.", "2024")
            else:
                cursor.execute("UPDATE bench_counter SET value = value + 1 WHERE id = 1 RETURNING value")
                value = cursor.fetchone()[0]
            cursor.execute("INSERT INTO bench_given VALUES (%s, %s, %s)", [side, clerk, value])


def _whole_action(chosen):
    """`give_number` with everything that belongs to it, by the same clerks."""
    from datetime import date

    from xaso.core.access import SYSTEM
    from xaso.core.search.feeds import permissions
    from xaso.core.units.models import Unit
    from xaso.kit import clock
    from xaso.modules.layouts.queries import symbol_of
    from xaso.modules.outgoing.actions.numbering import give_number
    from xaso.modules.outgoing.models import Book, Document, Recipient

    permissions(), symbol_of("quyet-dinh", "UBND")  # content is read once by a server, not by each clerk
    unit = Unit.objects.create(code="26", name="Đo", kind="province", path="26.", valid_from=date(2020, 1, 1))
    Book.objects.create(unit=unit, unit_path=unit.path, title="Sổ", valid_from=date(2020, 1, 1))
    now = clock.now()
    made = Document.objects.bulk_create(
        Document(unit=unit, unit_path=unit.path, kind="quyet-dinh", subject="Đo", year=now.year, begun_at=now,
                 begun_by="An", state="signed", signed_at=now)
        for _ in range(chosen.numbers)
    )  # fmt: skip
    Recipient.objects.bulk_create(
        Recipient(document=one, unit_path=unit.path, name="Sở", channel="paper") for one in made
    )

    def work(place):
        for document in made[place :: chosen.clerks]:
            give_number(SYSTEM, document)

    seconds = _forked(chosen.clerks, work)
    numbers = sorted(Document.objects.values_list("number", flat=True))
    if numbers != list(range(1, chosen.numbers + 1)):
        raise SystemExit("a gap or a duplicate")
    return round(chosen.numbers / seconds, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

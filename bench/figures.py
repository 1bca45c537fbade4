"""Cells against the same questions written by hand: the province's table, recounting, rows behind a figure, marks.

`./xaso bench figures [--on postgres,sqlite] [--dossiers 1000000] [--small 10000] [--rounds 7]`
136 communes, 36 months. Every ratio is the median over rounds in which both sides take turns.
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

from bench.rig.databases import cluster, prepare, surroundings
from bench.rig.report import keep
from bench.rig.turns import answering

TILES = (
    "received", "judged_legal", "on_time_legal", "late_legal", "online", "self", "assisted", "paper", "done",
    "e_result", "charged", "paid",
)  # fmt: skip
HAND = {
    "received": "true", "judged_legal": "on_time_legal IS NOT NULL", "on_time_legal": "on_time_legal",
    "late_legal": "NOT on_time_legal", "online": "channel = 'online'", "done": "state IN (9, 10)",
    "assisted": "filing = 'assisted'", "charged": "payment_state IN ('due', 'part', 'paid')",
    "paid": "payment_state = 'paid'", "self": "channel = 'online' AND filing <> 'assisted'",
}  # fmt: skip

ROWS_BEHIND = ("dossiers.received", "dossiers.late_legal")
PAGE_MUST = 1.5


def main(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("--on", default="postgres,sqlite")
    parser.add_argument("--dossiers", type=int, default=1_000_000)
    parser.add_argument("--small", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=7)
    chosen = parser.parse_args(arguments)
    for database in chosen.on.split(","):
        found = _on(database, chosen)
        print(json.dumps(found, indent=1, ensure_ascii=False), flush=True)
        keep("figures", {"database": database, "dossiers": chosen.dossiers, "results": found})
    return 0


def _on(database, chosen):
    with ExitStack() as stack:
        kept = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="xaso-bench-")))
        make = stack.enter_context(cluster()) if database == "postgres" else lambda name: ""
        found, asked = {}, {}
        for name, count in (("small", chosen.small), ("big", chosen.dossiers)):
            url = make(name)
            prepare(kept / name, count, url, list_only=True)
            command = [sys.executable, "-m", "bench.figures", "--inside", str(chosen.rounds), name]
            asked[name] = stack.enter_context(answering(command, surroundings(kept / name, url)))
            found[name] = json.loads(asked[name].said)
        found["page"] = {key: _in_turn(asked, key, chosen.rounds) for key in ROWS_BEHIND}
        return found


def _in_turn(asked, key, rounds):
    """p95 of the pages of 60 figures, walk by walk; the first walk of each reads the disk and does not count."""
    walks = {name: [] for name in asked}
    for one in asked.values():
        one.ask(key)
    for _ in range(rounds):
        for name, one in asked.items():
            walks[name].append(float(one.ask(key)))
    ratios = [big / small for small, big in zip(walks["small"], walks["big"], strict=True)]
    return {
        "p95_ms": {name: round(statistics.median(taken) * 1000, 2) for name, taken in walks.items()},
        "big_over_small": round(statistics.median(ratios), 2), "must": PAGE_MUST,
    }  # fmt: skip


def inside(rounds, name):
    """Runs in a process of its own on a prepared database."""
    import django

    django.setup()
    _spread()
    found = {"rebuild": _rebuild(rounds if name == "small" else 2)}
    if name == "big":
        found |= {"dashboard": _dashboard(rounds), "marks": _marks(rounds)}
    print(json.dumps(found), flush=True)
    for key in sys.stdin:
        print(_walk(key.strip()), flush=True)
    return 0


def _spread():
    """The dossiers over 36 months."""
    from django.db import connection

    day = (
        "timestamptz '2024-01-05 02:00:00+00' + make_interval(months => (id % 36)::int, mins => (id % 20000)::int)"
        if connection.vendor == "postgresql"
        else "strftime('%Y-%m-%d %H:%M:%f', '2024-01-05 02:00:00', '+' || (id % 36) || ' months', '+' ||"
        " (id % 20000) || ' minutes')"
    )
    with connection.cursor() as cursor:
        cursor.execute("UPDATE dossiers_dossier SET on_time_legal = (id % 50 <> 0) WHERE on_time_legal IS NOT NULL")
        cursor.execute(f"UPDATE dossiers_dossier SET accepted_at = {day}")
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _timed(function):
    begun = time.perf_counter()
    result = function()
    return time.perf_counter() - begun, result


def _rebuild(rounds):
    from django.db import connection

    from xaso.core.measures import counting
    from xaso.core.measures.declaring import family_of

    family = family_of("dossiers.received")
    month = (
        "EXTRACT(YEAR FROM accepted_at AT TIME ZONE 'Asia/Ho_Chi_Minh') * 100"
        " + EXTRACT(MONTH FROM accepted_at AT TIME ZONE 'Asia/Ho_Chi_Minh')"
        if connection.vendor == "postgresql"
        else "CAST(strftime('%Y%m', accepted_at, '+7 hours') AS INTEGER)"
    )

    def by_hand(condition):
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT unit_path, {month}, count(*) FROM dossiers_dossier"
                f" WHERE accepted_at IS NOT NULL AND ({condition}) GROUP BY 1, 2"
            )
            return {(path, int(one)): count for path, one, count in cursor.fetchall()}

    ours, hand = [], []
    for _ in range(rounds):
        ours.append(_timed(lambda: counting.rebuild(family))[0])
        hand.append(sum(_timed(lambda c=c: by_hand(c))[0] for c in HAND.values()))
    return {
        "seconds": round(statistics.median(ours), 3),
        "measures": len(family.adding_up()),
        "per_measure_over_hand_per_measure": round(
            (statistics.median(ours) / len(family.adding_up())) / (statistics.median(hand) / len(HAND)), 2
        ),
        "equal": all(_cells(key) == by_hand(condition) for key, condition in HAND.items()),
    }


def _cells(key):
    from xaso.core.measures.models import Cell

    rows = Cell.objects.filter(measure=f"dossiers.{key}").values_list("unit_path", "month", "value")
    return {(path, month): value for path, month, value in rows}


def _walk(key):
    """Seconds of the slowest page but one in twenty: three pages of each of 60 figures."""
    from xaso.core.access import SYSTEM
    from xaso.core.measures import queries
    from xaso.core.measures.periods import period_of
    from xaso.core.units.models import Unit

    times = []
    for number, path in enumerate([*[unit.path for unit in Unit.objects.communes()[:40]], *["26."] * 20]):
        period, after = period_of(["2024", "2025-Q2", "2026-03"][number % 3]), ""
        for _ in range(3):
            took, page = _timed(lambda p=path, d=period, a=after: queries.page(SYSTEM, key, p, d, a))
            times.append(took)
            after = page.after
            if not after:
                break
    return sorted(times)[int(len(times) * 0.95)]


def _dashboard(rounds):
    from datetime import date

    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from xaso.core.measures import queries

    keys = [f"dossiers.{key}" for key in TILES]
    marks = ", ".join(["%s"] * len(keys))

    def plain():
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT measure, unit_path, month, value FROM measures_cell WHERE measure IN ({marks})"
                " AND unit_path >= '26.' AND unit_path < '26/' AND month >= 202501 AND month <= 202612",
                keys,
            )
            return cursor.fetchall()

    def ours():
        return queries.by_unit_and_month(keys, "26.", date(2025, 1, 1), date(2027, 1, 1))

    ratios = []
    for _ in range(rounds):
        bare, rows = _timed(plain)
        mine, _table = _timed(ours)
        ratios.append(mine / bare)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        ours()
    return {"cells": len(rows), "over_plain_query": round(statistics.median(ratios), 2), "sql": len(asked)}


def _marks(rounds):
    """Acting on a dossier with its table watched and not watched, in turns."""
    from xaso.core.access import SYSTEM
    from xaso.core.marks import watching
    from xaso.modules.dossiers.actions.closing import rate
    from xaso.modules.dossiers.models import Dossier

    watched = watching._watched["dossiers.Dossier"]
    theirs = list(Dossier.objects.filter(state=10)[: 200 * rounds * 2])
    rates = {"with": [], "without": []}
    for number in range(rounds * 2):
        side = "with" if number % 2 else "without"
        watching._watched["dossiers.Dossier"] = watched if number % 2 else []
        part = theirs[number * 200 : number * 200 + 200]
        took, _ = _timed(lambda p=part: [rate(SYSTEM, one, stars=3) for one in p])
        rates[side].append(len(part) / took)
    watching._watched["dossiers.Dossier"] = watched
    kept, free = statistics.median(rates["with"]), statistics.median(rates["without"])
    return {
        "actions_per_second": round(kept, 1),
        "cost_percent_of_the_smallest_action": round(100 * (1 - kept / free), 1),
    }


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xaso.config.settings")
    if sys.argv[1:2] == ["--inside"]:
        sys.exit(inside(int(sys.argv[2]), sys.argv[3]))
    sys.exit(main(sys.argv[1:]))

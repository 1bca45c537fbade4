"""An export of N rows as CSV and as a workbook: peak memory, rows a second, and the same file after a killed worker.

`./xaso bench exports [--on sqlite,postgres] [--rows 1000000]`

The yardstick is the same list written by hand: one cursor, one `csv.writer`. Each way runs in a process of its own, so
that its peak memory is its own. Must stay under 256 MiB.
"""

import argparse
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from bench.rig.databases import cluster, prepare, surroundings
from bench.rig.report import keep

YEARS = "2026"
MEASURE = "dossiers.received"
LIMIT_MIB = 256


def main(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("--on", default="postgres,sqlite")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--inside", nargs=2, metavar=("WAY", "FORM"))
    chosen = parser.parse_args(arguments)
    if chosen.inside:
        print(json.dumps(WAYS[chosen.inside[0]](chosen.inside[1])), flush=True)
        return 0
    for database in chosen.on.split(","):
        found = _on(database, chosen.rows)
        print(f"{database}: {json.dumps(found, indent=1)}", flush=True)
        keep("exports", {"database": database, "rows": chosen.rows, "results": found})
    return 0


def _on(database, rows):
    with ExitStack() as stack:
        kept = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="xaso-bench-")))
        make = stack.enter_context(cluster()) if database == "postgres" else lambda name: ""
        folder, url = kept / "ours", make("exports")
        prepare(folder, rows, url, list_only=True)
        around = surroundings(folder, url)
        found = {"by_hand": _run(around, "by_hand", "csv")}
        for form in ("csv", "xlsx"):
            found[form] = _run(around, "ours", form)
            found[f"{form}_by_worker"] = _run(around, "worker", form)
            found[f"{form}_killed"] = _killed(around, form)
            whole, again = found[form], found[f"{form}_killed"]
            found[f"{form}_same"] = whole["rows_sha256"] == again["rows_sha256"] and whole["rows"] == again["rows"]
            found[f"{form}_small_enough"] = max(whole["peak_mib"], again["peak_mib"]) < LIMIT_MIB
        return found


def _command(way, form):
    return [sys.executable, str(Path(__file__)), "--inside", way, form]


def _run(around, way, form):
    done = subprocess.run(_command(way, form), env=around, stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def _killed(around, form):
    """A worker that gets SIGKILL half way, then another that goes on."""
    subprocess.run(_command("dying", form), env=around, stdout=subprocess.DEVNULL, check=False)
    return _run(around, "go_on", form)


def _ready():
    import django

    django.setup()
    from xaso.core.accounts.models import Account, Person, Post
    from xaso.core.accounts.queries import actor_of
    from xaso.core.units.models import Unit

    province = Unit.objects.get(code="26")
    account = Account.objects.filter(username="bench-province").first()
    if account is None:
        person = Person.objects.create(full_name="Tỉnh", folded_name="tinh")
        account = Account.objects.create(username="bench-province", person=person, password="!")
        Post.objects.create(
            account=account, unit=province, unit_path=province.path, role="province", valid_from=province.valid_from
        )
    return actor_of(account.pk), province


def _peak():
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def _told(export, begun, rows_before=0):
    seconds = time.monotonic() - begun
    return {
        "rows": export.rows,
        "seconds": round(seconds, 1),
        "rows_a_second": round((export.rows - rows_before) / seconds),
        "peak_mib": _peak(),
        "file_mib": round(export.file.size / 1024 / 1024, 1),
        "rows_sha256": export.rows_sha256,
    }


def ours(form):
    actor, province = _ready()
    from xaso.modules.reports.actions.exporting import ask_export, run_export

    export = ask_export(actor, province, measure=MEASURE, period=YEARS, form=form, is_personal=True, reason="đo tốc độ")
    begun = time.monotonic()
    run_export(export)
    return _told(export, begun)


def dying(form):
    actor, province = _ready()
    from xaso.core.measures.periods import period_of
    from xaso.core.measures.queries import totals
    from xaso.modules.reports.actions.exporting import ROWS_A_PIECE, ask_export, run_export

    rows = totals([MEASURE], province.path, period_of(YEARS))[MEASURE]
    pieces = iter(range(rows // ROWS_A_PIECE // 2))

    def enough():
        if next(pieces, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)
        return False

    export = ask_export(actor, province, measure=MEASURE, period=YEARS, form=form, is_personal=True, reason="đo tốc độ")
    run_export(export, enough)
    return {}


def worker(form):
    """As the worker does it: short ones itself, long ones in a process beside it."""
    actor, province = _ready()
    from xaso.core.outbox.actions import deliver_all
    from xaso.modules.reports import handlers
    from xaso.modules.reports.actions.exporting import ask_export

    export = ask_export(actor, province, measure=MEASURE, period=YEARS, form=form, is_personal=True, reason="đo tốc độ")
    begun = time.monotonic()
    deliver_all()
    free_after = time.monotonic() - begun
    for child in handlers.beside:
        child.wait()
    export.refresh_from_db()
    peak = round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, 1)
    return _told(export, begun) | {"worker_free_after_seconds": round(free_after, 1), "peak_beside_mib": peak}


def go_on(form):
    _ready()
    from xaso.modules.reports.actions.exporting import run_export
    from xaso.modules.reports.models import Export

    Export.objects.filter(state="collecting").update(held_until=None)
    export = Export.objects.filter(form=form, state__in=["waiting", "collecting"]).latest("pk")
    had, begun = export.rows, time.monotonic()
    run_export(export)
    return {"rows_before_the_kill": had} | _told(export, begun, had)


def by_hand(_form):
    _, province = _ready()
    import csv

    from django.db import connection

    begun = time.monotonic()
    with connection.cursor() as cursor, tempfile.TemporaryFile("w", newline="") as target:
        cursor.execute(
            "SELECT d.number, u.code, u.name, p.code, p.name, d.state, d.channel, d.filing, d.submitted_at,"
            " d.accepted_at, d.due_at, d.finished_at, d.returned_at, d.on_time_legal, d.on_time_766, d.payment_state,"
            " d.applicant_name, d.applicant_id, d.applicant_phone, d.applicant_address"
            " FROM dossiers_dossier d JOIN units_unit u ON u.id = d.unit_id"
            " JOIN procedures_procedure p ON p.id = d.procedure_id"
            " WHERE d.unit_path >= %s AND d.unit_path < %s AND d.accepted_at >= %s AND d.accepted_at < %s"
            " ORDER BY d.id",
            [province.path, province.path[:-1] + "/", f"{YEARS}-01-01", f"{int(YEARS) + 1}-01-01"],
        )
        writer, rows = csv.writer(target), 0
        while lines := cursor.fetchmany(2000):
            writer.writerows(lines)
            rows += len(lines)
    seconds = time.monotonic() - begun
    return {"rows": rows, "seconds": round(seconds, 1), "rows_a_second": round(rows / seconds), "peak_mib": _peak()}


WAYS = {"ours": ours, "worker": worker, "dying": dying, "go_on": go_on, "by_hand": by_hand}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

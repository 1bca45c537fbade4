"""Does a list stay flat? p95 of the list and of the search at few and at many dossiers, in slices in turn.

`./xaso bench lists [--on sqlite,postgres] [--small 10000] [--big 1000000] [--seconds 2] [--rounds 5]`
"""

import argparse
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from bench.rig.asking import Maker
from bench.rig.databases import cluster, prepare
from bench.rig.driver import Driver
from bench.rig.report import keep
from bench.rig.running import server


def main(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("--on", default="postgres,sqlite")
    parser.add_argument("--small", type=int, default=10_000)
    parser.add_argument("--big", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--connections", type=int, default=4)
    chosen = parser.parse_args(arguments)
    for database in chosen.on.split(","):
        keep(
            "lists", {"database": database, "small": chosen.small, "big": chosen.big, "results": _on(database, chosen)}
        )
    return 0


def _on(database, chosen):
    with ExitStack() as stack:
        kept = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="xaso-bench-")))
        make = stack.enter_context(cluster()) if database == "postgres" else lambda name: ""
        sides, filled = {}, {}
        for name, count in (("small", chosen.small), ("big", chosen.big)):
            folder, url, begun = kept / name, make(name), time.monotonic()
            prepare(folder, count, url, list_only=True)
            filled[name] = time.monotonic() - begun
            sides[name] = stack.enter_context(server("ours", folder, url, 2 if url else 1))
        found = {"seconds_to_fill": filled}
        for operation in ("list", "search"):
            found[operation] = _compare(operation, sides, chosen)
            print(f"{database} {operation}: {found[operation]}", flush=True)
        return found


def _compare(operation, sides, chosen):
    driver = Driver()
    p95 = {name: [] for name in sides}
    errors = 0
    try:
        for _ in range(chosen.rounds):
            for name, side in sides.items():
                maker = Maker({"ours": side.cast})
                one = driver.run(side.port, getattr(maker, operation)(side), chosen.connections, chosen.seconds)
                p95[name].append(one.percentile(0.95))
                errors += one.errors
    finally:
        driver.close()
    ratios = [big / small for small, big in zip(p95["small"], p95["big"], strict=True)]
    middle = {name: round(statistics.median(values), 2) for name, values in p95.items()}
    return {"p95_ms": middle, "ratio": round(statistics.median(ratios), 2), "errors": errors}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

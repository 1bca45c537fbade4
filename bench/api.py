"""Our API against the yardstick: create, open, step, list, search, bulk; on PostgreSQL and on SQLite.

`./xaso bench api [--on sqlite,postgres] [--dossiers 100000] [--seconds 2] [--rounds 5] [--only create,open]
[--at 1,4,16]`
"""

import argparse
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from bench.rig.asking import Maker
from bench.rig.databases import cluster, prepare
from bench.rig.report import keep
from bench.rig.running import HEAD, compare, server

OPERATIONS = ("create", "open", "step", "list", "search", "bulk")


def main(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("--on", default="postgres,sqlite")
    parser.add_argument("--dossiers", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default=",".join(OPERATIONS))
    parser.add_argument("--at", default="1,4,16")
    parser.add_argument("--folder", default="", help="keep the SQLite databases here and use them again")
    chosen = parser.parse_args(arguments)
    for database in chosen.on.split(","):
        numbers = _on(database, chosen)
        keep("api", {"database": database, "dossiers": chosen.dossiers, "results": numbers})
    return 0


def _on(database, chosen):
    with ExitStack() as stack:
        kept = Path(chosen.folder or stack.enter_context(tempfile.TemporaryDirectory(prefix="xaso-bench-")))
        make = stack.enter_context(cluster()) if database == "postgres" else lambda name: ""
        sides = {}
        for which in ("ours", "bare"):
            folder = kept / database / which
            url = make(which)
            if url or not (folder / "cast.json").exists():
                prepare(folder, chosen.dossiers, url, bare=which == "bare")
            sides[which] = stack.enter_context(server(which, folder, url, 2 if url else 1))
        print(f"\n{database}, {chosen.dossiers} dossiers stored\n{HEAD}", flush=True)
        maker = Maker({name: side.cast for name, side in sides.items()})
        found = []
        for operation in chosen.only.split(","):
            for connections in [int(number) for number in chosen.at.split(",")]:
                result = compare(
                    operation, sides["ours"], sides["bare"], getattr(maker, operation), connections=connections,
                    rounds=chosen.rounds, seconds=chosen.seconds, weight=100 if operation == "bulk" else 1,
                )  # fmt: skip
                print(result.line(), flush=True)
                found.append(vars(result))
        return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

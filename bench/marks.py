"""What keeping the figures true costs the action: creating dossiers with the tables watched and not watched.

`./xaso bench marks [--on sqlite,postgres] [--dossiers 10000] [--seconds 2] [--rounds 7] [--at 1,4,16]`
The same server twice; in one of them no table is watched, so that its actions leave no marks. Ratio: watched over not.
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


def main(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("--on", default="postgres,sqlite")
    parser.add_argument("--dossiers", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--at", default="1,4,16")
    chosen = parser.parse_args(arguments)
    for database in chosen.on.split(","):
        keep("marks", {"database": database, "dossiers": chosen.dossiers, "results": _on(database, chosen)})
    return 0


def _on(database, chosen):
    with ExitStack() as stack:
        kept = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="xaso-bench-")))
        make = stack.enter_context(cluster()) if database == "postgres" else lambda name: ""
        sides = {}
        for which in ("ours", "unwatched"):
            url = make(which)
            prepare(kept / which, chosen.dossiers, url)
            sides[which] = stack.enter_context(server(which, kept / which, url, 2 if url else 1))
        print(f"\n{database}, {chosen.dossiers} dossiers stored; second column: without marks\n{HEAD}", flush=True)
        maker = Maker({name: side.cast for name, side in sides.items()})
        found = []
        for connections in [int(number) for number in chosen.at.split(",")]:
            result = compare(
                "create", sides["ours"], sides["unwatched"], maker.create, connections=connections,
                rounds=chosen.rounds, seconds=chosen.seconds,
            )  # fmt: skip
            print(result.line(), flush=True)
            found.append(vars(result))
        return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

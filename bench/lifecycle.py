"""Whole lives of dossiers through the API: file online, accept, finish, return, look up. Lives per second.

`./xaso bench lifecycle [--on sqlite,postgres] [--dossiers 1000000] [--seconds 10] [--connections 4]`
"""

import argparse
import json
import random
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path

from bench.rig.asking import Maker
from bench.rig.databases import cluster, prepare
from bench.rig.driver import CONTEXT
from bench.rig.report import keep
from bench.rig.running import server

PROCEDURE = "9.000001"
URL = "/api/v1/dossiers/"


def main(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("--on", default="postgres,sqlite")
    parser.add_argument("--dossiers", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--connections", default="1,4,16")
    chosen = parser.parse_args(arguments)
    for database in chosen.on.split(","):
        numbers = _on(database, chosen)
        keep("lifecycle", {"database": database, "dossiers": chosen.dossiers, "results": numbers})
    return 0


def _on(database, chosen):
    with ExitStack() as stack:
        kept = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="xaso-bench-")))
        url = stack.enter_context(cluster())("ours") if database == "postgres" else ""
        prepare(kept / "ours", chosen.dossiers, url)
        side = stack.enter_context(server("ours", kept / "ours", url, 2 if url else 1))
        found = []
        for connections in [int(number) for number in chosen.connections.split(",")]:
            here, there = CONTEXT.Pipe()
            job = (side.port, side.cast["tokens"], connections, chosen.seconds)
            child = CONTEXT.Process(target=_live, args=(there, *job))
            child.start()
            lives, errors, times = here.recv()
            child.join()
            times.sort()
            one = {
                "connections": connections,
                "lives_per_second": round(lives / chosen.seconds, 1),
                "errors": errors,
                "p50_ms": round(times[len(times) // 2] * 1000, 1) if times else None,
                "p95_ms": round(times[int(len(times) * 0.95)] * 1000, 1) if times else None,
            }
            print(database, one, flush=True)
            found.append(one)
        return found


def _live(pipe, port, tokens, connections, seconds):
    times, errors = [], []
    end = time.perf_counter() + seconds
    threads = [threading.Thread(target=_lives, args=(port, tokens, end, times, errors)) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    pipe.send((len(times), errors[:5], times))


def _lives(port, tokens, end, times, errors):
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", port)
    maker = Maker({"ours": {"tokens": tokens, "any": [], "processing": []}})

    def ask(method, path, body, token):
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        connection.request(method, URL + path, json.dumps(body) if body is not None else None, headers)
        response = connection.getresponse()
        read = response.read()
        if response.status >= 300:
            raise ValueError(f"{response.status} {read.decode()[:200]}")
        return json.loads(read)

    while time.perf_counter() < end:
        row, begun = random.choice(tokens), time.perf_counter()
        body = {"procedure": PROCEDURE, "unit": row["unit"], "channel": "online", "applicant": maker.person(),
                "papers": [{"key": "don", "originals": 1}]}  # fmt: skip
        try:
            uuid = ask("POST", "", body, row["token"])["uuid"]
            ask("POST", f"{uuid}/accept", {"forward": True}, row["token"])
            ask("POST", f"{uuid}/finish-step", {}, row["token"])
            ask("POST", f"{uuid}/return-result", {}, row["token"])
            if ask("GET", uuid, None, row["token"])["state"] != 10:
                errors.append("not returned")
        except ValueError as problem:
            errors.append(str(problem))
        else:
            times.append(time.perf_counter() - begun)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

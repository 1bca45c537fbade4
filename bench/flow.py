"""The resident's pages: choose the unit, attach a paper, read back, send, see the dossier. Flows per second.

`./xaso bench flow [--on sqlite,postgres] [--dossiers 100000] [--seconds 10] [--connections 1,4]`
"""

import argparse
import http.client
import json
import re
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlencode

from bench.rig.databases import ROOT, cluster, prepare, surroundings
from bench.rig.driver import CONTEXT
from bench.rig.report import keep
from bench.rig.residents import AGENT
from bench.rig.running import server

PROCEDURE = "9.000001"
RESIDENTS = 64
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\nxref\n0 4\n0000000000 65535 f \n"
    b"0000000009 00000 n \n0000000052 00000 n \n0000000101 00000 n \ntrailer<</Size 4/Root 1 0 R>>\n"
    b"startxref\n163\n%%EOF\n"
)


def main(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("--on", default="postgres,sqlite")
    parser.add_argument("--dossiers", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--connections", default="1,4")
    chosen = parser.parse_args(arguments)
    for database in chosen.on.split(","):
        keep("flow", {"database": database, "dossiers": chosen.dossiers, "results": _on(database, chosen)})
    return 0


def _on(database, chosen):
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="xaso-bench-"))) / "ours"
        url = stack.enter_context(cluster())("ours") if database == "postgres" else ""
        prepare(folder, chosen.dossiers, url)
        command = [sys.executable, str(ROOT / "bench/rig/residents.py"), str(folder), str(RESIDENTS)]
        subprocess.run(command, check=True, env=surroundings(folder, url), cwd=ROOT)
        known = json.loads((folder / "residents.json").read_text())
        side = stack.enter_context(server("ours", folder, url, 2 if url else 1))
        found = []
        for connections in [int(number) for number in chosen.connections.split(",")]:
            here, there = CONTEXT.Pipe()
            child = CONTEXT.Process(target=_all, args=(there, side.port, known, connections, chosen.seconds))
            child.start()
            times, errors = here.recv()
            child.join()
            times.sort()
            one = {
                "connections": connections,
                "flows_per_second": round(len(times) / chosen.seconds, 1),
                "p50_ms": round(times[len(times) // 2] * 1000, 1) if times else None,
                "p95_ms": round(times[int(len(times) * 0.95)] * 1000, 1) if times else None,
                "errors": errors,
            }
            print(database, one, flush=True)
            found.append(one)
        return found


def _all(pipe, port, known, connections, seconds):
    times, errors = [], []
    end = time.perf_counter() + seconds
    threads = [
        threading.Thread(
            target=_flows, args=(port, known["unit"], known["sessions"][n::connections], end, times, errors)
        )
        for n in range(connections)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    pipe.send((times, errors[:5]))


def _flows(port, unit, sessions, end, times, errors):
    number = 0
    while time.perf_counter() < end:
        begun = time.perf_counter()
        try:
            Browser(port, sessions[number % len(sessions)]).file(unit)
        except (LookupError, ValueError) as problem:
            errors.append(repr(problem)[:300])
        else:
            times.append(time.perf_counter() - begun)
        number += 1


class Browser:
    """One resident: keeps cookies and follows redirects."""

    def __init__(self, port, session):
        self.connection = http.client.HTTPConnection("127.0.0.1", port)
        self.cookies = {"sessionid": session}

    def file(self, unit):
        self.get(f"/portal/dossiers/new/{PROCEDURE}/")
        path, _ = self.post(f"/portal/dossiers/new/{PROCEDURE}/", {"unit": unit})
        if "/papers/" not in path:
            path, _ = self.get(path)
        path, _ = self.upload(path, "paper.don")
        path, page = self.post(path, {"result_by": "counter", "is_true": "on"})
        if not re.fullmatch(r"/portal/dossiers/[0-9a-f-]{36}/", path):
            raise LookupError(f"not sent: {path} {re.sub('<[^>]+>', ' ', page)[-300:]}")

    def get(self, path):
        return self._ask("GET", path, None, {})

    def post(self, path, fields):
        body = urlencode({**fields, "csrfmiddlewaretoken": self.cookies["csrftoken"]})
        return self._ask("POST", path, body.encode(), {"Content-Type": "application/x-www-form-urlencoded"})

    def upload(self, path, name):
        mark = "----bench"
        token = self.cookies["csrftoken"]
        body = (
            f'--{mark}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n'
            f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="don.pdf"\r\n'
            f"Content-Type: application/pdf\r\n\r\n"
        ).encode() + PDF + f"\r\n--{mark}--\r\n".encode()  # fmt: skip
        return self._ask("POST", path, body, {"Content-Type": f"multipart/form-data; boundary={mark}"})

    def _ask(self, method, path, body, headers):
        cookies = "; ".join(f"{key}={value}" for key, value in self.cookies.items())
        self.connection.request(method, path, body, {**headers, "Cookie": cookies, "User-Agent": AGENT})
        response = self.connection.getresponse()
        page = response.read().decode()
        for cookie in response.headers.get_all("Set-Cookie") or []:
            key, _, rest = cookie.partition("=")
            self.cookies[key] = rest.partition(";")[0]
        if response.status in (301, 302):
            return self._ask("GET", response.headers["Location"], None, {})
        if response.status != 200:
            raise LookupError(f"{response.status} at {path}: {re.sub('<[^>]+>', ' ', page)[-200:]}")
        return path, page


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

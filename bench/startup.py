"""From the command to the first page: `xaso up --no-demo` on a folder that is set up already. Median of five starts.

`./xaso bench startup [--times 5]`
"""

import argparse
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from bench.rig.databases import ROOT
from bench.rig.report import keep
from xaso.command.ports import free_port


def main(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=5)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="xaso-bench-") as folder:
        first = start(Path(folder))
        again = [start(Path(folder)) for _ in range(chosen.times)]
    numbers = {"first_start_s": round(first, 2), "later_s": [round(one, 2) for one in again],
               "median_s": round(statistics.median(again), 2)}  # fmt: skip
    print(numbers)
    keep("startup", numbers)
    return 0


def start(folder, *, then=lambda process, port: None, more=()):
    """Seconds until the first page is there; `then` runs before the stop."""
    port = free_port()
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("XASO_", "DATABASE_", "DJANGO_"))}
    command = [
        sys.executable,
        "-m",
        "xaso.command",
        "up",
        "--no-demo",
        "--data",
        str(folder),
        "--port",
        str(port),
        *more,
    ]
    begun = time.perf_counter()
    with (folder / "up.log").open("w") as log:
        process = subprocess.Popen(
            command, env=kept | {"PYTHONPATH": str(ROOT / "src")}, cwd=ROOT, stdout=log, stderr=log
        )
    try:
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=20) as page:
                    page.read()
                break
            except OSError:
                if process.poll() is not None or time.perf_counter() - begun > 300:
                    raise SystemExit((folder / "up.log").read_text()[-2000:]) from None
                time.sleep(0.02)
        spent = time.perf_counter() - begun
        then(process, port)
        return spent
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

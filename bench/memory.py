"""Memory of the whole group (2 web processes and the worker): proportional set size, idle and after N requests.

`./xaso bench memory [--requests 100000]`
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from bench.rig.driver import Driver, request
from bench.rig.report import keep
from bench.startup import start

PATHS = ("/", "/portal/procedures/", "/portal/procedures/?q=khai+sinh", "/portal/procedures/1.001193/",
         "/portal/dossiers/look-up/", "/tai-khoan/")  # fmt: skip


def main(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("--requests", type=int, default=100_000)
    chosen = parser.parse_args(arguments)
    numbers = {}

    def measure(process, port):
        time.sleep(3)
        numbers["idle_mib"] = pss_of(process.pid)
        driver = Driver()
        sent, begun = 0, time.monotonic()
        while sent < chosen.requests:
            made = [request("GET", PATHS[n % len(PATHS)], port) for n in range(min(2_000, chosen.requests - sent))]
            one = driver.run(port, made, 4, 600)
            sent += len(one.latencies)
            numbers["statuses"] = one.statuses
        driver.close()
        numbers["requests"], numbers["seconds"] = sent, round(time.monotonic() - begun)
        time.sleep(3)
        numbers["after_mib"] = pss_of(process.pid)

    with tempfile.TemporaryDirectory(prefix="xaso-bench-") as folder:
        start(Path(folder), then=measure, more=("--web", "2"))
    numbers["growth"] = round(numbers["after_mib"] / numbers["idle_mib"], 3)
    print(numbers)
    keep("memory", numbers)
    return 0


def pss_of(root):
    """MiB of a process and everything it started."""
    total, waiting = 0, [root]
    while waiting:
        pid = waiting.pop()
        folder = Path("/proc") / str(pid)
        for line in (folder / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
        for thread in (folder / "task").iterdir():
            waiting += [int(child) for child in (thread / "children").read_text().split()]
    return round(total / 1024, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

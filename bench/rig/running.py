"""Both servers up, slices in turn, the medians of their ratios."""

import http.client
import json
import signal
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.rig.databases import ROOT, surroundings
from bench.rig.driver import Driver
from xaso.command.ports import free_port


@dataclass
class Side:
    """One server with what is known of its data."""

    name: str
    port: int
    folder: Path
    cast: dict


@contextmanager
def server(which, folder, url="", processes=1):
    """A server of either kind on a free port; stopped at the end."""
    port = free_port()
    command = [sys.executable, str(ROOT / "bench/rig/serve.py"), which, str(port), str(processes)]
    with (folder / f"{which}.log").open("w") as log:
        started = subprocess.Popen(
            command, env=surroundings(folder, url, bare=which == "bare"), cwd=ROOT, stdout=log, stderr=log
        )
    try:
        _wait(port, started, folder / f"{which}.log")
        yield Side(which, port, folder, json.loads((folder / "cast.json").read_text()))
    finally:
        started.send_signal(signal.SIGTERM)
        started.wait(20)


def _wait(port, started, log):
    for _ in range(300):
        if started.poll() is not None:
            break
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/api/openapi.json")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"the server did not start:\n{log.read_text()[-3000:]}")


@dataclass
class Result:
    """One operation at one number of connections."""

    operation: str
    connections: int
    ours: dict
    bare: dict
    ratio: float
    errors: int

    def line(self):
        o, b = self.ours, self.bare
        return (
            f"{self.operation:<10} {self.connections:>3} | {o['rate']:>8.1f} {b['rate']:>8.1f} | {self.ratio:>5.2f} | "
            f"{o['p50']:>7.2f} {o['p95']:>7.2f} {o['p99']:>7.2f} | "
            f"{b['p50']:>7.2f} {b['p95']:>7.2f} {b['p99']:>7.2f} | {self.errors}"
        )


HEAD = (
    f"{'operation':<10} {'con':>3} | {'ours/s':>8} {'bare/s':>8} | ratio | {'p50':>7} {'p95':>7} {'p99':>7} | "
    f"{'p50':>7} {'p95':>7} {'p99':>7} | errors   (ms: ours | bare)"
)


def compare(operation, ours, bare, make, *, connections, rounds, seconds, weight=1):
    """Slices A B A B …; the ratio is the median of the ratios of neighbours."""
    driver = Driver()
    slices = {"ours": [], bare.name: []}
    try:
        for number in range(rounds):
            for side in (ours, bare) if number % 2 == 0 else (bare, ours):
                slices[side.name].append(driver.run(side.port, make(side), connections, seconds))
    finally:
        driver.close()
    ratios = [a.rate / b.rate for a, b in zip(slices["ours"], slices[bare.name], strict=True) if b.rate]
    errors = sum(one.errors for many in slices.values() for one in many)
    return Result(
        operation,
        connections,
        _sum(slices["ours"], weight),
        _sum(slices[bare.name], weight),
        statistics.median(ratios),
        errors,
    )


def _sum(slices, weight):
    middle = lambda share: statistics.median(one.percentile(share) for one in slices)  # noqa: E731
    return {
        "rate": statistics.median(one.rate for one in slices) * weight,
        "p50": middle(0.5), "p95": middle(0.95), "p99": middle(0.99),
        "requests": sum(len(one.latencies) for one in slices),
        "statuses": {
            str(k): sum(s.statuses.get(k, 0) for s in slices) for k in {k for s in slices for k in s.statuses}
        },
    }  # fmt: skip

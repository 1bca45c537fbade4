"""The inbox of one resident among 1.2 million, with bulletins that all of them see: ours against a bare view.

`./xaso bench inbox [--people 1200000] [--rounds 5] [--seconds 2]`

Both sides answer in this process through Django's handler. Ours: every middleware, the session, the permissions, the
slot, the page. Bare: no middleware, the same rows by the ORM as one writes it, one template with the same lines. A
bulletin is one row and one place, however many see it; that is counted too.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLACE = "26.252.09157."
MESSAGES, BULLETINS = 40, 60


def main(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=1_200_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--inside", action="store_true")
    chosen = parser.parse_args(arguments)
    if chosen.inside:
        return _inside(chosen)
    with tempfile.TemporaryDirectory(prefix="xaso-bench-") as folder:
        surroundings = {
            **os.environ, "XASO_DATA": folder, "DJANGO_SETTINGS_MODULE": "xaso.config.settings", "DATABASE_URL": "",
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
        }  # fmt: skip
        command = [sys.executable, __file__, *arguments, "--inside"]
        return subprocess.run(command, env=surroundings, cwd=ROOT, check=False).returncode


def _inside(chosen):
    """Only here is Django there: the outer process has no settings."""
    import django

    django.setup()
    from bench.rig import inbox
    from bench.rig.report import keep

    began = time.monotonic()
    inbox.fill(chosen.people, PLACE, MESSAGES, BULLETINS)
    filled = time.monotonic() - began
    ours, bare = inbox.ours(), inbox.bare()
    rates = {"ours": [], "bare": []}
    for number in range(chosen.rounds):
        for name, ask in (("ours", ours), ("bare", bare)) if number % 2 == 0 else (("bare", bare), ("ours", ours)):
            rates[name].append(_rate(ask, chosen.seconds))
    ratio = statistics.median(a / b for a, b in zip(rates["ours"], rates["bare"], strict=True))
    numbers = {
        "people": chosen.people, "seconds_to_fill": round(filled, 1), "rows_per_bulletin": inbox.rows_per_bulletin(),
        "ours_per_second": round(statistics.median(rates["ours"]), 1),
        "bare_per_second": round(statistics.median(rates["bare"]), 1), "ratio": round(ratio, 2),
    }  # fmt: skip
    print(numbers, flush=True)
    keep("inbox", numbers)
    return 0


def _rate(ask, seconds):
    for _ in range(5):
        ask()
    until, done, began = time.monotonic() + seconds, 0, time.monotonic()
    while time.monotonic() < until:
        ask()
        done += 1
    return done / (time.monotonic() - began)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""`python -m xaso.modules.exchange.simulator --port 0`: prints the address and serves until it is told to stop."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from xaso.kit.serving import serve
from xaso.modules.exchange.simulator.axis import Axis
from xaso.modules.exchange.simulator.server import SAYS, Server


def main() -> int:
    parser = argparse.ArgumentParser(description=SAYS)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token-seconds", type=int, default=1800)
    parser.add_argument("--organisations", type=Path, help="a JSON list of organisations with their accounts")
    asked = parser.parse_args()
    axis = Axis(asked.token_seconds)
    if asked.organisations:
        for given in json.loads(asked.organisations.read_text(encoding="utf-8")):
            axis.add(given)
    server = Server((asked.host, asked.port), axis)
    return serve(server, SAYS)


if __name__ == "__main__":
    sys.exit(main())

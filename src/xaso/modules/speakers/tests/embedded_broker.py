"""The embedded broker with a register from a file: `python -m … FILE SETTINGS`. It needs no database."""

import asyncio
import json
import sys
from pathlib import Path

from xaso.modules.speakers.broker.embedded import configuration, serve
from xaso.modules.speakers.broker.rights import Register, register


async def main(file: Path, given: dict[str, str]) -> None:
    async def read() -> Register:
        body = json.loads(file.read_text())
        return register(body["digests"], [tuple(row) for row in body["devices"]])

    await serve(configuration(given), asyncio.Event(), read)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), json.loads(sys.argv[2])))

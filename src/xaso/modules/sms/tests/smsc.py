"""An SMSC of other people's making (npm `smpp`) as a process, for tests and for the bench."""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[5]
PEER = ROOT / "tests" / "peers" / "smpp"
USER, PASSWORD = "xaso", "bi-mat"


class NotHereError(Exception):
    """Node, npm or their registry is not within reach."""


@cache
def installed() -> Path:
    """The folder of the peer's packages, installed from its lock when they are not there yet."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise NotHereError("Node.js và npm không có trên máy này")
    lock = (PEER / "package-lock.json").read_bytes()
    place = ROOT / "var" / "peers" / f"smpp-{hashlib.sha256(lock).hexdigest()[:12]}"
    if not (place / "node_modules" / "smpp").is_dir():
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place.parent) as folder:
            for name in ("package.json", "package-lock.json", ".npmrc"):
                shutil.copy(PEER / name, folder)
            done = subprocess.run(["npm", "ci"], cwd=folder, capture_output=True, text=True, timeout=300, check=False)
            if done.returncode:
                raise NotHereError(f"npm ci: {done.stderr[-500:]}")
            if not place.exists():
                (Path(folder) / "node_modules").rename(_made(place) / "node_modules")
    return place


def _made(place: Path) -> Path:
    place.mkdir(exist_ok=True)
    return place


@dataclass
class Smsc:
    process: subprocess.Popen
    port: int
    options: dict = field(default_factory=dict)

    def ask(self, what: str, value=None):
        self.process.stdin.write(json.dumps([what, value]) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    @property
    def state(self) -> dict:
        return self.ask("state")

    @property
    def messages(self) -> list[dict]:
        return self.ask("messages")

    @property
    def url(self) -> str:
        return f"smpp://127.0.0.1:{self.port}"

    def settings(self, **more) -> dict:
        return {"provider": "smpp", "url": self.url, "user": USER, "password": PASSWORD, "sender": "UBND XA", **more}

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(10)


@contextmanager
def smsc(**options) -> Iterator[Smsc]:
    place = installed()
    command = ["node", str(PEER / "server.js"), json.dumps(options)]
    around = {**os.environ, "NODE_PATH": str(place / "node_modules")}
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=around)
    try:
        yield Smsc(process, int(process.stdout.readline()), options)
    finally:
        process.kill()
        process.wait(10)
        process.stdin.close()
        process.stdout.close()

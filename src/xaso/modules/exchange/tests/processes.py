"""The simulated axis as a process, for tests."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from xaso.modules.exchange.providers import Settings
from xaso.modules.exchange.tests.samples import LIEN_CHAU, NGU_KIEN, PROVINCE

SOURCE = Path(__file__).resolve().parents[4]
NAMES = {NGU_KIEN: "UBND xã Ngũ Kiên", LIEN_CHAU: "UBND xã Liên Châu", PROVINCE: "UBND tỉnh"}


def account(code: str, url: str) -> Settings:
    return Settings("rest", url, code, f"user-{code}", f"pass-{code}", f"sys-{code}", f"key-{code}")


def organisation(code: str) -> dict[str, str]:
    made = account(code, "")
    return {
        "code": code, "name": NAMES.get(code, code), "username": made.username, "password": made.password,
        "system_id": made.system_id, "secret_key": made.secret_key,
    }  # fmt: skip


@dataclass
class Simulator:
    url: str
    process: subprocess.Popen

    def control(self, what: str, body: object = None, **query: str) -> dict:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return httpx.post(f"{self.url}/control/{what}", params=query, content=content, timeout=20).json()

    def fault(self, kind: str, path: str = "", **more: object) -> None:
        self.control("fault", {"kind": kind, "path": path, **more})

    @property
    def state(self) -> dict:
        return httpx.get(f"{self.url}/control/state").json()

    def account(self, code: str) -> Settings:
        return account(code, self.url)


@contextmanager
def simulator(*arguments: str) -> Iterator[Simulator]:
    command = [sys.executable, "-m", "xaso.modules.exchange.simulator", "--port", "0", *arguments]
    surroundings = {**os.environ, "PYTHONPATH": str(SOURCE)}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=surroundings)
    try:
        started = Simulator(process.stdout.readline().strip(), process)
        assert "MÔ PHỎNG" in process.stdout.readline()
        started.control("organisations", [organisation(code) for code in NAMES])
        yield started
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()

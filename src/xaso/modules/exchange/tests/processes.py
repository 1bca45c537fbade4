"""The simulated axis as a process, for tests."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from xaso.kit.tests.programs import Program
from xaso.modules.exchange.providers import Settings
from xaso.modules.exchange.tests.samples import LIEN_CHAU, NGU_KIEN, PROVINCE

NAMES = {NGU_KIEN: "UBND xã Ngũ Kiên", LIEN_CHAU: "UBND xã Liên Châu", PROVINCE: "UBND tỉnh"}


def account(code: str, url: str) -> Settings:
    return Settings("rest", url, code, f"user-{code}", f"pass-{code}", f"sys-{code}", f"key-{code}")


def organisation(code: str) -> dict[str, str]:
    made = account(code, "")
    return {
        "code": code, "name": NAMES.get(code, code), "username": made.username, "password": made.password,
        "system_id": made.system_id, "secret_key": made.secret_key,
    }  # fmt: skip


class Simulator(Program):
    def __init__(self, *arguments: str) -> None:
        super().__init__("xaso.modules.exchange.simulator", *arguments)

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
    with Simulator(*arguments) as started:
        started.control("organisations", [organisation(code) for code in NAMES])
        yield started

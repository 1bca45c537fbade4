"""The simulated official account as a process, for tests."""

import os
import subprocess
import sys
from pathlib import Path

import httpx

import xaso

SOURCE = Path(xaso.__file__).resolve().parent.parent


class Oa:
    """A running simulator and the tests' door to it."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "xaso.modules.zalo.simulators.oa", "--port", "0"]
        environment = os.environ | {"PYTHONPATH": str(SOURCE)}
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        self.url = self.process.stdout.readline().strip()
        self.said = self.process.stdout.readline()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)
        self.process.stdout.close()

    def control(self, what: str, **body):
        answer = httpx.post(f"{self.url}/control/{what}", json=body, timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def fault(self, path: str, kind: str, **more) -> None:
        self.control("fault", path=path, kind=kind, **more)

    @property
    def state(self) -> dict:
        return self.control("state")

    @property
    def sent(self) -> list[dict]:
        return self.state["sent"]

    def environment(self) -> dict[str, str]:
        return {
            "XASO_ZALO_APP_ID": "app-1", "XASO_ZALO_APP_SECRET": "app-secret", "XASO_ZALO_OA_SECRET": "oa-secret",
            "XASO_ZALO_OAUTH_URL": self.url, "XASO_ZALO_API_URL": self.url, "XASO_ZALO_ZNS_URL": self.url,
            "XASO_ZALO_PICTURE_HOSTS": "127.0.0.1",
        }  # fmt: skip

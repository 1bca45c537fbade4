"""Our simulators as processes of their own, for the tests of every module that has one."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Self

import httpx

import xaso

SOURCE = Path(xaso.__file__).resolve().parent.parent


class Program:
    """A running simulator and the tests' door to it. It ends with `stop()`, or with its `with`."""

    def __init__(self, module: str, *arguments: str) -> None:
        command = [sys.executable, "-m", module, "--port", "0", *arguments]
        environment = os.environ | {"PYTHONPATH": str(SOURCE)}
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        self.url = self.process.stdout.readline().strip()
        self.said = self.process.stdout.readline()
        assert "GIẢ LẬP" in self.said or "MÔ PHỎNG" in self.said, "it does not say what it is"

    def stop(self) -> int:
        self.process.terminate()
        code = self.process.wait(10)
        self.process.stdout.close()
        return code

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def control(self, what: str, **body: Any) -> Any:
        answer = httpx.post(f"{self.url}/control/{what}", json=body, timeout=30)
        assert answer.status_code == 200, answer.text
        assert "X-Simulator" in answer.headers
        return answer.json()

"""Our side of the two programs: start, feed, wait no longer than agreed, and say in words what came back."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

PATIENCE = 60.0
"""Seconds a program may take before it is killed; the longest upload takes a third of it on an old PC."""


class Trouble(Exception):
    """A program did not do it. `fault` is one of its words: broken, long, video, hung …"""

    def __init__(self, fault: str, detail: str = "") -> None:
        super().__init__(f"{fault} {detail}".strip())
        self.fault = fault
        self.detail = detail


def _environment() -> dict[str, str]:
    """Only what Python needs: no secret of ours goes into a process that opens strangers' files."""
    kept = {key: value for key in ("PATH", "HOME", "LANG", "TMPDIR") if (value := os.environ.get(key))}
    return kept | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "PYTHONUTF8": "1"}


def run(command: list[str], fed: bytes, patience: float = PATIENCE) -> bytes:
    """What the program writes. Raises Trouble when it hangs, dies or ends badly; nothing of it is left behind."""
    try:
        done = subprocess.run(
            command, input=fed, capture_output=True, timeout=patience, env=_environment(), check=False
        )
    except subprocess.TimeoutExpired as hung:
        raise Trouble("hung") from hung
    except OSError as error:
        raise Trouble("missing", str(error)) from error
    if done.returncode:
        raise Trouble("died", f"{done.returncode} {done.stderr[-300:].decode(errors='replace')}")
    return done.stdout


def _module(name: str) -> list[str]:
    return [sys.executable, "-m", f"xaso.modules.audio.engine.{name}"]


def espeak(words: str, voice: str, rate: int) -> bytes:
    """WAV of the words."""
    asked = json.dumps({"words": words, "voice": voice, "rate": rate})
    return run(_module("speaking"), asked.encode())


@cache
def espeak_version() -> str:
    return run(_module("speaking"), b'{"version": true}').decode()


def installed(command: list[str], words: str) -> bytes:
    """WAV from the program the operator named. Raises Trouble when what comes is no WAV."""
    if shutil.which(command[0]) is None:
        raise Trouble("missing", command[0])
    sound = run(command, words.encode())
    if sound[:4] != b"RIFF" or sound[8:12] != b"WAVE":
        raise Trouble("no_wav")
    return sound


def probe(source: Path, longest: float) -> dict[str, Any]:
    return _mastering({"mode": "probe", "source": str(source), "longest": longest, "cpu": 20}, 30)


def master(source: Path, target: Path, wanted: Any) -> dict[str, Any]:
    asked = {
        "mode": "master",
        "source": str(source),
        "target": str(target),
        "wanted": asdict(wanted),
        "cpu": int(PATIENCE),
    }
    return _mastering(asked, PATIENCE)


def _mastering(asked: dict[str, Any], patience: float) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(run([*_module("mastering"), json.dumps(asked)], b"", patience) or b"{}")
    if "fault" in answer:
        raise Trouble(answer["fault"], answer.get("detail", ""))
    return answer

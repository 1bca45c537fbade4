"""Asks a process of its own to judge a file, with limits on time and memory. Slow: never inside a transaction."""

from __future__ import annotations

import atexit
import base64
import json
import os
import subprocess
import sys
import threading
from datetime import datetime
from typing import IO, Any, Final

from xaso.modules.trust import rules
from xaso.modules.trust.rules import Judgement, Knowledge

SECONDS: Final = 40
PUBLIC_SECONDS: Final = 15
START_SECONDS: Final = 60


class Bench:
    """The kept process and the lock that lets one thread ask at a time. Started when first needed."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._knows = ""

    def judge(self, content: bytes, knowledge: Knowledge, at: datetime) -> Judgement:
        """Never raises for what is in the file. A process that had gone meanwhile is replaced once."""
        if len(content) > rules.MAX_BYTES:
            return rules.unreadable(rules.TOO_LARGE, knowledge.digest)
        with self._lock:
            for fresh in (False, True):
                answer, is_late = self._ask(content, knowledge, at, fresh=fresh)
                if answer:
                    return rules.unpacked(json.loads(answer))
                self.close()
                if is_late:
                    break
        return rules.unreadable(rules.TOO_HARD, knowledge.digest)

    def _ask(self, content: bytes, knowledge: Knowledge, at: datetime, *, fresh: bool) -> tuple[bytes, bool]:
        """The line of the answer, empty when the process died; and whether it died because time ran out."""
        process = self._running(fresh=fresh)
        if process is None:
            return b"", False
        rang = threading.Event()

        def ring() -> None:
            rang.set()
            process.kill()

        alarm = threading.Timer(self.seconds, ring)
        alarm.start()
        try:
            self._send(_pipe(process.stdin), content, knowledge, at)
            return _pipe(process.stdout).readline(), rang.is_set()
        except BrokenPipeError:
            return b"", rang.is_set()
        finally:
            alarm.cancel()

    def _send(self, pipe: IO[bytes], content: bytes, knowledge: Knowledge, at: datetime) -> None:
        new = _sent(knowledge) if self._knows != knowledge.digest else None
        head = {"size": len(content), "at": at.isoformat(), "knowledge": new}
        pipe.write(json.dumps(head).encode() + b"\n")
        pipe.write(content)
        pipe.flush()
        self._knows = knowledge.digest

    def _running(self, *, fresh: bool) -> subprocess.Popen[bytes] | None:
        """None when it does not even start. Its start is not counted against the file."""
        if fresh or (self._process is not None and self._process.poll() is not None):
            self.close()
        if self._process is None:
            self._knows = ""
            self._process = subprocess.Popen(
                [sys.executable, "-m", "xaso.modules.trust.child"],
                env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "MALLOC_ARENA_MAX": "2"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
            alarm = threading.Timer(START_SECONDS, self._process.kill)
            alarm.start()
            is_ready = bool(_pipe(self._process.stdout).readline())
            alarm.cancel()
            if not is_ready:
                self.close()
        return self._process

    def close(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            try:
                _pipe(pipe).close()
            except BrokenPipeError:  # what was still in the buffer cannot be sent any more
                continue


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise RuntimeError("the judging process was started without pipes")
    return pipe


def _sent(knowledge: Knowledge) -> dict[str, Any]:
    return {
        "digest": knowledge.digest,
        "roots": [
            {
                "certificate": _text(root.certificate),
                "since": root.since.isoformat(),
                "until": root.until.isoformat() if root.until else None,
            }
            for root in knowledge.roots
        ],
        "intermediates": [_text(one) for one in knowledge.intermediates],
        "crls": [_text(one) for one in knowledge.crls],
        "ocsps": [_text(one) for one in knowledge.ocsps],
    }


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


bench = Bench()
public_bench = Bench(PUBLIC_SECONDS)
atexit.register(bench.close)
atexit.register(public_bench.close)

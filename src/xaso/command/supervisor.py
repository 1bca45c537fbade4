"""A parent that forks its children after everything is loaded, so that they share memory, and keeps them alive."""

import gc
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from django.db import connections

from xaso.command.words import complain, say

GRACE = 15.0
LOOK = 0.2
STEADY = 30.0


@dataclass(slots=True)
class Child:
    """One process to keep alive. `failures` counts quick deaths in a row and stretches the pause before a restart."""

    title: str
    body: Callable[[], None]
    pid: int = 0
    started: float = 0.0
    failures: int = 0
    start_at: float = 0.0


class Supervisor:
    def __init__(self) -> None:
        self.children: list[Child] = []
        self._stopping = False
        # Children read this pipe; it ends when the parent is gone, however it went.
        self._alive_read, self._alive_write = os.pipe()

    def add(self, title: str, body: Callable[[], None]) -> None:
        self.children.append(Child(title, body))

    def run(self, when_ready: Callable[[], None]) -> int:
        """Start the children, keep them alive, stop them all on SIGINT or SIGTERM. Returns the exit code."""
        signal.signal(signal.SIGINT, self._ask_to_stop)
        signal.signal(signal.SIGTERM, self._ask_to_stop)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # under nohup it stays ignored
            signal.signal(signal.SIGHUP, self._ask_to_stop)
        connections.close_all()
        gc.collect()
        gc.freeze()
        for child in self.children:
            self._start(child)
        when_ready()
        while not self._stopping:
            self._look_after()
            time.sleep(LOOK)
        return self._stop_all()

    def _ask_to_stop(self, *_: Any) -> None:
        self._stopping = True

    def _start(self, child: Child) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid == 0:
            self._become(child)
        child.pid, child.started, child.start_at = pid, time.monotonic(), 0.0

    def _become(self, child: Child) -> NoReturn:
        """In the child: never returns to the parent's code, whatever happens."""
        code = 1
        try:
            os.close(self._alive_write)
            # Ctrl-C reaches the whole group; the parent alone decides, so that work in hand is finished.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            threading.Thread(target=self._end_with_parent, daemon=True).start()
            child.body()
            code = 0
        except BaseException:  # noqa: BLE001 - the last frame of a process: print and leave
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def _end_with_parent(self) -> None:
        os.read(self._alive_read, 1)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(GRACE)
        os._exit(1)

    def _look_after(self) -> None:
        now = time.monotonic()
        for child in self.children:
            if child.pid and self._has_ended(child):
                self._plan_restart(child, now)
            if not child.pid and now >= child.start_at:
                self._start(child)

    def _has_ended(self, child: Child) -> bool:
        pid, _ = os.waitpid(child.pid, os.WNOHANG)
        return pid != 0

    def _plan_restart(self, child: Child, now: float) -> None:
        child.failures = 0 if now - child.started > STEADY else child.failures + 1
        pause = min(2**child.failures - 1, 60) if child.failures else 0
        child.pid, child.start_at = 0, now + pause
        complain(f"{child.title} đã ngừng bất thường; chạy lại {'ngay' if not pause else f'sau {pause} giây'}.")

    def _stop_all(self) -> int:
        say("\nĐang dừng XãSố, chờ các việc dở hoàn tất…")
        self._signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        while self._running() and time.monotonic() < deadline:
            time.sleep(0.05)
        if self._running():
            complain("Có phần chưa dừng kịp; dừng hẳn. Dữ liệu không mất, việc dở sẽ được làm lại khi chạy lại.")
            self._signal(signal.SIGKILL)
            while self._running():
                time.sleep(0.05)
        say("Đã dừng.")
        return 0

    def _running(self) -> bool:
        for child in self.children:
            if child.pid and self._has_ended(child):
                child.pid = 0
        return any(child.pid for child in self.children)

    def _signal(self, number: int) -> None:
        for child in self.children:
            if child.pid:
                os.kill(child.pid, number)

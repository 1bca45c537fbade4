"""The worker: delivers events, seals the audit chain, runs jobs by the clock. Any number may run side by side."""

import logging
import threading
import time
from collections.abc import Iterable
from datetime import timedelta

from django.db import Error, close_old_connections

from xaso.core.audit import actions as audit
from xaso.core.audit.models import Entry
from xaso.core.outbox import actions as outbox
from xaso.core.outbox import clockwork
from xaso.core.outbox.models import JobRun
from xaso.kit import clock
from xaso.kit.module import Job

log = logging.getLogger(__name__)

PULSE = 0.3
CHORES_EVERY = 1.0
HEARTBEAT = "worker.heartbeat"
SILENT_FOR = timedelta(minutes=2)


def _beat() -> None:
    """Nothing to do: the row of this job is the sign of life."""


ALIVE = Job(HEARTBEAT, "*/15 * * * * *", _beat)


def last_sign_of_life() -> JobRun | None:
    """The row that says when a worker was last seen; None before the first."""
    return JobRun.objects.filter(name=HEARTBEAT).exclude(finished_at=None).first()


def is_alive() -> bool:
    seen = last_sign_of_life()
    return seen is not None and seen.finished_at is not None and clock.now() - seen.finished_at < SILENT_FOR


class Worker:
    """One loop. `stop()` may be called from a signal handler: what is being delivered is finished first."""

    def __init__(self, jobs: Iterable[Job]) -> None:
        self.jobs = (ALIVE, *jobs)
        self._stopping = threading.Event()
        self._chores_at = 0.0

    def stop(self) -> None:
        self._stopping.set()

    def run(self) -> None:
        """Work until stopped. A database that goes away for a while is waited for."""
        planned = False
        while not self._stopping.is_set():
            try:
                if not planned:
                    self._plan()
                    planned = True
                busy = self.turn()
            except Error:
                log.exception("the database did not answer; trying again")
                close_old_connections()
                busy = False
                self._stopping.wait(2)
            if not busy:
                self._stopping.wait(PULSE)

    def _plan(self) -> None:
        clockwork.plan(self.jobs)
        # The first sign of life is given at once, so that whoever asks right after the start is told the truth.
        JobRun.objects.filter(name=HEARTBEAT).update(due_at=clock.now())

    def turn(self) -> bool:
        """One round. True when there was something to deliver, so that the next round comes at once."""
        delivered = outbox.deliver_due(stopping=self._stopping.is_set)
        if time.monotonic() >= self._chores_at and not self._stopping.is_set():
            self._chores_at = time.monotonic() + CHORES_EVERY
            self._chores()
        return delivered > 0

    def _chores(self) -> None:
        # Asked first, because sealing opens a writing transaction and an idle commune should write nothing.
        if Entry.objects.filter(position=None).exists():
            audit.seal()
        clockwork.run_due(self.jobs)

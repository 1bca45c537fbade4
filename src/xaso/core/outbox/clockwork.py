"""Jobs by the clock, in Vietnamese time. Workers share one row per job and only one of them wins it."""

import logging
from collections.abc import Iterable
from datetime import UTC, datetime

from cronsim import CronSim

from xaso.core.outbox.models import JobRun
from xaso.kit import clock
from xaso.kit.module import Job

log = logging.getLogger(__name__)


def next_due(cron: str, after: datetime) -> datetime:
    """The next moment of a cron line (five fields, or six with seconds first), in UTC."""
    return next(CronSim(cron, clock.local(after))).astimezone(UTC)


def plan(jobs: Iterable[Job]) -> None:
    """Give every job a row, and an earlier turn where its cron line was changed to one."""
    now = clock.now()
    for job in jobs:
        due_at = next_due(job.cron, now)
        JobRun.objects.get_or_create(name=job.name, defaults={"due_at": due_at})
        JobRun.objects.filter(name=job.name, due_at__gt=due_at).update(due_at=due_at)


def run_due(jobs: Iterable[Job]) -> int:
    """Run the jobs whose time has come and that no other worker took. Returns how many ran here."""
    by_name = {job.name: job for job in jobs}
    now = clock.now()
    ran = 0
    for run in JobRun.objects.filter(name__in=by_name, due_at__lte=now):
        job = by_name[run.name]
        won = JobRun.objects.filter(pk=run.pk, due_at=run.due_at).update(
            due_at=next_due(job.cron, now), started_at=now, finished_at=None, error=""
        )
        if won:
            _perform(job, run.pk)
            ran += 1
    return ran


def _perform(job: Job, pk: int) -> None:
    error = ""
    try:
        job.function()
    except Exception as failure:
        log.exception("job %s failed", job.name)
        error = f"{type(failure).__name__}: {failure}"[:2000]
    JobRun.objects.filter(pk=pk).update(finished_at=clock.now(), error=error)

"""The jobs of core by the clock, in Vietnamese time. A module lists its own in its manifest."""

from xaso.core.deadlines.jobs import announce_deadlines
from xaso.core.files.jobs import sweep_orphans, sweep_unclaimed
from xaso.core.files.verify import verify_files
from xaso.core.measures.jobs import count_marked, prove_cells
from xaso.core.outbox.actions import forget_done
from xaso.core.search.refilling import refill_for_a_while
from xaso.kit.module import Job, modules

FILES_A_NIGHT = 2000


class DamagedFilesError(Exception):
    """Kept on the job's row, where `xaso doctor` finds it."""


def verify_some_files() -> None:
    """Look at the contents not looked at for longest, so that a failing disk is noticed before somebody needs them."""
    if damaged := verify_files(limit=FILES_A_NIGHT):
        raise DamagedFilesError("\n".join(damaged))


CORE = (
    Job("deadlines.announce", "*/5 * * * *", announce_deadlines),
    Job("files.sweep_orphans", "20 2 * * *", sweep_orphans),
    Job("files.sweep_unclaimed", "30 2 * * *", sweep_unclaimed),
    Job("files.verify", "10 3 * * *", verify_some_files),
    Job("measures.count", "*/5 * * * *", count_marked),
    Job("measures.prove", "30 3 * * *", prove_cells),
    Job("outbox.forget_done", "40 2 * * *", forget_done),
    Job("search.refill", "*/5 * * * *", refill_for_a_while),
)


def all_jobs() -> list[Job]:
    """Core's jobs first, then those of the modules in their order."""
    return [*CORE, *(job for module in modules() for job in module.jobs)]

"""By the clock: count what was marked, and prove that the cells are what a recount gives."""

from xaso.core.measures.counting import faults, freshen_all


class WrongCellsError(Exception):
    """Kept on the job's row, where `xaso doctor` finds it."""


def count_marked() -> None:
    """So that nobody who opens a page has a day's marks to count."""
    freshen_all()


def prove_cells() -> None:
    if wrong := list(faults()):
        raise WrongCellsError("\n".join(wrong))

"""Values that a column may lack but this row has."""

from typing import TypeVar

T = TypeVar("T")


def sure(value: T | None) -> T:
    """The value, where the state of its row promises one: an accepted dossier has a due date.

    A broken promise is a fault of ours: it stops here, loudly, and not three calls later.
    """
    if value is None:
        raise RuntimeError("a value that the state of its row promises is missing")
    return value

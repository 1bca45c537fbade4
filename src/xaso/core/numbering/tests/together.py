"""Many clerks at once: real threads, each with its own connection to the database."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connections

PATIENCE = 120


def all_at_once(work: Callable[[Any], Any], items: Sequence[Any]) -> list[Any]:
    """One thread per item, all let go at the same moment; what each returned, or the exception it ended with."""
    gate = threading.Barrier(len(items))
    results: list[Any] = [None] * len(items)

    def run(place: int, item: Any) -> None:
        gate.wait()
        try:
            results[place] = work(item)
        except Exception as error:  # noqa: BLE001 - the test judges it
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair, daemon=True) for pair in enumerate(items)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads), "somebody is still waiting for a turn"
    return results

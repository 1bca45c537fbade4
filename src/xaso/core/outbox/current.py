"""The facts announced by the action that runs now in this thread."""

from contextvars import ContextVar
from typing import Any

_facts: ContextVar[list[Any] | None] = ContextVar("facts", default=None)


def begin() -> Any:
    return _facts.set([])


def end(token: Any) -> None:
    _facts.reset(token)


def pending() -> list[Any]:
    facts = _facts.get()
    if facts is None:
        raise RuntimeError("an event was announced outside an action: announce only where the change is stored")
    return facts

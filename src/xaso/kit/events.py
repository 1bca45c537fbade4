"""Facts announced upwards. A module announces; whoever stands above it may listen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from typing import Any, TypeVar, dataclass_transform

E = TypeVar("E")

_events: dict[str, type] = {}
_handlers: dict[str, list[Handler]] = {}


@dataclass(frozen=True, slots=True)
class Handler:
    """One listener. `reaches_out`: it talks to the outside and so runs without a transaction, at least once."""

    name: str
    event: str
    function: Callable[[Any], None]
    reaches_out: bool


@dataclass_transform(frozen_default=True)
def event(cls: type[E]) -> type[E]:
    """Declare a fact in the past tense. Fields are ids, references and plain values."""
    made = dataclass(frozen=True, slots=True)(cls)
    name = f"{cls.__module__.split('.')[-2]}.{cls.__name__}"
    if name in _events:
        raise ValueError(f"event {name} is declared twice")
    made.event_name = name
    _events[name] = made
    return made


def on(event_type: type[E], *, reaches_out: bool = False) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Listen to a fact."""

    def register(function: Callable[[E], None]) -> Callable[[E], None]:
        name = f"{function.__module__}.{function.__name__}"
        handler = Handler(name, event_type.event_name, function, reaches_out)
        _handlers.setdefault(event_type.event_name, []).append(handler)
        return function

    return register


def handlers_of(name: str) -> list[Handler]:
    return _handlers.get(name, [])


def handler_named(event_name: str, name: str) -> Handler:
    for handler in handlers_of(event_name):
        if handler.name == name:
            return handler
    raise LookupError(f"no handler {name} of {event_name}: was it renamed while a delivery waited?")


def all_events() -> dict[str, type]:
    return dict(_events)


def pack(fact: Any) -> dict[str, Any]:
    return asdict(fact)


def unpack(name: str, payload: dict[str, Any]) -> Any:
    cls = _events[name]
    known = {f.name for f in fields(cls)}
    return cls(**{key: value for key, value in payload.items() if key in known})

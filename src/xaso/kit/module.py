"""The manifest a module shows to the faces. Read a module's `module.py` first."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A line in a face's menu, shown when the reader may."""

    face: str
    label: str
    url_name: str
    permission: str
    icon: str = "folder"
    order: int = 50


@dataclass(frozen=True, slots=True)
class Job:
    """Work by the clock. `cron` is in Vietnamese time; the function calls an action."""

    name: str
    cron: str
    function: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Service:
    """A process that holds a connection to the outside open; `xaso up` or `xaso connections` keeps one of it alive.

    `body` is "package.file:function", loaded only in that process; it runs until SIGTERM. `wanted` says at start
    whether this installation needs it.
    """

    title: str
    body: str
    wanted: Callable[[], bool]

    def run(self) -> None:
        path, _, name = self.body.partition(":")
        getattr(importlib.import_module(path), name)()


@dataclass(frozen=True, slots=True)
class Module:
    """What a module offers: lines for menus, parts for slots, jobs for the clock.

    A slot is a named place of a face (`desk.work`, `portal.mine`, `cockpit.tiles`, `search.feed`); what is offered is
    a function `(request) -> dict | None` with the key `template`, or whatever that slot's face documents.
    `content` are the loaders of what the module declares in `content/`; each validates and is idempotent.
    `checks` are asked by `xaso verify`; each gives a sentence for everything that is not as it should be.
    """

    name: str
    title: str
    menu: tuple[MenuItem, ...] = ()
    slots: dict[str, tuple[Callable[..., Any], ...]] = field(default_factory=dict)
    jobs: tuple[Job, ...] = ()
    content: tuple[Callable[[], object], ...] = ()
    checks: tuple[Callable[[], Iterable[str]], ...] = ()
    services: tuple[Service, ...] = ()


_modules: list[Module] = []


def load_modules(names: list[str]) -> None:
    """Import each module's manifest, handlers and measures once, in the order of the list."""
    if _modules:
        return
    for name in names:
        _modules.append(importlib.import_module(f"xaso.modules.{name}.module").MODULE)
        for beside in ("handlers", "measures"):
            if find_spec(f"xaso.modules.{name}.{beside}"):
                importlib.import_module(f"xaso.modules.{name}.{beside}")


def modules() -> list[Module]:
    return list(_modules)


def slot(name: str) -> list[Callable[..., Any]]:
    """Everything offered to a slot, in module order."""
    return [part for module in _modules for part in module.slots.get(name, ())]

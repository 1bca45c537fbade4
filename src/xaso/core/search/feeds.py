"""What each module can be searched for: the slot `search.feed` of its manifest holds `Feed`s."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet

from xaso.core.access import Actor
from xaso.core.access.roles import roles
from xaso.kit.module import slot


@dataclass(frozen=True, slots=True)
class Item:
    """A thing as it is found. `title` and `line` are shown; `texts` are only searched; `whole` is found only when
    typed to the last digit (personal ids, phones)."""

    thing: Model
    permission: str
    unit_path: str
    title: str
    line: str
    url: str
    moment: datetime
    texts: Iterable[str] = ()
    owner_person_id: int | None = None
    whole: Iterable[str] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """Rows of one table as items. `item` gives None for a row that is not to be found.

    Raise `version` when `item` changes: then an upgrade files everything anew. `rows` is sorted and cut by the caller.
    """

    model: str
    title: str
    rows: Callable[[], QuerySet[Any]]
    item: Callable[[Any], Item | None]
    permissions: tuple[str, ...]
    version: int = 1

    def __call__(self) -> Feed:
        """Slots hold functions."""
        return self


_own: list[Feed] = []


def declare(feed: Feed) -> Feed:
    """For core's own tables; a module names its feeds in its manifest."""
    _own.append(feed)
    return feed


def feeds() -> list[Feed]:
    return [*(part() for part in slot("search.feed")), *_own]


def kinds(by: Actor) -> dict[str, str]:
    """model → what people call such things, of the things this actor may see any of."""
    return {feed.model: feed.title for feed in feeds() if any(by.may(name) for name in feed.permissions)}


def permissions() -> set[str]:
    """Every permission an entry may carry: those of the feeds, and whatever lets somebody look at something."""
    looking = {name for given in roles().values() for name in given if name.endswith(".view")}
    return looking.union(*(feed.permissions for feed in feeds()))

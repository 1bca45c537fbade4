"""The reach report: what each channel did, whom nothing reached, which loudspeakers stayed silent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from xaso.kit.pages import Page, oldest
from xaso.modules.audiences import queries as audiences
from xaso.modules.bulletins.models import Bulletin, Missed, Sending
from xaso.modules.bulletins.queries.listing import sendings_of
from xaso.modules.bulletins.queries.outcomes import purposes_of
from xaso.modules.bulletins.rules import content as contents
from xaso.modules.speakers import queries as speakers

PAGE = 50
SILENT_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Reach:
    """As of `Bulletin.reach_at`. Persons and numbers are counted once over all personal channels."""

    channels: list[Sending]
    reached: int
    missed: int
    waiting: int
    shown_to: int
    openings: int

    @property
    def people(self) -> int:
        return self.reached + self.missed + self.waiting

    @property
    def has_persons(self) -> bool:
        return any(one.channel in contents.TO_PERSONS for one in self.channels)


def reach(bulletin: Bulletin) -> Reach:
    channels = sendings_of(bulletin)
    return Reach(
        channels, bulletin.reached_persons, bulletin.missed_persons, bulletin.waiting_persons,
        sum(one.total for one in channels if one.channel == contents.INBOX), bulletin.openings,
    )  # fmt: skip


def not_reached(bulletin: Bulletin, after: str = "", size: int = PAGE) -> Page[Missed]:
    """Row by row: who, where, and for every channel why not. A keyset page in the order of villages."""
    return oldest(Missed.objects.filter(bulletin=bulletin), after, size)


def every_missed(bulletin: Bulletin) -> Iterator[Missed]:
    """For the file, streamed."""
    return Missed.objects.filter(bulletin=bulletin).order_by("id").iterator(chunk_size=1000)


def silent(bulletin: Bulletin) -> list[Any]:
    """Loudspeakers that did not play it, by name and with the reason."""
    found: list[Any] = []
    for purpose in purposes_of(bulletin):
        found += speakers.silent_rows(purpose).rows
        if len(found) >= SILENT_SHOWN:
            break
    return found[:SILENT_SHOWN]


def reasons_of(row: Missed) -> list[tuple[str, str]]:
    """(channel, sentence)."""
    return [(contents.CHANNELS.get(channel, channel), sentence) for channel, _, sentence in row.reasons]


def phone_of(row: Missed) -> str:
    return audiences.shown_phone(row.phone)

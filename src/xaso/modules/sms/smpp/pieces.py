"""Long messages of residents arrive in pieces. They are put together, or given as they are when some never come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from xaso.modules.sms.actions import Incoming
from xaso.modules.sms.smpp.wire import Delivered

WAIT = 8.0
MOST_HELD = 500
Whole = tuple[Incoming, list[int]]


@dataclass(slots=True)
class Held:
    first: Delivered
    since: float
    texts: dict[int, str] = field(default_factory=dict)
    sequences: list[int] = field(default_factory=list)

    def whole(self) -> Whole:
        text = "".join(self.texts[number] for number in sorted(self.texts))
        return Incoming(self.first.source, self.first.destination, text, "smpp"), self.sequences


@dataclass(slots=True)
class Pieces:
    held: dict[tuple[str, int, int], Held] = field(default_factory=dict)

    def add(self, found: Delivered, sequence: int, now: float) -> Whole | None:
        """The message, when this completes it. `sequence` is acknowledged only with the whole."""
        if found.piece is None or found.piece[1] < 2 or not 1 <= found.piece[2] <= found.piece[1]:
            return Incoming(found.source, found.destination, found.text, "smpp"), [sequence]
        ref, parts, number = found.piece
        key = (found.source, ref, parts)
        held = self.held.setdefault(key, Held(found, now))
        held.texts[number] = found.text
        held.sequences.append(sequence)
        if len(held.texts) < parts and len(self.held) < MOST_HELD:
            return None
        return self.held.pop(key).whole()

    def overdue(self, now: float) -> Iterator[Whole]:
        for key in [key for key, held in self.held.items() if now - held.since > WAIT]:
            yield self.held.pop(key).whole()

"""One due moment of one item on its way through the device, and which moments are due."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from xaso.modules.speakers.protocol.messages import Item, Rank

VIETNAM = timedelta(hours=7)
PATIENCE = 30 * 60.0
"""How long an item waits for the speaker, or to go on after a break. Its `until` may end it earlier."""
LOOK_BACK = 31 * 86_400.0


@dataclass(slots=True)
class Turn:
    """`offset` counts seconds of the whole item with its loops. `began_at` is set while it sounds."""

    item: Item
    due: float
    volume: int
    command: str = ""
    sequence: int = 0
    offset: float = 0.0
    waits_since: float = 0.0
    began_at: float | None = None
    began_offset: float = 0.0

    @property
    def due_ms(self) -> int:
        return round(self.due * 1000)

    @property
    def key(self) -> tuple[str, int]:
        return (self.item.id, self.due_ms)

    @property
    def length(self) -> float:
        """Seconds until it is done; a stream has no end of its own."""
        return self.item.sound.seconds * self.item.loops if self.item.sound else float("inf")

    @property
    def gives_up_at(self) -> float:
        until = self.item.until.timestamp() if self.item.until else float("inf")
        return min(max(self.waits_since, self.due) + PATIENCE, until)

    @property
    def place(self) -> tuple[int, int, float, str]:
        """The order of those that wait: the ladder, what the commune puts first, who was due first."""
        return (*rung(self.item), self.due, self.item.id)


def rung(item: Item) -> tuple[int, int]:
    """Only among priority items does the commune's own order take the speaker from another."""
    return (int(item.rank), item.order if item.rank <= Rank.PRIORITY else 0)


def takes_over(newcomer: Turn, current: Turn) -> bool:
    """Equals never interrupt each other: who plays, plays on."""
    return rung(newcomer.item) < rung(current.item)


def due_turns(item: Item, after: float, until: float) -> Iterator[Turn]:
    """The item's due moments in (after, until], the earliest first."""
    starts = item.starts_at.timestamp() if item.starts_at else None
    ends = item.until.timestamp() if item.until else float("inf")
    if not item.slots:
        if starts is not None and after < starts <= until:
            yield Turn(item, starts, item.volume)
        return
    after = max(after, until - LOOK_BACK, (starts or 0.0) - 0.001)
    day = _midnight(after)
    while day <= until:
        weekday = (datetime.fromtimestamp(day, UTC) + VIETNAM).weekday()
        for slot in sorted((slot for slot in item.slots if slot.day == weekday), key=lambda slot: slot.minute):
            due = day + slot.minute * 60
            if after < due <= until and due < ends:
                yield Turn(item, due, slot.volume)
        day += 86_400


def next_due(item: Item, after: float) -> float | None:
    """The first due moment after `after` within a week."""
    return next((turn.due for turn in due_turns(item, after, after + 8 * 86_400)), None)


def _midnight(moment: float) -> float:
    local = moment + VIETNAM.total_seconds()
    return local - local % 86_400 - VIETNAM.total_seconds()

"""What devices said, sorted into batches and stored. A log row is acknowledged only after its commit."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from xaso.core.access import SYSTEM
from xaso.modules.speakers.actions import reporting
from xaso.modules.speakers.link.carrier import Heard
from xaso.modules.speakers.protocol import messages as m
from xaso.modules.speakers.protocol import topics
from xaso.modules.speakers.protocol.codec import decode
from xaso.modules.speakers.protocol.shapes import Malformed
from xaso.modules.speakers.vendor import translating

log = logging.getLogger(__name__)
ROWS_AT_ONCE = 500


@dataclass(slots=True)
class Batch:
    """Reports between two rounds. What has been stored is taken out, so that a failed round is simply done again."""

    beats: list[tuple[str, m.Beat, datetime]] = field(default_factory=list)
    acks: list[tuple[str, m.Ack]] = field(default_factory=list)
    rows: list[tuple[str, m.LogRow]] = field(default_factory=list)
    presence: dict[str, bool] = field(default_factory=dict)
    addresses: dict[str, topics.Address] = field(default_factory=dict)
    back: set[str] = field(default_factory=set)
    """Devices that have just connected: what they have not answered goes to them again."""
    forged: int = 0

    @property
    def waiting(self) -> int:
        return len(self.beats) + len(self.acks) + len(self.rows)

    def add(self, heard: Iterable[Heard]) -> None:
        for one in heard:
            try:
                for serial, message in _messages(one):
                    self._sort(serial, message, one.at)
            except Malformed as error:
                self.forged += 1
                log.warning("speakers: %s: %s", one.topic[:150], error)
            else:
                if found := topics.from_device(one.topic):
                    self.addresses[found[0].serial] = found[0]

    def _sort(self, serial: str, message: object, at: datetime) -> None:
        if isinstance(message, m.Beat):
            self.beats.append((serial, message, at))
        elif isinstance(message, m.Ack):
            self.acks.append((serial, message))
        elif isinstance(message, m.Log):
            self.rows += [(serial, row) for row in message.rows]
        elif isinstance(message, m.Presence):
            self.presence[serial] = message.online
            if message.online:
                self.back.add(serial)

    def store_urgent(self) -> dict[str, list[str]]:
        """Presence, answers and log rows. Returns serial → ids of rows that are safe now."""
        if self.presence:
            online = [serial for serial, there in self.presence.items() if there]
            offline = [serial for serial, there in self.presence.items() if not there]
            reporting.record_presence(SYSTEM, online=online, offline=offline)
            self.presence = {}
        if self.acks:
            reporting.record_acks(SYSTEM, self.acks)
            self.acks = []
        kept: dict[str, list[str]] = defaultdict(list)
        while self.rows:
            for serial, ids in reporting.record_plays(SYSTEM, self.rows[:ROWS_AT_ONCE]).items():
                kept[serial] += ids
            del self.rows[:ROWS_AT_ONCE]
        return kept

    def store_beats(self) -> None:
        if self.beats:
            reporting.record_beats(SYSTEM, self.beats)
            self.beats = []


def _messages(heard: Heard) -> Iterator[tuple[str, object]]:
    """(serial, message) of what was said; nothing when the topic is nobody's."""
    own = topics.from_device(heard.topic)
    if own is not None:
        address, channel = own
        # An empty retained message is how a broker is told to forget one.
        if heard.payload and channel in topics.UP:
            yield address.serial, decode(channel, heard.payload)
        return
    yield from translating.heard(heard.topic, heard.payload, heard.at)

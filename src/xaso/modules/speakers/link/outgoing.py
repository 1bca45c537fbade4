"""What goes to devices: commands as soon as they are committed, programmes when they differ, answers to reports."""

from datetime import timedelta

from xaso.core.access import SYSTEM
from xaso.kit import clock
from xaso.modules.speakers import queries
from xaso.modules.speakers.actions import reporting
from xaso.modules.speakers.link.carrier import Carrier, Heard
from xaso.modules.speakers.protocol import messages as m
from xaso.modules.speakers.protocol import topics
from xaso.modules.speakers.protocol.codec import decode, encode, envelope
from xaso.modules.speakers.protocol.shapes import Malformed
from xaso.modules.speakers.queries.door import Pending
from xaso.modules.speakers.queries.unanswered import is_anything_queued, unanswered
from xaso.modules.speakers.vendor import translating

PATIENCE = timedelta(seconds=10)
"""A command without an answer goes out again after this, for as long as it holds. Devices obey it once."""
KEPT_AT_ONCE = 200
VENDOR = "vendor:"


class Outgoing:
    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier
        self._programmes: dict[str, str] = {}
        self._again_at = clock.now()

    def send_queued(self) -> int:
        """Publish what is queued. Nothing is marked as sent while the broker is away."""
        if not self._carrier.is_up or not is_anything_queued():
            return 0
        waiting = queries.pending_commands()
        if waiting:
            self._publish(waiting)
            reporting.mark_sent(SYSTEM, [one.id for one in waiting])
        return len(waiting)

    def send_again(self, back: set[str]) -> None:
        """What came to nobody's ears: to devices that are back, and now and then to those that did not answer."""
        now = clock.now()
        if not self._carrier.is_up or (not back and now < self._again_at):
            return
        self._again_at = now + PATIENCE
        self._publish(unanswered(now - PATIENCE, back))
        back.clear()

    def send_programmes(self, devices: dict[str, tuple[str, str]], *, anew: bool = False) -> None:
        """serial → (commune, protocol). Those whose programme is another than the last published, or all `anew`."""
        for serial, programme in queries.programmes_by_serial(devices).items():
            commune, protocol = devices[serial]
            version = _version(programme, protocol)
            if anew or self._programmes.get(serial) != version:
                for topic, payload, retain in _programme(commune, serial, protocol, programme):
                    self._carrier.publish(topic, payload, retain=retain)
                self._programmes[serial] = version

    def differs(self, beat: m.Beat, serial: str) -> bool:
        """The device says it has another programme than the one it was sent. A vendor's says nothing of it."""
        if self._programmes.get(serial, "").startswith(VENDOR):
            return False
        return beat.programme != self._programmes.get(serial, beat.programme)

    def acknowledge(self, kept: dict[str, list[str]], addresses: dict[str, topics.Address]) -> None:
        for serial, ids in kept.items():
            for start in range(0, len(ids), KEPT_AT_ONCE):
                rows = m.Kept(tuple(ids[start : start + KEPT_AT_ONCE]))
                self._carrier.publish(topics.device(addresses[serial], "cmd"), encode(rows))

    def _publish(self, waiting: list[Pending]) -> None:
        changed: dict[str, tuple[str, str]] = {}
        for one in waiting:
            if not one.body:
                changed[one.serial] = (one.commune, one.protocol)
            elif one.protocol == "vendor":
                if (order := one.command) and (said := translating.command(one.commune, one.serial, order)):
                    self._carrier.publish(*said)
            else:
                topic = topics.device(topics.Address(one.commune, one.serial), "cmd")
                self._carrier.publish(topic, envelope(m.Command, one.body))
        if changed:
            self.send_programmes(changed, anew=True)


def _version(programme: m.Programme, protocol: str) -> str:
    """A vendor's speaker is told anew every day: the addresses of its files hold for some days only."""
    return f"{VENDOR}{clock.today()}:{programme.version}" if protocol == "vendor" else programme.version


def answer_time(heard: Heard) -> tuple[str, bytes] | None:
    """A device that asks what time it is wants to know it now, not after the next batch."""
    own = topics.from_device(heard.topic)
    if own is None or own[1] != "state" or b'"asks_time"' not in heard.payload:
        return None
    try:
        beat = decode("state", heard.payload)
    except Malformed:
        return None  # counted with the batch
    if not isinstance(beat, m.Beat) or not beat.asks_time:
        return None
    return topics.device(own[0], "cmd"), encode(m.ServerTime(beat.at, heard.at))


def _programme(commune: str, serial: str, protocol: str, programme: m.Programme) -> list[tuple[str, bytes, bool]]:
    if protocol == "vendor":
        return translating.programme(commune, serial, programme)
    return [(topics.device(topics.Address(commune, serial), "cfg"), encode(programme), True)]

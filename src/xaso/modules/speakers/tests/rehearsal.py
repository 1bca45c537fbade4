"""A device without a network and without real time: the clock is moved by the test, what it says is read back."""

import math
from array import array
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import av
from av.audio.frame import AudioFrame

from xaso.modules.speakers.device.device import Device
from xaso.modules.speakers.device.player import Sounding, Unplayable
from xaso.modules.speakers.device.store import Store
from xaso.modules.speakers.protocol import messages as m
from xaso.modules.speakers.protocol.codec import Message, encode
from xaso.modules.speakers.protocol.ids import ulid

MONDAY_5AM = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)
"""Monday 23 November 2026, 05:00 in Vietnam."""


class HandClock:
    """Server time is `real`; the device's wall clock is off by `skew`."""

    def __init__(self, real: float, skew: float = 0.0) -> None:
        self.real, self.skew = real, skew
        self.born = real

    def wall(self) -> float:
        return self.real + self.skew

    def steady(self) -> float:
        return self.real - self.born


class Ear:
    """An output that plays by the clock and remembers what was heard: (item, from, seconds, volume)."""

    def __init__(self, clock: HandClock) -> None:
        self.clock = clock
        self.heard: list[tuple[str, float, float, int]] = []
        self.broken: set[str] = set()
        self._turn: Any = None
        self._began = 0.0

    def start(self, turn: Any) -> None:
        if turn.item.id in self.broken:
            raise Unplayable("Tệp âm thanh hỏng, không giải mã được.")
        self._turn, self._began = turn, self.clock.real

    def sounding(self) -> Sounding:
        return Sounding(self.clock.real - self._began)

    def stop(self) -> float | None:
        turn = self._turn
        seconds = min(self.clock.real - self._began, turn.length - turn.began_offset)
        self.heard.append((turn.item.id, self._began, round(seconds, 2), turn.volume))
        return -20.0

    def set_volume(self, volume: int) -> None:
        self._turn.volume = volume


class HandShelf:
    def __init__(self) -> None:
        self.missing: set[str] = set()
        self.hopeless: dict[str, str] = {}
        self.wanted: list[str] = []

    def has(self, item: m.Item) -> bool:
        return item.id not in self.missing

    def want(self, item: m.Item) -> None:
        self.wanted.append(item.id)

    def trouble(self, item: m.Item) -> str:
        return self.hopeless.get(item.id, "")


class NoTelemetry:
    def now(self) -> dict[str, Any]:
        return {"firmware": "rehearsal"}


@dataclass
class Rehearsal:
    """One device and its memory on disk; `power_cut` takes everything but the disk."""

    folder: Path
    clock: HandClock
    device: Device = None  # type: ignore[assignment]
    ear: Ear = None  # type: ignore[assignment]
    shelf: HandShelf = field(default_factory=HandShelf)
    said: list[tuple[str, Message]] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    serial: str = "loa-01"

    def boot(self) -> "Rehearsal":
        self.clock.born = self.clock.real
        self.store = Store(self.folder / "speaker.sqlite3")
        told: Any = self.complaints.append
        self.device = Device((self.serial, "secret"), self.store, self.clock, NoTelemetry(), told)  # type: ignore[arg-type]
        heard = self.ear.heard if self.ear else []
        self.ear = Ear(self.clock)
        self.ear.heard = heard
        self.device.equip(self.ear, self.shelf)  # type: ignore[arg-type]
        self.store.commit()
        return self

    def power_cut(self, seconds: float) -> None:
        """Whatever was not committed is gone; the sound stops; time goes on."""
        self.store._base.rollback()
        self.store._base.close()
        self.clock.real += seconds

    def connect(self) -> None:
        self.device.connected()
        self.round()
        self.hear("cmd", m.ServerTime(self.last_question().at, moment(self.clock.real)))

    def last_question(self) -> m.Beat:
        return next(one for _, one in reversed(self.said) if isinstance(one, m.Beat) and one.asks_time)

    def hear(self, channel: str, message: Message) -> None:
        self.device.hear(channel, encode(message))
        self.round()

    def order(self, **given: Any) -> m.Command:
        now = moment(self.clock.real)
        exp = given.pop("exp", moment(self.clock.real + 3600))
        command = m.Command(ulid(round(self.clock.real * 1000)), given.pop("kind", m.PLAY), now, exp, **given)
        self.hear("cmd", command)
        return command

    def round(self) -> float:
        pause = self.device.tick()
        self.store.commit()
        self.said += self.device.outbox
        self.device.outbox.clear()
        return pause

    def run(self, seconds: float) -> None:
        """Let time pass, calling the device when it asked to be called."""
        until = self.clock.real + seconds
        while self.clock.real < until:
            pause = min(self.round(), until - self.clock.real)
            self.clock.real += pause
        self.round()

    def rows(self) -> list[m.LogRow]:
        """What lies in the device's log, not yet acknowledged."""
        return self.store.unsent(self.serial, 10_000)

    def acks(self) -> list[m.Ack]:
        return [one for _, one in self.said if isinstance(one, m.Ack)]


def moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def item(name: str, seconds: float = 60, **given: Any) -> m.Item:
    sound = m.Sound("ab" * 32, 1000, seconds, "/files/x")
    given = {"rank": m.Rank.NORMAL, "volume": 70, "sound": sound, "version": "1", **given}
    return m.Item(id=name, **given)


def tone(path: Path, seconds: float, hertz: float = 440.0, level: float = 0.5) -> bytes:
    """A real MP3 (mono, 64 kbit/s) with a sine in it."""
    with av.open(str(path), "w", format="mp3") as container:
        stream = container.add_stream("mp3", rate=24_000, layout="mono")
        stream.bit_rate = 64_000
        step = 2 * math.pi * hertz / 24_000
        total = round(seconds * 24_000)
        for start in range(0, total, 1152):
            size = min(1152, total - start)
            part = array("h", [round(32767 * level * math.sin(step * (start + n))) for n in range(size)])
            frame = AudioFrame(format="s16p", layout="mono", samples=size)
            frame.planes[0].update(part.tobytes().ljust(frame.planes[0].buffer_size, b"\0"))
            frame.sample_rate, frame.pts = 24_000, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path.read_bytes()

"""The messages as values. What their fields may hold is written in `shapes.py`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum


class Rank(IntEnum):
    """The ladder, 0 highest: a lower number takes the speaker from a higher one."""

    EMERGENCY = 0
    LIVE = 1
    PRIORITY = 2
    NORMAL = 3
    RELAY = 4


RESUME, RESTART, DROP = "resume", "restart", "drop"
PLAYED, INTERRUPTED, STOPPED, FAILED, REFUSED_IT, SKIPPED = (
    "played",
    "interrupted",
    "stopped",
    "failed",
    "refused",
    "skipped",
)
POWER = "power"
ACCEPTED, REFUSED, EXPIRED = "accepted", "refused", "expired"
PLAY, STOP, VOLUME, REPORT = "play", "stop", "volume", "report"


@dataclass(frozen=True, slots=True)
class Sound:
    """A file to fetch from the server with the device's own credential, kept under its SHA-256."""

    sha256: str
    size: int
    seconds: float
    path: str


@dataclass(frozen=True, slots=True)
class Slot:
    """A time of the week on the Vietnamese wall clock: day 0 is Monday, `minute` counts from 00:00."""

    day: int
    minute: int
    volume: int


@dataclass(frozen=True, slots=True)
class Item:
    """Something to play, a sound or a stream: at `starts_at`, or at `slots` from `starts_at` on; else when told to.

    Nothing starts or sounds at `until` or later. The device forgets the item after `expires_at`.
    """

    id: str
    version: str
    rank: Rank
    volume: int
    sound: Sound | None = None
    stream: str = ""
    starts_at: datetime | None = None
    until: datetime | None = None
    expires_at: datetime | None = None
    slots: tuple[Slot, ...] = ()
    order: int = 0
    loops: int = 1
    when_interrupted: str = RESUME
    title: str = ""
    drill: bool = False


@dataclass(frozen=True, slots=True)
class Programme:
    """Everything one device has to know to play alone. It replaces what the device knew."""

    version: str
    zones: tuple[str, ...] = ()
    volume: int = 70
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Command:
    """An order with an id (ULID) and an expiry; a device obeys an id once and answers it every time."""

    id: str
    kind: str
    sent_at: datetime
    exp: datetime
    item: Item | None = None
    item_id: str = ""
    volume: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """The server has stored these log rows: the device may forget them."""

    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ServerTime:
    """The answer to a beat that asked: the device's own moment back, and the server's."""

    asked_at: datetime
    server_at: datetime


@dataclass(frozen=True, slots=True)
class Ack:
    id: str
    verdict: str
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Network:
    kind: str = "unknown"
    rsrp: int | None = None
    signal: int | None = None


@dataclass(frozen=True, slots=True)
class Beat:
    """Telemetry, every 60 s and at each change. `at` is the device's corrected clock."""

    at: datetime
    uptime: int
    firmware: str
    programme: str = ""
    network: Network = field(default_factory=Network)
    temperature: float | None = None
    supply: float | None = None
    relay: bool | None = None
    volume: int | None = None
    playing: str = ""
    offset: float = 0.0
    disk_free: int | None = None
    clock_offset: float | None = None
    unsent: int = 0
    asks_time: bool = False


@dataclass(frozen=True, slots=True)
class LogRow:
    """A stretch of sound without a break, or the reason why there was none.

    An item that was interrupted and resumed gives rows of the same `due_at` with `sequence` 0, 1, … `id` follows from
    device, item, `due_at` and `sequence`. Moments are in server time as the device knows it. `by` is the item that took
    the speaker, or "power". `rms` is the level of what sounded in dBFS, None when the device cannot measure.
    """

    id: str
    item: str
    version: str
    due_at: datetime
    sequence: int
    started_at: datetime | None
    ended_at: datetime | None
    seconds: float
    result: str
    by: str = ""
    reason: str = ""
    volume: int | None = None
    rms: float | None = None
    command: str = ""


@dataclass(frozen=True, slots=True)
class Log:
    rows: tuple[LogRow, ...]


@dataclass(frozen=True, slots=True)
class Presence:
    """`online` False with why "lost" is the last will; "left" is a device that was switched off properly."""

    online: bool
    at: datetime | None = None
    why: str = ""

"""What each field of each message may hold. Size first, then type, then content; unknown fields are refused."""

import math
import re
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields
from datetime import UTC, datetime
from typing import Any

from xaso.modules.speakers.protocol import messages as m


class Malformed(ValueError):
    """The bytes are not a message of this protocol. The text says where, without repeating the bytes."""


@dataclass(frozen=True, slots=True)
class Shape:
    read: Callable[[Any, str], Any]
    write: Callable[[Any], Any]


def _same(value: Any) -> Any:
    return value


def text(limit: int, pattern: str = "", *, empty: bool = False) -> Shape:
    allowed = re.compile(pattern) if pattern else None

    def read(value: Any, where: str) -> str:
        if not isinstance(value, str) or len(value) > limit or (not value and not empty):
            raise Malformed(f"{where}: text of 1 to {limit} characters")
        if any(ord(letter) < 32 or 0xD800 <= ord(letter) <= 0xDFFF for letter in value):
            raise Malformed(f"{where}: control character")
        if value and allowed is not None and not allowed.fullmatch(value):
            raise Malformed(f"{where}: unexpected characters")
        return value

    return Shape(read, _same)


def whole(low: int, high: int) -> Shape:
    def read(value: Any, where: str) -> int:
        if type(value) is not int or not low <= value <= high:
            raise Malformed(f"{where}: whole number {low} to {high}")
        return value

    return Shape(read, int)


def number(low: float, high: float) -> Shape:
    def read(value: Any, where: str) -> float:
        if type(value) not in (int, float) or not math.isfinite(value) or not low <= value <= high:
            raise Malformed(f"{where}: number {low} to {high}")
        return float(value)

    return Shape(read, lambda value: round(value, 3))


def _read_flag(value: Any, where: str) -> bool:
    if type(value) is not bool:
        raise Malformed(f"{where}: true or false")
    return value


def one_of(*words: str) -> Shape:
    def read(value: Any, where: str) -> str:
        if not isinstance(value, str) or value not in words:
            raise Malformed(f"{where}: one of {', '.join(words)}")
        return value

    return Shape(read, _same)


def optional(inner: Shape) -> Shape:
    return Shape(
        lambda value, where: None if value is None else inner.read(value, where),
        lambda value: None if value is None else inner.write(value),
    )


def many(inner: Shape, limit: int) -> Shape:
    def read(value: Any, where: str) -> tuple[Any, ...]:
        if not isinstance(value, list) or len(value) > limit:
            raise Malformed(f"{where}: list of at most {limit}")
        return tuple(inner.read(entry, where) for entry in value)

    return Shape(read, lambda value: [inner.write(entry) for entry in value])


def _read_moment(value: Any, where: str) -> datetime:
    if type(value) is not int or not EARLIEST <= value <= LATEST:
        raise Malformed(f"{where}: milliseconds between 2000 and 2100")
    return datetime.fromtimestamp(value / 1000, UTC)


def milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _read_rank(value: Any, where: str) -> m.Rank:
    return m.Rank(whole(0, 4).read(value, where))


def read_record(kind: type, value: Any, where: str) -> Any:
    """The message or part of one from decoded JSON."""
    shapes, required = SHAPES[kind], _required(kind)
    if not isinstance(value, dict):
        raise Malformed(f"{where}: object")
    if not value.keys() <= shapes.keys() or not required <= value.keys():
        raise Malformed(f"{where}: unknown or missing field")
    return kind(**{name: shapes[name].read(entry, f"{where}.{name}") for name, entry in value.items()})


def write_record(value: Any) -> dict[str, Any]:
    """Fields that stand at their default are left out: messages go over SIM cards."""
    kind = type(value)
    shapes, defaults = SHAPES[kind], _defaults(kind)
    return {
        name: shape.write(held)
        for name, shape in shapes.items()
        if (held := getattr(value, name)) != defaults.get(name, MISSING)
    }


def record(kind: type) -> Shape:
    return Shape(lambda value, where: read_record(kind, value, where), write_record)


_found_required: dict[type, frozenset[str]] = {}
_found_defaults: dict[type, dict[str, Any]] = {}


def _required(kind: type) -> frozenset[str]:
    if kind not in _found_required:
        _found_required[kind] = frozenset(SHAPES[kind].keys() - _defaults(kind).keys())
    return _found_required[kind]


def _defaults(kind: type) -> dict[str, Any]:
    if kind not in _found_defaults:
        _found_defaults[kind] = {
            part.name: part.default_factory() if part.default_factory is not MISSING else part.default
            for part in fields(kind)
            if part.default is not MISSING or part.default_factory is not MISSING
        }
    return _found_defaults[kind]


EARLIEST, LATEST = 946_684_800_000, 4_102_444_800_000
ULID = text(26, r"[0-7][0-9A-HJKMNP-TV-Z]{25}")
MOMENT = Shape(_read_moment, milliseconds)
FLAG = Shape(_read_flag, _same)
VOLUME = whole(0, 100)
ITEM_ID = text(36, r"[0-9A-Za-z][0-9A-Za-z_-]*")
VERSION = text(64, r"[0-9A-Za-z][0-9A-Za-z._-]*")
NAME = text(64, r"[0-9A-Za-z][0-9A-Za-z._-]*")
REASON = text(300, empty=True)
SECONDS = number(0, 1_000_000)
PATH = text(500, r"/(?!/)[^\s\\]*")
STREAM = text(1000, r"(https?://|/(?!/))[^\s\\]+", empty=True)
NO_ITEM = text(36, r"[0-9A-Za-z][0-9A-Za-z_-]*", empty=True)
NO_ULID = text(26, r"[0-7][0-9A-HJKMNP-TV-Z]{25}", empty=True)

SHAPES: dict[type, dict[str, Shape]] = {
    m.Sound: {
        "sha256": text(64, r"[0-9a-f]{64}"),
        "size": whole(1, 1 << 30),
        "seconds": number(0.01, 36_000),
        "path": PATH,
    },
    m.Slot: {"day": whole(0, 6), "minute": whole(0, 1439), "volume": VOLUME},
    m.Network: {
        "kind": one_of("unknown", "lan", "wifi", "lte"),
        "rsrp": optional(whole(-200, 0)),
        "signal": optional(whole(-200, 100)),
    },
    m.Presence: {"online": FLAG, "at": optional(MOMENT), "why": one_of("", "lost", "left")},
    m.Ack: {"id": ULID, "verdict": one_of(m.ACCEPTED, m.REFUSED, m.EXPIRED), "at": MOMENT, "reason": REASON},
    m.ServerTime: {"asked_at": MOMENT, "server_at": MOMENT},
    m.Kept: {"rows": many(ULID, 200)},
}
SHAPES[m.Item] = {
    "id": ITEM_ID,
    "version": VERSION,
    "rank": Shape(_read_rank, int),
    "volume": VOLUME,
    "sound": optional(record(m.Sound)),
    "stream": STREAM,
    "starts_at": optional(MOMENT),
    "until": optional(MOMENT),
    "expires_at": optional(MOMENT),
    "slots": many(record(m.Slot), 200),
    "order": whole(0, 10_000),
    "loops": whole(1, 100),
    "when_interrupted": one_of(m.RESUME, m.RESTART, m.DROP),
    "title": text(200, empty=True),
    "drill": FLAG,
}
SHAPES[m.Programme] = {
    "version": VERSION,
    "zones": many(NAME, 50),
    "volume": VOLUME,
    "items": many(record(m.Item), 500),
}
SHAPES[m.Command] = {
    "id": ULID,
    "kind": one_of(m.PLAY, m.STOP, m.VOLUME, m.REPORT),
    "sent_at": MOMENT,
    "exp": MOMENT,
    "item": optional(record(m.Item)),
    "item_id": NO_ITEM,
    "volume": optional(VOLUME),
    "reason": REASON,
}
SHAPES[m.Beat] = {
    "at": MOMENT,
    "uptime": whole(0, 1 << 40),
    "firmware": text(60),
    "programme": text(64, r"[0-9A-Za-z][0-9A-Za-z._-]*", empty=True),
    "network": record(m.Network),
    "temperature": optional(number(-80, 200)),
    "supply": optional(number(0, 1000)),
    "relay": optional(FLAG),
    "volume": optional(VOLUME),
    "playing": NO_ITEM,
    "offset": SECONDS,
    "disk_free": optional(whole(0, 1 << 60)),
    "clock_offset": optional(number(-1e10, 1e10)),
    "unsent": whole(0, 1 << 40),
    "asks_time": FLAG,
}
SHAPES[m.LogRow] = {
    "id": ULID,
    "item": ITEM_ID,
    "version": VERSION,
    "due_at": MOMENT,
    "sequence": whole(0, 10_000),
    "started_at": optional(MOMENT),
    "ended_at": optional(MOMENT),
    "seconds": SECONDS,
    "result": one_of(m.PLAYED, m.INTERRUPTED, m.STOPPED, m.FAILED, m.REFUSED_IT, m.SKIPPED),
    "by": NO_ITEM,
    "reason": REASON,
    "volume": optional(VOLUME),
    "rms": optional(number(-200, 20)),
    "command": NO_ULID,
}
SHAPES[m.Log] = {"rows": many(record(m.LogRow), 50)}

"""Bytes to messages and back. Whatever is not exactly a message is refused: the other end may be anybody."""

import json
from typing import Any, NoReturn

from xaso.modules.speakers.protocol import messages as m
from xaso.modules.speakers.protocol.shapes import Malformed, read_record, write_record

Message = m.Programme | m.Command | m.Kept | m.ServerTime | m.Beat | m.Ack | m.Log | m.Presence

KINDS: dict[str, type] = {
    "programme": m.Programme,
    "command": m.Command,
    "kept": m.Kept,
    "time": m.ServerTime,
    "beat": m.Beat,
    "ack": m.Ack,
    "log": m.Log,
    "presence": m.Presence,
}
NAMES = {kind: name for name, kind in KINDS.items()}

# What each channel of a device carries, and how large a message may be.
CARRIES: dict[str, frozenset[type]] = {
    "cfg": frozenset({m.Programme}),
    "cmd": frozenset({m.Command, m.Kept, m.ServerTime}),
    "state": frozenset({m.Beat, m.Ack}),
    "log": frozenset({m.Log}),
    "lwt": frozenset({m.Presence}),
}
LIMITS = {"cfg": 262_144, "cmd": 16_384, "state": 4_096, "log": 65_536, "lwt": 512}


def encode(message: Message) -> bytes:
    """The bytes of a message. A message that breaks the protocol's own limits is a mistake of ours: Malformed."""
    return envelope(type(message), write_record(message))


def envelope(kind: type, written: dict[str, Any]) -> bytes:
    """The same for a message that has been written down as a record before."""
    body = {"v": 1, "t": NAMES[kind], **written}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def decode(channel: str, payload: bytes) -> Message:
    """The message a channel (cfg, cmd, state, log, lwt) has carried. Malformed otherwise."""
    if len(payload) > LIMITS[channel]:
        raise Malformed(f"{channel}: larger than {LIMITS[channel]} bytes")
    body = _parse(payload)
    if not isinstance(body, dict) or _version(body.pop("v", None)) != 1:
        raise Malformed("not version 1")
    name = body.pop("t", None)
    kind = KINDS.get(name) if isinstance(name, str) else None
    if kind is None or kind not in CARRIES[channel]:
        raise Malformed(f"{channel}: does not carry this kind of message")
    message: Message = read_record(kind, body, NAMES[kind])
    return _consistent(message)


def _version(given: Any) -> int:
    return given if type(given) is int else 0


def _parse(payload: bytes) -> Any:
    try:
        return json.loads(payload.decode(), object_pairs_hook=_once, parse_constant=_no_constant)
    except Malformed:
        raise
    except (ValueError, RecursionError) as error:
        raise Malformed("not JSON") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A field that stands twice would mean one thing here and another elsewhere."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Malformed("a field twice")
    return found


def _no_constant(word: str) -> NoReturn:
    raise Malformed(f"{word} is no number here")


def _consistent(message: Message) -> Message:
    if isinstance(message, m.Programme):
        for item in message.items:
            _playable(item)
    elif isinstance(message, m.Command):
        _obeyable(message)
    return message


def _playable(item: m.Item) -> None:
    if (item.sound is None) == (not item.stream):
        raise Malformed("item: either a sound or a stream")


def _obeyable(command: m.Command) -> None:
    if command.kind == m.PLAY:
        if command.item is None:
            raise Malformed("command: play needs an item")
        _playable(command.item)
    elif command.kind == m.STOP and not command.item_id:
        raise Malformed("command: stop needs item_id")
    elif command.kind == m.VOLUME and command.volume is None:
        raise Malformed("command: volume needs volume")

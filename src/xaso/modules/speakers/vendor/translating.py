"""Our messages in the vendor's words and back. Shape: docs of `vendor/__init__.py`; the numbers are to be verified.

What such a speaker cannot tell: whether it took a command (no answers), whether an item sounded to its end (no log, no
level). So nothing here ever makes an Ack or a LogRow: the report says that there is no proof.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

from django.conf import settings

from xaso.kit import clock
from xaso.modules.speakers.protocol import messages as m
from xaso.modules.speakers.protocol.shapes import SHAPES, Malformed
from xaso.modules.speakers.queries.sealed import sealed
from xaso.modules.speakers.vendor import shape

LARGEST = 8192
HEARTBEAT = 10
CONFIGURATION, SCHEDULE, STREAM = 1, 2, 3
START_STREAM, STOP_STREAM = 1, 0
PLAYING = 1
FIRST_DAY = datetime(2020, 1, 1, tzinfo=UTC)
NEVER = datetime(2099, 12, 31, tzinfo=UTC)
VIETNAM_SECONDS = 7 * 3600


def heard(topic: str, payload: bytes, at: datetime) -> Iterator[tuple[str, m.Beat]]:
    """The beat in a heartbeat; nothing for other messages. Malformed for what is no message of a vendor's speaker."""
    about = shape.speaker(topic)
    if about is None:
        return
    body = _parse(payload)
    if body.get("Sender") != about[1]:
        raise Malformed("Sender is not the serial of the topic")
    if body.get("Id") == HEARTBEAT:
        message = body.get("Message")
        if not isinstance(message, dict):
            raise Malformed("heartbeat without Message")
        yield about[1], _beat(message, body.get("Time"), at)


def command(group: str, serial: str, order: m.Command) -> tuple[str, bytes] | None:
    """(topic, payload); None for what it has no words for (volume, report).

    A live stream beats every schedule there, so what is to sound now goes as a stream.
    """
    if order.kind == m.PLAY and order.item is not None:
        item = order.item
        uri = _source(item, serial)
        code, info = START_STREAM, {"Uri": uri, "Id": item.id, "Volume": item.volume}
    elif order.kind == m.STOP:
        code, info = STOP_STREAM, {"Uri": "", "Id": order.item_id}
    else:
        return None
    message = {"CmdCode": code, "StreamInfo": info, "IsAll": False, "Serial": [serial]}
    return shape.commands(group), _envelope(STREAM, message)


def programme(group: str, serial: str, given: m.Programme) -> list[tuple[str, bytes, bool]]:
    """(topic, payload, retained): its group, and one schedule for each item."""
    groups = [{"Id": group, "Name": group, "Priority": 1, "MasterType": 1}]
    configuration = {"Id": serial, "Name": serial, "Groups": groups}
    made = [(shape.configuration(serial), _envelope(CONFIGURATION, configuration), True)]
    schedules = [_schedule(item, serial) for item in given.items if item.starts_at or item.slots]
    content = {"Schedules": schedules, "Volume": given.volume}
    return [*made, (shape.content(serial), _envelope(SCHEDULE, content), True)]


def _source(item: m.Item, serial: str) -> str:
    """Such a speaker shows no credential, so the address of a recording carries a seal for it alone."""
    path = sealed(item.sound.path, serial, item.sound.sha256) if item.sound else item.stream
    return urljoin(settings.PUBLIC_URL, path)


def _schedule(item: m.Item, serial: str) -> dict[str, Any]:
    starts = item.starts_at or FIRST_DAY
    if item.slots:
        days = sorted({slot.day for slot in item.slots})
        times = sorted({slot.minute * 60 for slot in item.slots})
    else:
        days, times = [], [(int(starts.timestamp()) + VIETNAM_SECONDS) % 86_400]
    return {
        "Id": item.id,
        "IsActive": True,
        "From": int(starts.timestamp()),
        "To": int((item.until or item.expires_at or NEVER).timestamp()),
        "IsDaily": len(days) == 7,
        "Days": days,
        "Times": times,
        "IdleTime": 0,
        "Loops": item.loops,
        "Duration": round(item.sound.seconds * item.loops) if item.sound else 0,
        "Songs": [_source(item, serial)],
        "ScheduleType": int(item.rank),
        "FullScreen": False,
    }


def _beat(message: dict[str, Any], said_at: object, at: datetime) -> m.Beat:
    volume = message.get("Vl1")
    playing = message.get("Scid") if message.get("Scst") == PLAYING else ""
    shapes = SHAPES[m.Beat]
    offset = None
    if type(said_at) in (int, float):
        offset = shapes["clock_offset"].read(round(float(str(said_at)) - at.timestamp(), 3), "Time")
    return m.Beat(
        at=at,
        uptime=0,
        firmware=shapes["firmware"].read(str(message.get("Ver", "?"))[:60], "Ver"),
        volume=volume if type(volume) is int and 0 <= volume <= 100 else None,
        playing=shapes["playing"].read(playing if isinstance(playing, str) else "", "Scid"),
        clock_offset=offset,
    )


def _envelope(kind: int, message: dict[str, Any]) -> bytes:
    body = {"Id": kind, "Time": int(clock.now().timestamp()), "Sender": "server", "Message": message}
    return json.dumps(body, ensure_ascii=False).encode()


def _parse(payload: bytes) -> dict[str, Any]:
    if len(payload) > LARGEST:
        raise Malformed(f"larger than {LARGEST} bytes")
    try:
        body = json.loads(payload.decode())
    except (ValueError, RecursionError) as error:
        raise Malformed("not JSON") from error
    if not isinstance(body, dict):
        raise Malformed("not an object")
    return body

"""The codec: what goes in comes out, and whatever is not exactly a message is refused."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xaso.modules.speakers.protocol import messages as m
from xaso.modules.speakers.protocol import topics
from xaso.modules.speakers.protocol.codec import LIMITS, decode, encode
from xaso.modules.speakers.protocol.ids import row_id, ulid
from xaso.modules.speakers.protocol.shapes import Malformed

AT = datetime(2026, 11, 20, 2, 0, 0, 123000, UTC)
SOUND = m.Sound("ab" * 32, 240_000, 30.5, "/files/x/")
ITEM = m.Item("6d5f7f9c-8a55-4a7f-a7ff-1d1d4a3f1c11", "9f8e", m.Rank.EMERGENCY, 90, SOUND, title="Lũ về, bà con chú ý")
COMMAND = m.Command(ulid(1), m.PLAY, AT, AT + timedelta(hours=1), ITEM)
ROW = m.LogRow(ulid(2), ITEM.id, "9f8e", AT, 1, AT, AT, 30.5, m.INTERRUPTED, "power", "", 90, -14.2, COMMAND.id)
MESSAGES = [
    ("cfg", m.Programme("v1", ("cum-1",), 70, (ITEM, m.Item("b", "1", m.Rank.RELAY, 0, stream="https://phat.vn/x")))),
    ("cfg", m.Programme("v2", items=(m.Item("c", "1", m.Rank.NORMAL, 5, SOUND, slots=(m.Slot(6, 1439, 55),)),))),
    ("cmd", COMMAND),
    ("cmd", m.Command(ulid(3), m.STOP, AT, AT, item_id="x", reason="Hết mưa.")),
    ("cmd", m.Command(ulid(3), m.VOLUME, AT, AT, volume=0)),
    ("cmd", m.Kept((ulid(4), ulid(5)))),
    ("cmd", m.ServerTime(AT, AT + timedelta(milliseconds=3))),
    ("state", m.Ack(ulid(6), m.EXPIRED, AT, "Lệnh đến muộn.")),
    ("state", m.Beat(AT, 5, "1.0", network=m.Network("lte", rsrp=-97), temperature=41.5, relay=False, asks_time=True)),
    ("log", m.Log((ROW, m.LogRow(ulid(7), "x", "1", AT, 0, None, None, 0, m.SKIPPED, reason="Loa bận.")))),
    ("lwt", m.Presence(online=False, why="lost")),
]


@pytest.mark.parametrize(("channel", "message"), MESSAGES)
def test_every_message_comes_out_as_it_went_in(channel: str, message: Any) -> None:
    assert decode(channel, encode(message)) == message


@pytest.mark.parametrize(("channel", "message"), MESSAGES)
def test_a_message_on_another_channel_is_refused(channel: str, message: Any) -> None:
    for other in set(LIMITS) - {channel}:
        with pytest.raises(Malformed):
            decode(other, encode(message))


def change(message: Any, **fields: Any) -> bytes:
    return json.dumps({**json.loads(encode(message)), **fields}).encode()


BEAT = m.Beat(AT, 5, "1.0")
HOSTILE: list[tuple[str, bytes]] = [
    ("state", b""),
    ("state", b"null"),
    ("state", b"[]"),
    ("state", b"\xff\xfe"),
    ("state", b"[" * 4000),
    ("state", b'{"v":' + b"9" * 4000 + b"}"),
    ("state", b'{"v":1,"t":"beat","t":"ack"}'),
    ("state", b'{"v":1,"t":["beat"]}'),
    ("state", change(BEAT, v=2)),
    ("state", change(BEAT, v=True)),
    ("state", change(BEAT, extra=1)),
    ("state", change(BEAT, uptime=-1)),
    ("state", change(BEAT, uptime=True)),
    ("state", change(BEAT, uptime=1.5)),
    ("state", change(BEAT, uptime="5")),
    ("state", change(BEAT, at=10**20)),
    ("state", change(BEAT, at="2026-11-20")),
    ("state", change(BEAT, firmware="x" * 61)),
    ("state", change(BEAT, firmware="a\nb")),
    ("state", change(BEAT, firmware="\x00")),
    ("state", change(BEAT, firmware="\ud800")),
    ("state", change(BEAT, volume=101)),
    ("state", change(BEAT, playing="../../etc")),
    ("state", change(BEAT, network={"kind": "5g"})),
    ("state", change(BEAT, network=[])),
    ("state", encode(BEAT).replace(b'"uptime":5', b'"uptime":NaN')),
    ("state", encode(BEAT).replace(b'"uptime":5', b'"uptime":5,"temperature":1e999')),
    ("state", encode(BEAT) + b" " * 5000),
    ("state", change(m.Ack(ulid(6), m.ACCEPTED, AT), id="' OR 1=1 --")),
    ("state", change(m.Ack(ulid(6), m.ACCEPTED, AT), verdict="maybe")),
    ("log", json.dumps({"v": 1, "t": "log", "rows": [json.loads(encode(m.Log((ROW,))))["rows"][0]] * 51}).encode()),
    ("log", encode(m.Log((ROW,))).replace(b"30.5", b"-1")),
    ("cmd", change(COMMAND, item=None)),
    ("cmd", change(m.Command(ulid(3), m.STOP, AT, AT, item_id="x"), item_id="")),
    ("cmd", encode(COMMAND).replace(b'"/files/x/"', b'"//other.host/x"')),
    ("cmd", encode(COMMAND).replace(b'"path":"/files/x/"', b'"path":"http://other/x"')),
    ("cfg", encode(m.Programme("v", items=(m.Item("c", "1", m.Rank.NORMAL, 5),)))),
    ("cfg", encode(m.Programme("v", items=(m.Item("c", "1", m.Rank.NORMAL, 5, SOUND, "https://x"),)))),
    ("cfg", encode(m.Programme("v", items=(m.Item("c", "1", m.Rank.NORMAL, 5, stream="file:///etc/passwd"),)))),
    ("lwt", b'{"v":1,"t":"presence","online":"no"}'),
]


@pytest.mark.parametrize(("channel", "payload"), HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_bytes_are_refused_and_never_raise_anything_else(channel: str, payload: bytes) -> None:
    with pytest.raises(Malformed):
        decode(channel, payload)


@given(st.sampled_from(sorted(LIMITS)), st.binary(max_size=300))
def test_any_bytes_are_a_message_or_malformed(channel: str, payload: bytes) -> None:
    with pytest.raises(Malformed):
        decode(channel, payload)


FULL_BEAT = m.Beat(
    AT, 5, "1.0", "v1", m.Network("lte", rsrp=-97), 41.5, 12.1, relay=True, volume=70, playing=ITEM.id, offset=3.5,
    disk_free=9, clock_offset=0.2, unsent=4, asks_time=True,
)  # fmt: skip
THOUSANDTHS = (st.floats() | st.floats(-5, 105)).map(lambda number: round(number, 3))
"""Finer than that nothing goes over the wire."""


@given(
    st.integers(-5, 105)
    | THOUSANDTHS
    | st.recursive(
        st.none() | st.booleans() | st.integers() | THOUSANDTHS | st.text(max_size=5), st.lists, max_leaves=5
    )
)
def test_any_value_in_any_field_is_refused_or_read_and_written_again(value: Any) -> None:
    body = json.loads(encode(FULL_BEAT))
    assert body.keys() - {"v", "t"} == set(m.Beat.__slots__)
    for name in body:
        try:
            read = decode("state", json.dumps({**body, name: value}).encode())
        except Malformed:
            continue
        assert decode("state", encode(read)) == read


def test_a_whole_programme_and_a_full_log_fit_their_limits() -> None:
    slots = tuple(m.Slot(day, minute * 60, 70) for day in range(7) for minute in range(4))
    programme = m.Programme("v", ("a", "b"), 70, tuple([m.Item(**{**_fields(ITEM), "slots": slots})] * 100))
    assert len(encode(programme)) < LIMITS["cfg"]
    assert len(encode(m.Log((ROW,) * 50))) < LIMITS["log"]


def _fields(item: m.Item) -> dict[str, Any]:
    return {name: getattr(item, name) for name in m.Item.__slots__}


def test_topics_lead_to_one_device_or_to_none() -> None:
    address = topics.Address("09157", "LOA-1")
    assert topics.device(address, "cmd") == "tt/v1/09157/dev/LOA-1/cmd"
    assert topics.from_device("tt/v1/09157/dev/LOA-1/log") == (address, "log")
    for wrong in ("tt/v1/09157/dev/LOA-1/x", "tt/v1//dev/a/log", "tt/v1/a/dev/b/log/c", "tt/v1/+/dev/b/log", "x"):
        assert topics.from_device(wrong) is None


def test_ids_sort_by_time_and_follow_from_what_they_are_about() -> None:
    assert ulid(1_000) < ulid(1_001)
    assert len({ulid(5) for _ in range(1000)}) == 1000
    assert row_id("LOA-1", "x", 5, 0) == row_id("LOA-1", "x", 5, 0) != row_id("LOA-1", "x", 5, 1)
    decode("cmd", encode(m.Kept((row_id("LOA-1", "x", 5, 0),))))

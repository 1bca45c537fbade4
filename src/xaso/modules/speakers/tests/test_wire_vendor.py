"""A speaker that speaks its maker's language, played by a plain MQTT client on the real broker."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from xaso.kit import clock
from xaso.modules.speakers.broker.register import link_secret
from xaso.modules.speakers.link.carrier import Heard
from xaso.modules.speakers.link.intake import Batch
from xaso.modules.speakers.protocol import messages as m
from xaso.modules.speakers.protocol.ids import ulid
from xaso.modules.speakers.protocol.shapes import Malformed
from xaso.modules.speakers.tests.stage import Mosquitto, needs_mosquitto, until
from xaso.modules.speakers.tests.test_wire_brokers import Client
from xaso.modules.speakers.vendor import translating

pytestmark = pytest.mark.django_db
ITEM = m.Item("2c9f", "1", m.Rank.NORMAL, 60, m.Sound("ab" * 32, 100, 30, "/f/x/"), slots=(m.Slot(0, 300, 60),))


def heartbeat(serial: str, **more: Any) -> bytes:
    message = {"Ver": "2.1", "Type": 2, "Sn": serial, "Scid": "2c9f", "Scst": 0, "Vl1": 60, **more}
    return json.dumps({"Id": 10, "Time": int(clock.now().timestamp()), "Sender": serial, "Message": message}).encode()


@pytest.fixture
def box(make_device: Any, tmp_path: Path) -> Iterator[tuple[Any, Client, Client]]:
    """The speaker, its own client, and the link's."""
    needs_mosquitto()
    device = make_device("G2D-1", protocol="vendor")
    broker = Mosquitto(tmp_path / "broker")
    own = Client(broker.port, "G2D-1", device.secret, client_id="vendor-box")
    link = Client(broker.port, "link", link_secret())
    yield device, own, link
    own.stop()
    link.stop()
    broker.stop()


def test_what_is_ordered_reaches_it_in_its_own_words(box: Any) -> None:
    device, own, link = box
    group = device.commune_code
    own.hears("rx/G2D-1", "ttn/g2d/G2D-1", f"tx/{group}")
    now = clock.now()
    order = m.Command(ulid(1), m.PLAY, now, now + timedelta(hours=1), ITEM)
    stop = m.Command(ulid(2), m.STOP, now, now + timedelta(hours=1), item_id=ITEM.id)
    for topic, payload, _ in translating.programme(group, "G2D-1", m.Programme("1", (), 70, (ITEM,))):
        link.says(topic, payload)
    for one in (order, stop):
        said = translating.command(group, "G2D-1", one)
        assert said is not None
        link.says(*said)

    until(lambda: len(own.heard) == 4)
    told = {(topic, index): json.loads(payload)["Message"] for index, (topic, payload) in enumerate(own.heard)}
    configuration, content, play, silence = told.values()
    assert configuration["Groups"][0]["Id"] == group
    (schedule,) = content["Schedules"]
    assert (schedule["Days"], schedule["Times"], schedule["Loops"]) == ([0], [18_000], 1)
    assert schedule["Songs"][0].endswith("/f/x/")
    assert (play["CmdCode"], play["Serial"], play["IsAll"]) == (1, ["G2D-1"], False)
    assert play["StreamInfo"]["Uri"].endswith("/f/x/")
    assert silence["CmdCode"] == 0


def test_its_heartbeat_is_a_beat_and_never_a_proof(box: Any) -> None:
    device, own, link = box
    link.hears("tx/+/+")
    own.says(f"tx/{device.commune_code}/G2D-1", heartbeat("G2D-1", Scst=1))
    until(lambda: link.heard)
    batch = Batch()
    batch.add([Heard(topic, payload, clock.now()) for topic, payload in link.heard])

    ((serial, beat, _),) = batch.beats
    assert (serial, beat.firmware, beat.playing, beat.volume) == ("G2D-1", "2.1", "2c9f", 60)
    assert abs(beat.clock_offset or 0) < 5
    assert batch.rows == []
    assert batch.acks == []


def test_it_cannot_speak_for_another(box: Any) -> None:
    device, own, link = box
    link.hears("tx/+/+")
    own.says(f"tx/{device.commune_code}/G2D-2", heartbeat("G2D-2"))
    own.says(f"tx/{device.commune_code}", b"an order to everybody")
    own.says(f"tx/{device.commune_code}/G2D-1", heartbeat("G2D-1"))
    until(lambda: link.heard)
    assert [topic for topic, _ in link.heard] == [f"tx/{device.commune_code}/G2D-1"]


@pytest.mark.parametrize(
    "payload",
    [b"", b"x", b"[]", heartbeat("G2D-9"), heartbeat("G2D-1", Scid="../x", Scst=1), b"9" * 9000,
     json.dumps({"Id": 10, "Sender": "G2D-1", "Message": []}).encode(),
     json.dumps({"Id": 10, "Sender": "G2D-1", "Time": 1e300, "Message": {}}).encode(), heartbeat("G2D-1", Ver="\x00")],
)  # fmt: skip
def test_what_is_no_heartbeat_of_it_is_refused(payload: bytes) -> None:
    with pytest.raises(Malformed):
        list(translating.heard("tx/8866/G2D-1", payload, clock.now()))


def test_what_it_has_no_words_for_is_not_sent() -> None:
    now = clock.now()
    assert translating.command("8866", "G2D-1", m.Command(ulid(1), m.REPORT, now, now)) is None

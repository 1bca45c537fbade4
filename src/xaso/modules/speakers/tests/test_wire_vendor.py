"""A speaker that speaks its maker's language, played by a plain MQTT client on the real broker."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine

from xaso.kit import clock
from xaso.modules.speakers import queries
from xaso.modules.speakers.actions import order_play
from xaso.modules.speakers.broker.register import link_secret
from xaso.modules.speakers.link.carrier import Heard
from xaso.modules.speakers.link.intake import Batch
from xaso.modules.speakers.link.outgoing import Outgoing
from xaso.modules.speakers.models import Device
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
    assert "/f/x/?loa=G2D-1&" in schedule["Songs"][0]
    assert (play["CmdCode"], play["Serial"], play["IsAll"]) == (1, ["G2D-1"], False)
    assert "/f/x/?loa=G2D-1&" in play["StreamInfo"]["Uri"]
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


# Its files


@pytest.fixture
def sealed_address(make_device: Any, phuc: Any, ngu_kien: Any, recording: Any) -> Any:
    """What the link tells the speaker of a recording that shall play now."""
    device = make_device("G2D-1", protocol="vendor")
    order_play(phuc, ngu_kien, recording=recording, klass="emergency", unit_paths=(ngu_kien.path,))
    (waiting,) = [one for one in queries.pending_commands() if one.kind == "play"]
    assert waiting.command is not None
    said = translating.command(device.commune_code, device.serial, waiting.command)
    assert said is not None
    return urlsplit(json.loads(said[1])["Message"]["StreamInfo"]["Uri"])


def fetch(client: Any, address: Any, **changed: str) -> int:
    given = {name: values[0] for name, values in parse_qs(address.query).items()} | changed
    answer = client.get(address.path, given)
    if answer.streaming:
        b"".join(answer.streaming_content)
    return int(answer.status_code)


def test_it_fetches_its_file_without_a_credential(client: Any, sealed_address: Any) -> None:
    answer = client.get(f"{sealed_address.path}?{sealed_address.query}")
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content).startswith(b"ID3")
    assert "G2D-1" in sealed_address.query
    with time_machine.travel(clock.now() + timedelta(days=7)):
        assert fetch(client, sealed_address) == 200
    with time_machine.travel(clock.now() + timedelta(days=9)):
        assert fetch(client, sealed_address) == 401


def test_an_address_is_good_for_one_device_one_file_and_its_days(
    client: Any, sealed_address: Any, make_device: Any
) -> None:
    make_device("G2D-2", protocol="vendor")
    make_device("LOA-7")
    later = str(int(clock.now().timestamp()) + 90 * 86_400)
    for changed in (
        {"loa": "G2D-2"}, {"loa": "LOA-7"}, {"loa": ""}, {"den": later}, {"den": "x"}, {"den": "9" * 40},
        {"den": "-1"}, {"dau": ""}, {"dau": "0" * 64}, {"dau": "đ" * 64},
    ):  # fmt: skip
        assert fetch(client, sealed_address, **changed) == 401, changed
    other = sealed_address._replace(path=sealed_address.path.replace(sealed_address.path.split("/")[-2], "ab" * 32))
    assert fetch(client, other) == 401
    assert client.get(sealed_address.path).status_code == 401


def test_a_lost_device_and_one_of_our_own_protocol_get_nothing(client: Any, sealed_address: Any) -> None:
    Device.objects.update(state="lost")
    assert fetch(client, sealed_address) == 401
    Device.objects.update(state="in_use", protocol="xaso")
    assert fetch(client, sealed_address) == 401


def test_it_is_told_once_a_day_and_not_after_every_heartbeat(make_device: Any) -> None:
    make_device("G2D-1", protocol="vendor")
    published: list[str] = []
    outgoing = Outgoing(Radio(published))
    known = {serial: (commune, protocol) for serial, commune, _, protocol in queries.addresses()}
    outgoing.send_programmes(known)
    told = len(published)
    assert told
    ((_, beat),) = list(translating.heard(f"tx/{known['G2D-1'][0]}/G2D-1", heartbeat("G2D-1"), clock.now()))
    assert not outgoing.differs(beat, "G2D-1")
    outgoing.send_programmes(known)
    assert len(published) == told
    with time_machine.travel(clock.now() + timedelta(days=1)):
        outgoing.send_programmes(known)
    assert len(published) == 2 * told


class Radio:
    """Keeps what would go over the air."""

    is_up = True

    def __init__(self, published: list[str]) -> None:
        self.published = published

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        self.published.append(topic)

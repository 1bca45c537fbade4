"""Both brokers, asked by real clients: a device is itself and nobody else."""

import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from paho.mqtt import client as mqtt

from xaso.modules.speakers.broker import rights
from xaso.modules.speakers.broker.register import current, link_secret
from xaso.modules.speakers.tests.stage import Embedded, Mosquitto, Trust, certificates, needs_mosquitto, until

pytestmark = [pytest.mark.long, pytest.mark.once, pytest.mark.django_db]


class Client:
    """A plain MQTT client that remembers what it heard."""

    def __init__(self, port: int, user: str, secret: str, *, ca: str = "", client_id: str = "", will: str = "") -> None:
        self.heard: list[tuple[str, bytes]] = []
        self.answers: list[Any] = []
        self.granted: list[Any] = []
        named = client_id or rights.client_id(user, secret)
        self.client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id=named)
        if user:
            self.client.username_pw_set(user, secret)
        if will:
            self.client.will_set(will, b"gone", qos=1)
        if ca:
            self.client.tls_set_context(ssl.create_default_context(cafile=ca))
        self.client.on_connect = lambda *given: self.answers.append(given[3])
        self.client.on_message = lambda _c, _d, message: self.heard.append((message.topic, message.payload))
        self.client.on_subscribe = lambda *given: self.granted.extend(given[3])
        self.client.connect("127.0.0.1", port, keepalive=20)
        self.client.loop_start()
        until(lambda: self.answers)

    @property
    def is_in(self) -> bool:
        return not self.answers[0].is_failure

    def hears(self, *filters: str) -> "Client":
        self.client.subscribe([(one, 1) for one in filters])
        until(lambda: len(self.granted) >= len(filters))
        return self

    def says(self, topic: str, payload: bytes = b"x") -> None:
        self.client.publish(topic, payload, qos=1).wait_for_publish(10)

    def stop(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


@dataclass
class Place:
    port: int
    join: Callable[..., Client]
    first: Any
    second: Any


@pytest.fixture(params=["embedded", "mosquitto"])
def place(request: Any, make_device: Any, tmp_path: Path) -> Iterator[Place]:
    first, second = make_device("LOA-1"), make_device("LOA-2")
    broker = _broker(request.param, tmp_path)
    joined: list[Client] = []

    def join(user: str, secret: str, **more: Any) -> Client:
        joined.append(Client(broker.port, user, secret, **more))
        return joined[-1]

    yield Place(broker.port, join, first, second)
    for one in joined:
        one.stop()
    broker.stop()


def _broker(kind: str, folder: Path, trust: Trust | None = None) -> Any:
    if kind == "embedded":
        return Embedded(folder, trust)
    needs_mosquitto()
    return Mosquitto(folder / "broker", trust)


def topic(device: Any, channel: str) -> str:
    return f"tt/v1/{device.commune_code}/dev/{device.serial}/{channel}"


def test_a_device_speaks_for_itself_and_for_nobody_else(place: Place) -> None:
    link = place.join("link", link_secret()).hears("tt/v1/+/dev/+/state", "tt/v1/+/dev/+/lwt")
    first = place.join("LOA-1", place.first.secret)

    first.says(topic(place.second, "state"), b"forged")
    first.says(topic(place.first, "cmd"), b"an order to itself")
    first.says(topic(place.first, "state").replace(place.first.commune_code, "99999"), b"another commune")
    first.says(topic(place.first, "state"), b"own")

    until(lambda: link.heard)
    assert link.heard == [(topic(place.first, "state"), b"own")]


def test_a_device_hears_its_own_orders_only(place: Place) -> None:
    first = place.join("LOA-1", place.first.secret)
    first.hears(topic(place.first, "cmd"), topic(place.second, "cmd"), "tt/v1/+/dev/+/cmd", "#")
    link = place.join("link", link_secret())

    link.says(topic(place.second, "cmd"), b"for the other")
    link.says(topic(place.first, "cmd"), b"for you")

    until(lambda: first.heard)
    assert set(first.heard) == {(topic(place.first, "cmd"), b"for you")}


@pytest.mark.parametrize(("user", "secret"), [("LOA-1", "wrong"), ("LOA-9", "x"), ("", ""), ("link", "x")])
def test_who_has_no_right_credential_stays_outside(place: Place, user: str, secret: str) -> None:
    assert not place.join(user, secret, client_id="LOA-1.whatever").is_in


def test_one_devices_secret_does_not_open_anothers_door(place: Place) -> None:
    assert not place.join("LOA-2", place.first.secret).is_in
    assert place.join("LOA-1", place.first.secret).is_in


def test_a_last_will_under_another_serial_is_never_spoken(place: Place) -> None:
    link = place.join("link", link_secret()).hears("tt/v1/+/dev/+/lwt")
    liar = place.join("LOA-1", place.first.secret, will=topic(place.second, "lwt"))
    if liar.is_in:
        liar.client.socket().close()
        liar.client.loop_stop()
    honest = place.join("LOA-2", place.second.secret)
    honest.says(topic(place.second, "lwt"), b"alive")

    until(lambda: link.heard)
    assert link.heard == [(topic(place.second, "lwt"), b"alive")]


def test_a_stranger_cannot_push_a_device_aside(place: Place) -> None:
    first = place.join("LOA-1", place.first.secret).hears(topic(place.first, "cmd"))
    for client_id in ("LOA-1", "LOA-1.0000000000000000"):
        place.join("LOA-1", "wrong", client_id=client_id)
        place.join("LOA-2", place.second.secret, client_id=client_id)
    place.join("link", link_secret()).says(topic(place.first, "cmd"), b"still there?")

    until(lambda: first.heard)
    assert len(first.answers) == 1


# paho leaves a socket whose handshake failed to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("kind", ["embedded", "mosquitto"])
def test_with_a_certificate_the_whole_talk_is_encrypted(kind: str, make_device: Any, tmp_path: Path) -> None:
    device = make_device("LOA-1")
    trust, other = certificates(tmp_path / "tls"), certificates(tmp_path / "other")
    broker = _broker(kind, tmp_path, trust)
    joined = Client(broker.port, "LOA-1", device.secret, ca=trust.ca)
    assert joined.is_in
    with pytest.raises(ssl.SSLCertVerificationError):
        Client(broker.port, "LOA-1", device.secret, ca=other.ca)
    plain = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id="LOA-1.x")
    plain.username_pw_set("LOA-1", device.secret)
    plain.connect("127.0.0.1", broker.port)
    assert all(plain.loop(0.2) != mqtt.MQTT_ERR_SUCCESS or not plain.is_connected() for _ in range(5))
    joined.stop()
    broker.stop()


def test_a_withdrawn_credential_opens_no_door(make_device: Any, quan: Any) -> None:
    from xaso.modules.speakers.actions.register import set_state

    device = make_device("LOA-1")
    assert current().knows("LOA-1", device.secret)
    set_state(quan, device, state="lost", reason="Mất trộm")
    assert not current().knows("LOA-1", device.secret)


def test_the_access_list_of_a_province_is_written_line_by_line(make_device: Any) -> None:
    device = make_device("LOA-1")
    text = rights.access_list([("LOA-1", device.commune_code, "cum-1", "xaso"), ("G2D", "8866", "", "vendor")])
    assert f"topic read tt/v1/{device.commune_code}/zone/cum-1/cmd" in text
    assert "user G2D\ntopic write tx/8866/G2D\ntopic read rx/G2D\ntopic read ttn/g2d/G2D\ntopic read tx/8866\n" in text

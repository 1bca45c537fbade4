"""The link's rounds: what is stored, what is said back, and what happens while the database is away."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import OperationalError, connection

from xaso.kit import clock
from xaso.modules.speakers.actions import Weekly, order_play
from xaso.modules.speakers.broker import rights
from xaso.modules.speakers.broker.register import link_secret
from xaso.modules.speakers.link.carrier import Broker, Heard
from xaso.modules.speakers.link.intake import Batch
from xaso.modules.speakers.link.outgoing import answer_time
from xaso.modules.speakers.link.service import Link
from xaso.modules.speakers.models import Command, Piece, Pulse, Run
from xaso.modules.speakers.protocol import messages as m
from xaso.modules.speakers.protocol import topics
from xaso.modules.speakers.protocol.codec import decode, encode
from xaso.modules.speakers.protocol.ids import row_id
from xaso.modules.speakers.queries import programme_for
from xaso.modules.speakers.tests.rehearsal import HandClock, Rehearsal
from xaso.modules.speakers.tests.stage import Mosquitto, needs_mosquitto, until
from xaso.modules.speakers.tests.test_wire_brokers import Client

pytestmark = pytest.mark.django_db
FRIDAY = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
HOURS = (6, 7, 8, 9, 10, 14, 15, 16, 17, 18, 19)


def heard(device: Any, channel: str, message: Any, at: datetime | None = None) -> Heard:
    address = topics.Address(device.commune_code, device.serial)
    payload = message if isinstance(message, bytes) else encode(message)
    return Heard(topics.device(address, channel), payload, at or clock.now())


def played(device: Any, play: Any) -> m.LogRow:
    at = play.starts_at
    number = row_id(device.serial, str(play.uuid), round(at.timestamp() * 1000), 0)
    return m.LogRow(
        number, str(play.uuid), play.version, at, 0, at, at + timedelta(seconds=60), 60.0, m.PLAYED, rms=-20
    )


@pytest.fixture
def emergency(truc: Any, ngu_kien: Any, speakers: Any, recording: Any) -> Any:
    return order_play(truc, ngu_kien, recording=recording, klass="emergency", unit_paths=(ngu_kien.path,))


def test_reports_are_stored_in_batches_and_twice_is_once(emergency: Any, speakers: Any) -> None:
    batch = Batch()
    command = Command.objects.get(play=emergency, device=speakers[0])
    Command.objects.update(state="sent")
    said = [
        heard(speakers[0], "lwt", m.Presence(online=True)),
        heard(speakers[0], "state", m.Ack(command.ulid, m.ACCEPTED, clock.now())),
        heard(speakers[0], "state", m.Beat(clock.now(), 5, "1.0", playing=str(emergency.uuid))),
        heard(speakers[0], "log", m.Log((played(speakers[0], emergency),))),
    ]
    for _ in range(2):
        batch.add(said)
        kept = batch.store_urgent()
        batch.store_beats()
        assert kept == {"LOA-1": [played(speakers[0], emergency).id]}
    assert Piece.objects.count() == 1
    assert Run.objects.get(play=emergency, device=speakers[0]).state == "played"
    assert Command.objects.get(pk=command.pk).state == "accepted"
    assert Pulse.objects.get(device=speakers[0]).firmware == "1.0"


def test_rubbish_between_reports_costs_only_itself(emergency: Any, speakers: Any) -> None:
    batch = Batch()
    batch.add([
        heard(speakers[0], "state", b"\xff"),
        heard(speakers[0], "log", b"[" * 9000),
        heard(speakers[0], "lwt", b""),
        Heard("somewhere/else", b"x", clock.now()),
        heard(speakers[0], "log", m.Log((played(speakers[0], emergency),))),
    ])  # fmt: skip
    assert batch.forged == 2
    assert batch.store_urgent() == {"LOA-1": [played(speakers[0], emergency).id]}


def test_a_question_for_the_time_is_answered_at_once(speakers: Any) -> None:
    asked = heard(speakers[0], "state", m.Beat(FRIDAY, 5, "1.0", asks_time=True), FRIDAY + timedelta(seconds=600))
    found = answer_time(asked)
    assert found is not None
    assert found[0] == f"tt/v1/{speakers[0].commune_code}/dev/LOA-1/cmd"
    assert decode("cmd", found[1]) == m.ServerTime(FRIDAY, FRIDAY + timedelta(seconds=600))
    assert answer_time(heard(speakers[0], "state", m.Beat(FRIDAY, 5, "1.0"))) is None
    assert answer_time(heard(speakers[0], "state", b'"asks_time"')) is None
    assert answer_time(heard(speakers[0], "log", b'"asks_time"')) is None


def test_a_day_without_network_is_whole_in_the_server_log_afterwards(
    phuc: Any, ngu_kien: Any, speakers: Any, recording: Any, tmp_path: Path
) -> None:
    """Power cut, emergency and all: the device's own clock runs a day in a moment, then the log goes to the server."""
    device = speakers[0]
    with time_machine.travel(FRIDAY, tick=False) as moved:
        play = order_play(
            phuc, ngu_kien, recording=recording, klass="normal", unit_paths=(ngu_kien.path,),
            weekly=Weekly((0, 1, 2, 3, 4, 5, 6), tuple(f"{hour:02d}:00" for hour in HOURS)),
        )  # fmt: skip
        loa = Rehearsal(tmp_path, HandClock(FRIDAY.timestamp(), skew=-600), serial="LOA-1").boot()
        loa.connect()
        loa.hear("cfg", programme_for(device))
        loa.device.disconnected()
        loa.run(3600 + 30)  # in the middle of the item of 10:00
        loa.power_cut(40)
        loa.boot().run(23 * 3600)
        moved.move_to(loa.clock.real)
        loa.said.clear()
        loa.connect()
        rows = [one for channel, one in loa.said if channel == "log"]
        batch = Batch()
        batch.add([heard(device, "log", one) for one in rows])
        kept = batch.store_urgent()["LOA-1"]
        loa.hear("cmd", m.Kept(tuple(kept)))

    assert loa.rows() == []
    runs = list(Run.objects.filter(play=play, device=device, state="played").order_by("scheduled_at"))
    times = [clock.local(run.scheduled_at).strftime("%d %H:%M") for run in runs]
    assert times == [f"20 {hour:02d}:00" for hour in HOURS if hour >= 10] + [
        f"21 {hour:02d}:00" for hour in (6, 7, 8, 9)
    ]
    assert {round(run.seconds) for run in runs} == {60}
    assert [piece.result for piece in Piece.objects.filter(play=play).order_by("started_at")[:2]] == [
        "interrupted",
        "played",
    ]


@contextmanager
def database_away() -> Iterator[None]:
    def refuse(*_: Any) -> None:
        raise OperationalError("connection refused")

    with connection.execute_wrapper(refuse):
        yield


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_while_the_database_is_away_nothing_is_acknowledged_and_nothing_lost(
    emergency: Any, speakers: Any, tmp_path: Path
) -> None:
    needs_mosquitto()
    broker = Mosquitto(tmp_path / "broker")
    link = Link(Broker("127.0.0.1", broker.port, link_secret()))
    device = Client(broker.port, "LOA-1", speakers[0].secret).hears(f"tt/v1/{speakers[0].commune_code}/dev/LOA-1/cmd")
    link.carrier.start()
    until(lambda: link.carrier.is_up)
    link.round()
    until(lambda: len(device.heard) == 1)  # the order itself
    with database_away():
        device.says(*_said(heard(speakers[0], "log", m.Log((played(speakers[0], emergency),)))))
        until(lambda: link.carrier.inbox)
        assert not link.round()
        assert not link.round()
    assert len(device.heard) == 1
    assert link.round()
    until(lambda: len(device.heard) == 2)
    assert decode("cmd", device.heard[1][1]) == m.Kept((played(speakers[0], emergency).id,))
    assert Piece.objects.count() == 1
    link.carrier.stop()
    device.stop()
    broker.stop()


def _said(one: Heard) -> tuple[str, bytes]:
    return one.topic, one.payload


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_an_unanswered_order_is_said_again_to_a_device_that_comes_back(
    emergency: Any, speakers: Any, tmp_path: Path
) -> None:
    needs_mosquitto()
    broker = Mosquitto(tmp_path / "broker")
    link = Link(Broker("127.0.0.1", broker.port, link_secret()))
    link.carrier.start()
    until(lambda: link.carrier.is_up)
    link.round()  # to nobody
    assert Command.objects.filter(play=emergency, state="sent").count() == 3
    own = topics.Address(speakers[0].commune_code, "LOA-1")
    device = Client(broker.port, "LOA-1", speakers[0].secret).hears(
        topics.device(own, "cmd"), topics.device(own, "cfg")
    )
    until(lambda: device.heard)  # the programme was retained
    device.says(topics.device(own, "lwt"), encode(m.Presence(online=True)))
    until(lambda: link.carrier.inbox)
    link.round()
    until(lambda: any(topic.endswith("/cmd") for topic, _ in device.heard))
    order = decode("cmd", next(payload for topic, payload in device.heard if topic.endswith("/cmd")))
    assert order == next(one.command for one in [_pending(emergency, speakers[0])])
    link.carrier.stop()
    device.stop()
    broker.stop()


def _pending(play: Any, device: Any) -> Any:
    from xaso.modules.speakers.queries.unanswered import unanswered

    return next(one for one in unanswered(clock.now(), [device.serial]) if one.serial == device.serial)


def test_the_link_may_say_orders_and_hear_reports_and_nothing_else() -> None:
    link = rights.of_link()
    assert link.may_write("tt/v1/09157/dev/LOA-1/cmd")
    assert not link.may_write("tt/v1/09157/dev/LOA-1/log")
    assert link.may_read("tt/v1/+/dev/+/log")
    assert not link.may_read("#")
    assert not rights.of_device("LOA-1", "09157", "", "xaso").may_read("tt/v1/+/dev/LOA-1/cmd")

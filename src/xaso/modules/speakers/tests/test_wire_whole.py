"""The whole way: an order in the database, the link, a real broker, a speaker as its own process, and back."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from xaso.core.access import SYSTEM
from xaso.core.files.receiving import receive_bytes
from xaso.kit import clock
from xaso.modules.audio.actions import say
from xaso.modules.audio.actions.recordings import Made, finish_recording
from xaso.modules.speakers import queries
from xaso.modules.speakers.actions import order_play, stop_play
from xaso.modules.speakers.models import Command, Piece, Pulse, Run
from xaso.modules.speakers.tests.rehearsal import tone
from xaso.modules.speakers.tests.stage import Embedded, Linked, Mosquitto, SpeakerProcess, needs_mosquitto, until

pytestmark = [pytest.mark.long, pytest.mark.once, pytest.mark.django_db(transaction=True)]


@dataclass
class Stage:
    """A commune with a broker and a link; `speaker` starts a device of it."""

    broker: Any
    link: Linked
    server: str
    folder: Path
    processes: list[SpeakerProcess] = field(default_factory=list)

    def speaker(self, *devices: Any, **more: Any) -> SpeakerProcess:
        body = {"host": "127.0.0.1", "port": self.broker.port, "server": self.server, "is_tls": False, **more}
        commune = devices[0].commune_code
        keys = [{"serial": one.serial, "secret": one.secret} for one in devices]
        body |= {"commune": commune, **(keys[0] if len(keys) == 1 else {"devices": keys})}
        process = SpeakerProcess(self.folder / f"speaker-{len(self.processes)}", body)
        self.processes.append(process)
        until(lambda: online(*devices))
        return process


def online(*devices: Any) -> bool:
    serials = [one.serial for one in devices]
    heard = Pulse.objects.filter(device__serial__in=serials, is_online=True).exclude(firmware="")
    return heard.count() == len(devices)


@pytest.fixture(params=["mosquitto", "embedded"])
def stage(request: Any, speakers: Any, live_server: Any, tmp_path: Path) -> Iterator[Stage]:
    if request.param == "mosquitto":
        needs_mosquitto()
    broker = Mosquitto(tmp_path / "broker") if request.param == "mosquitto" else Embedded(tmp_path)
    link = Linked(broker.port)
    made = Stage(broker, link, live_server.url, tmp_path)
    yield made
    for process in made.processes:
        process.stop()
    made.link.stop()
    broker.stop()


@pytest.fixture
def only_mosquitto(stage: Stage) -> Stage:
    if isinstance(stage.broker, Embedded):
        pytest.skip("once is enough")
    return stage


def sound(unit: Any, folder: Path, seconds: float = 6.0, hertz: float = 440) -> Any:
    made = say(SYSTEM, unit, text=f"Bản tin {seconds} {hertz}")
    received = receive_bytes(tone(folder / f"{hertz}.mp3", seconds, hertz), name="loa.mp3")
    done = Made(received, Decimal(str(seconds)), Decimal("-16"), "tone", "1")
    return finish_recording(SYSTEM, made, made=done)


def starts(process: SpeakerProcess) -> list[dict[str, Any]]:
    return [line for line in process.timeline() if line["what"] == "start"]


def runs(play: Any) -> dict[str, Run]:
    return {run.device.serial: run for run in Run.objects.filter(play=play).select_related("device")}


def test_an_emergency_is_ordered_sounds_and_is_proved(
    stage: Stage, truc: Any, ngu_kien: Any, speakers: Any, tmp_path: Path
) -> None:
    process = stage.speaker(*speakers)
    play = order_play(truc, ngu_kien, recording=sound(ngu_kien, tmp_path), klass="emergency",
                      unit_paths=(ngu_kien.path,), purpose="test:1")  # fmt: skip
    until(lambda: len(starts(process)) == 3)
    until(lambda: Run.objects.filter(play=play, state="playing").count() == 3)
    until(lambda: Run.objects.filter(play=play, state="played").count() == 3, 40)

    assert Command.objects.filter(play=play, state="accepted").count() == 3
    for run in runs(play).values():
        assert run.seconds == pytest.approx(6, abs=0.1)
        assert run.level == pytest.approx(-9.0, abs=4)  # a sine of half the height, at the order's volume
        assert abs(run.started_at - play.starts_at) < timedelta(seconds=20)
    assert queries.outcome("test:1").played == 3
    until(lambda: not _unsent(process))


def _unsent(process: SpeakerProcess) -> int:
    import sqlite3

    base = sqlite3.connect(process.folder / "home" / "speaker.sqlite3")
    try:
        found: int = base.execute("SELECT count(*) FROM row").fetchone()[0]
        return found
    finally:
        base.close()


def test_a_stop_silences_at_once(stage: Stage, truc: Any, ngu_kien: Any, speakers: Any, tmp_path: Path) -> None:
    """An emergency, which no quiet hours hold: this test runs at any hour."""
    process = stage.speaker(speakers[0])
    play = order_play(truc, ngu_kien, recording=sound(ngu_kien, tmp_path, 60), klass="emergency",
                      unit_paths=(speakers[0].unit_path,))  # fmt: skip
    until(lambda: starts(process))
    stop_play(truc, play, reason="Đọc nhầm")
    until(lambda: [line for line in process.timeline() if line["what"] == "stop"])
    until(lambda: Piece.objects.filter(play=play).exists())
    piece = Piece.objects.get(play=play)
    assert piece.result == "stopped"
    assert 0 < piece.seconds < 60


def test_the_plug_is_pulled_in_mid_item_and_the_log_is_whole(
    only_mosquitto: Stage, truc: Any, ngu_kien: Any, speakers: Any, tmp_path: Path
) -> None:
    stage = only_mosquitto
    process = stage.speaker(speakers[0])
    play = order_play(truc, ngu_kien, recording=sound(ngu_kien, tmp_path, 16), klass="emergency",
                      unit_paths=(speakers[0].unit_path,))  # fmt: skip
    until(lambda: starts(process))
    until(lambda: clock.now() - Run.objects.get(play=play, device=speakers[0]).scheduled_at > timedelta(seconds=7))
    process.kill()
    until(lambda: not Pulse.objects.get(device=speakers[0]).is_online)  # the last will
    process.start()
    until(lambda: Run.objects.filter(play=play, state__in=["played", "partly"], settled_at__isnull=False), 60)

    pieces = list(Piece.objects.filter(play=play).order_by("sequence"))
    assert [(one.result, one.interrupted_by) for one in pieces] == [("interrupted", "power"), ("played", "")]
    assert sum(one.seconds for one in pieces) == pytest.approx(16, abs=0.5)
    assert [round(line["offset"]) for line in starts(process)] == [0, round(pieces[0].seconds)]


def test_an_order_reaches_a_device_that_was_away(
    only_mosquitto: Stage, truc: Any, ngu_kien: Any, speakers: Any, tmp_path: Path
) -> None:
    stage = only_mosquitto
    process = stage.speaker(speakers[0])
    process.kill()
    until(lambda: not Pulse.objects.get(device=speakers[0]).is_online)
    play = order_play(truc, ngu_kien, recording=sound(ngu_kien, tmp_path), klass="emergency",
                      unit_paths=(speakers[0].unit_path,))  # fmt: skip
    until(lambda: Command.objects.filter(play=play, state="sent").exists())
    process.start()
    until(lambda: Command.objects.filter(play=play, state="accepted").exists())
    until(lambda: Run.objects.filter(play=play, device=speakers[0], state="played").exists(), 40)
    assert [one.state for one in Command.objects.filter(play=play, device=speakers[0])] == ["accepted"]
    assert runs(play)[speakers[0].serial].seconds == pytest.approx(6, abs=0.1)
    assert len(starts(process)) == 1


def test_the_broker_falls_while_it_plays_and_nothing_is_lost(
    stage: Stage, truc: Any, ngu_kien: Any, speakers: Any, tmp_path: Path
) -> None:
    process = stage.speaker(*speakers)
    play = order_play(truc, ngu_kien, recording=sound(ngu_kien, tmp_path), klass="emergency",
                      unit_paths=(ngu_kien.path,))  # fmt: skip
    until(lambda: len(starts(process)) == 3)
    stage.broker.stop()
    until(lambda: len([line for line in process.timeline() if line["what"] == "stop"]) == 3, 40)
    assert not Piece.objects.filter(play=play).exists()
    stage.broker.start()
    until(lambda: Run.objects.filter(play=play, state="played").count() == 3, 60)
    assert Piece.objects.filter(play=play).count() == 3


def test_a_schedule_lives_on_the_device_and_plays_without_any_server(
    only_mosquitto: Stage, phuc: Any, ngu_kien: Any, speakers: Any, tmp_path: Path
) -> None:
    """Skewed ten minutes, cut off from everything before its time: it plays at the right moment, and reports later."""
    stage = only_mosquitto
    at = (clock.now() + timedelta(seconds=14)).replace(microsecond=0)
    process = stage.speaker(speakers[0], skew=-600)
    play = order_play(phuc, ngu_kien, recording=sound(ngu_kien, tmp_path, 4), klass="emergency",
                      unit_paths=(speakers[0].unit_path,), starts_at=at)  # fmt: skip
    files = process.folder / "home" / "files"
    until(lambda: [path for path in files.iterdir() if len(path.name) == 64])
    stage.broker.stop()
    until(lambda: starts(process), 40)
    assert abs(starts(process)[0]["at"] - at.timestamp()) < 2
    stage.broker.start()
    until(lambda: Run.objects.filter(play=play, device=speakers[0], state="played").exists(), 60)
    run = Run.objects.get(play=play, device=speakers[0])
    assert abs(run.started_at - at) < timedelta(seconds=2)


def test_a_row_is_not_acknowledged_before_it_is_stored(
    only_mosquitto: Stage, truc: Any, ngu_kien: Any, speakers: Any, tmp_path: Path
) -> None:
    """The link dies after the sound: the row stays on the device and arrives with the next link, once."""
    stage = only_mosquitto
    process = stage.speaker(speakers[0])
    play = order_play(truc, ngu_kien, recording=sound(ngu_kien, tmp_path, 3), klass="emergency",
                      unit_paths=(speakers[0].unit_path,))  # fmt: skip
    until(lambda: starts(process))
    stage.link.stop()
    until(lambda: _unsent(process) == 1)
    stage.link = Linked(stage.broker.port)
    until(lambda: Piece.objects.filter(play=play).exists(), 40)
    until(lambda: _unsent(process) == 0)
    piece = Piece.objects.get(play=play)
    assert (piece.result, piece.seconds) == ("played", pytest.approx(3, abs=0.1))

"""Files and sound on a device: fetched with its credential, checked, decoded, played into a program, measured."""

import base64
import hashlib
import json
import sys
import threading
import time
from array import array
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from xaso.modules.speakers.device.clock import MachineClock
from xaso.modules.speakers.device.headless import Headless, Timeline
from xaso.modules.speakers.device.piped import RATE, Piped
from xaso.modules.speakers.device.player import Unplayable
from xaso.modules.speakers.device.relay import Relay
from xaso.modules.speakers.device.settings import BadFile, read
from xaso.modules.speakers.device.shelf import Shelf
from xaso.modules.speakers.device.tracks import SILENCE, decibel, energy, examined, quieter
from xaso.modules.speakers.device.turns import Turn
from xaso.modules.speakers.protocol import messages as m
from xaso.modules.speakers.tests.rehearsal import item, tone
from xaso.modules.speakers.tests.stage import until

AUTH = ("LOA-1", "mật")
HALF = -9.03
"""dBFS of a sine of half the full height."""


class FileServer:
    """Gives files to whoever shows the credential; `/live` never ends."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.live = b""
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.answer(self)

            def log_message(self, *_: Any) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def answer(self, request: Any) -> None:
        self.asked.append(request.path)
        if request.path == "/live":
            request.send_response(200)
            request.send_header("Content-Type", "audio/mpeg")
            request.end_headers()
            try:
                for start in range(0, len(self.live), 2000):
                    request.wfile.write(self.live[start : start + 2000])
                    time.sleep(0.02)
            except OSError:
                return
            return
        good = "Basic " + base64.b64encode(":".join(AUTH).encode()).decode()
        body = self.files.get(request.path)
        status = 401 if request.headers.get("Authorization") != good else 404 if body is None else 200
        request.send_response(status)
        request.send_header("Content-Length", str(len(body or b"") if status == 200 else 0))
        request.end_headers()
        if status == 200 and body:
            request.wfile.write(body)


@pytest.fixture
def server() -> Iterator[FileServer]:
    running = FileServer()
    yield running
    running.server.shutdown()
    running.server.server_close()


@pytest.fixture
def shelf(server: FileServer, tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(tmp_path / "files", server.url, limit=200_000)
    yield made
    made.close()


def offered(server: FileServer, folder: Path, seconds: float = 2.0) -> m.Sound:
    body = tone(folder / "a.mp3", seconds)
    server.files["/f/a"] = body
    return m.Sound(hashlib.sha256(body).hexdigest(), len(body), seconds, "/f/a")


def settled(shelf: Shelf, sound: m.Sound, auth: tuple[str, str] = AUTH) -> str:
    """Ask for it and wait for the answer: "" when it is there, else what is wrong."""
    shelf.want(sound, auth)
    until(lambda: shelf.has(sound.sha256) or shelf.trouble(sound.sha256))
    return shelf.trouble(sound.sha256)


def test_a_file_is_fetched_once_and_kept_through_a_restart(server: FileServer, shelf: Shelf, tmp_path: Path) -> None:
    sound = offered(server, tmp_path)
    arrived: list[str] = []
    shelf.arrived = arrived.append
    assert settled(shelf, sound) == ""
    shelf.want(sound, AUTH)
    (shelf.path(sound.sha256).parent / "rest.part").write_bytes(b"half")
    again = Shelf(tmp_path / "files", server.url)
    again.want(sound, AUTH)
    assert again.has(sound.sha256)
    again.close()
    assert server.asked == ["/f/a"]
    assert arrived == [sound.sha256]
    assert not list((tmp_path / "files").glob("*.part"))


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"sha256": "cd" * 32}, "mã kiểm"),
        ({"size": 10}, "mã kiểm"),
        ({"path": "/f/none"}, "404"),
        ({"size": 300_000}, "đã đầy"),
    ],
)
def test_a_file_that_is_not_as_promised_is_refused(
    server: FileServer, shelf: Shelf, tmp_path: Path, change: dict[str, Any], word: str
) -> None:
    sound = offered(server, tmp_path)
    fields = {name: getattr(sound, name) for name in m.Sound.__slots__}
    assert word in settled(shelf, m.Sound(**{**fields, **change}))


def test_without_the_right_credential_there_is_no_file(server: FileServer, shelf: Shelf, tmp_path: Path) -> None:
    assert "401" in settled(shelf, offered(server, tmp_path), ("LOA-1", "sai"))


def test_a_file_that_is_no_sound_is_refused(server: FileServer, shelf: Shelf) -> None:
    body = b"ID3" + bytes(range(256)) * 50
    server.files["/f/a"] = body
    sound = m.Sound(hashlib.sha256(body).hexdigest(), len(body), 2, "/f/a")
    assert "không giải mã được" in settled(shelf, sound)


def test_files_nobody_needs_are_thrown_away(server: FileServer, shelf: Shelf, tmp_path: Path) -> None:
    sound = offered(server, tmp_path)
    settled(shelf, sound)
    shelf.keep_only({sound.sha256})
    assert shelf.path(sound.sha256).exists()
    shelf.keep_only(set())
    assert not shelf.path(sound.sha256).exists()
    assert not shelf.has(sound.sha256)


def test_the_level_of_a_stretch_is_that_of_the_sine_in_it(tmp_path: Path) -> None:
    tone(tmp_path / "a.mp3", 3)
    track = examined(tmp_path / "a.mp3")
    assert track.seconds == pytest.approx(3, abs=0.1)
    for offset, seconds in ((0.5, 1), (0, 3), (1, 20)):
        assert track.rms(offset, seconds) == pytest.approx(HALF, abs=0.6)
    assert quieter(HALF, 50) == pytest.approx(HALF - 6, abs=0.1)
    assert quieter(HALF, 0) == SILENCE


def turn_of(sound: m.Sound, volume: int = 100, offset: float = 0.0, **more: Any) -> Turn:
    return Turn(item("x", sound=sound, **more), 0.0, volume, offset=offset, began_offset=offset)


def catcher(file: Path) -> tuple[str, ...]:
    code = f"import sys, shutil; shutil.copyfileobj(sys.stdin.buffer, open({str(file)!r}, 'wb', 0), 1024)"
    return (sys.executable, "-c", code)


def test_samples_flow_into_the_program_at_the_volume_of_the_order(
    server: FileServer, shelf: Shelf, tmp_path: Path
) -> None:
    sound = offered(server, tmp_path, 1.5)
    settled(shelf, sound)
    output = Piped(catcher(tmp_path / "heard.pcm"), shelf)
    output.start(turn_of(sound, volume=50, loops=2))
    until(lambda: output.sounding().has_ended)
    assert output.sounding().seconds == pytest.approx(3, abs=0.3)
    level = output.stop()
    heard = array("h", (tmp_path / "heard.pcm").read_bytes())
    assert len(heard) / RATE == pytest.approx(3, abs=0.3)
    assert level == pytest.approx(decibel(energy(heard) / len(heard)), abs=0.1)
    assert level == pytest.approx(HALF - 6, abs=1)


def test_a_stop_cuts_the_program_off(server: FileServer, shelf: Shelf, tmp_path: Path) -> None:
    sound = offered(server, tmp_path, 20)
    settled(shelf, sound)
    output = Piped(catcher(tmp_path / "heard.pcm"), shelf)
    output.start(turn_of(sound, offset=15))
    until(lambda: (tmp_path / "heard.pcm").exists() and (tmp_path / "heard.pcm").stat().st_size > RATE // 2)
    output.stop()
    heard = array("h", (tmp_path / "heard.pcm").read_bytes()[: RATE // 2 * 2])
    assert decibel(energy(heard) / len(heard)) == pytest.approx(HALF, abs=2)
    assert len(heard) / RATE < 5


def test_a_program_that_ends_early_is_said(server: FileServer, shelf: Shelf, tmp_path: Path) -> None:
    sound = offered(server, tmp_path, 5)
    settled(shelf, sound)
    output = Piped((sys.executable, "-c", "raise SystemExit(1)"), shelf)
    output.start(turn_of(sound))
    assert until(lambda: output.sounding().trouble) == "Card âm thanh không nhận dữ liệu."
    output.stop()
    with pytest.raises(Unplayable, match="Không chạy được"):
        Piped(("/không/có",), shelf).start(turn_of(sound))


def test_a_live_stream_is_decoded_once_for_all_and_measured(server: FileServer, shelf: Shelf, tmp_path: Path) -> None:
    server.live = tone(tmp_path / "live.mp3", 30)
    timeline = Timeline(tmp_path / "timeline.jsonl")
    outputs = [Headless(f"LOA-{n}", MachineClock(), shelf, timeline) for n in range(3)]
    turns = [Turn(item("mic", sound=None, stream="/live", rank=m.Rank.LIVE), 0.0, 100) for _ in outputs]
    for output, turn in zip(outputs, turns, strict=True):
        output.start(turn)
    until(lambda: outputs[2].sounding().seconds > 1)
    for output, turn in zip(outputs, turns, strict=True):
        turn.offset = output.sounding().seconds
        assert output.stop() == pytest.approx(HALF, abs=1)
    timeline.close()
    assert server.asked == ["/live"]


def test_a_stream_that_is_not_there_is_said(shelf: Shelf) -> None:
    output = Headless("LOA-1", MachineClock(), shelf, None)
    output.start(Turn(item("mic", sound=None, stream="/none"), 0.0, 100))
    assert until(lambda: output.sounding().trouble) == "Không nghe được luồng trực tiếp."
    output.stop()


def test_the_amplifier_is_switched_on_before_and_off_after(tmp_path: Path) -> None:
    file = tmp_path / "relay"
    switch = [sys.executable, "-c", "import sys; open(sys.argv[1], 'a').write(sys.argv[2])", str(file)]
    relay = Relay((*switch, "1"), (*switch, "0"))
    relay.switch_on()
    relay.switch_on()
    assert file.read_text() == "1"
    relay.follow(is_playing=True, steady=10)
    relay.follow(is_playing=False, steady=11)
    relay.follow(is_playing=False, steady=12)
    assert file.read_text() == "1"
    relay.follow(is_playing=False, steady=13.1)
    assert file.read_text() == "10"
    assert not relay.is_on
    broken = Relay(("/không/có",), ("/không/có",))
    broken.switch_on()
    assert broken.trouble == "FileNotFoundError"


GOOD = {"serial": "LOA-1", "secret": "x", "commune": "09157", "host": "h", "port": 1883, "server": "http://h"}


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ("x", "JSON"), ("[]", "mẫu"), ({**GOOD, "serial": ""}, "thiếu"), ({**GOOD, "port": "1883"}, "port"),
        ({**GOOD, "more": 1}, "more"), ({**GOOD, "serial": "a/b"}, "ký tự lạ"), ({**GOOD, "devices": []}, "danh sách"),
    ],
)  # fmt: skip
def test_a_wrong_key_file_is_explained(tmp_path: Path, body: Any, word: str) -> None:
    key = tmp_path / "key.json"
    key.write_text(body if isinstance(body, str) else json.dumps(body))
    key.chmod(0o600)
    with pytest.raises(BadFile, match=word):
        read(key)


def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    key = tmp_path / "key.json"
    key.write_text(json.dumps(GOOD))
    key.chmod(0o640)
    with pytest.raises(BadFile, match="chmod 600"):
        read(key)
    key.chmod(0o600)
    assert read(key)[0].is_tls

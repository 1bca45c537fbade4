"""Real servers for live sound: Icecast with a made-up configuration, our carrier, and those who push or listen."""

import asyncio
import base64
import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest

from xaso.modules.audio.live.carrier import Carrier
from xaso.modules.audio.tests import sounds

PASSWORD = "bi-mat-thu"
BYTES_A_SECOND = 8000


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port, seconds=15):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"nothing answers on port {port}")


def icecast_program():
    found = shutil.which("icecast2")
    if found is None:
        if "icecast" in os.environ.get("XASO_REQUIRE", "").split(","):
            pytest.fail("icecast2 is required and not installed")
        pytest.skip("icecast2 is not installed")
    return found


@contextmanager
def icecast(mounts=""):
    """Its port. It refuses to run as root, so it runs as nobody then, in a folder that nobody may read."""
    program, port = icecast_program(), free_port()
    with tempfile.TemporaryDirectory(prefix="xaso-icecast-") as folder:
        yield from _icecast(program, port, Path(folder), mounts)


def _icecast(program, port, folder, mounts):
    folder.chmod(0o755)
    logs = folder / "logs"
    logs.mkdir(mode=0o777)
    logs.chmod(0o777)
    (folder / "icecast.xml").write_text(
        f"""<icecast><limits><clients>50</clients><sources>10</sources><burst-size>2048</burst-size>
<queue-size>262144</queue-size></limits>
<authentication><source-password>{PASSWORD}</source-password><admin-user>admin</admin-user>
<admin-password>{PASSWORD}</admin-password></authentication><hostname>127.0.0.1</hostname>
<listen-socket><port>{port}</port><bind-address>127.0.0.1</bind-address></listen-socket>{mounts}
<paths><basedir>{folder}</basedir><logdir>{logs}</logdir><webroot>/usr/share/icecast2/web</webroot>
<adminroot>/usr/share/icecast2/admin</adminroot></paths><logging><errorlog>error.log</errorlog></logging></icecast>""",
        encoding="utf-8",
    )
    user = {"user": "nobody"} if os.getuid() == 0 else {}
    server = subprocess.Popen(
        [program, "-c", str(folder / "icecast.xml")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **user
    )
    try:
        wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(10)


@contextmanager
def carrier(monkeypatch, **environment):
    """Our own process for live sound, here as a thread of the test, on the test's database."""
    port = free_port()
    for name, value in (
        environment | {"XASO_LIVE_PORT": str(port), "XASO_LIVE_URL": f"http://127.0.0.1:{port}"}
    ).items():
        monkeypatch.setenv(name, value)
    loop, stopping = asyncio.new_event_loop(), asyncio.Event()
    thread = threading.Thread(target=lambda: loop.run_until_complete(Carrier().run(stopping)))
    thread.start()
    try:
        wait_for(port)
        yield port
    finally:
        loop.call_soon_threadsafe(stopping.set)
        thread.join(20)
        loop.close()


class Listener(threading.Thread):
    """Hears an address until it ends; `content` is what came. Asks again while nothing is there."""

    def __init__(self, port, path):
        super().__init__(daemon=True)
        self.port, self.path = port, path
        self.content = bytearray()
        self.moments = []
        self.is_over = threading.Event()
        self.start()

    def run(self):
        for _ in range(100):
            if self.is_over.is_set() or self._hear():
                return
            time.sleep(0.1)

    def _hear(self):
        connection = HTTPConnection("127.0.0.1", self.port, timeout=15)
        try:
            connection.request("GET", self.path)
            answer = connection.getresponse()
            if answer.status != 200:
                return False
            while not self.is_over.is_set() and (piece := answer.read1(4096)):
                self.content += piece
                self.moments.append((time.monotonic(), len(self.content)))
        except (OSError, HTTPException):
            pass
        finally:
            connection.close()
        return bool(self.content)

    def since(self, moment):
        """What came after that moment."""
        before = max((size for at, size in self.moments if at <= moment), default=0)
        return bytes(self.content[before:])

    def stop(self):
        self.is_over.set()
        self.join(20)


class Pusher(threading.Thread):
    """A source of Icecast that plays one tone in real time until it is stopped."""

    def __init__(self, port, mount, hertz):
        super().__init__(daemon=True)
        self.port, self.mount = port, mount
        self.sound = sounds.encoded(sounds.tone(20, hertz), "mp3", "libmp3lame")
        self.is_over = threading.Event()
        self.start()

    def run(self):
        login = base64.b64encode(f"source:{PASSWORD}".encode()).decode()
        head = (
            f"PUT {self.mount} HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {login}\r\nContent-Type: audio/mpeg\r\n\r\n"
        )
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port)) as line:
            line.sendall(head.encode())
            pace = len(self.sound) / 20 / 5
            for at in range(100):
                if self.is_over.is_set():
                    return
                line.sendall(self.sound[int(at * pace) : int((at + 1) * pace)])
                time.sleep(0.2)

    def stop(self):
        self.is_over.set()
        self.join(20)


def strength(content, hertz):
    """How strongly a tone sounds in the last second of what was heard."""
    samples, rate = sounds.samples_of(bytes(content))
    return sounds.goertzel(samples[-rate:], rate, hertz)

"""The MQTT connections of all devices of the process, in one thread: 1,239 of them need no 1,239 threads.

paho's own loop uses select(), which ends at 1,024 descriptors, so the sockets are watched here.
"""

import hashlib
import random
import selectors
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from paho.mqtt import client as mqtt

from xaso.modules.speakers.device.device import goodbye, will
from xaso.modules.speakers.device.settings import Settings
from xaso.modules.speakers.protocol import topics

KEEPALIVE = 20
LONGEST_PAUSE = 30.0
LOOKS_AFTER = 5.0

Heard = Callable[[str, str, bytes], None]
"""(serial, channel, payload); channel "up" and "down" tell of the connection itself."""


@dataclass(slots=True)
class Line:
    """One device's connection."""

    settings: Settings
    client: Any
    is_up: bool = False
    tries: int = 0
    next_try: float = 0.0
    socket: Any = None
    zones: set[str] = field(default_factory=set)


def _client_id(one: Settings) -> str:
    """Begins with the serial and ends with what only the device knows: nobody can push its connection aside."""
    return f"{one.serial}.{hashlib.sha256(one.secret.encode()).hexdigest()[:16]}"


class Radio:
    def __init__(self, devices: list[Settings], heard: Heard) -> None:
        self._heard = heard
        self._selector = selectors.DefaultSelector()
        self._wake_reads, self._wake_writes = socket.socketpair()
        self._wake_reads.setblocking(False)
        self._wake_writes.setblocking(False)
        self._selector.register(self._wake_reads, selectors.EVENT_READ, None)
        self._orders: deque[Callable[[], None]] = deque()
        self._lines = {one.serial: Line(one, None) for one in devices}
        for line in self._lines.values():
            line.client = self._client(line)
        self._is_stopping = False
        self._thread = threading.Thread(target=self._work, name="radio", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def is_working(self) -> bool:
        return self._thread.is_alive()

    def stop(self) -> None:
        """Say goodbye for every device and end."""
        self._is_stopping = True
        self._wake()
        self._thread.join(timeout=10)

    def send(self, serial: str, channel: str, payload: bytes) -> None:
        """From any thread. While the line is down nothing is kept: whoever has to be sure says it again."""
        self._orders.append(lambda: self._publish(self._lines[serial], channel, payload))
        self._wake()

    def listen_to(self, serial: str, zones: set[str]) -> None:
        self._orders.append(lambda: self._subscribe_zones(self._lines[serial], zones))
        self._wake()

    def _wake(self) -> None:
        try:
            self._wake_writes.send(b"1")
        except BlockingIOError:
            return  # it is being woken already

    def _client(self, line: Line) -> Any:
        one = line.settings
        client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id=_client_id(one), clean_session=True)
        client.username_pw_set(one.serial, one.secret)
        client.will_set(topics.device(one.address, "lwt"), will(), qos=1, retain=True)
        client.connect_timeout = 5.0
        if one.is_tls:
            client.tls_set_context(ssl.create_default_context(cafile=one.ca or None))
        client.on_connect = lambda *given: self._on_connect(line, given[3])
        client.on_disconnect = lambda *_: self._on_disconnect(line)
        client.on_message = lambda _, __, message: self._on_message(line, message)
        # With this set paho leaves writing to us; the socket is asked for its wish before every wait.
        client.on_socket_register_write = lambda *_: None
        return client

    def _work(self) -> None:
        looked = 0.0
        while not self._is_stopping:
            now = time.monotonic()
            self._connect_due(now)
            while self._orders:
                self._orders.popleft()()
            if now - looked >= LOOKS_AFTER:
                looked = now
                self._look_after()
            self._flush()
            self._wait(0.2)
        self._say_goodbye()

    def _wait(self, seconds: float) -> None:
        for key, events in self._selector.select(seconds):
            line = key.data
            if line is None:
                self._wake_reads.recv(65_536)
                continue
            if events & selectors.EVENT_READ:
                self._read(line)
            if events & selectors.EVENT_WRITE and line.socket is not None:
                line.client.loop_write()
            self._watch(line)

    def _read(self, line: Line) -> None:
        line.client.loop_read()
        # What TLS has decrypted already makes the descriptor ready no more.
        while line.socket is not None and line.settings.is_tls and line.client.socket() and line.socket.pending():
            line.client.loop_read()

    def _flush(self) -> None:
        for line in self._lines.values():
            if line.socket is not None and line.client.want_write():
                line.client.loop_write()
                self._watch(line)

    def _watch(self, line: Line) -> None:
        """Keep the selector in step with paho's socket, which comes and goes."""
        now = line.client.socket()
        if now is not line.socket:
            self._unwatch(line)
            if now is not None:
                self._selector.register(now, selectors.EVENT_READ, line)
                line.socket = now
        if line.socket is not None:
            wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if line.client.want_write() else 0)
            if self._selector.get_key(line.socket).events != wanted:
                self._selector.modify(line.socket, wanted, line)

    def _unwatch(self, line: Line) -> None:
        if line.socket is not None:
            held = line.socket
            line.socket = None
            # A closed socket has no number any more: it is found by identity.
            for key in list(self._selector.get_map().values()):
                if key.fileobj is held:
                    self._selector.unregister(held)

    def _look_after(self) -> None:
        for line in self._lines.values():
            if line.socket is not None:
                line.client.loop_misc()
                self._watch(line)

    def _connect_due(self, now: float) -> None:
        for line in self._lines.values():
            if line.socket is not None or now < line.next_try or self._is_stopping:
                continue
            line.tries += 1
            line.next_try = now + min(LONGEST_PAUSE, 2.0 ** min(line.tries, 5)) * random.uniform(0.5, 1.0)  # noqa: S311
            try:
                line.client.connect(line.settings.host, line.settings.port, keepalive=KEEPALIVE)
            except (OSError, ssl.SSLError):
                continue
            self._watch(line)

    def _on_connect(self, line: Line, reason: Any) -> None:
        if reason.is_failure:
            self._heard(line.settings.serial, "refused", str(reason).encode())
            return
        line.is_up, line.tries = True, 0
        address = line.settings.address
        line.client.subscribe([(topics.device(address, channel), 1) for channel in topics.DOWN])
        zones, line.zones = line.zones, set()
        self._subscribe_zones(line, zones)
        self._heard(line.settings.serial, "up", b"")

    def _on_disconnect(self, line: Line) -> None:
        if line.is_up:
            self._heard(line.settings.serial, "down", b"")
            # Soon, but not all in the same moment; who was refused keeps the longer pause.
            line.next_try = time.monotonic() + random.uniform(0.2, 2.0)  # noqa: S311
        line.is_up = False

    def _on_message(self, line: Line, message: Any) -> None:
        own = topics.from_device(message.topic)
        if own is None:
            self._heard(line.settings.serial, "cmd", message.payload)
        elif own[0] == line.settings.address:
            self._heard(line.settings.serial, own[1], message.payload)

    def _subscribe_zones(self, line: Line, zones: set[str]) -> None:
        commune = line.settings.commune
        if line.is_up:
            for name in line.zones - zones:
                line.client.unsubscribe(topics.zone(commune, name))
            for name in zones - line.zones:
                line.client.subscribe(topics.zone(commune, name), 1)
        line.zones = zones

    def _publish(self, line: Line, channel: str, payload: bytes) -> None:
        if line.is_up:
            line.client.publish(topics.device(line.settings.address, channel), payload, qos=1, retain=channel == "lwt")

    def _say_goodbye(self) -> None:
        until = time.monotonic() + 3
        for line in self._lines.values():
            if line.is_up:
                self._publish(line, "lwt", goodbye())
                line.client.disconnect()
        while time.monotonic() < until and any(line.socket is not None for line in self._lines.values()):
            self._flush()
            self._wait(0.1)
            for line in self._lines.values():
                self._watch(line)

"""The process: one loop drives all devices, commits once a round, and only then lets them speak."""

import heapq
import threading
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from xaso.modules.speakers.device.clock import MachineClock
from xaso.modules.speakers.device.device import Device
from xaso.modules.speakers.device.headless import Headless, Timeline
from xaso.modules.speakers.device.piped import Piped
from xaso.modules.speakers.device.player import Output
from xaso.modules.speakers.device.radio import Radio
from xaso.modules.speakers.device.relay import Amplified, Relay
from xaso.modules.speakers.device.settings import Settings
from xaso.modules.speakers.device.shelf import LIMIT, OwnShelf, Shelf
from xaso.modules.speakers.device.store import Store
from xaso.modules.speakers.device.telemetry import Telemetry
from xaso.modules.speakers.protocol.codec import encode

TIDIES = 600.0


@dataclass(frozen=True, slots=True)
class Ways:
    """How this process makes sound: by a program, or headless with a timeline."""

    folder: Path
    program: tuple[str, ...] = ()
    timeline: Path | None = None
    relay_on: tuple[str, ...] = ()
    relay_off: tuple[str, ...] = ()
    disk_limit: int = LIMIT
    speed: float = 1.0


@dataclass(slots=True)
class Waiting:
    """Who is to be called when, and who waits for which file."""

    calls: list[tuple[float, str]] = field(default_factory=list)
    at: dict[str, float] = field(default_factory=dict)
    files: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def call(self, serial: str, steady: float) -> None:
        if steady < self.at.get(serial, float("inf")):
            self.at[serial] = steady
            heapq.heappush(self.calls, (steady, serial))

    def due(self, steady: float) -> list[str]:
        found = []
        while self.calls and self.calls[0][0] <= steady:
            moment, serial = heapq.heappop(self.calls)
            if self.at.get(serial) == moment:
                del self.at[serial]
                found.append(serial)
        return found


class Host:
    def __init__(self, devices: list[Settings], ways: Ways, told: Callable[[str], None]) -> None:
        ways.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._told = told
        self._clock = MachineClock(devices[0].skew, ways.speed)
        self._store = Store(ways.folder / "speaker.sqlite3")
        self._shelf = Shelf(ways.folder / "files", devices[0].server, devices[0].ca, ways.disk_limit)
        self._shelf.arrived = lambda sha256: self._hear("", "file", sha256.encode())
        self._timeline = Timeline(ways.timeline) if ways.timeline else None
        self._inbox: deque[tuple[str, str, bytes]] = deque()
        self._bell = threading.Event()
        self._waiting = Waiting()
        self._zones: dict[str, tuple[str, ...]] = {}
        self._is_stopping = False
        self._devices = {one.serial: self._device(one, ways) for one in devices}
        self._radio = Radio(devices, self._hear)
        self._next_tidy = self._clock.steady() + TIDIES

    def run(self) -> None:
        """Until `stop`. The log of what sounds is closed by the restart, as after a power cut."""
        self._store.commit()
        for serial in self._devices:
            self._waiting.call(serial, 0.0)
        self._radio.start()
        while not self._is_stopping:
            self._round()
            if not self._radio.is_working():
                raise RuntimeError("the radio has ended; whoever keeps this program alive starts it anew")
            self._bell.wait(self._pause())
        self._radio.stop()
        for device in self._devices.values():
            device.silence()
        self._store.close()
        self._shelf.close()
        if self._timeline is not None:
            self._timeline.close()

    def stop(self) -> None:
        self._is_stopping = True
        self._bell.set()

    def _device(self, one: Settings, ways: Ways) -> Device:
        auth = (one.serial, one.secret)
        device = Device(auth, self._store, self._clock, Telemetry(ways.folder), self._told)
        output: Output
        relay = None
        if ways.program:
            output = Piped(ways.program, self._shelf)
        else:
            output = Headless(one.serial, self._clock, self._shelf, self._timeline)
        if ways.relay_on:
            relay = Relay(ways.relay_on, ways.relay_off)
            output = Amplified(output, relay)
        device.equip(
            output, OwnShelf(self._shelf, auth, lambda sha256: self._waiting.files[sha256].add(one.serial)), relay
        )
        return device

    def _hear(self, serial: str, channel: str, payload: bytes) -> None:
        """From the threads of the radio and the shelf."""
        self._inbox.append((serial, channel, payload))
        self._bell.set()

    def _round(self) -> None:
        self._bell.clear()
        touched = dict.fromkeys(self._waiting.due(self._clock.steady()))
        while self._inbox:
            touched.update(dict.fromkeys(self._take(*self._inbox.popleft())))
        for serial in touched:
            pause = self._devices[serial].tick()
            self._waiting.call(serial, self._clock.steady() + pause)
        if self._clock.steady() >= self._next_tidy:
            self._next_tidy = self._clock.steady() + TIDIES
            self._shelf.keep_only(set().union(*(device.needed_files() for device in self._devices.values())))
        self._store.commit()
        for serial in touched:
            self._send(self._devices[serial])

    def _take(self, serial: str, channel: str, payload: bytes) -> set[str]:
        """Give a device what was said to it. Returns who has something to do now."""
        if channel == "file":
            return self._waiting.files.pop(payload.decode(), set())
        device = self._devices[serial]
        if channel == "up":
            self._shelf.hope_again()
            device.connected()
        elif channel == "down":
            device.disconnected()
            self._told(f"{serial}: mất kết nối, vẫn phát theo lịch đã lưu")
        elif channel == "refused":
            self._told(f"{serial}: máy chủ từ chối kết nối ({payload.decode()})")
        else:
            device.hear(channel, payload)
        return {serial}

    def _send(self, device: Device) -> None:
        if (zones := device.programme.zones) != self._zones.get(device.serial):
            self._zones[device.serial] = zones
            self._radio.listen_to(device.serial, set(zones))
        for channel, message in device.outbox:
            self._radio.send(device.serial, channel, encode(message))
        device.outbox.clear()

    def _pause(self) -> float:
        if not self._waiting.calls:
            return 1.0
        return min(1.0, max(0.0, self._waiting.calls[0][0] - self._clock.steady()) / self._clock.speed)

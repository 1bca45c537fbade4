"""An output without a sound card: time passes as if the item sounded, and a timeline says what would be heard."""

import json
import threading
import time
from array import array
from pathlib import Path
from typing import TextIO

import av

from xaso.modules.speakers.device.clock import Clock
from xaso.modules.speakers.device.player import Sounding, Unplayable
from xaso.modules.speakers.device.shelf import Shelf
from xaso.modules.speakers.device.tracks import RATE, WINDOW, blocks, decibel, energy, examined, quieter
from xaso.modules.speakers.device.turns import Turn


class Timeline:
    """One line for every beginning and end, in a file that a test or a person reads."""

    def __init__(self, path: Path) -> None:
        self._file: TextIO = path.open("a", encoding="utf-8", buffering=1)
        self._lock = threading.Lock()

    def say(self, **what: object) -> None:
        with self._lock:
            self._file.write(json.dumps({"at": time.time(), **what}, ensure_ascii=False) + "\n")

    def close(self) -> None:
        self._file.close()


class Tuned:
    """A stream that somebody in this process listens to: decoded once for all its listeners."""

    _open: dict[str, "Tuned"] = {}
    _lock = threading.Lock()

    def __init__(self, address: str) -> None:
        self.address = address
        self.listeners = 0
        self.trouble = ""
        self.has_ended = False
        self.power: array[float] = array("d")
        threading.Thread(target=self._listen, daemon=True, name="stream").start()

    @classmethod
    def join(cls, address: str) -> "Tuned":
        with cls._lock:
            tuned = cls._open.get(address)
            if tuned is None or tuned.has_ended:
                tuned = cls._open[address] = cls(address)
            tuned.listeners += 1
            return tuned

    def leave(self) -> None:
        with self._lock:
            self.listeners -= 1
            if self.listeners <= 0 and self._open.get(self.address) is self:
                del self._open[self.address]

    def _listen(self) -> None:
        try:
            for block in blocks(self.address, RATE, round(RATE * WINDOW)):
                self.power.append(energy(block) / max(1, len(block)))
                if self.listeners <= 0:
                    break
        except Unplayable as error:
            self.trouble = str(error)
        except (av.FFmpegError, OSError):
            self.trouble = "Không nghe được luồng trực tiếp."
        self.has_ended = True


class Headless:
    """The output of one device."""

    def __init__(self, serial: str, clock: Clock, shelf: Shelf, timeline: Timeline | None) -> None:
        self._serial, self._clock, self._shelf, self._timeline = serial, clock, shelf, timeline
        self._turn: Turn | None = None
        self._tuned: Tuned | None = None
        self._began = 0.0
        self._heard_from = 0

    def start(self, turn: Turn) -> None:
        if turn.item.sound is not None:
            examined(self._shelf.path(turn.item.sound.sha256))
        else:
            self._tuned = Tuned.join(self._shelf.address(turn.item.stream))
            self._heard_from = len(self._tuned.power)
        self._turn, self._began = turn, self._clock.steady()
        self._say("start", turn)

    def sounding(self) -> Sounding:
        seconds = self._clock.steady() - self._began
        if self._tuned is not None:
            heard = (len(self._tuned.power) - self._heard_from) * WINDOW
            return Sounding(min(seconds, heard), self._tuned.has_ended and not self._tuned.trouble, self._tuned.trouble)
        return Sounding(seconds)

    def stop(self) -> float | None:
        turn, tuned = self._turn, self._tuned
        if turn is None:
            return None
        seconds = max(0.0, turn.offset - turn.began_offset)
        if tuned is not None:
            powers = tuned.power[self._heard_from :]
            level = decibel(sum(powers) / len(powers)) if powers else None
            tuned.leave()
        else:
            sha256 = turn.item.sound.sha256 if turn.item.sound else ""
            level = examined(self._shelf.path(sha256)).rms(turn.began_offset, seconds)
        rms = None if level is None else round(quieter(level, turn.volume), 1)
        self._say("stop", turn, seconds=round(seconds, 2), rms=rms)
        self._turn = self._tuned = None
        return rms

    def set_volume(self, volume: int) -> None:
        if self._turn is not None:
            self._say("volume", self._turn, to=volume)

    def _say(self, what: str, turn: Turn, **more: object) -> None:
        if self._timeline is not None:
            about = {"item": turn.item.id, "rank": int(turn.item.rank), "offset": round(turn.offset, 2)}
            self._timeline.say(serial=self._serial, what=what, volume=turn.volume, **about, **more)

"""The output of a real device: samples into `aplay`, or any program that reads raw sound (S16_LE, 22,050 Hz, mono)."""

import subprocess
import threading
import time
from array import array
from collections.abc import Iterator

import av

from xaso.modules.speakers.device.player import Sounding, Unplayable
from xaso.modules.speakers.device.shelf import Shelf
from xaso.modules.speakers.device.tracks import blocks, decibel, energy
from xaso.modules.speakers.device.turns import Turn

RATE = 22_050
BLOCK = RATE // 20
AHEAD = 0.3
"""Seconds handed to the program before their time: as long as this a stop may still be heard."""
APLAY = ("aplay", "-q", "-t", "raw", "-f", "S16_LE", "-r", str(RATE), "-c", "1", "-")


class Piped:
    def __init__(self, program: tuple[str, ...], shelf: Shelf) -> None:
        self._program, self._shelf = program, shelf
        self._feeding: Feeding | None = None

    def start(self, turn: Turn) -> None:
        sound = turn.item.sound
        if sound is None:
            samples = blocks(self._shelf.address(turn.item.stream), RATE, BLOCK)
        else:
            samples = _looped(str(self._shelf.path(sound.sha256)), turn.offset, sound.seconds, turn.item.loops)
        self._feeding = Feeding(self._program, samples, turn.volume)

    def sounding(self) -> Sounding:
        return self._feeding.sounding() if self._feeding else Sounding(0.0, has_ended=True)

    def stop(self) -> float | None:
        feeding, self._feeding = self._feeding, None
        return feeding.stop() if feeding else None

    def set_volume(self, volume: int) -> None:
        if self._feeding is not None:
            self._feeding.volume = volume


def _looped(path: str, offset: float, seconds: float, loops: int) -> "Iterator[array[int]]":
    done, within = divmod(offset, seconds)
    for _ in range(int(done), loops):
        yield from blocks(path, RATE, BLOCK, within)
        within = 0.0


class Feeding:
    """One program that is being fed, in step with time."""

    def __init__(self, program: tuple[str, ...], samples: "Iterator[array[int]]", volume: int) -> None:
        self.volume = volume
        self._samples = samples
        self._trouble = ""
        self._fed = self._power = 0
        self._is_over = threading.Event()
        self._is_stopped = threading.Event()
        self._began: float | None = None
        try:
            self._program = subprocess.Popen(program, bufsize=0, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        except OSError as error:
            raise Unplayable(f"Không chạy được chương trình phát âm thanh {program[0]}.") from error
        self._thread = threading.Thread(target=self._feed, daemon=True, name="sound")
        self._thread.start()

    def sounding(self) -> Sounding:
        fed = self._fed / RATE
        if self._is_over.is_set() and not self._trouble:
            return Sounding(fed, has_ended=True)
        heard = 0.0 if self._began is None else time.monotonic() - self._began
        return Sounding(min(heard, fed), self._is_over.is_set(), self._trouble)

    def stop(self) -> float | None:
        """Cut off at once what has not sounded; after a proper end the program has said everything."""
        self._is_stopped.set()
        if not self._is_over.is_set():
            self._program.kill()
        self._program.wait(timeout=10)
        self._thread.join(timeout=10)
        return decibel(self._power / self._fed) if self._fed else None

    def _feed(self) -> None:
        pipe = self._program.stdin
        if pipe is None:
            raise RuntimeError("no pipe")
        try:
            for block in self._samples:
                self._wait()
                if self._is_stopped.is_set():
                    break
                loud = block if self.volume >= 100 else array("h", [part * self.volume // 100 for part in block])
                pipe.write(loud.tobytes())
                self._began = self._began or time.monotonic()
                self._fed += len(block)
                self._power += energy(loud)
            pipe.close()
            if not self._is_stopped.is_set():
                self._program.wait(timeout=30)
        except (av.FFmpegError, Unplayable):
            self._trouble = "Không giải mã được âm thanh."
        except (OSError, subprocess.TimeoutExpired):
            self._trouble = "" if self._is_stopped.is_set() else "Card âm thanh không nhận dữ liệu."
        finally:
            pipe.close()
            self._is_over.set()

    def _wait(self) -> None:
        if self._began is not None:
            early = self._fed / RATE - (time.monotonic() - self._began) - AHEAD
            if early > 0:
                self._is_stopped.wait(early)

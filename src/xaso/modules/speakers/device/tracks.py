"""What a sound file holds: how long it is and how loud, decoded once for all devices of the process."""

import math
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from operator import mul
from pathlib import Path

import av
from av.audio.resampler import AudioResampler

from xaso.modules.speakers.device.player import Unplayable

SILENCE = -120.0
RATE = 8000
WINDOW = 0.25
FULL_SCALE = 32768.0


@dataclass(frozen=True, slots=True)
class Track:
    """`energy[n]` is the sum of squares of the first n windows of 0.25 s."""

    seconds: float
    energy: tuple[float, ...]

    def rms(self, offset: float, seconds: float) -> float:
        """The level in dBFS of a stretch; the track repeats itself without end."""
        if seconds <= 0 or not self.energy[-1]:
            return SILENCE
        power = (self._until(offset + seconds) - self._until(offset)) / (seconds * RATE)
        return decibel(power)

    def _until(self, moment: float) -> float:
        rounds, rest = divmod(moment, self.seconds)
        place = min(rest / WINDOW, len(self.energy) - 1.001) if len(self.energy) > 1 else 0.0
        low = int(place)
        part = self.energy[low] + (self.energy[min(low + 1, len(self.energy) - 1)] - self.energy[low]) * (place - low)
        return rounds * self.energy[-1] + part


def decibel(power: float) -> float:
    """dBFS of a mean square of 16-bit samples."""
    return max(SILENCE, 10 * math.log10(power / FULL_SCALE**2)) if power > 0 else SILENCE


def quieter(level: float, volume: int) -> float:
    """The level after the volume control: 100 leaves it as it is."""
    return max(SILENCE, level + 20 * math.log10(volume / 100)) if volume > 0 else SILENCE


_known: dict[Path, Track] = {}


def examined(path: Path) -> Track:
    """What the file holds, decoded once. Raises Unplayable when it is no sound."""
    found = _known.get(path)
    if found is None:
        found = _known[path] = _examine(path)
    return found


def moved(old: Path, new: Path) -> None:
    """The file has another name now."""
    _known[new] = _known.pop(old)


def forgotten(path: Path) -> None:
    _known.pop(path, None)


def _examine(path: Path) -> Track:
    try:
        sums, samples = [], 0
        for block in blocks(str(path), RATE, round(RATE * WINDOW)):
            sums.append(float(energy(block)))
            samples += len(block)
    except (av.FFmpegError, OSError) as error:
        raise Unplayable("Tệp âm thanh hỏng, không giải mã được.") from error
    if not samples:
        raise Unplayable("Tệp không có âm thanh.")
    return Track(samples / RATE, (0.0, *accumulate(sums)))


def energy(block: "array[int]") -> int:
    return sum(map(mul, block, block))


def blocks(source: str, rate: int, size: int, offset: float = 0.0) -> "Iterator[array[int]]":
    """Mono 16-bit samples of a file or an address, `size` at a time; the last block may be shorter."""
    held: array[int] = array("h")
    with av.open(source, timeout=(10.0, 10.0)) as container:
        if not container.streams.audio:
            raise Unplayable("Tệp không có âm thanh.")
        if offset > 0:
            container.seek(round(offset * av.time_base))
        resampler = AudioResampler(format="s16", layout="mono", rate=rate)
        for frame in container.decode(audio=0):
            for made in resampler.resample(frame):
                held.frombytes(bytes(made.planes[0])[: made.samples * 2])
            while len(held) >= size:
                yield held[:size]
                held = held[size:]
    if held:
        yield held

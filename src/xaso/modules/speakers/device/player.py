"""Who has the speaker. Knows no network and no clock of its own: whoever drives it says what time it is."""

from dataclasses import dataclass
from typing import Protocol

from xaso.modules.speakers.device.turns import Turn, takes_over
from xaso.modules.speakers.protocol import messages as m

CHECKPOINT = 5.0
"""Seconds of sound a power cut may take out of the log."""
STREAM_TRIES, STREAM_PAUSE = 3, 2.0
FILE_PAUSE = 1.0


class Unplayable(Exception):
    """The file or stream gives no sound. The text is a Vietnamese sentence for the log."""


@dataclass(frozen=True, slots=True)
class Sounding:
    """How far the output is: seconds since its start, whether it came to its end, and what went wrong."""

    seconds: float
    has_ended: bool = False
    trouble: str = ""


class Output(Protocol):
    def start(self, turn: Turn) -> None:
        """Begin at `turn.offset` with `turn.volume`. Raises Unplayable."""

    def sounding(self) -> Sounding: ...

    def stop(self) -> float | None:
        """Silence; the RMS level in dBFS of what sounded since the start, None when nothing was measured."""

    def set_volume(self, volume: int) -> None: ...


class Shelf(Protocol):
    """The files of the device, as the player asks for them."""

    def has(self, item: m.Item) -> bool: ...

    def want(self, item: m.Item) -> None:
        """Fetch it, if that has not begun."""

    def trouble(self, item: m.Item) -> str:
        """Why it cannot be had, "" while there is hope."""


class Journal(Protocol):
    """Where the player writes down what it does."""

    def keep(self, turn: Turn) -> None: ...

    def end(self, turn: Turn) -> None: ...

    def row(self, turn: Turn, ended: "Ended") -> None: ...

    def changed(self) -> None:
        """Another item sounds now, or none."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a stretch ended. No seconds: there was no sound."""

    result: str
    at: float
    seconds: float = 0.0
    by: str = ""
    reason: str = ""
    rms: float | None = None


class Player:
    def __init__(self, output: Output, shelf: Shelf, journal: Journal) -> None:
        self._output = output
        self._shelf = shelf
        self._journal = journal
        self.current: Turn | None = None
        self.waiting: list[Turn] = []
        self._kept_at = 0.0
        self._tries: dict[tuple[str, int], int] = {}

    def offer(self, turn: Turn) -> None:
        """A due moment, by the schedule or a command. The caller has made sure that it is new."""
        turn.waits_since = turn.waits_since or turn.due
        self.waiting.append(turn)
        self._journal.keep(turn)

    def restore(self, turns: list[Turn]) -> None:
        """After a restart: what sounded was broken off by the power, at the last checkpoint."""
        for turn in turns:
            if turn.began_at is not None:
                seconds = turn.offset - turn.began_offset
                ended = Ended(m.INTERRUPTED, turn.began_at + seconds, seconds, m.POWER)
                self._broken(turn, ended)
            else:
                self.waiting.append(turn)

    def stop(self, item: str, reason: str, now: float) -> bool:
        """Everything of the item ends. False when nothing of it was there."""
        found = [turn for turn in self.waiting if turn.item.id == item]
        for turn in found:
            self.waiting.remove(turn)
            if turn.sequence == 0:
                self._journal.row(turn, Ended(m.STOPPED, now, reason=reason))
            self._journal.end(turn)
        if self.current is not None and self.current.item.id == item:
            self._finish(m.STOPPED, reason)
            return True
        return bool(found)

    def step(self, now: float) -> None:
        """Bring everything up to `now`."""
        self._see_current(now)
        self._give_up(now)
        ready = sorted((turn for turn in self.waiting if turn.due <= now and self._is_ready(turn, now)), key=_place)
        while ready:
            best = ready.pop(0)
            if self.current is not None and not takes_over(best, self.current):
                break
            if self.current is not None:
                self._interrupt(best)
            self.waiting.remove(best)
            self._start(best, now)
            if self.current is not None:
                break

    def next_at(self, now: float) -> float:
        """When `step` has something to do at the latest, if nothing new comes."""
        moments = [turn.due if turn.due > now else turn.gives_up_at for turn in self.waiting]
        moments += [turn.waits_since + STREAM_PAUSE for turn in self.waiting if turn.key in self._tries]
        if any(turn.due <= now and not self._shelf.has(turn.item) for turn in self.waiting):
            moments.append(now + FILE_PAUSE)
        if self.current is not None:
            left = self.current.length - self.current.offset - (now - (self._kept_at or now))
            moments += [now + max(0.02, min(left, CHECKPOINT))]
            if self.current.item.until:
                moments.append(self.current.item.until.timestamp())
        return max(now + 0.02, min(moments, default=now + 3600))

    def silence(self) -> None:
        """The program ends. Nothing is written: the next start closes what is open, as after a power cut."""
        if self.current is not None:
            self._output.stop()

    def set_volume(self, volume: int) -> None:
        if self.current is not None:
            self.current.volume = volume
            self._output.set_volume(volume)

    def _is_ready(self, turn: Turn, now: float) -> bool:
        if turn.item.sound is None:
            return turn.key not in self._tries or now >= turn.waits_since + STREAM_PAUSE
        if self._shelf.has(turn.item):
            return True
        self._shelf.want(turn.item)
        return False

    def _see_current(self, now: float) -> None:
        turn = self.current
        if turn is None:
            return
        sounding = self._output.sounding()
        turn.offset = min(turn.began_offset + sounding.seconds, turn.length)
        if sounding.trouble:
            self._fail(turn, sounding.trouble, now)
        elif sounding.has_ended or turn.offset >= turn.length - 0.005:
            self._finish(m.PLAYED)
        elif turn.item.until is not None and now >= turn.item.until.timestamp():
            done = turn.item.sound is None
            self._finish(m.PLAYED if done else m.STOPPED, "" if done else "Đến giờ phải dừng.")
        elif now - self._kept_at >= CHECKPOINT:
            self._kept_at = now
            self._journal.keep(turn)

    def _give_up(self, now: float) -> None:
        for turn in list(self.waiting):
            trouble = self._shelf.trouble(turn.item) if turn.item.sound else ""
            if trouble:
                self._leave(turn, Ended(m.FAILED, now, reason=trouble))
            elif now >= turn.gives_up_at and turn.due <= now:
                self._leave(turn, Ended(m.SKIPPED, now, reason=self._why_skipped(turn)))

    def _why_skipped(self, turn: Turn) -> str:
        if turn.item.sound and not self._shelf.has(turn.item):
            return "Chưa tải được tệp âm thanh."
        return "Loa bận phát nội dung khác." if self.current is not None else "Loa không hoạt động lúc đến giờ."

    def _leave(self, turn: Turn, ended: Ended) -> None:
        """What already has a row that says "interrupted" needs no other."""
        self.waiting.remove(turn)
        if turn.sequence == 0:
            self._journal.row(turn, ended)
        self._journal.end(turn)

    def _start(self, turn: Turn, now: float) -> None:
        try:
            self._output.start(turn)
        except Unplayable as error:
            self._journal.row(turn, Ended(m.FAILED, now, reason=str(error)))
            self._journal.end(turn)
            return
        turn.began_at, turn.began_offset = now, turn.offset
        self.current, self._kept_at = turn, now
        self._journal.keep(turn)
        self._journal.changed()

    def _ended(self, result: str, by: str = "", reason: str = "") -> tuple[Turn, Ended]:
        """Silence the output and say how the stretch went."""
        turn = self.current
        if turn is None or turn.began_at is None:
            raise RuntimeError("nothing sounds")
        turn.offset = min(turn.began_offset + self._output.sounding().seconds, turn.length)
        level = self._output.stop()
        self.current = None
        self._journal.changed()
        seconds = turn.offset - turn.began_offset
        return turn, Ended(result, turn.began_at + seconds, seconds, by, reason, level)

    def _finish(self, result: str, reason: str = "") -> None:
        turn, ended = self._ended(result, reason=reason)
        self._journal.row(turn, ended)
        self._journal.end(turn)
        self._tries.pop(turn.key, None)

    def _interrupt(self, newcomer: Turn) -> None:
        turn, ended = self._ended(m.INTERRUPTED, by=newcomer.item.id)
        self._broken(turn, ended)

    def _broken(self, turn: Turn, ended: Ended) -> None:
        """The stretch is over; whether the item goes on is the item's own flag."""
        self._journal.row(turn, ended)
        if turn.item.when_interrupted == m.DROP:
            self._journal.end(turn)
            return
        turn.sequence += 1
        turn.began_at = None
        turn.waits_since = ended.at
        turn.offset = turn.offset if turn.item.when_interrupted == m.RESUME else 0.0
        self.waiting.append(turn)
        self._journal.keep(turn)

    def _fail(self, turn: Turn, trouble: str, now: float) -> None:
        """A stream that breaks off is tried again; a file that does will not get better."""
        tries = self._tries[turn.key] = self._tries.get(turn.key, 0) + 1
        if turn.item.sound is not None or tries >= STREAM_TRIES:
            self._finish(m.FAILED, trouble)
            return
        turn, ended = self._ended(m.INTERRUPTED, reason=trouble)
        self._broken(turn, ended)
        turn.waits_since = now


def _place(turn: Turn) -> tuple[int, int, float, str]:
    return turn.place

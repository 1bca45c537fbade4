"""What became of one device's part in a play, by the device's own log. Pure, so that every late line is weighed alike.

Seconds come from the device's monotonic clock and are right whatever its wall clock says; its wall-clock times are
mended by the error it knew of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

EXPECTED, PLAYING, PLAYED, PARTLY, INTERRUPTED = "expected", "playing", "played", "partly", "interrupted"
SILENT, REFUSED, OFFLINE, CANCELLED, UNPROVEN = "silent", "refused", "offline", "cancelled", "unproven"
NO_LOG = "Loa của hãng không gửi nhật ký phát."
WHOLE = 0.95
"""A stretch is cut to whole frames and a loop has gaps: from here on it counts as played to the end."""
MUTE = -60.0
"""dBFS. Below it the amplifier gave nothing, whatever the player believed."""
GRACE = timedelta(seconds=90)
"""A log line may come this long after the end before the part is called silent."""
HIGHEST_SKEW = 14 * 3600.0
"""An error above it is no error but a clock that was never set; such a clock's times are not mended."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a device's log."""

    sequence: int
    started_at: datetime | None
    ended_at: datetime | None
    seconds: float
    result: str
    interrupted_by: str = ""
    volume: int = 0
    level: float | None = None
    reason: str = ""
    clock_offset: float = 0.0


@dataclass(frozen=True, slots=True)
class Part:
    """What was expected. `ends_at` is when it would end at the latest; `stopped_at` when somebody stopped the play."""

    scheduled_at: datetime
    ends_at: datetime
    wanted_seconds: float
    stopped_at: datetime | None = None
    refusal: str = ""
    """What the device answered to the command, when it refused it."""
    keeps_log: bool = True
    """A speaker of another maker tells nobody what it played: nothing it does is proven."""


@dataclass(frozen=True, slots=True)
class Outcome:
    state: str
    is_settled: bool
    started_at: datetime | None = None
    ended_at: datetime | None = None
    seconds: float = 0.0
    interrupted_by: str = ""
    volume: int = 0
    level: float | None = None
    reason: str = ""


def settle(part: Part, lines: Sequence[Line], now: datetime, was_heard: bool) -> Outcome:
    """`was_heard`: the device was connected at some minute of the part. Only asked when the log says nothing."""
    if not lines:
        return _without_lines(part, now, was_heard)
    in_order = sorted(lines, key=lambda line: line.sequence)
    last = in_order[-1]
    seconds = round(sum(max(line.seconds, 0.0) for line in in_order), 1)
    state = _state(part, in_order, seconds, now)
    levels = [line.level for line in in_order if line.level is not None]
    return Outcome(
        state=state,
        is_settled=state not in (EXPECTED, PLAYING),
        started_at=min((m for line in in_order if (m := _mended(line.started_at, line))), default=None),
        ended_at=max((m for line in in_order if (m := _mended(line.ended_at, line))), default=None),
        seconds=seconds,
        interrupted_by=next((line.interrupted_by for line in reversed(in_order) if line.interrupted_by), ""),
        volume=last.volume,
        level=max(levels, default=None),
        reason=last.reason,
    )


def _mended(moment: datetime | None, line: Line) -> datetime | None:
    if moment is None or abs(line.clock_offset) > HIGHEST_SKEW:
        return moment
    return moment - timedelta(seconds=line.clock_offset)


def _without_lines(part: Part, now: datetime, was_heard: bool) -> Outcome:
    if part.refusal:
        return Outcome(REFUSED, True, reason=part.refusal)
    if part.stopped_at is not None and part.stopped_at <= part.scheduled_at:
        return Outcome(CANCELLED, True)
    if now < part.ends_at + GRACE:
        return Outcome(EXPECTED, False)
    if was_heard and not part.keeps_log:
        return Outcome(UNPROVEN, True, reason=NO_LOG)
    return Outcome(SILENT if was_heard else OFFLINE, True)


def _state(part: Part, lines: Sequence[Line], seconds: float, now: datetime) -> str:
    last = lines[-1]
    if seconds <= 0 and last.result in ("refused", "skipped"):
        return REFUSED
    is_open = part.wanted_seconds <= 0  # a live broadcast is as long as it is
    is_whole = last.result in ("played", "stopped") if is_open else seconds >= WHOLE * part.wanted_seconds
    # A play that somebody stopped is done where it stopped: the device did all it was still asked.
    is_obeyed = last.result == "stopped" and part.stopped_at is not None
    may_go_on = last.result == "interrupted" and not is_whole
    if may_go_on and now < part.ends_at + GRACE and not is_obeyed:
        return PLAYING
    levels = [line.level for line in lines if line.level is not None]
    if seconds <= 0 or (levels and max(levels) < MUTE):
        return SILENT
    if is_whole:
        return PLAYED
    return INTERRUPTED if last.result in ("interrupted", "stopped") else PARTLY

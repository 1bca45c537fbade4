"""When a message may leave. Pure; hours are on the Vietnamese wall clock, which the caller gives."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, time, timedelta

DAY = timedelta(hours=24)
FEWEST, MOST = 20, 400
AHEAD = 0.15
"""Seconds of sending that a portion is made for: what it holds becomes unclear when the sender is killed."""


def opens_at(local: datetime, window: tuple[time, time] | None) -> datetime:
    """The moment itself when the window is open, else its next opening, on the same wall clock."""
    if window is None or window[0] <= local.time() < window[1]:
        return local
    day = local.date() if local.time() < window[0] else local.date() + timedelta(days=1)
    return datetime.combine(day, window[0], local.tzinfo)


def room_at(now: datetime, sent: Sequence[datetime], per_day: int) -> datetime:
    """Now while fewer than `per_day` went to this number within 24 hours, else when the oldest of them is a day old."""
    if not per_day:
        return now
    recent = sorted(moment for moment in sent if moment > now - DAY)
    return now if len(recent) < per_day else recent[-per_day] + DAY


def back_off(attempt: int, spread: random.Random | None = None, most: float = 60.0) -> float:
    """Seconds to wait before the next attempt: doubled each time, spread so that not all come back at once."""
    longest = min(most, 0.5 * 2 ** min(attempt, 16))
    return longest * (0.5 + (spread or random).random() / 2)


def portion(last: int, seconds: float) -> int:
    """How many messages to take up next, when the last portion left in so many seconds."""
    return max(FEWEST, min(MOST, int(AHEAD * last / max(seconds, 0.001))))

"""24 hours of beats in one small text: per hour a mask of the minutes in which the device was heard.

One row per device is rewritten a minute instead of 1.8 million rows a day being written for 1,239 devices.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

HOURS = 24
WIDTH = 15  # hexadecimal digits of 60 bits
EMPTY = "0" * (WIDTH * HOURS)


def hour_of(moment: datetime) -> int:
    """Hours since 1970: the number of the hour a moment lies in."""
    return int(moment.timestamp()) // 3600


def with_beat(history: str, last_hour: int, moment: datetime) -> tuple[str, int]:
    """The text with this beat in it, and its newest hour. The newest hour stands first."""
    hour = hour_of(moment)
    if not history or hour - last_hour >= HOURS:
        history, last_hour = EMPTY, hour
    if hour > last_hour:
        history = ("0" * (WIDTH * (hour - last_hour)) + history)[: len(EMPTY)]
        last_hour = hour
    place = last_hour - hour
    if place >= HOURS:
        return history, last_hour  # a beat of the day before yesterday: nobody is shown it any more
    start = place * WIDTH
    mask = int(history[start : start + WIDTH], 16) | 1 << (int(moment.timestamp()) // 60 % 60)
    return history[:start] + f"{mask:0{WIDTH}x}" + history[start + WIDTH :], last_hour


def heard(history: str, last_hour: int, now: datetime) -> list[tuple[datetime, int]]:
    """(start of the hour, minutes heard) of the last 24 hours, the oldest first."""
    this_hour = hour_of(now)
    found = []
    for hour in range(this_hour - HOURS + 1, this_hour + 1):
        place = last_hour - hour
        mask = int(history[place * WIDTH : (place + 1) * WIDTH] or "0", 16) if history and 0 <= place < HOURS else 0
        found.append((datetime(1970, 1, 1, tzinfo=UTC) + timedelta(hours=hour), mask.bit_count()))
    return found


def was_heard(history: str, last_hour: int, start: datetime, end: datetime) -> bool:
    """Whether any beat fell between the two moments, as far back as the text reaches."""
    minute = int(start.timestamp()) // 60
    last = int(end.timestamp()) // 60
    while history and minute <= last:
        place = last_hour - minute // 60
        if 0 <= place < HOURS and int(history[place * WIDTH : (place + 1) * WIDTH], 16) >> (minute % 60) & 1:
            return True
        minute += 1
    return False

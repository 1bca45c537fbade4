"""Quiet hours, how long, how loud. Class khẩn cấp is above all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xaso.modules.speakers.rules.scheduling import MINUTES_A_DAY, clock_words, minute_of

Cap = tuple[str, str, int]
"""("05:00", "06:00", 60): from, until, the highest volume between."""


@dataclass(frozen=True, slots=True)
class Limits:
    quiet: tuple[tuple[str, str], ...]
    caps: tuple[Cap, ...]
    longest_seconds: int
    volume: int
    """How loud when nobody says otherwise."""


def _spans(start: str, end: str) -> list[tuple[int, int]]:
    """Minutes of the day from one time to another, over midnight in two spans."""
    first, last = minute_of(start), minute_of(end)
    return [(first, last)] if first < last else [(first, MINUTES_A_DAY), (0, last)]


def quiet_at(limits: Limits, minute: int, seconds: float) -> tuple[str, str] | None:
    """The quiet hours that something starting at this minute of the day would break into."""
    length = max(1, -(-int(seconds) // 60))
    sounding = {(minute + step) % MINUTES_A_DAY for step in range(min(length, MINUTES_A_DAY))}
    for start, end in limits.quiet:
        if any(first <= at < last for first, last in _spans(start, end) for at in sounding):
            return start, end
    return None


def cap_at(caps: Sequence[Cap], minute: int) -> int:
    """The lowest cap in force at a minute of the day; 100 when there is none."""
    return min(
        (volume for start, end, volume in caps for first, last in _spans(start, end) if first <= minute < last),
        default=100,
    )


def refusals(limits: Limits, minutes: Sequence[int], seconds: float, volume: int | None) -> list[str]:
    """Sentences for everything that is not allowed at these times of day. Empty: it may be played."""
    found = []
    if seconds > limits.longest_seconds:
        found.append(
            f"Bản tin dài {length_words(seconds)}, quá mức {length_words(limits.longest_seconds)} cho một lần phát. "
            "Hãy rút ngắn hoặc chia thành nhiều bản."
        )
    for minute in sorted(set(minutes)):
        if hit := quiet_at(limits, minute, seconds):
            found.append(f"{clock_words(minute)} chạm giờ yên tĩnh {hit[0]}–{hit[1]}. Hãy chọn giờ khác.")
        cap = cap_at(limits.caps, minute)
        if volume is not None and volume > cap:
            found.append(f"Lúc {clock_words(minute)} chỉ được mở loa đến {cap} %. Hãy giảm âm lượng.")
    return found


def length_words(seconds: float) -> str:
    """3 phút 20 giây."""
    whole = max(1, round(seconds))
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "giờ"), (minutes, "phút"), (rest if not hours else 0, "giây")]
    return " ".join(f"{count} {word}" for count, word in parts if count)


def faults_of_limits(
    quiet: Sequence[tuple[str, str]], caps: Sequence[Cap], longest_seconds: int, longest_by_village: int
) -> list[str]:
    """What is wrong with limits somebody wants to set. Sentences."""
    found = []
    try:
        hours = sum(last - first for start, end in quiet for first, last in _spans(start, end))
        for start, end, _ in caps:
            _spans(start, end)
    except ValueError:
        return ["Giờ viết như 05:30 hoặc 21:00."]
    if hours > 20 * 60:
        found.append("Giờ yên tĩnh chiếm gần hết ngày, loa sẽ không phát được gì. Hãy rút bớt.")
    if any(not 1 <= volume <= 100 for _, _, volume in caps):
        found.append("Âm lượng tối đa từ 1 đến 100.")
    if not 60 <= longest_seconds <= 7200 or not 10 <= longest_by_village <= longest_seconds:
        found.append("Bản tin dài nhất từ 1 đến 120 phút; của trưởng thôn không dài hơn của xã.")
    return found

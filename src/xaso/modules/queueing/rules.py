"""Decisions about the queue. Pure: no database, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median

PRIORITY_IN_A_ROW = 2
"""After so many priority tickets one ordinary ticket is called, so that nobody waits for ever."""

ENOUGH_SERVED = 3
"""With fewer services today a waiting time would be a guess; then nothing is said."""


@dataclass(frozen=True, slots=True)
class InLine:
    """A waiting ticket, as far as the order of calling needs it."""

    number: int
    field: str = ""
    is_priority: bool = False


def takes(fields: Sequence[str], field: str) -> bool:
    """May a counter for these fields call a ticket of this field? A counter without fields takes everything, and a
    ticket without a field may be called by every counter."""
    return not fields or not field or field in fields


def next_in_line(line: Iterable[InLine], fields: Sequence[str], called_before: Sequence[bool]) -> InLine | None:
    """Who is called next at a counter for these fields.

    `called_before`: whether each ticket this counter called today was a priority one, oldest first.
    """
    mine = sorted((one for one in line if takes(fields, one.field)), key=lambda one: one.number)
    priority = [one for one in mine if one.is_priority]
    ordinary = [one for one in mine if not one.is_priority]
    recent = list(called_before[-PRIORITY_IN_A_ROW:])
    ordinary_turn = len(recent) == PRIORITY_IN_A_ROW and all(recent)
    if priority and not (ordinary_turn and ordinary):
        return priority[0]
    return ordinary[0] if ordinary else None


def ahead_of(me: InLine, line: Iterable[InLine], counters: Sequence[Sequence[str]]) -> int:
    """How many waiting people may be called before this one, by the counters (their fields) that could call it."""
    mine = [fields for fields in counters if takes(fields, me.field)]
    rivals = [one for one in line if one.number != me.number and any(takes(fields, one.field) for fields in mine)]
    if me.is_priority:
        return sum(one.is_priority and one.number < me.number for one in rivals)
    return sum(one.is_priority or one.number < me.number for one in rivals)


def expected_minutes(ahead: int, counters: int, service_seconds: Sequence[int]) -> int | None:
    """Minutes until the turn, from the usual length of today's services; None when nobody can know."""
    if counters < 1 or len(service_seconds) < ENOUGH_SERVED:
        return None
    return ceil(ahead / counters * median(service_seconds) / 60)


@dataclass(frozen=True, slots=True)
class Spread:
    """How long people waited: how many, the usual one, the longest. In seconds."""

    count: int
    median: int
    longest: int


def spread(seconds: Sequence[int]) -> Spread | None:
    """None when there is nothing to measure: a missing figure is never zero."""
    if not seconds:
        return None
    return Spread(len(seconds), round(median(seconds)), max(seconds))


def wait_words(seconds: int | None) -> str:
    """95 → "2 phút": people wait in minutes."""
    if seconds is None:
        return "chưa có số liệu"
    minutes = ceil(seconds / 60)
    if minutes < 60:
        return f"{minutes} phút" if seconds else "gọi ngay"
    return f"{minutes // 60} giờ {minutes % 60} phút" if minutes % 60 else f"{minutes // 60} giờ"

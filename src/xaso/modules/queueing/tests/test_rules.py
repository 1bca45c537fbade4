"""The order of calling, as a table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xaso.modules.queueing.rules import (
    InLine,
    ahead_of,
    expected_minutes,
    next_in_line,
    spread,
    takes,
    wait_words,
)

A, B = "Hộ tịch", "Đất đai"


def line(text: str) -> list[InLine]:
    """`3A 5P 6B*`: number, field A or B (or . for none), * for priority."""
    fields = {"A": A, "B": B, ".": ""}
    return [InLine(int(word[:1]), fields[word[1]], word.endswith("*")) for word in text.split()]


@pytest.mark.parametrize(
    ("waiting", "fields", "before", "expected"),
    [
        ("", [], [], None),
        ("2A 1A", [], [], 1),
        ("1A 2A*", [], [], 2),
        ("1A 3A* 2A*", [], [], 2),
        ("1A 2A*", [], [True], 2),
        ("1A 2A*", [], [True, True], 1),
        ("2A* 3A*", [], [True, True], 2),
        ("1A 2A*", [], [True, True, False], 2),
        ("1A 2A*", [], [False, True, True], 1),
        ("1B 2A", [A], [], 2),
        ("1B 2B*", [A], [], None),
        ("1. 2A", [A], [], 1),
        ("1B 3A* 2A*", [A], [True, True], 2),
    ],
)
def test_who_is_called_next(waiting, fields, before, expected):
    chosen = next_in_line(line(waiting), fields, before)
    assert (chosen.number if chosen else None) == expected


@given(st.lists(st.booleans(), min_size=1, max_size=40))
def test_nobody_starves_and_nobody_is_called_twice(kinds):
    waiting = {number: InLine(number, "", kind) for number, kind in enumerate(kinds, 1)}
    called: list[InLine] = []
    while chosen := next_in_line(waiting.values(), [], [one.is_priority for one in called]):
        called.append(waiting.pop(chosen.number))
        ordinary_waits = any(not one.is_priority for one in waiting.values())
        if ordinary_waits:
            assert not all(one.is_priority for one in called[-3:]) or len(called) < 3
    assert sorted(one.number for one in called) == list(range(1, len(kinds) + 1))


@pytest.mark.parametrize(
    ("fields", "field", "expected"), [([], A, True), ([A], A, True), ([A], B, False), ([A], "", True)]
)
def test_which_counter_takes_a_ticket(fields, field, expected):
    assert takes(fields, field) is expected


def test_people_ahead_are_those_the_same_counters_may_call_first():
    waiting = line("1A 2B 3A 4A* 5B*")
    assert ahead_of(waiting[2], waiting, [[A], [B]]) == 2
    assert ahead_of(waiting[2], waiting, [[]]) == 4
    assert ahead_of(waiting[4], waiting, [[]]) == 1
    assert ahead_of(waiting[0], waiting, []) == 0


@pytest.mark.parametrize(
    ("ahead", "counters", "seconds", "minutes"),
    [
        (4, 2, [300, 300, 300], 10),
        (3, 2, [60, 600, 600], 15),
        (0, 1, [300, 300, 300], 0),
        (4, 2, [300, 300], None),
        (4, 0, [300, 300, 300], None),
    ],
)
def test_expected_waiting_time_is_known_or_not_said(ahead, counters, seconds, minutes):
    assert expected_minutes(ahead, counters, seconds) == minutes


def test_spread_of_nothing_is_missing_not_zero():
    assert spread([]) is None
    found = spread([60, 120, 600])
    assert (found.count, found.median, found.longest) == (3, 120, 600)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(None, "chưa có số liệu"), (0, "gọi ngay"), (61, "2 phút"), (3600, "1 giờ"), (5400, "1 giờ 30 phút")],
)
def test_waiting_in_words(seconds, words):
    assert wait_words(seconds) == words

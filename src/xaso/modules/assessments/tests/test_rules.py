"""Decisions without a database."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xaso.modules.assessments import rules
from xaso.modules.assessments.rules import MOVES, Part, State

TEN = Decimal(10)


def test_every_state_is_in_the_table_and_reached():
    assert set(MOVES) == set(State) == set(rules.TITLES)
    reached = {State.DRAFT}.union(*MOVES.values())
    assert reached == set(State)


def test_after_the_review_began_the_unit_cannot_write():
    assert not rules.EDITABLE & {State.SUBMITTED, State.RESUBMITTED, State.APPRAISING, State.APPRAISED, State.APPROVED}
    assert State.APPRAISING not in {to for state in rules.EDITABLE for to in MOVES[state]}


@pytest.mark.parametrize(
    ("points", "computed", "has_evidence", "owed"),
    [
        (None, TEN, False, False),
        (TEN, TEN, True, False),
        (TEN, TEN, False, True),
        (Decimal(9), TEN, True, True),
        (TEN, None, True, False),
        (TEN, None, False, True),
        (Decimal(0), None, False, False),
        (Decimal(0), TEN, True, True),
    ],
)
def test_when_words_are_owed(points, computed, has_evidence, owed):
    assert bool(rules.owes_explanation(points, computed, has_evidence=has_evidence)) is owed


def test_faults_name_the_component():
    parts = [
        Part("1.1", TEN),
        Part("1.2", TEN, computed=TEN, self_points=Decimal(8)),
        Part("1.3", TEN, computed=TEN, self_points=Decimal(8), self_note="vì"),
        Part("1.4", Decimal(0), is_scored=False),
    ]
    assert [code for code, _ in rules.self_score_faults(parts)] == ["1.1", "1.2"]


@pytest.mark.parametrize(
    ("points", "fault"), [("-1", "từ 0 đến 10"), ("10.01", "từ 0 đến 10"), ("1.005", "hai số"), ("10", ""), ("0", "")]
)
def test_points_lie_within_the_maximum(points, fault):
    assert fault in rules.points_fault(Decimal(points), TEN)
    assert bool(rules.points_fault(Decimal(points), TEN)) is bool(fault)


def test_equal_points_share_a_rank():
    points = [("a", Decimal(90)), ("b", Decimal(80)), ("c", Decimal(80)), ("d", Decimal(70))]
    assert rules.ranked(points) == {"a": 1, "b": 2, "c": 2, "d": 4}


@given(st.lists(st.decimals(0, 1000, places=2), max_size=30))
def test_a_rank_is_one_more_than_those_better(values):
    points = [(str(number), value) for number, value in enumerate(values)]
    ranks = rules.ranked(points)
    assert all(ranks[key] == 1 + sum(other > value for _, other in points) for key, value in points)


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [(2, 5, "tăng 3 bậc"), (5, 2, "giảm 3 bậc"), (4, 4, "giữ nguyên"), (4, None, ""), (None, 4, "")],
)
def test_the_change_of_rank(now, before, said):
    assert rules.rank_change(now, before) == said


def test_totals_of_nothing_are_nothing():
    assert rules.total([None, None]) is None
    assert rules.total([None, Decimal("1.5")]) == Decimal("1.50")


def test_points_in_words():
    shown = [rules.show(one) for one in (Decimal("12.50"), Decimal(0), None, Decimal(1000), Decimal("0.05"))]
    assert shown == ["12,5", "0", "–", "1.000", "0,05"]


def test_the_last_day_of_an_appeal():
    assert rules.appeal_until(date(2025, 3, 31), 10) == date(2025, 4, 10)

"""The word for a target, the states of a task. No database."""

from datetime import date
from decimal import Decimal

import pytest

from xaso.modules.targets import rules
from xaso.modules.targets.rules import Question, Result, TaskState

LAST, BEFORE, AFTER = date(2024, 12, 31), date(2024, 12, 20), date(2025, 1, 15)


def asked(standing, on=AFTER, **more):
    return Question(standing=standing, on=on, due_on=LAST, **more)


@pytest.mark.parametrize(
    ("standing", "on", "result"),
    [
        ("better", AFTER, Result.EXCEEDED),
        ("better", BEFORE, Result.EXCEEDED),
        ("equal", AFTER, Result.MET),
        ("worse", AFTER, Result.FAILED),
        ("worse", BEFORE, Result.NOT_DUE),
        ("worse", LAST, Result.NOT_DUE),
        ("missing", BEFORE, Result.NO_FIGURE),
        ("missing", AFTER, Result.NO_FIGURE),
        ("unsure", AFTER, Result.TO_CONFIRM),
    ],
)
def test_the_word_for_a_target(standing, on, result):
    assert rules.result_of(asked(standing, on)) == result


def test_a_dropped_target_is_neither_met_nor_missed():
    assert rules.result_of(asked("better", is_dropped=True)) == Result.DROPPED


@pytest.mark.parametrize(
    ("standing", "actual", "comparator", "result"),
    [
        ("equal", "100", "=", Result.MET),
        ("better", "101.2", "=", Result.MET),
        ("unsure", "98", ">", Result.FAILED),
        ("worse", "99.99", "=", Result.FAILED),
        ("unsure", "99", "~>", Result.TO_CONFIRM),
        ("unsure", "100", "~<", Result.FAILED),
    ],
)
def test_a_share_of_100_can_be_met_and_never_exceeded(standing, actual, comparator, result):
    question = asked(
        standing, is_percent=True, wanted=Decimal("100.0000"), actual=Decimal(actual), comparator=comparator
    )
    assert rules.result_of(question) == result


def test_a_hundred_pieces_can_be_exceeded():
    question = asked("better", is_percent=False, wanted=Decimal(100), actual=Decimal(120))
    assert rules.result_of(question) == Result.EXCEEDED


def test_yes_or_no_is_met_or_not():
    assert rules.result_of(asked("better", is_yes_no=True)) == Result.MET


def test_a_word_counts_only_where_the_number_leaves_it_open():
    assert rules.with_word(asked("unsure"), Result.MET) == Result.MET
    assert rules.with_word(asked("worse"), Result.MET) == Result.FAILED
    assert rules.with_word(asked("missing"), Result.MET) == Result.NO_FIGURE
    assert rules.with_word(asked("missing", is_yes_no=True), Result.MET) == Result.MET
    assert rules.with_word(asked("unsure"), Result.NOT_DUE) == Result.TO_CONFIRM


def test_the_line_of_the_article():
    results = [Result.EXCEEDED] * 4 + [Result.MET] * 11
    counts = rules.counted(results)
    assert counts.line == "4/15 vượt, 11/15 đạt, 0 không đạt"
    assert counts.short_line == "15 chỉ tiêu: 4 vượt, 11 đạt, 0 không đạt"
    assert counts.of(Result.EXCEEDED) + counts.of(Result.MET) + counts.of(Result.FAILED) == counts.total == 15


def test_what_is_undecided_is_said_aloud():
    counts = rules.counted([Result.MET, Result.NO_FIGURE, Result.FAILED])
    assert counts.line == "0 vượt, 1/3 đạt, 1/3 không đạt, 1/3 chưa có số liệu"
    assert rules.counted([]).line == "Chưa có chỉ tiêu được duyệt"


@pytest.mark.parametrize(
    ("actual", "wanted", "direction", "percent"),
    [
        ("45", "60", "higher", "75.00"),
        ("2", "3", "higher", "66.67"),
        ("9", "10", "lower", None),
        ("9", "0", "higher", None),
        (None, "60", "higher", None),
    ],
)
def test_percent_of_plan(actual, wanted, direction, percent):
    found = rules.percent_of_plan(actual and Decimal(actual), Decimal(wanted), direction)
    assert found == (Decimal(percent) if percent else None)


def test_every_state_has_its_words():
    assert set(rules.STATE_LABELS) == set(TaskState)
    assert set(rules.RESULT_LABELS) == set(Result)
    assert set(rules.MOVES) == set(TaskState) - {TaskState.NOT_DUE}


def test_what_is_cancelled_stays_so():
    assert not any(rules.may_move("cancelled", then) for then in TaskState)


def test_planned_for_later_is_not_neglected():
    later, today = date(2024, 6, 1), date(2024, 3, 1)
    assert rules.shown_state("not_started", later, today) == TaskState.NOT_DUE
    assert rules.shown_state("not_started", later, later) == TaskState.NOT_STARTED
    assert rules.shown_state("doing", later, today) == TaskState.DOING


def test_a_paused_task_is_still_late():
    assert rules.is_late("paused", date(2024, 3, 1), date(2024, 3, 2))
    assert not rules.is_late("paused", date(2024, 3, 1), date(2024, 3, 1))
    assert not rules.is_late("done", date(2024, 3, 1), date(2025, 3, 2))


def test_what_a_target_lacks():
    bare = rules.TargetFacts("x", has_value=False, has_source=False, has_head=False, tasks=0)
    assert len(rules.lacks_of_target(bare)) == 4
    assert not rules.lacks_of_target(rules.TargetFacts("x", True, True, True, 1))


def test_a_task_serves_a_target_or_is_a_condition():
    assert rules.lacks_of_task(0, False, True, True)
    assert not rules.lacks_of_task(0, True, True, True)
    assert not rules.lacks_of_task(2, False, True, True)


def test_units_nobody_knows_about_may_still_meet_it():
    assert rules.units_meeting(["better", "equal", "worse"]) == ("=", 2)
    assert rules.units_meeting(["better", "missing", "unsure"]) == (">=", 1)
    assert rules.units_meeting(["worse"]) == ("=", 0)


def test_overspending():
    assert rules.overspent(100, 60, 40) == 0
    assert rules.overspent(100, 60, 41) == 1

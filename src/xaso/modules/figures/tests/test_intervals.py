"""What "hơn", "gần", "ít nhất" say about a target."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xaso.modules.figures.rules.intervals import compare, interval
from xaso.modules.figures.rules.values import COMPARATORS, Value

BETTER = st.sampled_from(["higher", "lower"])
NUMBERS = st.integers(0, 60).map(lambda n: Decimal(n) * 2)


def actual(number, comparator="=", value_type="percent"):
    number = None if number is None else Decimal(number)
    return Value("k", value_type, "26.", "2024", comparator, number, origin="declared")


@pytest.mark.parametrize(
    ("is_now", "target", "better", "verdict"),
    [
        (("98", ">"), ("=", 98), "higher", "better"),
        (("98", ">"), ("=", 100), "higher", "worse"),
        (("98", ">"), ("=", 99), "higher", "unsure"),
        (("100",), ("=", 100), "higher", "equal"),
        (("100",), (">", 100), "higher", "worse"),
        (("60",), (">=", 60), "higher", "equal"),
        (("75",), (">=", 60), "higher", "better"),
        (("60", ">="), (">=", 60), "higher", "equal"),
        (("60", ">="), (">", 60), "higher", "unsure"),
        (("90", "~<"), ("=", 90), "higher", "worse"),
        (("90", "~<"), ("=", 80), "higher", "better"),
        (("90", "~<"), ("=", 85), "higher", "unsure"),
        (("50", "<"), ("=", 60), "higher", "worse"),
        (("50", "<"), ("=", 40), "higher", "unsure"),
    ],
)
def test_shares(is_now, target, better, verdict):
    assert compare(actual(*is_now), target[0], Decimal(target[1]), better) == verdict


@pytest.mark.parametrize(
    ("number", "comparator", "target", "verdict"),
    [("8", "=", "<=", "better"), ("10", "=", "<=", "equal"), ("12", "=", "<=", "worse"), ("10", "<=", "<=", "equal"),
     ("10", "=", "<", "worse"), ("10", ">", "<=", "worse"), ("9", ">", "<=", "unsure")],
)  # fmt: skip
def test_a_rank_is_better_lower(number, comparator, target, verdict):
    assert compare(actual(number, comparator, "rank"), target, Decimal(10), "lower") == verdict


def test_more_than_has_no_end_for_a_count():
    assert compare(actual(1400, ">", "count"), ">=", Decimal(1500), "higher") == "unsure"
    assert compare(actual(1400, ">", "count"), ">=", Decimal(1400), "higher") == "better"


def test_without_a_direction_the_value_lies_within():
    assert compare(actual(5, "=", "count"), "=", Decimal(5), "none") == "equal"
    assert compare(actual(6, "=", "count"), "=", Decimal(5), "none") == "worse"
    assert compare(actual(6, ">", "count"), ">=", Decimal(5), "none") == "equal"
    assert compare(actual(4, ">", "count"), ">=", Decimal(5), "none") == "unsure"
    assert compare(actual(5, "<", "count"), ">=", Decimal(5), "none") == "worse"


def test_missing_is_not_worse():
    assert compare(Value("k", "percent", "26.", "2024"), "=", Decimal(1), "higher") == "missing"
    assert compare(actual(None, value_type="label"), "=", Decimal(1), "higher") == "unsure"


@given(
    NUMBERS, st.sampled_from(COMPARATORS), NUMBERS, st.sampled_from(COMPARATORS), st.sampled_from(["higher", "lower"])
)
def test_a_verdict_holds_for_everything_the_number_can_be(number, comparator, bar, target, better):
    """Every number the wording allows gets the verdict; where two get different ones, it is unsure."""
    known = interval(comparator, number, "count")
    possible = [Decimal(n) / 2 for n in range(400) if known.holds(Decimal(n) / 2)]
    one_by_one = {compare(actual(n, "=", "count"), target, bar, better) for n in possible}
    verdict = compare(actual(number, comparator, "count"), target, bar, better)
    if verdict == "unsure":
        assert len(one_by_one) != 1 or comparator != "="
    elif verdict == "equal":
        assert one_by_one <= {"equal", "better"}
    else:
        assert one_by_one <= {verdict}


@given(NUMBERS, st.sampled_from(COMPARATORS), NUMBERS, st.sampled_from(COMPARATORS))
def test_turned_over_the_verdict_turns_over(number, comparator, bar, target):
    """Strictly worse one way is better the other way, where standing on the bar is not the question."""
    up = compare(actual(number, comparator, "count"), target, bar, "higher")
    down = compare(actual(number, comparator, "count"), target, bar, "lower")
    if number != bar and {up, down} & {"better"}:
        assert {up, down} == {"better", "worse"}

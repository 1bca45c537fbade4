"""Calculating with values: comparators travel, missing stays missing, what stands on two legs says so."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from xaso.core.measures.periods import period_of
from xaso.modules.figures.rules.covering import covering
from xaso.modules.figures.rules.intervals import interval
from xaso.modules.figures.rules.values import COMPARATORS, NOT_APPLICABLE, Value, chosen, share, total

BLANK = Value("k", "percent", "26.", "2024")


def known(number, comparator="=", **more):
    more.setdefault("origin", "declared")
    return Value("p", "count", "26.", "2024", comparator, Decimal(number), is_verified=True, **more)


def test_a_share_is_exact():
    found = share(BLANK, known(1), known(3))
    assert (found.number, found.numerator, found.denominator) == (Decimal(100) / 3, 1, 3)
    assert found.origin == "computed"
    assert found.rests_on_declared
    assert found.is_verified


def test_nothing_to_take_a_share_of_is_not_zero():
    found = share(BLANK, known(0), known(0))
    assert found.is_missing
    assert found.is_not_applicable
    assert found.text == NOT_APPLICABLE
    lacking = share(BLANK, known(5), Value("p", "count", "26.", "2024"))
    assert lacking.is_missing
    assert not lacking.is_not_applicable


def test_more_than_all_is_not_proved():
    assert not share(BLANK, known(15), known(14)).is_verified


def test_a_sum_needs_all_its_parts():
    assert total(BLANK, [known(7956, "~<"), known(3294)]).comparator == "~<"
    assert total(BLANK, [known(7956), known(3294)]).number == 11250
    assert total(BLANK, [known(1), Value("p", "count", "26.", "2024")]).is_missing
    assert total(BLANK, [known(1, ">"), known(1, "<")]).is_missing


def test_computed_before_declared_with_the_gap():
    computed, declared = known(98, origin="computed"), known(95)
    found = chosen(computed, declared)
    assert (found.number, found.others, found.gap) == (98, (declared,), 3)
    assert chosen(Value("p", "count", "26.", "2024"), declared) is declared
    assert chosen(None, None) is None


NUMBERS = st.integers(1, 50)


@given(NUMBERS, st.sampled_from(COMPARATORS), NUMBERS, st.sampled_from(COMPARATORS), st.data())
def test_what_is_calculated_holds_what_can_be(above, above_cmp, below, below_cmp, data):
    """Whatever the parts really are, the share and the sum lie within what their comparators say."""
    one, other = interval(above_cmp, Decimal(above), "count"), interval(below_cmp, Decimal(below), "count")
    real_one, real_other = _some(one, data), _some(other, data)
    added = total(BLANK, [known(above, above_cmp), known(below, below_cmp)])
    if not added.is_missing and added.comparator not in {"~<", "~>"}:
        assert interval(added.comparator, added.number, "count").holds(real_one + real_other)
    divided = share(BLANK, known(above, above_cmp), known(below, below_cmp))
    if real_other and not divided.is_missing and divided.comparator in {"=", ">", ">="}:
        low = interval(divided.comparator, divided.number, "count")
        assert low.holds(real_one * 100 / real_other)


def _some(known_interval, data):
    possible = [Decimal(n) / 4 for n in range(1, 400) if known_interval.holds(Decimal(n) / 4)]
    return data.draw(st.sampled_from(possible)) if possible else (known_interval.low + known_interval.high) / 2


def test_months_quarters_and_halves_make_up_a_year():
    year = period_of("2024")
    months = [period_of(f"2024-{n:02d}") for n in range(1, 13)]
    assert covering(year.since, year.until, months) == months
    assert covering(year.since, year.until, months[:-1]) == []
    mixed = [period_of("2024-H1"), period_of("2024-Q3"), *months[9:]]
    assert [one.key for one in covering(year.since, year.until, [*mixed, *months[:3]])] == [
        "2024-H1", "2024-Q3", "2024-10", "2024-11", "2024-12",
    ]  # fmt: skip

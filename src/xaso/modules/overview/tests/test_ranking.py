"""Ranks, numbers far from the others, and the classes of the map."""

from decimal import Decimal

from xaso.modules.overview.rules.ranking import Standing, bounds_of, class_of, outliers, ranked, too_good


def test_units_are_ranked_within_their_kind_and_ties_share_a_place():
    standings = [
        Standing("a", "commune", Decimal(90)),
        Standing("b", "commune", Decimal(95)),
        Standing("c", "commune", Decimal(90)),
        Standing("d", "commune", Decimal(80)),
        Standing("e", "ward", Decimal(10)),
        Standing("f", "commune", None),
        Standing("g", "commune", Decimal(100), is_verified=False),
    ]
    assert ranked(standings) == {"b": 1, "a": 2, "c": 2, "d": 4, "e": 1}
    assert ranked(standings, higher_is_better=False)["d"] == 1


def test_a_number_far_from_the_middle_is_told_with_the_middle():
    numbers = {str(n): Decimal(60 + n) for n in range(9)} | {"x": Decimal(100)}
    assert set(outliers(numbers)) == {"x"}
    odd = outliers(numbers)["x"]
    assert odd.is_above
    assert odd.low < odd.middle < odd.high


def test_where_most_are_equal_only_what_differs_notably_is_told():
    numbers = {str(n): Decimal(100) for n in range(9)}
    assert set(outliers(numbers | {"x": Decimal(98)})) == set()
    assert set(outliers(numbers | {"x": Decimal(40)})) == {"x"}


def test_few_numbers_tell_nothing():
    assert outliers({"a": Decimal(1), "b": Decimal(99)}) == {}


def test_everything_whole_without_parts_is_too_good():
    whole = (Decimal(100), False)
    assert too_good([whole, whole, whole])
    assert not too_good([whole, whole])
    assert not too_good([whole, whole, (Decimal(100), True)])
    assert not too_good([whole, whole, (Decimal(90), False)])
    assert not too_good([(None, False), whole, whole])


def test_the_first_class_has_reached_the_target():
    numbers = [Decimal(n) for n in (99, 98, 80, 70, 60, 50, 40, 30)]
    bounds = bounds_of(numbers, Decimal(98), higher_is_better=True)
    assert bounds[0] == Decimal(98)
    classes = [class_of(number, bounds, higher_is_better=True) for number in numbers]
    assert classes == [0, 0, 1, 1, 2, 2, 3, 3]
    assert class_of(None, bounds, higher_is_better=True) is None


def test_lower_is_better_turns_the_classes():
    numbers = [Decimal(n) for n in range(8)]
    bounds = bounds_of(numbers, None, higher_is_better=False)
    assert class_of(Decimal(0), bounds, higher_is_better=False) == 0
    assert class_of(Decimal(7), bounds, higher_is_better=False) == 3

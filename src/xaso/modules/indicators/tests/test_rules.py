"""Every formula type, row by row."""

from decimal import Decimal
from fractions import Fraction

import pytest

from xaso.modules.indicators.rules.numbers import half_up, said
from xaso.modules.indicators.rules.totals import total_of
from xaso.modules.indicators.tests.making import component, facts, scored, version, version_of

RATIO = {"type": "RATIO", "a": "a", "b": "b", "share": "ab"}
RATIO_T = RATIO | {"type": "RATIO_T", "threshold": 80}
SYNCED = RATIO_T | {"threshold": 50, "times": "sync"}
INVERSE = {"type": "RATIO", "a": "a", "b": "b", "inverse": True}
LESS = {"type": "RATIO_T", "a": "b", "b": "b", "less": ["late", "angry"], "threshold": 90}
BANDS = {
    "type": "BANDS",
    "figure": "n",
    "bands": [
        {"from": 0, "below": 1, "share": 0},
        {"from": 1, "below": 3, "share": 0.25},
        {"from": 3, "below": 4, "share": 0.75},
        {"from": 4, "share": 1},
    ],
}
CHOICE = {
    "type": "CHOICE",
    "figure": "head",
    "options": [
        {"key": "head", "label": "Bí thư hoặc Chủ tịch", "share": 1},
        {"key": "deputy", "label": "Cấp phó", "share": 0.5},
        {"key": "none", "label": "Chưa có", "share": 0},
    ],
}
SPLIT = {"type": "SPLIT", "parts": [{"figure": key, "label": key} for key in ("x", "y", "z")]}
WEIGHED = {"type": "SPLIT", "parts": [{"figure": "x", "label": "x", "weight": 3}, {"figure": "y", "label": "y"}]}
YESNO = {"type": "YESNO", "figure": "x"}
DOC = {"type": "DOC", "figure": "x"}
DATED = {"type": "DOC", "figure": "x", "issued": "on", "due": "01-31", "late": 0.4}
COUNT_T = {"type": "COUNT_T", "figure": "n", "threshold": 24}
PER_TEAM = {"type": "COUNT_T", "figure": "n", "threshold": 12, "per": "teams"}
PER_POP = {"type": "PER_POP", "a": "a", "population": "people", "per": 100, "threshold": 5}
RELATIVE = {"type": "RELATIVE", "figure": "n"}

ROWS = [
    ("half", RATIO, {"a": 7, "b": 14}, "5.00"),
    ("never more than everything", RATIO, {"a": 20, "b": 10}, "10.00"),
    ("rounded half up", RATIO, {"a": 1, "b": 8}, "1.25"),
    ("rounded half up at the hundredth", RATIO, {"a": 1245, "b": 10000}, "1.25"),
    ("a third", RATIO, {"a": 1, "b": 3}, "3.33"),
    ("nothing of something is nothing", RATIO, {"a": 0, "b": 3}, "0.00"),
    ("a is missing", RATIO, {"b": 3}, "missing"),
    ("b is missing", RATIO, {"a": 3}, "missing"),
    ("nothing to divide by", RATIO, {"a": 0, "b": 0}, "not_applicable"),
    ("only the share is known", RATIO, {"ab": 55}, "5.50"),
    ("the share knows its parts", RATIO, {"ab": (27, 27), "a": 1, "b": 100}, "10.00"),
    ("the share has nothing to divide by", RATIO, {"ab": (0, 0)}, "not_applicable"),
    ("the share counts before empty counts", RATIO, {"ab": 25, "a": 0, "b": 0}, "2.50"),
    ("at the threshold", RATIO_T, {"a": 80, "b": 100}, "10.00"),
    ("below the threshold: the part of the way", RATIO_T, {"a": 60, "b": 100}, "7.50"),
    ("above the threshold", RATIO_T, {"a": 99, "b": 100}, "10.00"),
    ("times what is synchronised", SYNCED, {"a": 50, "b": 100, "sync": 50}, "5.00"),
    ("synchronised more than all counts once", SYNCED, {"a": 50, "b": 100, "sync": 120}, "10.00"),
    ("synchronised is missing", SYNCED, {"a": 50, "b": 100}, "missing"),
    ("as quick as allowed", INVERSE, {"a": 100, "b": 100}, "10.00"),
    ("quicker than allowed", INVERSE, {"a": 50, "b": 100}, "10.00"),
    ("twice the time", INVERSE, {"a": 200, "b": 100}, "5.00"),
    ("no time at all", INVERSE, {"a": 0, "b": 100}, "10.00"),
    ("no limits", INVERSE, {"a": 5, "b": 0}, "not_applicable"),
    ("late and angry are taken off", LESS, {"b": 100, "late": 30, "angry": 25}, "5.00"),
    ("more taken off than there is", LESS, {"b": 10, "late": 8, "angry": 8}, "0.00"),
    ("what is taken off is missing", LESS, {"b": 10, "late": 8}, "missing"),
    ("lowest band", BANDS, {"n": 0}, "0.00"),
    ("begin of a band", BANDS, {"n": 1}, "2.50"),
    ("end of a band", BANDS, {"n": 2}, "2.50"),
    ("last band has no end", BANDS, {"n": 400}, "10.00"),
    ("no count", BANDS, {}, "missing"),
    ("by its key", CHOICE, {"head": "deputy"}, "5.00"),
    ("by its words", CHOICE, {"head": "bí thư hoặc chủ tịch"}, "10.00"),
    ("an answer that is none", CHOICE, {"head": "Trưởng thôn"}, "missing"),
    ("no answer", CHOICE, {}, "missing"),
    ("two of three", SPLIT, {"x": 1, "y": 0, "z": 1}, "6.67"),
    ("one part unknown", SPLIT, {"x": 1, "y": 1}, "missing"),
    ("by weight", WEIGHED, {"x": 1, "y": 0}, "7.50"),
    ("yes", YESNO, {"x": 1}, "10.00"),
    ("no", YESNO, {"x": 0}, "0.00"),
    ("yes in words", YESNO, {"x": "có"}, "10.00"),
    ("not said", YESNO, {}, "missing"),
    ("a document", DOC, {"x": 1}, "10.00"),
    ("no document", DOC, {"x": 0}, "0.00"),
    ("not known whether there is one", DOC, {}, "missing"),
    ("on the last day", DATED, {"x": 1, "on": "2024-01-31"}, "10.00"),
    ("a day late", DATED, {"x": 1, "on": "2024-02-01"}, "4.00"),
    ("no day given", DATED, {"x": 1}, "missing"),
    ("no document, so no day", DATED, {"x": 0}, "0.00"),
    ("half the count", COUNT_T, {"n": 12}, "5.00"),
    ("more than the count", COUNT_T, {"n": 30}, "10.00"),
    ("so many per team", PER_TEAM, {"n": 84, "teams": 14}, "5.00"),
    ("no team", PER_TEAM, {"n": 84, "teams": 0}, "not_applicable"),
    ("teams not known", PER_TEAM, {"n": 84}, "missing"),
    ("per hundred people", PER_POP, {"a": 70, "people": 7000}, "2.00"),
    ("full per hundred", PER_POP, {"a": 400, "people": 7000}, "10.00"),
    ("nobody lives there", PER_POP, {"a": 0, "people": 0}, "not_applicable"),
    ("not counted", INFO := {"type": "INFO", "figures": ["n"]}, {"n": 3}, "info"),
    ("not counted, not known", INFO, {}, "missing"),
]


@pytest.mark.parametrize(("formula", "given", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_a_formula(formula, given, expected):
    item = scored(formula, 0 if formula["type"] == "INFO" else 10, **given)
    if expected in ("missing", "not_applicable", "info"):
        assert item.state == expected
        assert item.points in (None, 0)
        assert (item.points is None) == (expected != "not_applicable")  # policy zero
    else:
        assert (item.state, str(item.points)) == ("scored", expected)
    assert item.outcome.explanation.endswith(".")


def test_relative_to_the_best_of_the_province():
    assert scored(RELATIVE, n=30, best={"n": 40}).points == Decimal("7.50")
    assert scored(RELATIVE, n=40, best={"n": 40}).points == 10
    assert scored(RELATIVE, n=0, best={"n": 0}).state == "not_applicable"
    assert scored(RELATIVE, best={"n": 40}).state == "missing"


def test_a_level_is_told_and_gives_no_points():
    steps = [{"level": 1, "from": 0, "label": "Khởi đầu"}, {"level": 2, "from": 50, "label": "Hình thành"}]
    item = scored({"type": "LEVEL", "figure": "n", "steps": steps}, 0, n=50)
    assert (item.state, item.points, item.outcome.explanation) == ("info", None, "Mức 2: Hình thành.")


PASS = {
    "type": "PASSFAIL",
    "conditions": [{"label": "Loa", "a": "a", "b": "b", "at_least": 66}, {"label": "Đài", "figure": "x"}],
}


@pytest.mark.parametrize(
    ("given", "state"),
    [
        ({"a": 2, "b": 3, "x": 1}, "passed"),
        ({"a": 1, "b": 3, "x": 1}, "failed"),
        ({"a": 1, "b": 3}, "failed"),  # one that fails decides
        ({"a": 2, "b": 3}, "missing"),
        ({"a": 0, "b": 0, "x": 1}, "passed"),  # what does not apply asks nothing
        ({}, "missing"),
    ],
)
def test_pass_or_fail(given, state):
    item = scored(PASS, 0, **given)
    assert (item.state, item.points) == (state, None)


def test_at_most_and_a_number():
    late = {"type": "PASSFAIL", "conditions": [{"label": "Tồn", "figure": "n", "at_most": 0}]}
    assert scored(late, 0, n=0).state == "passed"
    assert scored(late, 0, n=1).state == "failed"


def test_all_of_the_others():
    one = version(
        [
            component("8", 0, {"type": "PASSFAIL", "all_of": ["8.1", "8.2"]}),
            component("8.1", 0, {"type": "PASSFAIL", "conditions": [{"label": "a", "figure": "x"}]}),
            component("8.2", 0, {"type": "PASSFAIL", "conditions": [{"label": "b", "figure": "y"}]}),
        ]
    )
    for given, state in (({"x": 1, "y": 1}, "passed"), ({"x": 1, "y": 0}, "failed"), ({"x": 1}, "missing")):
        total = total_of(one, facts(**given))
        assert (total.items()[0].state, total.passed) == (state, state)


def test_passed_with_points():
    yes = {"type": "PASSFAIL", "conditions": [{"label": "a", "figure": "x"}]}
    assert scored(yes, 10, x=1).points == 10
    assert scored(yes, 10, x=0).points == 0
    assert scored(yes, 10).points is None


def test_a_line_not_meant_for_communes():
    one = version([component("1.1", 3, YESNO, applies=False, not_applicable="full"), component("1.2", 7, YESNO)])
    items = total_of(one, facts(x=0)).items()
    assert [(item.state, item.points) for item in items] == [("not_applicable", 3), ("scored", 0)]


def test_a_line_that_applies_only_when_somebody_says_so():
    one = version([component("1.1", 3, YESNO, applies_when="opened", not_applicable="full")])
    for opened, state, points in ((0, "not_applicable", 3), (1, "scored", 0), (None, "scored", 0)):
        (item,) = total_of(one, facts(x=0, opened=opened)).items()
        assert (item.state, item.points) == (state, points)


def three(policy, **more):
    """Three components; the second has nothing to divide by."""
    return version(
        [
            component("1.1", 20, YESNO),
            component("1.2", 15, RATIO, **more),
            component("1.3", 15, {"type": "YESNO", "figure": "y"}),
        ],
        not_applicable=policy,
    )


def test_not_applicable_policies():
    known = facts(x=1, y=1, a=0, b=0)
    assert [one.points for one in total_of(three("zero"), known).items()] == [20, 0, 15]
    assert [one.points for one in total_of(three("full"), known).items()] == [20, 15, 15]
    moved = total_of(three("redistribute"), known)
    assert [(one.points, one.max) for one in moved.items()] == [
        (Decimal("28.57"), Decimal("28.57")),
        (None, 0),
        (Decimal("21.43"), Decimal("21.43")),
    ]
    assert (moved.points, moved.counted_max) == (50, 50)
    own = total_of(three("redistribute", not_applicable="full"), known)
    assert [one.points for one in own.items()] == [20, 15, 15]


def test_points_that_nothing_can_take_are_not_counted():
    one = version([component("1.1", 10, RATIO), component("1.2", 5, RATIO)])
    total = total_of(one, facts(a=0, b=0))
    assert (total.points, total.counted_max) == (0, 0)


def test_missing_holds_its_points_open():
    total = total_of(three("redistribute"), facts(x=1, a=0, b=0))
    assert (total.points, total.counted_max) == (Decimal("28.57"), Decimal("28.57"))
    assert total.items()[2].points is None


def test_ratio_is_rounded_before_it_is_judged():
    """QĐ 766: ratios to two decimals. 79.996 % is 80.00 %, which is the threshold."""
    one = version([component("1.1", 10, RATIO_T)], ratio_places=2)
    assert total_of(one, facts(places=2, a=79996, b=100000)).points == 10
    assert total_of(one, facts(a=79996, b=100000)).points == Decimal("10.00")  # 9.9995 rounds up as points
    assert total_of(one, facts(places=2, a=7999, b=10000)).points == Decimal("10.00")
    assert total_of(one, facts(places=0, a=795, b=1000)).points == 10


def test_level_of_the_total():
    levels = [
        {"level": 1, "from": 0, "label": "Khởi đầu"},
        {"level": 2, "from": 40, "label": "Hình thành"},
        {"level": 3, "from": 60, "label": "Phát triển"},
    ]
    groups = [
        {
            "code": str(n),
            "label": "Nhóm",
            "max": 10,
            "components": [component(f"{n}.1", 10, {"type": "YESNO", "figure": key})],
        }
        for n, key in enumerate("xyz")
    ]
    one = version_of(groups, levels=levels)
    assert total_of(one, facts(x=1, y=0, z=0)).level.level == 1
    assert total_of(one, facts(x=1, y=1, z=0)).level.level == 3
    assert total_of(one, facts(x=1, y=0)).level.level == 2  # half of what is counted
    assert total_of(one, facts()).level is None


def test_numbers():
    assert half_up(Fraction(1, 200)) == Decimal("0.01")
    assert half_up(Fraction(-1, 200)) == Decimal("-0.01")
    assert [said(Decimal(n)) for n in ("1412", "98.6", "0.005", "1234567.891", "100.00")] == [
        "1.412",
        "98,6",
        "0,01",
        "1.234.567,89",
        "100",
    ]

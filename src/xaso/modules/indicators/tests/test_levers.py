"""The best three actions: known answers, and equal to trying out everything."""

import itertools
from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from xaso.modules.indicators.rules.levers import best_moves
from xaso.modules.indicators.rules.targets import moves_of, settled
from xaso.modules.indicators.rules.totals import total_of
from xaso.modules.indicators.tests.making import TODAY, component, facts, readings, version, version_of

YESNO = {"type": "YESNO", "figure": "x"}


def ratio(a, b, **more):
    return {"type": "RATIO", "a": a, "b": b} | more


def answer(one, known, count=3):
    return [
        (chosen.move.figure, chosen.move.now.number, chosen.gain) for chosen in best_moves(one, known, TODAY, count)
    ]


def test_the_three_strongest():
    one = version(
        [
            component("1.1", 10, ratio("a", "b"), lever={"figure": "a"}),
            component("1.2", 20, YESNO, lever={"figure": "x"}),
            component("1.3", 5, ratio("c", "b"), lever={"figure": "c"}),
            component("1.4", 4, ratio("d", "b"), lever={"figure": "d"}),
        ]
    )
    known = facts(a=5, b=10, x=0, c=0, d=0)
    assert answer(one, known) == [("x", 1, 20), ("a", 10, 5), ("c", 10, 5)]
    assert answer(one, known, 1) == [("x", 1, 20)]


def test_a_threshold_is_where_an_action_ends():
    one = version([component("1.1", 10, ratio("a", "b", type="RATIO_T", threshold=80), lever={"figure": "a"})])
    assert answer(one, facts(a=10, b=99)) == [("a", 80, Decimal("8.74"))]


def test_a_band_needs_its_whole_step():
    bands = [{"from": 0, "below": 3, "share": 0}, {"from": 3, "below": 9, "share": 0.5}, {"from": 9, "share": 1}]
    formula = {"type": "BANDS", "figure": "n", "bands": bands}
    reachable = version([component("1.1", 10, formula, lever={"figure": "n", "most": 5})])
    assert answer(reachable, facts(n=1)) == [("n", 3, 5)]
    too_far = version([component("1.1", 10, formula, lever={"figure": "n", "most": 2})])
    assert answer(too_far, facts(n=1)) == []


def test_what_is_open_bounds_what_can_rise():
    one = version([component("1.1", 10, ratio("done", "all"), lever={"figure": "done", "room": "open"})])
    assert answer(one, facts(done=50, all=100, open=10)) == [("done", 60, 1)]
    assert answer(one, facts(done=50, all=100)) == []


def test_nothing_is_promised_of_what_is_not_known():
    one = version([component("1.1", 10, ratio("a", "b"), lever={"figure": "a"})])
    assert answer(one, facts(b=10)) == []
    assert answer(one, facts(a=1)) == []


def test_one_figure_in_two_components_counts_twice():
    one = version(
        [
            component("1.1", 10, ratio("a", "b"), lever={"figure": "a"}),
            component("1.2", 10, {"type": "COUNT_T", "figure": "a", "threshold": 4}),
        ]
    )
    assert answer(one, facts(a=2, b=8)) == [("a", 8, Decimal("12.5"))]


def test_more_members_make_the_trained_share_smaller():
    """The members' count is a numerator here and a denominator there: raising it is only worth the difference."""
    one = version(
        [
            component("4.4", 15, ratio("trained", "members"), lever={"figure": "trained"}),
            component(
                "4.5",
                5,
                {"type": "PER_POP", "a": "members", "population": "people", "per": 100, "threshold": 5},
                lever={"figure": "members"},
            ),
        ]
    )
    assert answer(one, facts(trained=10, members=10, people=1000)) == []
    assert answer(one, facts(trained=0, members=10, people=1000)) == [
        ("trained", 10, 15),
    ]


def test_raising_a_denominator_from_nothing_takes_moved_points_back():
    one = version(
        [
            component("1.1", 10, ratio("teams", "villages"), lever={"figure": "teams"}),
            component("1.2", 10, {"type": "COUNT_T", "figure": "sessions", "threshold": 12, "per": "teams"}),
        ],
    )
    assert answer(one, facts(teams=0, villages=4, sessions=0)) == [("teams", 4, 10)]  # 0 of 20 becomes 10 + 0
    assert answer(one, facts(teams=0, villages=4, sessions=48)) == [("teams", 4, 20)]


def test_points_that_move_decide_what_is_worth_doing():
    """Teams alone give 8, members alone 20 (ten of them moved there). Teams take those ten back: together only 18."""
    sessions = {"type": "COUNT_T", "figure": "sessions", "threshold": 12, "per": "teams"}
    moving = [component("1.1", 10, sessions), component("1.2", 10, ratio("members", "b"), lever={"figure": "members"})]
    teams = [component("2.1", 8, ratio("teams", "b"), lever={"figure": "teams"})]
    one = version_of(
        [
            {"code": "1", "label": "Nhóm", "max": 20, "components": moving},
            {"code": "2", "label": "Nhóm", "max": 8, "components": teams},
        ]
    )
    assert answer(one, facts(teams=0, sessions=0, members=0, b=4)) == [("members", 4, 20)]


def test_of_equal_points_the_cheaper():
    costs = {"a": 500, "c": 100}
    one = version(
        [
            component(f"1.{key}", 10, ratio(key, "b"), lever={"figure": key, "cost_per_unit": cost})
            for key, cost in costs.items()
        ]
    )
    chosen = best_moves(one, facts(a=0, c=0, b=4), TODAY, 1)
    assert [(one.move.figure, one.move.cost) for one in chosen] == [("c", 400)]


def test_a_document_written_today_may_be_late():
    formula = {"type": "DOC", "figure": "x", "issued": "on", "due": "01-31", "late": 0.4}
    one = version([component("1.1", 10, formula, lever={"figure": "x"})])
    assert answer(one, facts(x=0)) == [("x", 1, 4)]


def test_a_declared_share_with_its_numbers_can_rise():
    one = version([component("1.1", 10, ratio("a", "b", share="ab"), lever={"figure": "a"})])
    assert answer(one, facts(ab=(5, 20))) == [("a", 20, Decimal("7.5"))]


def test_the_best_answer_of_a_choice():
    options = [{"key": key, "label": key, "share": share} for key, share in (("head", 1), ("deputy", 0.5), ("none", 0))]
    formula = {"type": "CHOICE", "figure": "head", "options": options}
    one = version([component("1.1", 10, formula, lever={"figure": "head"})])
    (chosen,) = best_moves(one, facts(head="none"), TODAY)
    assert (chosen.move.now.text, chosen.gain) == ("head", 10)


NUMERATORS = ["n1", "n2", "n3", "n4"]
BASES = ["b1", "b2"]
numerators, bases = st.sampled_from(NUMERATORS), st.sampled_from(BASES)
BANDED = st.lists(st.integers(1, 6), min_size=1, max_size=3, unique=True).map(sorted)


def banded(figure, cuts):
    bands = [
        {"from": start, "share": Decimal(n) / 3} | ({"below": stop} if stop else {})
        for n, (start, stop) in enumerate(zip([0, *cuts], [*cuts, None], strict=True))
    ]
    bands = [band | {"share": min(Decimal(1), round(band["share"], 2))} for band in bands]
    return {"type": "BANDS", "figure": figure, "bands": bands}


def formulas(denominators):
    return st.one_of(
        st.builds(ratio, numerators, denominators),
        st.builds(
            lambda a, b, t: ratio(a, b, type="RATIO_T", threshold=t), numerators, denominators, st.integers(10, 99)
        ),
        st.builds(banded, numerators, BANDED),
        st.builds(lambda a, t: {"type": "COUNT_T", "figure": a, "threshold": t}, numerators, st.integers(1, 6)),
        st.builds(
            lambda a, t, per: {"type": "COUNT_T", "figure": a, "threshold": t, "per": per},
            numerators,
            st.integers(1, 3),
            denominators,
        ),
    )


@st.composite
def cases(draw, denominators=bases):
    groups = []
    for number in range(draw(st.integers(1, 2))):
        components = [
            component(f"{number}.{n}", draw(st.integers(1, 20)), draw(formulas(denominators)))
            for n in range(draw(st.integers(1, 3)))
        ]
        groups.append(
            {"code": str(number), "label": "Nhóm", "components": components, "max": sum(c["max"] for c in components)}
        )
    for one in (c for group in groups for c in group["components"]):
        figure = one["formula"].get("a") or one["formula"]["figure"]
        most = draw(st.one_of(st.none(), st.integers(1, 6)))
        lever = {"figure": figure, "cost_per_unit": draw(st.integers(0, 3))}
        one["lever"] = lever | ({"most": most} if most else {})
    known = {key: draw(st.one_of(st.none(), st.integers(0, 6))) for key in (*NUMERATORS, *BASES)}
    policy = draw(st.sampled_from(["redistribute", "zero"]))
    return version_of(groups, not_applicable=policy), known


def total(one, known):
    return total_of(one, known).points


@settings(max_examples=250, deadline=None)
@given(cases())
def test_equal_to_trying_every_value_of_every_three_figures(case):
    """Numerators only: between two corners more of one never scores less, so the ends and corners are enough."""
    one, given_numbers = case
    known = facts(**given_numbers)
    reach = {
        figure: range(int(given_numbers[figure]) + 1, int(max(move.now.number for move in moves)) + 1)
        for figure, moves in moves_of(one, known, TODAY).items()
    }
    base, best = total(one, known), Decimal(0)
    for size in (1, 2, 3):
        for chosen in itertools.combinations(reach, size):
            for values in itertools.product(*(reach[figure] for figure in chosen)):
                changed = readings(**(given_numbers | dict(zip(chosen, values, strict=True))))
                best = max(best, total(one, replace(known, readings=changed)) - base)
    assert sum((chosen.gain for chosen in best_moves(one, known, TODAY)), Decimal(0)) == best


@settings(max_examples=250, deadline=None)
@given(cases(denominators=st.sampled_from([*BASES, *NUMERATORS])), st.integers(1, 3))
def test_equal_to_trying_every_set_of_actions(case, count):
    """Also where a figure divides elsewhere and points move within a group: points first, then money."""
    one, given_numbers = case
    known = settled(one, facts(**given_numbers))
    moves = moves_of(one, known, TODAY)
    base, best = total(one, known), (Decimal(0), 0, 0)
    for size in range(1, count + 1):
        for figures in itertools.combinations(moves, size):
            for chosen in itertools.product(*(moves[figure] for figure in figures)):
                changed = dict(known.readings)
                for move in chosen:
                    changed |= move.changes
                gain = total(one, replace(known, readings=changed)) - base
                best = max(best, (gain, -sum(move.cost for move in chosen), -size))
    answer = best_moves(one, known, TODAY, count)
    found = (sum((one.gain for one in answer), Decimal(0)), -sum(one.move.cost for one in answer), -len(answer))
    assert found == best

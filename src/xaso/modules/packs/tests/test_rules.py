"""Writing, reading and adding lines. Pure."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xaso.modules.packs import rules
from xaso.modules.packs.rules import Evidence, Line, Rows
from xaso.modules.packs.tests.making import line, share

words = st.text('aấđ"\\\n|€😀 ', max_size=12)
MOST = 10**12
numbers = st.none() | st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-MOST, max_value=MOST)
ids = st.none() | st.tuples(st.integers(1), st.integers(1))
lines = st.builds(
    Line, key=words, label=words, number=numbers, numerator=numbers, denominator=numbers, text=words,
    rows=st.tuples(st.builds(Rows, words, st.integers(0), words, ids)),
)  # fmt: skip


@given(st.lists(lines, max_size=4), st.lists(st.builds(Evidence, words, words, words, words, words), max_size=3))
def test_what_is_written_is_read_again(given_lines, documents):
    text = rules.body({"unit": "09157"}, given_lines, documents)
    sealed = rules.read(text)
    assert sealed.lines == tuple(given_lines)
    assert sealed.documents == tuple(documents)
    assert rules.body({"unit": "09157"}, sealed.lines, sealed.documents) == text


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (line(number=1412), "1.412 hộ"),
        (line(number="98.6", type="percent"), "98,6 %"),
        (share("x", 71, 72), "98,61 % (71/72)"),
        (line(number=100, type="ratio", numerator=Decimal(14), denominator=Decimal(14)), "14/14"),
        (line(number=98, type="percent", comparator=">"), "hơn 98 %"),
        (line(number=None, origin="missing"), "chưa có số liệu"),
        (line(number=None, origin="missing", text="không áp dụng"), "không áp dụng"),
        (line(number=0, type="yes_no"), "không"),
        (line(number=2500000, type="money"), "2.500.000 đồng"),
        (line(number=None, text="2024-05-01", type="date"), "2024-05-01"),
    ],
)
def test_a_line_in_words(one, said):
    assert rules.worded(one) == said


def test_the_same_amount_written_otherwise_is_no_change():
    assert rules.state(line(number="98.60")) == rules.state(line(number="98.6"))
    assert rules.state(line(number=None, origin="missing")) == rules.state(
        line(number=None, origin="missing", text="a")
    )
    assert rules.state(line(number=0)) != rules.state(line(number=None, origin="missing"))


def test_a_share_of_the_whole_is_not_the_mean_of_shares():
    total = rules.add_up([share("x", 1, 1), share("x", 0, 3)])
    assert (total.number, total.numerator, total.denominator) == (25, 1, 4)


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 10**6)), min_size=1, max_size=20))
def test_a_sum_is_the_sum(pairs):
    total = rules.add_up([share("x", *pair) for pair in pairs])
    assert total.numerator == sum(above for above, _ in pairs)
    assert total.number == Decimal(sum(a for a, _ in pairs)) * 100 / Decimal(sum(b for _, b in pairs))


@pytest.mark.parametrize(
    ("signs", "whole"),
    [("==", "="), ("=>", ">"), (["=", ">="], ">="), ("<<", "<"), (["<", "~<"], "~<"), ("<>", "~>"), (["~>"], "~>")],
)
def test_how_sure_a_sum_is(signs, whole):
    assert rules.add_up([line(comparator=sign) for sign in signs]).comparator == whole


def test_what_has_no_share_of_what_cannot_be_added():
    assert not rules.addable(line(type="percent"))
    assert not rules.addable(line(type="rank"))
    assert not rules.addable(line(number=None))
    assert rules.addable(share("x", 1, 2))


def test_many_rows_keep_their_digest_only():
    few, many = rules.rows_of("m", range(5_000)), rules.rows_of("m", range(5_001))
    assert few.ids is not None
    assert (many.ids, many.count) == (None, 5_001)
    assert few.digest != many.digest


def test_the_rows_tell_why_a_figure_changed():
    was, now = rules.rows_of("m", [1, 2, 3]), rules.rows_of("m", [2, 3, 4, 5])
    assert rules.cause([was], [now]) == "Dữ liệu gốc thay đổi sau khi ký: thêm 2 dòng, bớt 1 dòng."
    assert rules.cause([was], [was]) == "Dữ liệu gốc thay đổi sau khi ký."
    assert "kê khai" in rules.cause([], [])

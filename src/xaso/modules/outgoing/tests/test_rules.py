"""Every verb against every state, capacities to sign, numbers as they are written, versions compared."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xaso.modules.outgoing.rules import capacity, comparing, moves, naming
from xaso.modules.outgoing.rules.capacity import Given


def test_the_table_of_moves_is_closed():
    for starts, to in moves.MOVES.values():
        assert starts <= set(moves.LABELS)
        assert to in moves.LABELS
    assert set(moves.TONES) == set(moves.LABELS)


def test_nothing_leaves_the_end_and_everything_is_reached():
    ends = {moves.REPLACED, moves.RECALLED, moves.CANCELLED}
    assert not [verb for verb, (starts, _) in moves.MOVES.items() if starts & ends]
    reached = {moves.DRAFT}
    for _ in moves.MOVES:
        reached |= {to for starts, to in moves.MOVES.values() if starts & reached}
    assert reached == set(moves.LABELS)


@pytest.mark.parametrize("verb", moves.MOVES)
def test_a_refused_move_names_the_step(verb):
    for state, label in moves.LABELS.items():
        allowed = state in moves.MOVES[verb][0]
        assert bool(moves.refusal(verb, state)) is not allowed
        assert allowed or label in moves.refusal(verb, state)


def test_a_number_is_only_given_after_a_signature_and_only_once():
    assert moves.MOVES["number"][0] == {moves.SIGNED}
    assert moves.NUMBERED not in moves.MOVES["return"][0]


@pytest.mark.parametrize(
    ("number", "symbol", "normative", "shown"),
    [
        (1, "QĐ-UBND", False, "01/QĐ-UBND"),
        (9, "UBND-VP", False, "09/UBND-VP"),
        (10, "QĐ-UBND", False, "10/QĐ-UBND"),
        (128, "QĐ-UBND", False, "128/QĐ-UBND"),
        (3, "QĐ-UBND", True, "03/2024/QĐ-UBND"),
        (None, "QĐ-UBND", False, ""),
    ],
)
def test_a_number_as_it_is_written(number, symbol, normative, shown):
    assert naming.code_of(number, symbol, 2024, is_normative=normative) == shown


@pytest.mark.parametrize(
    ("typed", "number"), [("12", 12), ("012/QĐ-UBND", 12), ("hộ nghèo", None), ("", None), ("1" * 30, None)]
)
def test_a_number_typed_to_find_a_document(typed, number):
    assert naming.parsed_number(typed) == number


@pytest.mark.parametrize(
    ("signed", "issued", "on_time"),
    [
        (date(2024, 3, 4), date(2024, 3, 4), True),
        (date(2024, 3, 4), date(2024, 3, 5), True),
        (date(2024, 3, 4), date(2024, 3, 6), False),
        (date(2024, 3, 8), date(2024, 3, 11), True),  # signed on Friday, issued on Monday
        (date(2024, 3, 8), date(2024, 3, 12), False),
        (date(2024, 3, 9), date(2024, 3, 11), True),  # signed on Saturday
    ],
)
def test_issued_in_time(signed, issued, on_time):
    assert naming.is_on_time(signed, issued, lambda day: day.isoweekday() <= 5) is on_time


DAY = date(2024, 3, 4)
KT = Given(1, 7, "KT", "Phó Chủ tịch", (), date(2024, 1, 1), None)


def how(title, delegations=(), *, is_leader=True, kind="quyet-dinh", day=DAY):
    return capacity.capacity_of(7, title, is_leader=is_leader, delegations=delegations, kind=kind, day=day)


def test_the_head_signs_and_a_deputy_needs_a_delegation():
    assert how("Chủ tịch").mode == "TM"
    assert how("").mode == "TM"
    assert how("Phó Chủ tịch") is None
    assert how("Phó Chủ tịch", [KT]).mode == "KT"
    assert how("Chánh Văn phòng", [KT], is_leader=False).delegation == 1


@pytest.mark.parametrize(
    "given",
    [
        Given(1, 8, "KT", "", (), date(2024, 1, 1), None),  # somebody else's
        Given(1, 7, "KT", "", ("ke-hoach",), date(2024, 1, 1), None),  # another kind
        Given(1, 7, "KT", "", (), date(2024, 3, 5), None),  # from tomorrow
        Given(1, 7, "KT", "", (), date(2024, 1, 1), date(2024, 3, 3)),  # until yesterday
    ],
)
def test_a_delegation_that_does_not_cover_it_is_none(given):
    assert how("Phó Chủ tịch", [given]) is None


@pytest.mark.parametrize(
    ("mode", "title", "collective", "block"),
    [
        ("TM", "Chủ tịch", True, ("TM", ("Ủy ban nhân dân",), "Chủ tịch")),
        ("TM", "Chủ tịch", False, ("", (), "Chủ tịch")),
        ("KT", "Phó Chủ tịch", True, ("KT", ("Ủy ban nhân dân", "Chủ tịch"), "Phó Chủ tịch")),
        ("KT", "Phó Chủ tịch", False, ("KT", ("Chủ tịch",), "Phó Chủ tịch")),
        ("TL", "Chánh Văn phòng", True, ("TL", ("Chủ tịch",), "Chánh Văn phòng")),
        ("TUQ", "Trưởng phòng", True, ("TUQ", ("Chủ tịch",), "Trưởng phòng")),
        ("Q", "Phó Chủ tịch", True, ("TM", ("Ủy ban nhân dân",), "Q. Chủ tịch")),
    ],
)
def test_the_block_over_the_name(mode, title, collective, block):
    made = capacity.block_of(capacity.Capacity(mode, title), "Chủ tịch", "Ủy ban nhân dân", is_collective=collective)
    assert (made.mode, made.titles, made.own) == block


def sides(pieces):
    old = "".join(one.text for one in pieces if one.kind != comparing.ADDED)
    new = "".join(one.text for one in pieces if one.kind != comparing.REMOVED)
    return old, new


WORDS = st.lists(st.sampled_from(["Điều 1.", "xã", "năm", "2024", "\n", "đề nghị", "và"]), max_size=40).map(" ".join)


@given(WORDS, WORDS)
def test_a_comparison_holds_both_texts_whole(old, new):
    assert sides(comparing.compared(old, new)) == (old, new)


def test_a_comparison_names_the_words_that_changed():
    pieces = comparing.compared("Rà soát 12 thôn\nĐề nghị cấp", "Rà soát 15 thôn\nĐề nghị cấp sớm")
    assert [(one.kind, one.text) for one in pieces if one.kind != "same"] == [
        ("removed", "12"), ("added", "15"), ("added", " sớm"),
    ]  # fmt: skip
    assert comparing.changes(pieces) == 3


def test_very_long_texts_are_compared_by_lines():
    old = "\n".join(f"Dòng {at} của văn bản dài" for at in range(4000))
    pieces = comparing.compared(old, old.replace("Dòng 7 ", "Dòng bảy "))
    assert sides(pieces)[0] == old


@pytest.mark.parametrize(
    ("state", "document", "taken"),
    [("01", "issued", True), ("06", "recalled", True), ("15", "issued", False), ("15", "recalled", True),
     ("03", "numbered", False), ("99", "issued", False)],
)  # fmt: skip
def test_a_report_about_a_copy(state, document, taken):
    assert bool(moves.follow_refusal(state, document)) is not taken

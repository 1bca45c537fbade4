"""The table of moves, levels, numbers as typed. No database."""

from datetime import date, datetime, timedelta

import pytest

from xaso.kit import clock
from xaso.modules.incoming import rules
from xaso.modules.incoming.rules import State, Urgency

ALLOWED = {
    "register": {"waiting"},
    "refuse": {"waiting"},
    "show": {"registered"},
    "remark": {"registered", "shown"},
    "keep": {"registered", "shown"},
    "reassign": {"assigned", "working"},
    "take": {"assigned"},
    "give_back": {"assigned", "working"},
    "finish": {"assigned", "working"},
    "answer": {"registered", "shown", "assigned", "working"},
    "reopen": {"done"},
    "accept_recall": {"waiting", "registered", "shown", "assigned", "working"},
}


def test_the_table_is_the_one_people_agreed_on():
    assert set(rules.MOVES) == set(ALLOWED)


@pytest.mark.parametrize("verb", ALLOWED)
@pytest.mark.parametrize("state", list(State))
def test_every_move_is_allowed_or_refused_with_a_sentence(verb, state):
    sentence = rules.why_not(verb, state)
    if state in ALLOWED[verb]:
        assert sentence == ""
    else:
        assert sentence.startswith(f"Văn bản đang ở trạng thái “{rules.LABELS[state]}” nên")
        assert sentence.endswith(".")


def test_open_and_closed_are_all_states():
    assert set(State) == rules.OPEN | rules.CLOSED
    assert not rules.OPEN & rules.CLOSED


def test_a_sender_is_told_each_state_once_and_never_backwards():
    assert rules.to_tell("registered", 1) == 3
    assert rules.to_tell("shown", 3) == 0
    assert rules.to_tell("assigned", 3) == 4
    assert rules.to_tell("assigned", 5) == 0
    assert rules.to_tell("done", 3) == 6
    assert rules.to_tell("refused", 1) == 2
    assert rules.to_tell("outside", 1) == 0


@pytest.mark.parametrize(
    ("given", "urgency"),
    [
        ("", 0), ("0", 0), ("Thường", 0), ("KHẨN", 1), ("1", 1), (1, 1), ("thuong-khan", 2), ("Thượng khẩn", 2),
        ("very_urgent", 2), ("hoả tốc", 3), ("hỏa tốc", 3), ("hoa_toc", 3), ("3", 3), ("Hoả tốc hẹn giờ", 3),
    ],
)  # fmt: skip
def test_urgency_is_understood_however_it_is_said(given, urgency):
    assert rules.urgency_of(given) == Urgency(urgency)


@pytest.mark.parametrize("given", ["4", "gấp lắm", "-1"])
def test_an_unknown_urgency_is_none(given):
    assert rules.urgency_of(given) in {None, Urgency.URGENT} if given == "-1" else rules.urgency_of(given) is None


@pytest.mark.parametrize("given", ["mat", "Mật", "Tối mật", "TUYỆT MẬT", "C", "secret", "gì đó lạ", "1"])
def test_any_level_named_counts_as_secret(given):
    assert rules.is_secret(given)


@pytest.mark.parametrize("given", ["", "không", "Không mật", "Thường", "0"])
def test_no_level_is_no_secret(given):
    assert not rules.is_secret(given)


def test_number_and_symbol_are_typed_in_one_go():
    assert rules.split_number("12/QĐ-UBND") == ("12", "QĐ-UBND")
    assert rules.split_number(" 07 / NQ-HĐND ") == ("07", "NQ-HĐND")
    assert rules.split_number("45") == ("45", "")
    assert rules.split_number("12/2024/QĐ-UBND") == ("12", "2024/QĐ-UBND")
    assert rules.abbreviation_of("QĐ-UBND") == "QĐ"


def test_the_same_document_has_the_same_key_however_it_was_typed():
    day = date(2024, 3, 1)
    one = rules.twin_key("Uỷ ban nhân dân huyện Vĩnh Tường", "12", "UBND-KT", day)
    assert one == rules.twin_key("UBND  Huyện Vĩnh Tường", "12", "ubnd-kt", day)
    assert one != rules.twin_key("UBND xã Liên Châu", "12", "UBND-KT", day)
    assert one != rules.twin_key("UBND huyện Vĩnh Tường", "12", "UBND-KT", date(2024, 3, 2))
    assert rules.twin_key("UBND huyện", "", "UBND-KT", day) == ""
    assert rules.twin_key("UBND huyện", "12", "UBND-KT", None) == ""


def test_an_arrival_has_an_identity_only_with_an_id():
    one = rules.arrival_key("26.252.09157.", "edxml", "H62.28", "abc")
    assert one == rules.arrival_key("26.252.09157.", "edxml", "h62.28", " abc ")
    assert one != rules.arrival_key("26.252.09055.", "edxml", "H62.28", "abc")
    assert one != rules.arrival_key("26.252.09157.", "email", "H62.28", "abc")
    assert rules.arrival_key("26.252.09157.", "scan", "H62.28", "") is None


def test_on_time_is_unknown_without_a_deadline():
    now = datetime(2024, 3, 4, 9, tzinfo=clock.VIETNAM)
    assert rules.on_time(now, None) is None
    assert rules.on_time(now, now) is True
    assert rules.on_time(now + timedelta(seconds=1), now) is False


def test_ages_leave_no_day_out():
    assert [rules.age_class(days) for days in (0, 3, 4, 10, 11, 4000)] == [0, 0, 1, 1, 2, 2]


def test_what_is_finished_says_how():
    assert rules.may_finish("handled", "", has_answer=False)
    assert rules.may_finish("no_answer", "", has_answer=False)
    assert rules.may_finish("answered", "", has_answer=False)
    assert not rules.may_finish("answered", "", has_answer=True)
    assert not rules.may_finish("handled", "Đã họp thôn.", has_answer=False)

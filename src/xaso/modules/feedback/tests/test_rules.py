"""Decisions without a database: moves, personal data, likeness, places, codes, the standard's moments and XML."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xaso.kit.fold import fold
from xaso.modules.feedback.definitions import desk
from xaso.modules.feedback.rules import georeport, moves, words
from xaso.modules.feedback.rules.moves import MOVES, State

NOW = datetime(2026, 3, 16, 8, tzinfo=UTC)


def test_every_state_has_words_a_tone_and_a_way_out():
    for state in State:
        assert moves.LABELS[state]
        assert moves.resident_words(state)
        assert moves.TONES[state]
    ends = {State.REFUSED, State.FORWARDED, State.DUPLICATE}
    for state in set(State) - ends - {State.WAITING}:
        assert any(state in before for before, _ in MOVES.values()), state
    assert not any(state in before for state in ends for before, _ in MOVES.values())


@pytest.mark.parametrize("verb", MOVES)
@pytest.mark.parametrize("state", State)
def test_a_verb_is_refused_with_a_sentence_everywhere_else(verb, state):
    sentence = moves.why_not(verb, state)
    assert bool(sentence) == (state not in MOVES[verb][0])
    assert not sentence or sentence.endswith(".")


def test_opening_again():
    def ask(**more):
        values = {"state": State.ANSWERED, "rounds": 1, "answered_at": NOW, "now": NOW, "days": 15} | more
        return moves.why_not_reopen(*values.values())

    assert ask() == ""
    assert ask(state=State.CLOSED) == ""
    assert ask(now=NOW + timedelta(days=15)) == ""
    assert "quá 15 ngày" in ask(now=NOW + timedelta(days=15, seconds=1))
    assert "một lần" in ask(rounds=2)
    assert "không làm được" in ask(state=State.REFUSED)


@pytest.mark.parametrize(
    "text",
    [
        "gọi tôi 0912345678", "0912 345 678", "0912.345.678", "+84 912 345 678", "84912345678", "0912-345-678",
        "máy bàn 0211 3836 123", "CCCD 026085001234", "026 085 001 234", "CMND 135792468", "lan@example.com",
        "lan (at) example.com", "ông Nguyễn Văn Dân", "ÔNG NGUYEN VAN DAN", "０９１２３４５６７８", "0912\u200b345678",
    ],
)  # fmt: skip
def test_personal_data_is_found_however_it_is_written(text):
    assert words.personal_data_in(text, ["Nguyễn Văn Dân"])


@pytest.mark.parametrize(
    "text",
    [
        "Đèn hỏng từ ngày 12/3/2026 lúc 19h30", "Hết 15.000.000 đồng", "150000000 đ", "Quốc lộ 2A, km 12+300",
        "Quyết định 15/2026/QĐ-UBND", "Dân cư đông", "Trạm 110 kV số 0123", "diện tích 250000000 m2",
    ],
)  # fmt: skip
def test_what_is_no_personal_data_stays(text):
    assert words.personal_data_in(text, ["Nguyễn Văn Dân", "Dân"]) == []


@given(st.from_regex(r"0[35789][0-9]{8}", fullmatch=True), st.sampled_from(["", " ", ".", "-"]), st.text(max_size=20))
def test_no_mobile_number_slips_through(phone, mark, around):
    written = f"{phone[:4]}{mark}{phone[4:7]}{mark}{phone[7:]}"
    before = "".join(c for c in around if not c.isdecimal() and c not in ".,")
    assert words.personal_data_in(f"{before} {written} {before}")


def test_likeness_is_of_words_not_of_marks():
    one = "Đèn đường trước nhà văn hoá thôn Đồng Mới hỏng"
    assert words.likeness(one, "den duong nha van hoa Dong Moi hong ca tuan") >= 80
    assert words.likeness(one, "Mất nước sạch xóm chùa ba hôm") < 20
    assert words.likeness(one, "") == 0


@given(st.text(max_size=80), st.text(max_size=80))
def test_likeness_has_no_direction(one, other):
    assert words.likeness(one, other) == words.likeness(other, one)
    assert 0 <= words.likeness(one, other) <= 100


def test_distances():
    assert round(words.metres_between((21.30, 105.48), (21.30, 105.48))) == 0
    assert 110 < words.metres_between((21.300, 105.48), (21.301, 105.48)) < 112


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("21.3012, 105.4821", (21.3012, 105.4821)),
        ("105.4821 21.3012", (21.3012, 105.4821)),
        ("https://maps.example/@21.3012,105.4821,17z", (21.3012, 105.4821)),
        ("48.8566, 2.3522", None),
        ("không có", None),
        ("999.123456,999.123456", None),
    ],
)
def test_coordinates_as_phones_copy_them(text, point):
    assert words.point_in(text) == point


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("PA đèn hỏng", "đèn hỏng"), ("pa: đèn hỏng", "đèn hỏng"), ("PAKN Ngũ Kiên đèn", "Ngũ Kiên đèn"),
        ("Phản ánh đèn hỏng", "đèn hỏng"), ("kien nghi sửa đường", "sửa đường"), ("PA", ""),
        ("pan đèn hỏng", None), ("xin chào", None), ("", None), ("đèn PA hỏng", None),
    ],
)  # fmt: skip
def test_what_is_a_report_in_a_message(text, rest):
    assert words.rest_after_keyword(text, desk().sms.keywords) == rest


def test_the_commune_and_the_village_of_a_message():
    names = {fold("Ngũ Kiên"): "1", fold("Liên Châu"): "2", fold("Ngũ"): "3"}
    assert words.place_first("Ngũ Kiên đèn hỏng", names) == ("1", "đèn hỏng")
    assert words.place_first("xa ngu kien: den hong", names) == ("1", "den hong")
    assert words.place_first("NGUKIEN den hong", names) == ("1", "den hong")
    assert words.place_first("đèn hỏng ở Ngũ Kiên", names) == ("", "đèn hỏng ở Ngũ Kiên")
    assert words.place_named("đèn thôn đồng mới hỏng", {"dong moi": "a", "dong": "b"}) == "a"
    assert words.place_named("đồng mớ", {"dong moi": "a"}) == ""


def test_the_category_is_guessed_and_never_made_up():
    keywords = {one.code: one.keywords for one in desk().categories}
    assert words.guessed("đèn đường hỏng, tối om", keywords, "khac") == "den"
    assert words.guessed("xin hỏi lịch tiêm", keywords, "khac") == "khac"


def test_codes_are_read_as_people_type_them():
    assert words.code_of(" k7m34-9qxdb ") == "K7M349QXDB"
    assert words.code_of(words.written("K7M349QXDB")) == "K7M349QXDB"
    assert not set("01ILOU") & set(words.LETTERS) - {"U"} - set("L")


def test_moments_carry_their_offset():
    assert georeport.moment_in("2026-03-16T08:00:00+07:00") == datetime(2026, 3, 16, 1, tzinfo=UTC)
    assert georeport.moment_in("2026-03-16T08:00:00 07:00") == datetime(2026, 3, 16, 1, tzinfo=UTC)
    assert georeport.moment_in("") is None
    for wrong in ("2026-03-16", "2026-03-16T08:00:00", "hôm qua", "2026-13-41T08:00:00Z"):
        with pytest.raises(ValueError, match="thời điểm phải có dạng"):
            georeport.moment_in(wrong)


@given(st.recursive(st.text(max_size=20) | st.booleans() | st.integers(), lambda one: st.lists(one, max_size=3)))
def test_whatever_somebody_wrote_is_well_formed_xml(content):
    assert ET.fromstring(georeport.as_xml("services", content)).tag == "services"


@given(st.text(max_size=60))
def test_the_words_survive_the_way_through_xml(text):
    kept = georeport._NOT_XML.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    found = ET.fromstring(georeport.as_xml("services", [{"description": text}]))
    assert (found.findtext("service/description") or "") == kept


def test_the_content_says_what_is_to_be_verified():
    limits = desk().clock_on(NOW.date())
    assert (limits.triage.days, limits.supplement.days, limits.answer.days, limits.publish.days) == (2, 5, 15, 2)
    assert limits.to_verify
    assert desk().clock_on(datetime(1999, 1, 1, tzinfo=UTC).date()) == limits

"""States, content, words and reach without a database."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as some

from xaso.modules.bulletins.rules import content as contents
from xaso.modules.bulletins.rules import reach, states, texts
from xaso.modules.bulletins.rules.content import Content, Weekly

NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)


def content(**changes):
    kept = {"title": "Họp", "text": "Mời họp.", "unit_paths": ("26.",), "channels": ("web",)}
    return Content(**(kept | changes))


def faults(**changes):
    return contents.faults(content(**changes), now=NOW)


def test_a_whole_bulletin_has_no_faults():
    assert faults() == []


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"title": " "}, "tiêu đề"),
        ({"text": ""}, "nội dung"),
        ({"text": "a" * 20_001}, "20.001 ký tự"),
        ({"text": "Họp lúc [giờ]"}, "Còn chỗ chưa điền: [giờ]"),
        ({"channels": ()}, "ít nhất một kênh"),
        ({"unit_paths": ()}, "ít nhất một thôn"),
        ({"klass": "emergency"}, "trực ban"),
        ({"until": NOW - timedelta(hours=1)}, "đã qua"),
        ({"starts_at": NOW + timedelta(days=2), "until": NOW + timedelta(days=1)}, "sau lúc bắt đầu"),
        ({"weekly": Weekly((0,), ("05:30",))}, "ngày kết thúc"),
        ({"loops": 11}, "Số lần đọc"),
        ({"channels": ("sms",), "sms": "a" * 1001}, "Lời SMS dài"),
    ],
)
def test_each_fault_has_its_sentence(changes, word):
    assert any(word in sentence for sentence in faults(**changes))


def test_twenty_thousand_characters_are_not_too_many():
    assert contents.too_long("a" * 20_000) == ""


def test_a_recording_alone_is_for_loudspeakers_only():
    assert contents.faults(content(text="", channels=("speakers",)), now=NOW, has_recording=True) == []
    assert contents.faults(content(text="", channels=("speakers", "sms")), now=NOW, has_recording=True)


def test_the_checksum_is_of_everything_that_is_sent():
    before = contents.digest(content())
    for changes in ({"text": "Khác."}, {"channels": ("web", "sms")}, {"unit_paths": ("27.",)}, {"starts_at": NOW},
                    {"loops": 2}, {"sms": "x"}, {"klass": "priority"}, {"topic": "health"}):  # fmt: skip
        assert contents.digest(content(**changes)) != before
    assert contents.digest(content(), recording="a") != before != contents.digest(content(), picture="b")


def test_one_moment_has_one_checksum_in_every_zone():
    vietnam = NOW.astimezone(timezone(timedelta(hours=7)))
    assert contents.digest(content(starts_at=NOW)) == contents.digest(content(starts_at=vietnam))


def test_places_under_others_are_not_told_twice():
    assert contents.covered(("26.1.2.", "26.1.", "26.3.", "26.1.")) == ("26.1.", "26.3.")


def test_the_places_above():
    assert contents.above("26.252.09157.") == ["26.", "26.252.", "26.252.09157."]


@given(some.sampled_from(sorted(states.LABELS)), some.sampled_from(sorted(states.MOVES)))
def test_what_is_over_moves_no_more_but_by_trying_again(state, verb):
    sources, target = states.MOVES[verb]
    if state == states.CANCELLED:
        assert state not in sources
    assert target in states.LABELS


def test_a_bulletin_is_sent_when_one_channel_went_out():
    assert states.came_to(["sent", "broken"]) == "finish"
    assert states.came_to(["broken", "broken"]) == "fail"
    assert states.came_to(["sent", "waiting"]) == ""
    assert states.came_to([]) == ""


def test_spoken_words_say_who_and_end_with_stops():
    said = texts.spoken("UBND xã Ngũ Kiên", "Mời họp", "Lúc 19h30\nTại nhà văn hoá.")
    assert said.splitlines() == ["UBND xã Ngũ Kiên.", "Mời họp.", "Lúc 19h30.", "Tại nhà văn hoá."]
    assert texts.spoken("Xã", "Lũ", "Chạy ngay", is_emergency=True).startswith("Thông báo khẩn cấp.")


def test_short_words_are_whole_sentences():
    said = texts.short("Xã", "Họp", "Câu một. Câu hai rất dài không vừa đâu.", most=20)
    assert said == "Xã: Họp. Câu một."
    assert len(texts.short("Xã", "t" * 400, "x")) == texts.SMS_AIM


def somebody(uuid="a", person=None, phone="84911", user="", path="26."):
    return reach.Somebody(uuid, person, "Ba", phone, user, path)


def test_reached_by_any_channel_is_reached():
    sms = reach.Told("sms", {"84911": (reach.FAILED, "hỏng")})
    zalo = reach.Told("zalo", {"84911": (reach.REACHED, "")})
    found = reach.standings([somebody()], [sms, zalo])
    assert reach.counted(found) == {"reached": 1, "waiting": 0, "failed": 0}


def test_a_person_with_two_numbers_is_one_person():
    two = [somebody("a", 7, "84911"), somebody("b", 7, "84922")]
    told = reach.Told("sms", {"84911": (reach.FAILED, "hỏng"), "84922": (reach.REACHED, "")})
    assert reach.counted(reach.standings(two, [told]))["reached"] == 1
    told.outcome["84922"] = (reach.FAILED, "tắt máy")
    (row,) = reach.missed(reach.standings(two, [told]))
    assert [reason[2] for reason in row.reasons] == ["hỏng", "tắt máy"]


def test_two_who_share_a_number_are_one_number():
    two = [somebody("a"), somebody("b")]
    told = reach.Told("sms", {"84911": (reach.REACHED, "")}, {"b": ("same_phone", "cùng số")})
    assert reach.counted(reach.standings(two, [told]))["reached"] == 1


def test_waiting_is_not_missed_and_the_reason_is_said():
    told = reach.Told("sms", {"84911": (reach.WAITING, "")}, {"c": ("opted_out", "Đã từ chối.")})
    found = reach.standings([somebody("a"), somebody("c", phone="84933"), somebody("d", phone="84944")], [told])
    assert [one.somebody.uuid for one in reach.missed(found)] == ["c", "d"]
    assert [one.reasons[0][1] for one in reach.missed(found)] == ["opted_out", "not_sent"]
    assert reach.counted(found)["waiting"] == 1

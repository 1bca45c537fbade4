"""Receipts, keywords and hours, as rules."""

import random
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xaso.modules.sms import definitions
from xaso.modules.sms.rules import keywords, pacing, receipts
from xaso.modules.sms.rules.receipts import of_smpp, receipt_id, whole

TEXT = "id:{id} sub:001 dlvrd:001 submit date:2611221200 done date:2611221201 stat:{stat} err:{err} text:Xa moi"


@pytest.mark.parametrize(
    ("stat", "state"),
    [("DELIVRD", "delivered"), ("UNDELIV", "failed"), ("REJECTD", "failed"), ("DELETED", "failed"),
     ("EXPIRED", "expired"), ("UNKNOWN", "unknown"), ("ACCEPTD", ""), ("ENROUTE", ""), ("MADE_UP", "unknown")],
)  # fmt: skip
def test_the_words_of_a_receipt(stat, state):
    found = of_smpp(TEXT.format(id="0A1F", stat=stat, err="027"), "", None, "same")
    assert (found.gateway_id, found.state) == ("a1f", state)
    assert bool(found.error) == (state in ("failed", "expired", "unknown"))


def test_the_optional_parameters_count_before_the_text():
    found = of_smpp(TEXT.format(id="999", stat="DELIVRD", err="000"), "ABC1", 5, "hex")
    assert (found.gateway_id, found.state) == ("abc1", "failed")


@pytest.mark.parametrize("text", ["", "xin chào", "stat:DELIVRD", "id: stat:", "\x00" * 50, "id:" + " " * 3000])
def test_what_names_no_message_is_no_receipt(text):
    assert of_smpp(text, "", None, "same") is None


@pytest.mark.parametrize(
    ("given_id", "form", "wanted"),
    [("6699", "hex", "1a2b"), ("1A2B", "dec", "6699"), ("0006699", "same", "6699"), ("1A2B", "same", "1a2b"),
     ("abc-def", "hex", "abc-def"), ("xyz", "dec", "xyz"), ("0", "same", "0"), ("0", "hex", "0")],
)  # fmt: skip
def test_ids_in_either_base(given_id, form, wanted):
    assert receipt_id(given_id, form) == wanted


@given(st.integers(min_value=1, max_value=2**63))
def test_every_number_finds_its_way_between_the_bases(number):
    assert receipt_id(str(number), "hex") == receipts.normal_id(f"{number:X}")
    assert receipt_id(f"{number:08X}", "dec") == receipts.normal_id(str(number))


@pytest.mark.parametrize(
    ("states", "parts", "wanted"),
    [(["delivered"], 1, "delivered"), (["delivered"], 2, ""), (["delivered", "handed"], 2, ""),
     (["delivered", "delivered"], 2, "delivered"), (["handed", "failed"], 2, "failed"),
     (["expired", "delivered"], 2, "expired"), (["unknown", "delivered"], 2, "unknown"), ([], 1, "")],
)  # fmt: skip
def test_a_message_is_what_its_parts_are(states, parts, wanted):
    assert whole(states, parts) == wanted


def test_what_is_settled_stays_settled():
    assert not receipts.may_become("delivered", "failed")
    assert not receipts.may_become("failed", "delivered")
    assert receipts.may_become("unknown", "delivered")
    assert not receipts.may_become("unknown", "unknown")


@pytest.mark.parametrize(
    ("text", "meaning", "topic"),
    [("TU CHOI", "stop", ""), ("tu choi.", "stop", ""), ("Từ chối", "stop", ""), (" TC ", "stop", ""),
     ("TU  CHOI   Y TE", "stop", "health"), ("từ chối y tế!", "stop", "health"), ("TU CHOI YTE", "stop", "health"),
     ("TC thoi tiet", "stop", "weather"), ("TU CHOI TAT CA", "stop", ""), ("DK", "start", ""),
     ("Đăng ký thời tiết", "start", "weather"), ("TU CHOI BONG DA", "unclear", ""), ("TUCHOI", "other", ""),
     ("Từ chối nhận tin này vì tôi đã chuyển đi nơi khác ở từ năm ngoái rồi", "other", ""),
     ("Đèn đường ngõ 3 hỏng", "other", ""), ("", "other", ""), ("...", "other", ""), ("😀", "other", "")],
)  # fmt: skip
def test_what_a_resident_means(text, meaning, topic):
    words = definitions.declared()
    found = keywords.meant(text, words.keywords.stop, words.keywords.start, words.topic_words)
    assert (found.meaning, found.topic) == (meaning, topic)


WINDOW = (time(7), time(22))


@pytest.mark.parametrize(
    ("now", "wanted"),
    [("06:59", "20 07:00"), ("07:00", "20 07:00"), ("21:59", "20 21:59"), ("22:00", "21 07:00"), ("23:30", "21 07:00"),
     ("00:10", "20 07:00")],
)  # fmt: skip
def test_a_closed_window_opens_next_morning(now, wanted):
    local = datetime.strptime(f"2026-11-20 {now}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    assert pacing.opens_at(local, WINDOW).strftime("%d %H:%M") == wanted
    assert pacing.opens_at(local, None) == local


def test_the_third_is_the_last_of_a_day():
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    sent = [now - timedelta(hours=hours) for hours in (30, 23, 5, 1)]
    assert pacing.room_at(now, sent, 3) == now + timedelta(hours=1)
    assert pacing.room_at(now, sent, 4) == now
    assert pacing.room_at(now, sent, 0) == now


def test_waiting_grows_and_is_spread():
    spread = random.Random(1)
    waits = [pacing.back_off(attempt, spread) for attempt in range(12)]
    assert all(0.25 <= wait <= 60 for wait in waits)
    assert waits[9] > waits[1]
    assert len(set(waits)) == len(waits)


@pytest.mark.parametrize(("last", "seconds", "then"), [(20, 2.0, 20), (20, 0.02, 150), (400, 0.1, 400), (400, 1, 60)])
def test_a_portion_is_what_leaves_in_a_moment(last, seconds, then):
    assert pacing.portion(last, seconds) == then

"""Templates and answers: sent once, judged by the table, handed on to SMS; quota, night, lost answers."""

import json
from datetime import timedelta

import pytest
import time_machine

from xaso.core.access import SYSTEM
from xaso.core.outbox.actions import deliver_all
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.modules.sms.models import Sms
from xaso.modules.zalo import carrying, queries
from xaso.modules.zalo.actions import call_off, queue_template, queue_text, sending
from xaso.modules.zalo.actions import templates as register
from xaso.modules.zalo.definitions import zalo
from xaso.modules.zalo.models import Account, Follower, Message

pytestmark = pytest.mark.django_db
WORDS = "Ho so H1 cua ba Lan da co ket qua."


def again(message):
    message.refresh_from_db()
    return message


def test_a_template_goes_out_once_with_its_values(queued, oa):
    message = queued()
    deliver_all()
    assert again(message).state == "sent"
    [sent] = oa.sent
    assert sent["phone"] == "84912345601"
    assert sent["data"] == {"ten": "Lan", "ma_ho_so": "H1"}
    assert sent["tracking_id"] == str(message.uuid)
    assert message.msg_id == sent["msg_id"]
    account = Account.objects.get()
    assert (account.quota_daily, account.quota_left) == (500, 499)


def test_the_same_key_is_the_same_message(queued, oa):
    first, second = queued(key="one"), queued(key="one")
    deliver_all()
    assert first.pk == second.pk
    assert len(oa.sent) == 1


def test_what_was_called_off_does_not_leave(queued, oa, ngu_kien, in_action):
    message, other = queued(), queued(purpose="test:2")
    assert in_action(lambda: call_off(SYSTEM, ngu_kien, purpose="test:1", reason="Bản tin đã huỷ")) == 1
    deliver_all()
    assert (again(message).state, message.error, again(other).state) == ("failed", "Bản tin đã huỷ", "sent")
    assert [one["tracking_id"] for one in oa.sent] == [str(other.uuid)]
    assert in_action(lambda: call_off(SYSTEM, ngu_kien, purpose="test:2", reason="Muộn rồi")) == 0


def test_what_is_wrong_with_a_template_is_known_at_once(queued, oa, template, quan):
    too_long = queued(values={"ten": "L" * 31, "ma_ho_so": "H1"}, fallback_text=WORDS)
    missing = queued(values={"ten": "Lan"})
    bad_phone = queued(to="091234", fallback_text=WORDS)
    unknown = queued(template="khong-co")
    register.set_template_state(quan, template, state="waiting")
    not_approved = queued()
    deliver_all()
    assert "dài 31 ký tự" in too_long.error
    assert too_long.state == "fell_back"
    assert (missing.state, missing.error) == ("failed", "Thiếu “ma_ho_so”.")
    assert bad_phone.state == "failed"
    assert "khong-co" in unknown.error
    assert "chưa được Zalo duyệt" in not_approved.error
    assert oa.sent == []
    assert [one.phone for one in Sms.objects.all()] == ["84912345601"]


def test_without_an_account_the_words_go_by_sms(oa, ngu_kien, in_action):
    message = in_action(
        lambda: queue_template(
            SYSTEM,
            ngu_kien,
            to="0912345601",
            template="ket-qua",
            values={},
            purpose="p:1",
            key="x",
            fallback_text=WORDS,
        )
    )
    assert message.state == "fell_back"
    sms = Sms.objects.get()
    assert (sms.uuid, sms.purpose, sms.text) == (message.sms_uuid, "p:1", WORDS)


@pytest.mark.parametrize("fault", zalo().errors, ids=lambda one: str(one.code))
def test_every_code_ends_as_the_table_says(queued, oa, fault):
    """Retried later, given up, or by SMS. What only says that the token ended is asked once more at once."""
    message = queued(fallback_text=WORDS)
    times = 2 if fault.code in carrying.EXPIRED else 1
    oa.fault("/message/template", "error", code=fault.code, times=times)
    deliver_all()
    message = again(message)
    assert message.code == fault.code
    assert message.error == fault.meaning
    expected = {"retry": "queued", "no_retry": "failed", "sms": "fell_back"}[fault.then]
    assert message.state == expected
    assert Sms.objects.count() == (fault.then == "sms")
    if fault.then == "retry":
        assert message.retry_at > clock.now()
    if fault.then == "sms":
        assert Sms.objects.get().uuid == message.sms_uuid


def test_a_code_nobody_wrote_down_goes_by_sms(queued, oa):
    message = queued(fallback_text=WORDS)
    oa.fault("/message/template", "error", code=-999)
    deliver_all()
    assert again(message).state == "fell_back"
    assert "-999" in message.error


def test_without_words_for_it_nothing_goes_by_sms(queued, oa):
    message = queued()
    oa.control("phone", phone="84912345601", code=-118)
    deliver_all()
    assert again(message).state == "failed"
    assert not Sms.objects.exists()


def test_a_spent_quota_is_not_asked_about_again_that_day(queued, oa):
    oa.control("set", quota=1)
    messages = [queued(fallback_text=f"{WORDS} {number}") for number in range(3)]
    deliver_all()
    assert sorted(again(one).state for one in messages) == ["fell_back", "fell_back", "sent"]
    asked = oa.state["calls"].count("/message/template")
    assert asked == 1
    queued(fallback_text=WORDS)
    with time_machine.travel(clock.now() + timedelta(hours=24), tick=True):
        oa.control("set", quota=5)
        tomorrow = queued(fallback_text=WORDS)
        deliver_all()
        assert again(tomorrow).state == "sent"


def test_at_night_a_template_waits_and_zalo_is_not_asked(queued, oa):
    night = clock.local(clock.now()).replace(hour=23)
    with time_machine.travel(night, tick=True):
        message = queued()
        deliver_all()
    message = again(message)
    assert (message.state, message.attempts) == ("queued", 0)
    assert oa.state["calls"] == []
    local = clock.local(message.retry_at)
    assert (local.hour, local.minute) == (6, 0)
    assert local.date() == night.date() + timedelta(days=1)


def test_zalo_says_night_and_the_message_waits_for_morning(queued, oa):
    oa.control("set", night=True)
    message = queued(fallback_text=WORDS)
    deliver_all()
    assert again(message).state == "queued"
    assert clock.local(message.retry_at).hour == 6


@pytest.mark.parametrize("kind", ["drop", "garbage", "cut"])
def test_a_lost_answer_is_asked_again_under_the_same_tracking_id(queued, oa, kind):
    message = queued()
    oa.fault("/message/template", kind)
    deliver_all()
    assert again(message).state == "queued"
    Message.objects.update(retry_at=clock.now())
    carrying.send_waiting()
    assert again(message).state == "sent"
    assert len(oa.sent) == 1


def test_killed_between_send_and_record_it_is_sent_once(queued, oa, connected):
    """The worker died with Zalo's answer in its hands: after the lease another one asks, and Zalo knows the message."""
    message = queued()
    assert sending.begin_sending(SYSTEM, message)
    carrying._sent(connected, message)
    assert len(oa.sent) == 1
    carrying.send_waiting()
    assert again(message).state == "queued"
    Message.objects.update(retry_at=clock.now())
    carrying.send_waiting()
    assert again(message).state == "sent"
    [only] = oa.sent
    assert message.msg_id == only["msg_id"]
    assert oa.state["left"] == 499


def test_what_fails_too_often_goes_by_sms(queued, oa):
    message = queued(fallback_text=WORDS)
    oa.fault("/message/template", "http", code=503, times=20)
    for _ in range(sending.MOST_ATTEMPTS):
        Message.objects.update(retry_at=clock.now())
        carrying.send_waiting()
    assert again(message).state == "fell_back"
    assert "8 lần" in message.error


def test_random_expiry_costs_no_message(queued, oa):
    oa.control("set", random_expired=0.3)
    messages = [queued() for _ in range(12)]
    for _ in range(20):
        deliver_all()
        Message.objects.filter(state="queued").update(retry_at=clock.now())
        carrying.send_waiting()
        if all(again(one).state == "sent" for one in messages):
            break
    assert {again(one).state for one in messages} == {"sent"}
    assert len(oa.sent) == 12
    assert oa.state["refused_refreshes"] == 0


# Answers


@pytest.fixture
def answer(connected, ngu_kien, in_action):
    count = iter(range(100))

    def make(user="u-1", text="Xã đã nhận phản ánh."):
        key = f"a{next(count)}"
        return in_action(lambda: queue_text(SYSTEM, ngu_kien, user=user, text=text, purpose="test:2", key=key))

    return make


@pytest.fixture
def wrote(connected, oa):
    def make(user="u-1", hours_ago=1):
        oa.control("follower", user=user)
        return Follower.objects.create(account=connected, user=user, wrote_at=clock.now() - timedelta(hours=hours_ago))

    return make


def test_an_answer_goes_to_whoever_wrote_lately(answer, wrote, oa):
    wrote()
    message = answer()
    deliver_all()
    assert again(message).state == "sent"
    assert oa.sent[0]["text"] == "Xã đã nhận phản ánh."


def test_after_the_window_zalo_is_not_asked(answer, wrote, oa):
    wrote(hours_ago=169)
    late, stranger = answer(), answer(user="u-2")
    deliver_all()
    assert "168 giờ" in again(late).error
    assert again(stranger).state == "failed"
    assert oa.state["calls"] == []


def test_zalo_knows_better_that_the_window_is_over(answer, wrote, oa):
    wrote()
    oa.control("follower", user="u-1", hours=-1)
    message = answer()
    deliver_all()
    assert (again(message).state, message.code) == ("failed", -230)


def test_an_answer_is_never_sent_twice(answer, wrote, oa):
    """Nothing marks it at Zalo: lost on the way back, it is left and said so."""
    wrote()
    message = answer()
    oa.fault("/message/cs", "cut")
    deliver_all()
    assert again(message).state == "failed"
    assert message.error == sending.LOST_TRACK
    assert len(oa.sent) == 1


def test_a_worker_that_died_with_an_answer_leaves_it(answer, wrote, oa):
    wrote()
    message = answer()
    assert sending.begin_sending(SYSTEM, message)
    Message.objects.update(retry_at=clock.now())
    carrying.send_waiting()
    assert again(message).error == sending.LOST_TRACK
    assert oa.sent == []


def test_an_empty_answer_is_refused(answer):
    with pytest.raises(Refused, match="còn trống"):
        answer(text="   ")


# Outcomes


def test_outcomes_count_each_message_once(queued, oa):
    oa.control("phone", phone="84912345602", code=-118)
    queued()
    queued(to="0912345602", fallback_text=WORDS)
    queued(to="0912345602")
    deliver_all()
    queued(to="0912345603")
    found = queries.outcomes("test:1")
    assert (found.handed, found.fell_back, found.failed, found.queued, found.total) == (1, 1, 1, 1, 4)
    assert found.cost == 300
    assert len(queries.rows("test:1").rows) == 4
    assert len(queries.rows("test:1", "failed").rows) == 1
    assert queries.rows("test:1").after == ""


def test_a_person_sends_it_again_after_mending(queued, oa, quan, template):
    oa.control("template", id="123456", params={"ten": 30, "ma_ho_so": 30}, state="blocked")
    message = queued()
    deliver_all()
    assert again(message).code == -146
    oa.control("template", id="123456", params={"ten": 30, "ma_ho_so": 30})
    sending.retry(quan, message)
    deliver_all()
    assert again(message).state == "sent"
    with pytest.raises(Refused):
        sending.retry(quan, message)


def test_development_mode_reaches_only_administrators(queued, oa, template, quan, monkeypatch):
    filled = {"to": "0912345601", "values": {"ten": "Quân", "ma_ho_so": "H1"}}
    refused = sending.try_template(quan, template, filled=filled, key="t1")
    deliver_all()
    assert again(refused).code == -118
    oa.control("set", admins=["84912345601"])
    taken = sending.try_template(quan, template, filled=filled, key="t2")
    deliver_all()
    assert again(taken).state == "sent"
    monkeypatch.setenv("XASO_ZALO_MODE", "development")
    everybody = queued(to="0912345602")
    deliver_all()
    assert again(everybody).code == -118


def test_the_audit_chain_keeps_no_number_and_no_words(queued, oa, template, quan):
    from xaso.core.audit.models import Entry

    queued(fallback_text=WORDS)
    sending.try_template(quan, template, filled={"to": "0912345601", "values": {"ten": "Q", "ma_ho_so": "H"}}, key="t")
    deliver_all()
    kept = json.dumps(list(Entry.objects.values_list("details", flat=True)), ensure_ascii=False)
    assert "912345601" not in kept
    assert WORDS not in kept

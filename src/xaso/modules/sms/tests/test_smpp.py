"""Against an SMSC of other people's making: throttling, doubts, receipts in any order, messages of residents."""

import pytest

from xaso.core.access import SYSTEM
from xaso.modules.audiences.actions import Entry, add_contact
from xaso.modules.audiences.models import Consent, Contact
from xaso.modules.sms import actions
from xaso.modules.sms import queries as sms
from xaso.modules.sms.models import Part, Receipt, Received, Sms
from xaso.modules.sms.providers import configured
from xaso.modules.sms.smpp.link import Link, LinkLost
from xaso.modules.sms.smpp.service import PROVIDER
from xaso.modules.sms.tests.conftest import queue, queue_many

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
LONG = "Kính gửi bà con: từ 07 giờ 30 ngày 23/11/2026, trạm y tế xã tổ chức tiêm chủng mở rộng cho trẻ dưới 5 tuổi."


def phones(count, start=0, ending="01"):
    return [f"8491{start + n:05d}{ending}" for n in range(count)]


def states(purpose="test:1"):
    return sms.outcomes(purpose)


def test_a_long_vietnamese_message_arrives_whole(peer, drive, ngu_kien):
    smsc = peer(receipts="shuffled", tlv=True)
    one = queue(SYSTEM, ngu_kien, to="0912345601", text=LONG)
    line = drive()
    line.until(lambda: Sms.objects.get().state == "delivered")
    first, second = smsc.messages
    assert first["text"] + second["text"] == LONG
    assert [m["coding"] for m in (first, second)] == [8, 8]
    assert [m["udh"] for m in (first, second)] == [
        [f"0003{one.pk & 255:02x}0201"],
        [f"0003{one.pk & 255:02x}0202"],
    ]
    assert first["from"] == "UBND XA"
    assert first["to"] == "84912345601"
    assert Part.objects.filter(state="delivered").count() == 2
    assert states().cost == 2 * 700


def test_or_whole_as_one_payload(peer, drive, ngu_kien):
    smsc = peer(long="payload")
    queue(SYSTEM, ngu_kien, to="0912345601", text=LONG)
    line = drive()
    line.until(lambda: Sms.objects.get().state == "handed")
    [only] = smsc.messages
    assert only["text"] == LONG


def test_signs_of_the_extension_table_arrive_as_they_were_written(peer, drive, ngu_kien):
    smsc = peer()
    text = "Gia {50} [kg] ~ 5€ | a^b \\ @_$ §"
    queue(SYSTEM, ngu_kien, to="0912345601", text=text)
    drive().until(lambda: Sms.objects.get().state == "handed")
    [only] = smsc.messages
    assert only["coding"] == 0
    assert only["text"] == text


@pytest.mark.long
def test_the_window_is_never_exceeded_and_throttling_loses_nothing(peer, drive, ngu_kien):
    smsc = peer(throttle_every=23, full_every=41, answer_after=2, receipts="shuffled")
    queue_many(SYSTEM, ngu_kien, phones(120))
    drive().until(lambda: states().delivered == 120, patience=60)
    told = smsc.state
    assert told["most_open"] <= 10
    assert told["throttled"] >= 5
    assert told["accepted"] == 120
    assert len({m["to"] for m in smsc.messages}) == 120


@pytest.mark.parametrize(("ids", "form"), [("hex-decimal", "hex"), ("hex", "same"), ("decimal", "same")])
def test_ids_of_either_base_are_matched(peer, drive, ngu_kien, ids, form):
    peer(receipts="shuffled", ids=ids, form=form, flush_every=30)
    queue_many(SYSTEM, ngu_kien, phones(30))
    drive().until(lambda: states().delivered == 30)
    assert not Receipt.objects.exists()


def test_receipts_that_come_first_or_twice_are_counted_once(peer, drive, ngu_kien):
    peer(receipts="before", twice_every=1)
    queue_many(SYSTEM, ngu_kien, [*phones(20), *phones(3, 500, "99"), *phones(2, 700, "98")])
    line = drive()
    line.until(lambda: states().queued + states().handed == 0)
    found = states()
    assert (found.delivered, found.failed, found.expired) == (20, 3, 2)
    line.turns(0.3)
    assert states() == found
    assert "không tới được máy" in Sms.objects.filter(state="failed").first().error.lower()


def test_a_wrong_number_fails_at_once_and_is_marked_in_the_book(peer, drive, ngu_kien):
    peer(error_for={"55": 0x0B, "66": 0x08})
    contact = add_contact(SYSTEM, ngu_kien, entry=Entry("Ông Năm", "0912345655"))
    queue_many(SYSTEM, ngu_kien, [contact.phone, "84912345666", "84912345677"])
    drive().until(lambda: states().handed == 1 and states().failed == 1)
    contact.refresh_from_db()
    assert "số nhận không đúng" in contact.phone_fault
    again = Sms.objects.get(phone="84912345666")
    assert again.state == "queued"
    assert "hệ thống" in again.error
    assert again.due_at > again.created_at


def test_a_connection_cut_in_mid_window_leaves_doubts_and_sends_nothing_twice(peer, drive, ngu_kien):
    smsc = peer(silent_after=7)
    queue_many(SYSTEM, ngu_kien, phones(40))
    line = drive()
    line.until(lambda: smsc.state["submitted"] >= 17)
    smsc.ask("drop")
    assert "kết nối" in str(line.lose())
    found = states()
    assert (found.handed, found.unknown, found.queued) == (7, 10, 23)
    smsc.ask("set", {"silent_after": 0})
    second = drive()
    second.until(lambda: states().handed == 30)
    submitted = [m["to"] for m in smsc.messages]
    assert len(submitted) == len(set(submitted)) == 40


@pytest.mark.parametrize("before", [False, True])
def test_a_receipt_settles_a_doubt(peer, drive, ngu_kien, before):
    """The answers were lost, the receipts were not: before the line broke, or on the next one."""
    smsc = peer(silent_after=1, receipts="shuffled", flush_every=50 if before else 60_000)
    queue_many(SYSTEM, ngu_kien, phones(4))
    line = drive()
    line.until(lambda: smsc.state["submitted"] == 4)
    if before:
        line.until(lambda: smsc.state["acknowledged"] == 4)
    smsc.ask("drop")
    line.lose()
    assert states().unknown == (0 if before else 3)
    if not before:
        again = drive()
        smsc.ask("flush")
        again.until(lambda: states().unknown == 0)
    assert states().delivered >= 3
    assert not Receipt.objects.exists()


@pytest.mark.parametrize("how", ["unbind", "garbage"])
def test_a_gateway_that_leaves_or_talks_nonsense_is_left(peer, drive, how):
    smsc = peer()
    line = drive()
    smsc.ask(how)
    assert str(line.lose()).startswith("Tổng đài SMPP")


def test_a_wrong_password_is_said_and_not_tried_at_once(peer, settings):
    peer()
    settings.SMS = {**settings.SMS, "password": "sai"}
    link = Link(configured(), lambda _: None, lambda _: None)
    with pytest.raises(LinkLost, match="sai mật khẩu") as lost:
        link.open()
    link.close()
    assert lost.value.final


def test_no_gateway_at_all_is_said(settings):
    settings.SMS = {"provider": "smpp", "url": "127.0.0.1:1"}
    with pytest.raises(LinkLost, match="Không nối được"):
        Link(configured(), lambda _: None, lambda _: None).open()
    settings.SMS = {"provider": "smpp", "url": "smpp://"}
    with pytest.raises(LinkLost, match="XASO_SMS_URL"):
        Link(configured(), lambda _: None, lambda _: None).open()


def test_the_line_is_asked_after_and_a_deaf_one_is_left(peer, drive):
    smsc = peer()
    line = drive()
    line.post.link._heard_at -= 31
    line.post.link._enquired_at -= 31
    line.until(lambda: smsc.state["enquiries"] == 1)
    line.post.link._heard_at -= 60
    with pytest.raises(LinkLost, match="im lặng"):
        line.post.link._watch(line.post.link.clock())


def test_no_by_sms_withdraws_consent_and_is_answered(peer, drive, ngu_kien):
    smsc = peer()
    contact = add_contact(SYSTEM, ngu_kien, entry=Entry("Bà Tư", "0912345605"))
    line = drive()
    smsc.ask("say", {"source_addr": "84912345605", "destination_addr": "8088", "short_message": "TU CHOI"})
    line.until(lambda: smsc.state["acknowledged"] == 1 and smsc.messages)
    said = Consent.objects.get()
    assert (said.contact, said.given, said.topic, said.channel, said.how) == (contact, False, "", "sms", "sms")
    assert "TU CHOI" in said.evidence
    [answer] = smsc.messages
    assert answer["to"] == contact.phone
    assert "khong gui tin SMS" in answer["text"]
    assert answer["coding"] == 0


def test_a_long_answer_of_a_resident_is_put_together(peer, drive):
    smsc = peer()
    line = drive()
    smsc.ask(
        "pieces", {"from": "84912345606", "to": "8088", "ref": 7, "parts": ["Đường ngõ 3 ngập ", "nước đã hai ngày."]}
    )
    line.until(lambda: smsc.state["acknowledged"] == 2)
    assert Received.objects.get().text == "Đường ngõ 3 ngập nước đã hai ngày."


def test_whoever_died_left_doubts_which_only_a_person_decides(peer, drive, ngu_kien, quan):
    smsc = peer()
    queue_many(SYSTEM, ngu_kien, phones(3))
    taken = actions.claim(SYSTEM, None, provider=PROVIDER, mark="dead", limit=2)
    assert len(taken) == 2
    assert actions.doubt(SYSTEM, None, provider=PROVIDER) == 2
    line = drive()
    line.until(lambda: states().handed == 1)
    line.turns(0.5)
    assert states().unknown == 2
    assert smsc.state["submitted"] == 1
    one, other = Sms.objects.filter(state="unknown")
    assert "có thể đã nhận" in one.error
    actions.resend(quan, one, reason="Người dân báo chưa nhận được")
    actions.settle_by_hand(quan, other, delivered=True, reason="Đã gọi điện, ông Năm đã nhận")
    line.until(lambda: states().handed == 2)
    assert (states().unknown, states().delivered) == (0, 1)
    assert not Contact.objects.exists()

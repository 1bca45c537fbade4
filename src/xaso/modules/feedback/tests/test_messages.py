"""SMS and Zalo in: a report with its code on the same way, an answer to a question, a picture, or nothing."""

from uuid import uuid4

import pytest

from xaso.core.access import SYSTEM
from xaso.core.files.actions import Place, receive_upload, upload
from xaso.core.outbox.actions import deliver_all
from xaso.kit.subject import ref
from xaso.modules.feedback import actions
from xaso.modules.feedback.handlers import a_zalo_message_came, an_sms_came
from xaso.modules.feedback.models import Report
from xaso.modules.feedback.tests.factories import photo, post
from xaso.modules.notifications.models import Message
from xaso.modules.sms.actions import Incoming, take_in
from xaso.modules.sms.events import SmsReceived
from xaso.modules.sms.models import Sms
from xaso.modules.zalo.events import ZaloReceived
from xaso.modules.zalo.models import Message as ZaloMessage

pytestmark = pytest.mark.django_db
PHONE, AT = "84912345677", "2026-03-16T08:00:00+07:00"


def sms(text, uuid="1", sender=PHONE):
    an_sms_came(SmsReceived(uuid, sender, text, AT))
    return Report.objects.order_by("-pk").first()


def zalo(text, picture="", user="u1"):
    a_zalo_message_came(ZaloReceived(str(uuid4()), user, text, picture, AT))
    return Report.objects.order_by("-pk").first()


def picture_of_zalo():
    received = receive_upload(photo())
    return str(upload(SYSTEM, Place("zalo.Received:1", ""), received=received, kind="zalo").uuid)


def test_an_sms_becomes_a_report_and_the_code_goes_back_by_sms(ngu_kien, lien_chau, village):
    report = sms("PA Ngũ Kiên đèn đường thôn Đồng Mới hỏng cả tuần rồi")
    assert (report.unit, report.village, report.category, report.channel) == (ngu_kien, village, "den", "sms")
    assert report.text == "đèn đường thôn Đồng Mới hỏng cả tuần rồi"
    assert (report.sender_phone, report.phone_confirmed_at is not None) == ("0912345677", True)
    answer = Message.objects.get(phone="0912345677", channel="sms")
    assert report.written_code in answer.body


def test_it_comes_all_the_way_from_the_gateway(ngu_kien):
    take_in(SYSTEM, None, message=Incoming("0912345677", "8099", "PA rác tồn ở chợ ba hôm nay", "test", "r1"))
    deliver_all()
    assert Report.objects.get().category == "rac"


def test_the_same_message_twice_is_one_report(ngu_kien):
    sms("PA đèn đường hỏng cả tuần")
    sms("PA đèn đường hỏng cả tuần")
    assert Report.objects.count() == 1


def test_words_without_the_keyword_are_no_report_and_get_no_answer(ngu_kien):
    sms("Cảm ơn xã nhé, đèn sáng rồi")
    assert not Report.objects.exists()
    assert not Sms.objects.exists()


def test_a_commune_nobody_can_tell_is_asked_for(ngu_kien, lien_chau):
    sms("PA đèn đường hỏng cả tuần")
    assert not Report.objects.exists()
    assert "tên xã" in Sms.objects.get().text


def test_what_is_missing_is_answered_by_sms(ngu_kien):
    sms("PA đèn")
    assert not Report.objects.exists()
    assert "quá ngắn" in Sms.objects.get().text


def test_a_flood_by_sms_gets_no_answer(ngu_kien):
    for number in range(12):
        sms(f"PA đèn đường hỏng cột số {number}", uuid=str(number))
    assert Report.objects.count() == 8
    assert Message.objects.filter(template="feedback.received").count() == 8
    assert not Sms.objects.filter(purpose__startswith="sms:").exists()


def test_the_answer_to_a_question_comes_by_sms(ngu_kien, minh):
    report = actions.ask_more(minh, sms("PA đèn đường hỏng cả tuần"), question=actions.Words("Cột số mấy?"))
    sms("Cột số 7 cạnh trường mầm non", uuid="2")
    report.refresh_from_db()
    assert report.state == "received"
    assert report.steps.filter(verb="give_more", text__contains="Cột số 7").exists()
    assert Report.objects.count() == 1


def test_a_number_that_is_no_mobile_brings_no_report(ngu_kien):
    assert sms("PA đèn đường hỏng cả tuần", sender="VIETTEL") is None


def test_zalo_with_a_picture_and_the_answer_on_zalo(ngu_kien, minh, an):
    report = zalo("Phản ánh: rác tồn trước chợ ba hôm nay", picture=picture_of_zalo())
    assert (report.channel, report.category, report.sender_zalo) == ("zalo", "rac", "u1")
    kept = report.photos.get().file
    assert (kept.media_type, kept.name) == ("image/jpeg", "anh.jpg")
    first = ZaloMessage.objects.get(user="u1")
    assert report.written_code in first.text
    assert first.purpose == ref(report)
    actions.accept(minh, report, lead=post(an))
    actions.answer(an, report, said=actions.Words("Xã đã dọn sáng nay."))
    assert ZaloMessage.objects.filter(user="u1", text__contains="Xã đã dọn").count() == 1


def test_a_picture_that_follows_belongs_to_the_last_report(ngu_kien):
    report = zalo("PA rác tồn trước chợ ba hôm nay")
    zalo("", picture=picture_of_zalo())
    assert report.photos.count() == 1
    zalo("", picture=picture_of_zalo(), user="ai-khac")
    assert report.photos.count() == 1


def test_a_broken_picture_does_not_lose_the_words(ngu_kien):
    report = zalo("PA rác tồn trước chợ ba hôm nay", picture="00000000-0000-0000-0000-000000000000")
    assert report is not None
    assert report.photos.count() == 0

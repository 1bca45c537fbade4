"""The way of a report, every state and every refusal."""

from datetime import datetime, timedelta

import pytest

from xaso.core.access import ANONYMOUS, SYSTEM
from xaso.core.audit.models import Entry as Audit
from xaso.core.deadlines.jobs import announce_deadlines
from xaso.core.deadlines.models import Clock
from xaso.core.outbox.actions import deliver_all
from xaso.core.search.models import Entry
from xaso.kit import clock
from xaso.kit.errors import Forbidden, Missing, Refused
from xaso.modules.feedback import actions, jobs
from xaso.modules.feedback.actions import Words
from xaso.modules.feedback.models import Report
from xaso.modules.feedback.queries.duplicates import likely_twins
from xaso.modules.feedback.queries.reports import inbox, led_by, seen
from xaso.modules.feedback.tests.factories import ANSWER, answered, assigned, given, post, sent
from xaso.modules.notifications.models import Message

pytestmark = pytest.mark.django_db


def told(template, **where):
    return Message.objects.filter(template=template, **where)


def test_a_report_is_received_with_a_code_a_number_and_a_clock(ngu_kien):
    report = sent(ngu_kien)
    assert (report.state, report.number, report.year, str(report)) == ("received", 1, 2026, "Phản ánh 1/2026")
    assert len(report.code) == 10
    assert f"{clock.local(report.triage_due_at):%d/%m %H}" == "18/03 17"
    assert f"{clock.local(report.due_at):%d/%m}" == "06/04"
    assert Clock.objects.get(subject=report.clock_ref).state == "running"
    message = told("feedback.received", phone="0912345699").get()
    assert report.written_code in message.body
    assert sent(ngu_kien).number == 2


def test_own_work_is_paged_by_deadline_without_one_last(ngu_kien, minh, an, monday):
    made = []
    for _ in range(5):
        made.append(assigned(ngu_kien, minh, an))
        monday.shift(timedelta(days=1))
    Report.objects.filter(pk=made[1].pk).update(due_at=None)
    page = led_by(an, size=2)
    found = page.rows
    while page.after:
        page = led_by(an, page.after, size=2)
        found = [*found, *page.rows]
    assert [one.pk for one in found] == [made[at].pk for at in (0, 2, 3, 4, 1)]


def test_the_whole_way_to_an_answer_and_its_end(ngu_kien, minh, an, hoa, monday):
    report = actions.accept(minh, sent(ngu_kien), lead=post(an))
    assert (report.state, report.lead_name, report.triaged_on_time) == ("assigned", "Phạm Thị An", True)
    assert told("feedback.given", person_id=an.person_id).count() == 1
    actions.take(an, report)
    monday.shift(timedelta(days=3))
    actions.answer(an, report, said=actions.Words(ANSWER))
    assert (report.state, report.on_time, report.answer) == ("answered", True, ANSWER)
    assert "thay bóng đèn" in told("feedback.answered").get(channel="sms").body
    actions.rate(ANONYMOUS, report, stars=3, why=Words(""))
    with pytest.raises(Refused, match="đã đánh giá"):
        actions.rate(ANONYMOUS, report, stars=1, why=Words("Chưa"))
    actions.publish(hoa, report, text="Đèn đường thôn Đồng Mới hỏng", answer="Đã thay bóng đèn")
    assert report.publish_due_at is None
    monday.shift(timedelta(days=16))
    assert jobs.end_what_waited() == 1
    report.refresh_from_db()
    assert (report.state, report.satisfaction) == ("closed", 3)
    assert [step.verb for step in report.steps.order_by("id")] == [
        "received", "accept", "assign", "take", "answer", "rate", "publish", "close",
    ]  # fmt: skip


def test_the_owner_of_the_category_gets_it_when_nobody_is_chosen(ngu_kien, minh, an, hoa):
    report = actions.accept(minh, sent(ngu_kien))
    assert report.lead_name == "Phạm Thị An"
    report = actions.accept(minh, sent(ngu_kien), category="an-ninh")
    assert (report.category, report.lead_name) == ("an-ninh", "Vũ Thị Hoa")


def test_with_no_owner_it_waits_to_be_given(ngu_kien, minh, thu, an):
    report = actions.accept(minh, sent(ngu_kien, category="an-ninh"))
    assert (report.state, report.lead) == ("accepted", None)
    actions.assign(thu, report, lead=post(an), support=[post(minh)])
    assert report.state == "assigned"
    part = report.parts.get(role="support")
    actions.contribute(minh, part, opinion=actions.Words("Đã gọi điện xác minh."))
    with pytest.raises(Refused, match="kết thúc"):
        actions.contribute(minh, part, opinion=actions.Words("Lần nữa."))


def test_it_is_refused_with_a_reason_the_sender_reads(ngu_kien, minh, monday):
    report = sent(ngu_kien)
    with pytest.raises(Refused, match="lý do"):
        actions.refuse(minh, report, why="bịa")
    monday.shift(timedelta(days=4))
    actions.refuse(minh, report, why="no-fact", text="Xin ghi rõ cột đèn nào.")
    assert (report.state, report.triaged_on_time) == ("refused", False)
    assert "cột đèn nào" in told("feedback.refused").get(channel="sms").body
    assert Clock.objects.get(subject=report.clock_ref).outcome == "returned"
    for verb in (actions.take, actions.accept, actions.close):
        with pytest.raises((Refused, Forbidden)):
            verb(minh, report)


def test_it_is_forwarded_to_who_is_competent(ngu_kien, minh):
    report = sent(ngu_kien)
    with pytest.raises(Refused, match="nơi chuyển"):
        actions.forward(minh, report, agency="bịa")
    actions.forward(minh, report, agency="dien-luc")
    assert (report.state, report.agency) == ("forwarded", "Điện lực khu vực")
    assert "Điện lực" in told("feedback.forwarded").get(channel="sms").body


def test_two_of_the_same_are_suggested_and_merged_by_a_person(ngu_kien, minh, an, village):
    main = assigned(ngu_kien, minh, an, village=village)
    other = sent(ngu_kien, village=village, phone="0912345688", text="Đèn đường chỗ nhà văn hoá hỏng cả tuần, tối lắm")
    far = sent(ngu_kien, text="Mất nước sạch ba hôm nay ở xóm chùa", category="nuoc")
    (likely,) = likely_twins(minh, other)
    assert likely.report == main
    assert likely.share >= 40
    assert likely_twins(minh, far) == []
    actions.merge(minh, other, into=main)
    assert (other.state, other.merged_into) == ("duplicate", main)
    assert str(main) in told("feedback.merged", phone="0912345688").get().body
    actions.answer(an, main, said=actions.Words(ANSWER))
    assert other.written_code in told("feedback.answered", phone="0912345688").get().body
    assert told("feedback.answered", phone="0912345699").exists()


def test_merging_goes_to_the_head_of_the_chain_and_never_in_a_circle(ngu_kien, minh, lien_chau, tam, hoa):
    one, two, three = sent(ngu_kien), sent(ngu_kien), sent(ngu_kien)
    actions.merge(minh, two, into=one)
    actions.merge(minh, three, into=two)
    assert three.merged_into == one
    one.refresh_from_db()
    with pytest.raises(Refused, match="chính nó"):
        actions.merge(minh, one, into=two)
    with pytest.raises(Refused, match="chính nó"):
        actions.merge(minh, one, into=one)
    with pytest.raises(Missing):
        actions.merge(minh, one, into=sent(ngu_kien, category="can-bo"))
    with pytest.raises(Refused, match="xử lý riêng"):
        actions.merge(hoa, one, into=Report.objects.get(category="can-bo"))
    with pytest.raises(Refused, match="cùng một đơn vị"):
        actions.merge(SYSTEM, one, into=sent(lien_chau))


def test_the_sender_is_asked_and_the_clock_stands_still(ngu_kien, minh, an, monday):
    report = assigned(ngu_kien, minh, an)
    due = report.due_at
    actions.ask_more(minh, report, question=actions.Words("Cột đèn số mấy?"))
    assert report.state == "waiting"
    assert "Cột đèn số mấy" in told("feedback.asked").get(channel="sms").body
    monday.shift(timedelta(days=2))
    actions.give_more(ANONYMOUS, report, more=Words("Cột số 7"))
    assert (report.state, (report.due_at - due).days) == ("handling", 2)
    assert report.steps.filter(verb="give_more", text="Cột số 7").exists()
    with pytest.raises(Refused, match="không chờ"):
        actions.give_more(ANONYMOUS, report, more=Words("Nữa"))


def test_silence_ends_the_wait(ngu_kien, minh, monday):
    report = actions.ask_more(minh, sent(ngu_kien), question=actions.Words("Ở đâu?"))
    monday.shift(timedelta(days=7))
    assert jobs.end_what_waited() == 0
    monday.shift(timedelta(days=1))
    assert jobs.end_what_waited() == 1
    report.refresh_from_db()
    assert report.state == "received"


def test_it_is_opened_again_once_with_a_reason(ngu_kien, minh, an, thu, monday):
    report = answered(ngu_kien, minh, an)
    with pytest.raises(Refused, match="vì sao"):
        actions.reopen(ANONYMOUS, report, why=Words("  "))
    actions.reopen(ANONYMOUS, report, why=Words("Đèn lại hỏng ngay hôm sau."))
    assert (report.state, report.rounds, report.answer, report.lead) == ("accepted", 2, "", None)
    assert Clock.objects.filter(subject__startswith=report.ref + "/").count() == 2
    assert told("feedback.reopened").count() == 2
    actions.assign(thu, report, lead=post(an))
    actions.answer(an, report, said=actions.Words("Đã thay cả dây."))
    with pytest.raises(Refused, match="một lần"):
        actions.reopen(ANONYMOUS, report, why=Words("Vẫn hỏng"))


def test_it_is_too_late_to_open_again(ngu_kien, minh, an, monday):
    report = answered(ngu_kien, minh, an)
    monday.shift(timedelta(days=16))
    with pytest.raises(Refused, match="quá 15 ngày"):
        actions.reopen(ANONYMOUS, report, why=Words("Vẫn hỏng"))


def test_whoever_is_unhappy_says_why(ngu_kien, minh, an):
    report = answered(ngu_kien, minh, an)
    with pytest.raises(Refused, match="vì sao"):
        actions.rate(ANONYMOUS, report, stars=1, why=Words(""))
    with pytest.raises(Refused, match="mức"):
        actions.rate(ANONYMOUS, report, stars=9, why=Words("a"))
    actions.rate(ANONYMOUS, report, stars=1, why=Words("Trả lời chung chung"))
    assert report.satisfaction_why == "Trả lời chung chung"
    with pytest.raises(Refused, match="sau khi xã trả lời"):
        actions.rate(ANONYMOUS, sent(ngu_kien), stars=3, why=Words(""))


def test_only_the_lead_answers(ngu_kien, minh, an, thu, tam):
    report = assigned(ngu_kien, minh, an)
    with pytest.raises(Refused):
        actions.answer(thu, report, said=actions.Words(ANSWER))
    with pytest.raises(Forbidden):
        actions.answer(tam, report, said=actions.Words(ANSWER))
    with pytest.raises(Refused, match="viết trả lời"):
        actions.answer(an, report, said=actions.Words(" \n "))


def test_more_time_once_with_an_apology(ngu_kien, minh, an, hoa):
    report = assigned(ngu_kien, minh, an)
    legal = report.due_at
    with pytest.raises(Refused, match="lý do"):
        actions.extend(hoa, report, days=5, reason=" ")
    with pytest.raises(Refused, match="1 đến 60"):
        actions.extend(hoa, report, days=0, reason="Chờ vật tư")
    actions.extend(hoa, report, days=5, reason="Chờ vật tư của điện lực")
    assert f"{clock.local(report.due_at):%d/%m}" == "13/04"
    assert "xin lỗi" in told("feedback.extended").get(channel="sms").body
    with pytest.raises(Refused, match="một lần"):
        actions.extend(hoa, report, days=5, reason="Lại chờ")
    running = Clock.objects.get(subject=report.clock_ref)
    assert (running.due_legal_at, running.due_shown_at) == (legal, report.due_at)


def test_near_and_late_are_told_and_the_sender_gets_an_apology(ngu_kien, minh, an, hoa, thu, monday):
    report = assigned(ngu_kien, minh, an)
    monday.move_to(report.due_at - timedelta(days=6))
    announce_deadlines()
    deliver_all()
    assert told("feedback.near", person_id=an.person_id).count() == 0
    monday.move_to(report.due_at - timedelta(hours=1))
    announce_deadlines()
    deliver_all()
    assert told("feedback.near", person_id=an.person_id).count() == 1
    monday.move_to(report.due_at + timedelta(minutes=5))
    announce_deadlines()
    deliver_all()
    assert told("feedback.apology", phone="0912345699").count() == 1
    assert {one.person_id for one in told("feedback.late")} == {an.person_id, hoa.person_id, thu.person_id}
    actions.answer(an, report, said=actions.Words(ANSWER))
    assert report.on_time is False


def test_what_nobody_triages_is_told_once(ngu_kien, minh, monday):
    sent(ngu_kien)
    assert jobs.remind_officers() == 0
    monday.shift(timedelta(days=3))
    assert jobs.remind_officers() == 1
    assert told("feedback.untriaged", person_id=minh.person_id).count() == 1
    assert jobs.remind_officers() == 0


def test_days_off_do_not_count(ngu_kien, monday):
    """Tết 2026: 16 to 20 February are off. From Thursday the 12th two working days end on Monday the 23rd."""
    monday.move_to(datetime(2026, 2, 12, 8, tzinfo=clock.VIETNAM))
    before = sent(ngu_kien)
    assert f"{clock.local(before.triage_due_at):%d/%m}" == "23/02"
    assert f"{clock.local(before.due_at):%d/%m}" == "12/03"
    monday.move_to(datetime(2026, 4, 24, 15, tzinfo=clock.VIETNAM))
    holidays = sent(ngu_kien)
    assert f"{clock.local(holidays.triage_due_at):%d/%m}" == "29/04"
    assert f"{clock.local(holidays.due_at):%d/%m}" == "20/05"


def test_a_report_is_heard_even_where_the_calendar_ends(ngu_kien, monday):
    monday.move_to(datetime(2031, 5, 5, 8, tzinfo=clock.VIETNAM))
    report = sent(ngu_kien)
    assert (report.state, report.due_at, report.triage_due_at) == ("received", None, None)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"text": ""}, "Hãy viết việc"),
        ({"text": "\u202e\u200b \n"}, "Hãy viết việc"),
        ({"text": "hỏng"}, "quá ngắn"),
        ({"text": "a" * 5000}, "nhiều nhất 4000"),
        ({"category": "bịa"}, "chọn loại việc"),
        ({"place": ""}, "chọn thôn"),
        ({"point": (48.85, 2.35)}, "không nằm ở Việt Nam"),
        ({"phone": "12"}, "đầu số ngắn"),
        ({"phone": "91234567"}, "8 chữ số"),
    ],
)
def test_what_is_not_taken(ngu_kien, more, sentence):
    with pytest.raises(Refused, match=sentence):
        sent(ngu_kien, **more)
    assert not Report.objects.exists()


def test_a_report_goes_to_a_commune(district, village):
    for unit in (district, village):
        with pytest.raises(Refused, match="chọn xã"):
            sent(unit)


def test_the_same_form_sent_twice_is_one_report(ngu_kien):
    one, two = sent(ngu_kien, key="web:1"), sent(ngu_kien, key="web:1")
    assert (one.pk, one.is_new, two.is_new) == (two.pk, True, False)


def test_floods_are_stopped(ngu_kien, lan, monday, monkeypatch):
    for _ in range(8):
        sent(ngu_kien)
    with pytest.raises(Refused, match="Số điện thoại này"):
        sent(ngu_kien)
    sent(ngu_kien, phone="0912345600")
    for _ in range(15):
        sent(ngu_kien, lan)
    with pytest.raises(Refused, match="Hôm nay bạn đã gửi"):
        sent(ngu_kien, lan)
    monday.shift(timedelta(days=1, minutes=1))
    sent(ngu_kien)
    sent(ngu_kien, lan)


def test_what_officers_write_down_is_no_flood(ngu_kien, minh):
    for _ in range(12):
        actions.take_in(minh, ngu_kien, given=given(channel="phone"))
    with pytest.raises(Refused, match="cách nhận"):
        actions.take_in(minh, ngu_kien, given=given())
    assert Report.objects.count() == 12


def test_a_signed_in_resident_is_known_without_typing(ngu_kien, lan):
    report = sent(ngu_kien, lan, name="Ai đó", phone="0900000000")
    assert (report.sender_person_id, report.sender_name) == (lan.person_id, "Nguyễn Thị Lan")
    assert told("feedback.received", person_id=lan.person_id).exists()


def test_another_unit_may_not(ngu_kien, tam, minh):
    report = sent(ngu_kien)
    assert not seen(tam).exists()
    for verb in (actions.accept, actions.close):
        with pytest.raises(Forbidden):
            verb(tam, report)
    with pytest.raises(Forbidden):
        actions.take_in(tam, ngu_kien, given=given(channel="counter"))
    with pytest.raises(Forbidden):
        actions.accept(ANONYMOUS, report)


def test_a_report_is_found_by_officers_and_never_a_confidential_one(ngu_kien):
    report = sent(ngu_kien)
    assert Entry.objects.filter(subject=report.ref).exists()
    secret = sent(ngu_kien, category="can-bo", text="Cán bộ tiếp nhận nói năng rất khó nghe với người già")
    assert not Entry.objects.filter(subject=secret.ref).exists()


def test_the_audit_chain_keeps_no_words_of_the_sender(ngu_kien, minh, an):
    report = answered(ngu_kien, minh, an)
    actions.rate(ANONYMOUS, report, stars=1, why=Words("bí mật của tôi"))
    kept = str(list(Audit.objects.values_list("details", flat=True)))
    assert "Đèn đường" not in kept
    assert "bí mật" not in kept
    assert "Nguyễn Văn Dân" not in kept
    assert "thay bóng đèn" not in kept


def test_the_inbox_is_the_oldest_first(ngu_kien, minh):
    one, two = sent(ngu_kien), sent(ngu_kien)
    assert [row.pk for row in inbox(minh).rows] == [one.pk, two.pk]
    page = inbox(minh, size=1)
    assert [row.pk for row in inbox(minh, page.after).rows] == [two.pk]


def test_of_two_officers_at_once_one_is_told_to_look_again(ngu_kien, minh, thu, an):
    report = sent(ngu_kien)
    seen_earlier = Report.objects.get(pk=report.pk)
    actions.accept(minh, report, lead=post(an))
    with pytest.raises(Refused, match="vừa được người khác"):
        actions.refuse(thu, seen_earlier, why="no-fact")
    report.refresh_from_db()
    assert report.state == "assigned"
    assert not told("feedback.refused").exists()

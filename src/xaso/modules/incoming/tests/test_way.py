"""The way of a document through the office, every move and every refusal, and what is told on the way."""

from datetime import date, datetime, timedelta

import pytest

from xaso.core.access import SYSTEM
from xaso.core.accounts.models import Post
from xaso.core.accounts.queries import actor_of
from xaso.core.audit.models import Entry
from xaso.core.outbox.actions import deliver_all
from xaso.core.outbox.models import Delivery
from xaso.core.search.models import Entry as Found
from xaso.kit import clock
from xaso.kit.errors import Forbidden, Refused
from xaso.modules.incoming import actions
from xaso.modules.incoming.actions import Due, Remark, Stub
from xaso.modules.incoming.actions.working import record_answer
from xaso.modules.incoming.models import Assignment, Document
from xaso.modules.incoming.queries.documents import queue, twins_of
from xaso.modules.incoming.tests.factories import arrived, assigned, given, post, registered, working
from xaso.modules.notifications.models import Message
from xaso.modules.outgoing import queries as outgoing
from xaso.modules.outgoing.actions.drafting import begin_draft
from xaso.modules.outgoing.actions.issuing import recall
from xaso.modules.outgoing.models import Document as Letter

pytestmark = pytest.mark.django_db
State = Document.State


def verbs(document):
    return list(document.steps.order_by("id").values_list("verb", flat=True))


def test_a_document_goes_from_arrival_to_done(van, hoa, an, ngu_kien, monday):
    document = arrived(ngu_kien)
    assert (document.state, document.number, document.told) == (State.WAITING, None, 1)
    actions.register(van, document, given=given(), show=True)
    assert (document.number, document.year, document.book) == (1, 2024, "chung")
    assert str(document) == "Số đến 01/2024"
    assert document.registered_on_time is True
    assert document.state == State.SHOWN
    actions.remark(hoa, document, given=Remark("Chị An tham mưu.", post(an), due=Due(5)))
    assert (document.state, document.lead_person_id) == (State.ASSIGNED, an.person_id)
    assert f"{clock.local(document.due_at):%H:%M %d/%m/%Y}" == "17:00 11/03/2024"
    actions.take(an, document)
    monday.shift(timedelta(days=2))
    actions.finish(an, document, outcome="handled", note_text="Đã rà soát xong 12 hộ.")
    document.refresh_from_db()
    assert (document.state, document.outcome, document.on_time) == (State.DONE, "handled", True)
    assert verbs(document) == ["arrive", "register", "show", "remark", "take", "finish"]
    assert not Assignment.objects.filter(ended_at=None).exists()
    assert document.told == 6
    assert set(Entry.objects.values_list("verb", flat=True)) >= {"incoming.register", "incoming.remark"}


def test_late_is_late(van, hoa, an, ngu_kien, monday):
    document = working(van, hoa, an, ngu_kien, days=3)
    monday.shift(timedelta(days=4))
    actions.finish(an, document, outcome="no_answer", note_text="Chỉ để triển khai.")
    assert document.on_time is False


def test_numbers_of_the_year_follow_each_other_book_by_book(van, ngu_kien):
    first, second = registered(van, ngu_kien), registered(van, ngu_kien)
    letter = registered(van, ngu_kien, book="don-thu")
    assert [(one.book, one.number) for one in (first, second, letter)] == [("chung", 1), ("chung", 2), ("don-thu", 1)]


def test_a_new_year_begins_at_one(van, ngu_kien, monday):
    registered(van, ngu_kien)
    monday.move_to(datetime(2025, 1, 6, 9, 0, tzinfo=clock.VIETNAM))
    assert registered(van, ngu_kien).number == 1


def test_a_refused_registration_takes_no_number(van, ngu_kien):
    document = arrived(ngu_kien)
    for wrong, sentence in (
        ({"subject": " "}, "trích yếu"),
        ({"issuer": ""}, "cơ quan ban hành"),
        ({"dated_on": date(2024, 3, 5)}, "tương lai"),
        ({"book": "mat"}, "Sổ này"),
        ({"book": "khong-co"}, "Sổ này"),
        ({"due": Due(on=date(2024, 3, 1))}, "từ hôm nay"),
        ({"due": Due(0)}, "từ 1 đến 365"),
    ):
        with pytest.raises(Refused, match=sentence):
            actions.register(van, document, given=given(**wrong))
        document.refresh_from_db()
        assert document.state == State.WAITING
    assert actions.register(van, document, given=given()).number == 1


def test_a_document_is_registered_once(van, ngu_kien):
    document = registered(van, ngu_kien)
    with pytest.raises(Refused, match="không vào sổ được nữa"):
        actions.register(van, document, given=given())
    stale = Document.objects.get(pk=document.pk)
    stale.state = State.WAITING
    with pytest.raises(Refused, match="vừa được người khác xử lý"):
        actions.register(van, stale, given=given())
    assert registered(van, ngu_kien).number == 2


def test_refused_with_a_reason_the_sender_learns(van, ngu_kien):
    document = arrived(ngu_kien)
    with pytest.raises(Refused, match="lý do từ chối"):
        actions.refuse(van, document, reason=" ")
    actions.refuse(van, document, reason="Gửi nhầm, không thuộc địa bàn.")
    assert (document.state, document.told) == (State.REFUSED, 2)
    with pytest.raises(Refused, match="Từ chối tiếp nhận"):
        actions.register(van, document, given=given())


def test_handed_over_again_it_is_the_first_one(ngu_kien, lien_chau):
    one = arrived(ngu_kien, external_id="H62.28,2024/03/01,12/UBND-KT")
    again = arrived(ngu_kien, external_id="H62.28,2024/03/01,12/UBND-KT")
    other = arrived(lien_chau, external_id="H62.28,2024/03/01,12/UBND-KT")
    assert one.pk == again.pk != other.pk
    assert verbs(one) == ["arrive"]


def test_the_same_document_by_another_way_is_shown_as_a_twin(van, ngu_kien):
    one = arrived(ngu_kien, external_id="a")
    two = arrived(ngu_kien, origin="email", external_id="b", sender="Uỷ ban nhân dân huyện Vĩnh Tường")
    assert twins_of(two) == [one]
    assert Document.objects.count() == 2
    actions.register(van, two, given=given(number="13"))
    assert twins_of(two) == []


def test_only_a_leader_remarks_and_only_on_what_is_in_the_book(van, hoa, an, ngu_kien):
    document = arrived(ngu_kien)
    with pytest.raises(Refused, match="chưa bút phê được"):
        actions.remark(hoa, document, given=Remark("Giao.", post(an)))
    actions.register(van, document, given=given())
    with pytest.raises(Forbidden):
        actions.remark(van, document, given=Remark("Giao.", post(an)))
    with pytest.raises(Refused, match="bút phê hoặc chọn"):
        actions.remark(hoa, document, given=Remark())
    assert actions.remark(hoa, document, given=Remark("Giao.", post(an))).state == State.ASSIGNED


def test_nobody_of_another_unit_is_given_work(van, hoa, tam, ngu_kien):
    document = registered(van, ngu_kien)
    with pytest.raises(Refused, match="giữ chức danh ở đơn vị này"):
        actions.remark(hoa, document, given=Remark("Giao.", post(tam)))


def test_one_leads_others_help_others_know(van, hoa, an, thu, minh, ngu_kien):
    document = registered(van, ngu_kien)
    people = Remark("Triển khai.", post(an), (post(an), post(thu)), (post(thu), post(minh)))
    actions.remark(hoa, document, given=people)
    parts = {part.name: part.role for part in document.assignments.all()}
    assert parts == {"Phạm Thị An": "lead", "Đỗ Thị Thu": "support", "Lê Văn Minh": "know"}
    told = {message.person_id: message.body for message in Message.objects.filter(template="incoming.assigned")}
    assert set(told) == {an.person_id, thu.person_id, minh.person_id}
    assert "chủ trì" in told[an.person_id]
    assert "phối hợp" in told[thu.person_id]


def test_a_remark_without_a_lead_keeps_the_document(van, hoa, minh, ngu_kien):
    document = registered(van, ngu_kien)
    actions.remark(hoa, document, given=Remark("Lưu.", know=(post(minh),)))
    assert (document.state, document.outcome, document.on_time) == (State.DONE, "kept", None)
    part = document.assignments.get()
    actions.acknowledge(minh, part)
    assert part.ended_at


def test_the_lead_gives_it_back_with_a_reason(van, hoa, an, thu, ngu_kien):
    document = working(van, hoa, an, ngu_kien)
    with pytest.raises(Refused, match="lý do trả lại"):
        actions.give_back(an, document, reason="")
    actions.give_back(an, document, reason="Việc của địa chính.")
    assert (document.state, document.lead_id) == (State.SHOWN, None)
    assert "Việc của địa chính" in Message.objects.get(template="incoming.returned", person_id=hoa.person_id).body
    with pytest.raises(Forbidden):
        actions.take(an, document)
    actions.remark(hoa, document, given=Remark("Chị Thu.", post(thu)))
    assert document.lead_name == "Đỗ Thị Thu"
    assert document.told == 5


def test_a_head_gives_the_work_to_somebody_else(van, hoa, an, thu, minh, ngu_kien):
    document = assigned(van, hoa, an, ngu_kien, support=(post(minh),))
    with pytest.raises(Refused, match="lý do giao lại"):
        actions.reassign(thu, document, lead=post(minh), reason="")
    with pytest.raises(Refused, match="đang chủ trì rồi"):
        actions.reassign(thu, document, lead=post(an), reason="Nghỉ phép.")
    actions.reassign(thu, document, lead=post(minh), reason="Chị An nghỉ phép.")
    assert document.lead_name == "Lê Văn Minh"
    now = Assignment.objects.filter(document=document, ended_at=None)
    assert list(now.values_list("name", "role")) == [("Lê Văn Minh", "lead")]
    with pytest.raises(Forbidden):
        actions.finish(an, document, outcome="handled", note_text="Xong.")
    actions.finish(minh, actions.take(minh, document), outcome="handled", note_text="Xong.")


def test_two_heads_at_once_do_not_both_win(van, hoa, an, thu, minh, ngu_kien):
    document = assigned(van, hoa, an, ngu_kien)
    stale = Document.objects.select_related("unit").get(pk=document.pk)
    actions.reassign(thu, document, lead=post(minh), reason="Nghỉ phép.")
    with pytest.raises(Refused, match="vừa được người khác xử lý"):
        actions.reassign(hoa, stale, lead=post(thu), reason="Đổi người.")


def test_a_supporter_says_something_and_is_done(van, hoa, an, thu, ngu_kien):
    document = assigned(van, hoa, an, ngu_kien, support=(post(thu),))
    part = document.assignments.get(role="support")
    with pytest.raises(Forbidden):
        actions.contribute(an, part, opinion="Không phải của tôi.")
    with pytest.raises(Refused, match="ý kiến"):
        actions.contribute(thu, part, opinion=" ")
    actions.contribute(thu, part, opinion="Nhất trí, bổ sung thôn 3.")
    with pytest.raises(Refused, match="đã kết thúc"):
        actions.contribute(thu, part, opinion="Nói nữa.")
    assert "Nhất trí, bổ sung thôn 3." in document.steps.get(verb="contribute").text


def test_done_says_how(van, hoa, an, ngu_kien):
    document = working(van, hoa, an, ngu_kien)
    with pytest.raises(Refused, match="cách kết thúc"):
        actions.finish(an, document, outcome="kept", note_text="x")
    with pytest.raises(Refused, match="một câu về kết quả"):
        actions.finish(an, document, outcome="handled")
    with pytest.raises(Refused, match="văn bản trả lời"):
        actions.finish(an, document, outcome="answered")
    actions.finish(an, document, outcome="no_answer", note_text="Để triển khai.")
    with pytest.raises(Refused, match="Hoàn thành"):
        actions.finish(hoa, document, outcome="handled", note_text="Lần nữa.")


def test_a_leader_opens_it_again(van, hoa, an, ngu_kien):
    document = working(van, hoa, an, ngu_kien)
    actions.finish(an, document, outcome="handled", note_text="Xong.")
    with pytest.raises(Forbidden):
        actions.reopen(an, document, reason="Chưa xong.")
    actions.reopen(hoa, document, reason="Còn thiếu biểu 2.")
    assert (document.state, document.ended_at, document.on_time) == (State.SHOWN, None, None)
    actions.remark(hoa, document, given=Remark("Làm tiếp.", post(an)))
    assert document.told == 6


def test_an_issued_answer_ends_the_work(van, hoa, an, ngu_kien):
    document = working(van, hoa, an, ngu_kien)
    record_answer(SYSTEM, document, label="45/UBND-VP ngày 06/03/2024")
    assert (document.state, document.outcome) == (State.DONE, "answered")
    record_answer(SYSTEM, document, label="46/UBND-VP ngày 07/03/2024")
    assert document.outcome_note == "45/UBND-VP ngày 06/03/2024"
    assert verbs(document)[-2:] == ["answer", "answer"]


def test_a_recall_is_answered_by_people(van, hoa, an, ngu_kien):
    document = working(van, hoa, an, ngu_kien)
    with pytest.raises(Refused, match="chưa đề nghị thu hồi"):
        actions.accept_recall(van, document)
    actions.ask_recall(van, document, reason="Gửi nhầm phụ lục.")
    actions.ask_recall(van, document, reason="Gửi nhầm phụ lục.")
    assert verbs(document).count("ask_recall") == 1
    actions.refuse_recall(van, document, reason="Đã triển khai.")
    actions.ask_recall(van, document, reason="Vẫn xin thu hồi.")
    actions.accept_recall(van, document)
    assert document.state == State.RECALLED
    with pytest.raises(Refused, match="thu hồi"):
        actions.finish(hoa, document, outcome="handled", note_text="Xong.")


def test_a_recall_that_races_an_answer_comes_too_late(van, hoa, an, ngu_kien):
    document = working(van, hoa, an, ngu_kien)
    stale = Document.objects.select_related("unit").get(pk=document.pk)
    actions.ask_recall(van, document)
    actions.finish(an, document, outcome="handled", note_text="Xong.")
    stale.recall_asked_at = document.recall_asked_at
    with pytest.raises(Refused, match="vừa được người khác xử lý"):
        actions.accept_recall(van, stale)
    with pytest.raises(Refused, match="không đồng ý"):
        actions.accept_recall(van, document)
    actions.refuse_recall(van, document, reason="Đã xử lý xong.")
    assert document.state == State.DONE


def test_what_was_written_wrongly_is_mended_with_a_reason(van, ngu_kien):
    document = registered(van, ngu_kien)
    with pytest.raises(Refused, match="lý do sửa"):
        actions.amend(van, document, given=given(subject="Trích yếu đúng"), reason="")
    actions.amend(van, document, given=given(subject="Trích yếu đúng"), reason="Gõ nhầm.")
    assert (document.number, document.subject) == (1, "Trích yếu đúng")
    assert "Trích yếu đúng" in Found.objects.get(subject=document.ref).title


def test_many_are_remarked_at_once_or_none(van, hoa, an, ngu_kien):
    documents = [registered(van, ngu_kien) for _ in range(3)]
    actions.remark(hoa, documents[1], given=Remark("Riêng.", post(an)))
    with pytest.raises(Refused, match=r"Số đến 02/2024.*Chưa văn bản nào"):
        actions.remark_many(hoa, ngu_kien, documents=documents, given=Remark("Chung.", post(an), due=Due(5)))
    assert Document.objects.filter(state="shown").count() == 2
    fresh = list(Document.objects.select_related("unit").filter(state="shown"))
    assert actions.remark_many(hoa, ngu_kien, documents=fresh, given=Remark("Chung.", post(an), due=Due(5))) == 2
    assert Document.objects.filter(state="assigned", remark="Chung.").count() == 2
    with pytest.raises(Refused, match="đánh dấu"):
        actions.remark_many(hoa, ngu_kien, documents=[], given=Remark("Chung.", post(an)))


def test_a_secret_document_is_a_line_and_nothing_else(van, ngu_kien):
    stub = actions.register_secret(van, ngu_kien, given=Stub("mat", "Công an huyện", "03", "BC-CAH", date(2024, 3, 1)))
    assert (stub.number, stub.book, stub.state, stub.subject) == (1, "mat", State.OUTSIDE, "")
    assert not Found.objects.exists()
    assert not Delivery.objects.exists()
    with pytest.raises(Refused, match="độ mật"):
        actions.register_secret(van, ngu_kien, given=Stub("", "Công an huyện"))
    with pytest.raises(Refused, match="không kèm tệp"):
        actions.add_files(van, stub, uploads=[stub.uuid])
    for verb in (
        lambda: actions.register(van, stub, given=given()),
        lambda: actions.show(van, stub),
        lambda: actions.amend(van, stub, given=given(), reason="x"),
    ):
        with pytest.raises(Refused, match="mật"):
            verb()


@pytest.mark.parametrize("level", ["mat", "Tối mật", "tuyet_mat", "Mật"])
def test_nothing_secret_arrives_through_the_net(ngu_kien, level):
    with pytest.raises(Refused, match="không được đưa lên hệ thống nối mạng"):
        arrived(ngu_kien, secrecy=level)
    assert not Document.objects.exists()


def test_what_arrives_says_from_where_and_how(ngu_kien):
    for wrong, sentence in (
        ({"sender": " "}, "nơi gửi"), ({"origin": "bồ câu"}, "đường nào"), ({"urgency": "gấp lắm"}, "độ khẩn"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=sentence):
            arrived(ngu_kien, **wrong)


def test_express_is_told_at_once_to_leader_and_clerk(van, hoa, an, ngu_kien):
    document = arrived(ngu_kien, urgency="Hoả tốc")
    told = Message.objects.filter(template="incoming.express", channel="inapp")
    assert set(told.values_list("person_id", flat=True)) == {van.person_id, hoa.person_id}
    actions.register(van, document, given=given(urgency=3), show=True)
    assert told.count() == 2


def test_what_was_put_before_a_leader_who_left_waits_for_the_others(van, hoa, quan, ngu_kien, monday):
    document = arrived(ngu_kien)
    actions.register(van, document, given=given(), leader=post(hoa))
    other = Post.objects.create(
        account_id=quan.account_id, unit=ngu_kien, unit_path=ngu_kien.path, role="leader", valid_from=date(2020, 1, 1)
    )
    deputy = actor_of(other.account_id)
    assert queue(deputy, "incoming.remark", ["shown"]).rows == []
    assert queue(hoa, "incoming.remark", ["shown"]).rows == [document]
    Post.objects.filter(account_id=hoa.account_id).update(valid_to=date(2024, 3, 3))
    assert queue(deputy, "incoming.remark", ["shown"]).rows == [document]


def test_an_answer_that_was_recalled_opens_it_again(van, hoa, an, ngu_kien):
    document, other = working(van, hoa, an, ngu_kien), working(van, hoa, an, ngu_kien)
    letter = begin_draft(an, ngu_kien, kind="cong-van", subject="Trả lời", answers=document.ref)
    Letter.objects.filter(pk=letter.pk).update(state="issued", number=45, symbol="UBND-VP", issued_at=clock.now())
    letter = outgoing.document(letter.uuid)
    record_answer(SYSTEM, document, label=f"Văn bản {letter}")
    actions.finish(an, other, outcome="answered", note_text="Đã gọi điện.")
    recall(hoa, letter, reason="Sai số liệu.")
    deliver_all()
    document.refresh_from_db()
    other.refresh_from_db()
    assert (document.state, document.outcome, other.state) == (State.SHOWN, "", State.DONE)
    assert "đã thu hồi: Sai số liệu." in document.steps.last().text

"""The life of a dossier: each verb allowed, refused, forbidden; whom it tells; what it leaves."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import time_machine

from xaso.core.access import SYSTEM
from xaso.core.audit.models import Entry
from xaso.core.deadlines.jobs import announce_deadlines
from xaso.core.deadlines.models import Clock
from xaso.core.outbox.actions import deliver_all
from xaso.core.outbox.models import Delivery
from xaso.core.units.models import Succession, Unit
from xaso.kit import clock, subject
from xaso.kit.errors import Forbidden, Refused
from xaso.modules.dossiers import rules
from xaso.modules.dossiers.actions import closing, filing, payment, processing, reception
from xaso.modules.dossiers.actions.filing import Helper, PaperIn
from xaso.modules.dossiers.jobs import hand_over_after_mergers
from xaso.modules.dossiers.models import Dossier, Result, Supplement
from xaso.modules.dossiers.tests.factories import COPY, filed, finished, received, submitted, uploaded
from xaso.modules.notifications.models import Message
from xaso.modules.papers.models import PrintedPaper
from xaso.modules.payments.queries import open_charge

pytestmark = pytest.mark.django_db
MONDAY = datetime(2024, 3, 4, 9, 0, tzinfo=clock.VIETNAM)


@pytest.fixture(autouse=True)
def _monday(catalogue):
    with time_machine.travel(MONDAY, tick=False):
        yield


def test_a_resident_files_online_and_it_waits_for_reception(lan, ngu_kien, minh):
    dossier = submitted(lan, ngu_kien)
    assert (dossier.state, dossier.number, dossier.channel, dossier.filing) == (1, None, "online", "self")
    assert dossier.owner_person_id == lan.person_id
    deliver_all()
    assert Message.objects.filter(template="dossiers.submitted", subject=subject.ref(dossier)).exists()


def test_acceptance_gives_number_due_date_slip_and_message(lan, ngu_kien, minh):
    dossier = submitted(lan, ngu_kien)
    reception.accept_dossier(minh, dossier)
    assert dossier.number == "H62.28.15-240304-0001"
    assert dossier.state == rules.State.ACCEPTED
    assert clock.local(dossier.due_at).date().isoformat() == "2024-03-19"  # fifteen days
    deliver_all()
    assert not Delivery.objects.exclude(state="done").exists(), list(Delivery.objects.values_list("error"))
    slip = PrintedPaper.objects.get(subject=subject.ref(dossier), code="mau-01")
    assert slip.data["dossier_number"] == dossier.number
    assert slip.data["lookup_secret"] == dossier.secret
    assert Message.objects.filter(template="dossiers.accepted", channel="inapp").count() == 1


def test_reception_at_the_counter_is_one_action_with_one_chain_entry(minh, ngu_kien):
    dossier = received(minh, ngu_kien)
    assert dossier.state == rules.State.PROCESSING
    assert dossier.step_role == "handler"
    entries = Entry.objects.filter(verb="dossiers.receive", subject=subject.ref(dossier))
    assert [(entry.actor_name, entry.unit_path) for entry in entries] == [("Lê Văn Minh", ngu_kien.path)]
    assert Clock.objects.get(subject=subject.ref(dossier)).due_legal_at == dossier.due_at


def test_the_same_request_twice_makes_one_dossier(minh, ngu_kien):
    first = received(minh, ngu_kien, idempotency_key="k1")
    second = received(minh, ngu_kien, idempotency_key="k1")
    assert first.pk == second.pk
    assert Dossier.objects.count() == 1


def test_reception_refuses_when_a_required_paper_is_missing(minh, ngu_kien):
    with pytest.raises(Refused, match="Còn thiếu"):
        received(minh, ngu_kien, papers={})
    assert not Dossier.objects.exists()


def test_the_number_of_a_refused_dossier_is_given_again(minh, ngu_kien):
    received(minh, ngu_kien)
    with pytest.raises(Refused):
        received(minh, ngu_kien, papers={})
    assert received(minh, ngu_kien).number.endswith("-0002")


def test_help_is_recorded_with_name_and_consent(minh, ngu_kien):
    helper = Helper(full_name="Lê Văn Minh", basis="Cán bộ một cửa", consented=True)
    dossier = received(minh, ngu_kien, filing="assisted", helper=helper)
    party = dossier.parties.get()
    assert (dossier.filing, party.role, party.full_name) == ("assisted", "helper", "Lê Văn Minh")
    assert party.consent_at is not None
    assert dossier.owner_person.personal_id == "026185001234"


def test_help_without_consent_is_refused(minh, ngu_kien):
    with pytest.raises(Refused, match="đồng ý"):
        received(minh, ngu_kien, filing="assisted", helper=Helper(full_name="Lê Văn Minh"))


def test_two_officers_accepting_at_once_make_one_acceptance(lan, minh, ngu_kien):
    dossier = submitted(lan, ngu_kien)
    mine, theirs = Dossier.objects.get(pk=dossier.pk), Dossier.objects.get(pk=dossier.pk)
    reception.accept_dossier(minh, mine)
    with pytest.raises(Refused, match="người khác"):
        reception.accept_dossier(minh, theirs)
    assert Dossier.objects.get(pk=dossier.pk).number.endswith("-0001")
    assert received(minh, ngu_kien).number.endswith("-0002")


def test_an_officer_of_another_unit_may_not_accept(lan, tam, ngu_kien):
    dossier = submitted(lan, ngu_kien)
    with pytest.raises(Forbidden):
        reception.accept_dossier(tam, dossier)
    assert Entry.objects.filter(verb="dossiers.accept", outcome="denied", account_id=tam.account_id).exists()


def test_a_resident_may_not_accept_her_own(lan, ngu_kien):
    with pytest.raises(Forbidden):
        reception.accept_dossier(lan, submitted(lan, ngu_kien))


def test_declining_needs_a_reason_and_gives_the_form(lan, minh, ngu_kien):
    dossier = submitted(lan, ngu_kien)
    with pytest.raises(Refused):
        reception.decline_dossier(minh, dossier, reason=" ")
    reception.decline_dossier(minh, dossier, reason="Thuộc thẩm quyền cấp tỉnh")
    assert dossier.state == rules.State.DECLINED
    deliver_all()
    assert PrintedPaper.objects.get(code="mau-03").data["reason"] == "Thuộc thẩm quyền cấp tỉnh"


def test_supplement_before_acceptance_has_no_number_and_comes_back(lan, minh, ngu_kien):
    dossier = submitted(lan, ngu_kien)
    reception.request_supplement_before(minh, dossier, items=["Bản vẽ"], reason="Thiếu bản vẽ")
    assert (dossier.state, dossier.number) == (5, None)
    processing.answer_supplement(lan, dossier, uploads={"ban_ve": uploaded(lan).uuid})
    assert dossier.state == rules.State.SUBMITTED
    deliver_all()
    assert PrintedPaper.objects.filter(code="mau-02").count() == 1


def test_a_supplement_stops_the_clock_and_complete_papers_restart_it(minh, an, lan, ngu_kien):
    dossier = received(minh, ngu_kien)
    processing.request_supplement(an, dossier, items=["Bản vẽ"], reason="Bản vẽ mờ")
    assert dossier.state == rules.State.SUPPLEMENT
    with time_machine.travel(MONDAY + timedelta(days=4), tick=False):
        processing.answer_supplement(minh, dossier, uploads={"ban_ve": uploaded(minh).uuid})
        reception_view = Dossier.objects.get(pk=dossier.pk)
        processing.resume_dossier(minh, reception_view)
    assert reception_view.state == rules.State.PROCESSING
    assert clock.local(reception_view.due_at).date().isoformat() == "2024-03-25"  # 8 March + 15 = Saturday 23 → Monday


def test_a_second_supplement_needs_a_manager(minh, an, thu, ngu_kien):
    dossier = received(minh, ngu_kien)
    processing.request_supplement(an, dossier, items=["Bản vẽ"], reason="Mờ")
    processing.resume_dossier(minh, dossier)
    with pytest.raises(Refused, match="phụ trách"):
        processing.request_supplement(an, dossier, items=["Đơn"], reason="Thiếu chữ ký")
    processing.request_supplement(an, dossier, items=["Đơn"], reason="Thiếu chữ ký", approved_by=thu)
    assert Supplement.objects.order_by("-pk").first().approved_by == thu.name
    assert dossier.supplements_asked == 2


def test_two_supplements_make_the_766_verdict_late_and_the_legal_one_on_time(minh, an, hoa, van, thu, ngu_kien):
    dossier = received(minh, ngu_kien)
    processing.request_supplement(an, dossier, items=["Bản vẽ"], reason="Mờ")
    processing.resume_dossier(minh, dossier)
    processing.request_supplement(an, dossier, items=["Đơn"], reason="Thiếu", approved_by=thu)
    processing.resume_dossier(minh, dossier)
    people = {"handler": an, "head": thu, "leader": hoa, "clerk": van, "reception": minh}
    while dossier.state == rules.State.PROCESSING:
        processing.finish_step(people[dossier.step_role], dossier)
    assert (dossier.on_time_legal, dossier.on_time_766) == (True, False)


def test_a_duty_pauses_the_clock_by_the_time_waited(minh, an, ngu_kien):
    dossier = received(minh, ngu_kien)
    before = dossier.due_at
    processing.request_duty(an, dossier, notice="TB 12/2024")
    with time_machine.travel(MONDAY + timedelta(days=3), tick=False):
        processing.confirm_duty(minh, dossier, proof="BL 5")
    assert dossier.state == rules.State.PROCESSING
    assert dossier.due_at == before + timedelta(days=3)


def test_an_apology_moves_the_date_once(minh, an, thu, ngu_kien):
    dossier = received(minh, ngu_kien)
    later = dossier.due_at + timedelta(days=3)
    processing.apologise(an, dossier, reason="Mưa lũ", new_due=later)
    assert dossier.due_at == later
    with pytest.raises(Refused, match="một lần"):
        processing.apologise(an, dossier, reason="Lại chậm", new_due=later + timedelta(days=3))
    processing.apologise(
        thu, dossier, reason="Lại chậm", new_due=later + timedelta(days=3), override_reason="Chủ tịch đồng ý"
    )
    deliver_all()
    assert PrintedPaper.objects.filter(code="mau-04").count() == 2


def test_steps_go_in_order_and_only_by_their_role(minh, an, hoa, ngu_kien):
    dossier = received(minh, ngu_kien)
    with pytest.raises(Refused, match="chuyên viên"):
        processing.finish_step(hoa, dossier)
    processing.finish_step(an, dossier, remark="Đủ điều kiện")
    assert dossier.step_role != "handler" or dossier.step_key != "xu_ly"


def test_the_leader_sends_a_draft_back_with_a_reason(minh, an, thu, hoa, ngu_kien):
    dossier = received(minh, ngu_kien)
    while dossier.step_role != "leader":
        processing.finish_step({"handler": an, "head": thu}[dossier.step_role], dossier)
    processing.refuse_result(hoa, dossier, reason="Sai diện tích")
    assert dossier.step_role == "handler"


def test_a_result_is_returned_once_paid_and_attached(minh, an, thu, hoa, van, ngu_kien):
    dossier = finished(ngu_kien, minh, an, thu, hoa, van)
    assert (dossier.state, dossier.delivery_state, dossier.on_time_legal) == (9, "ready", True)
    closing.return_result(minh, dossier, handed_to="Nguyễn Thị Lan", handed_how="CCCD")
    assert (dossier.state, Result.objects.get(dossier=dossier).handed_to) == (10, "Nguyễn Thị Lan")


def test_a_result_is_the_applicants_only_once_decided(lan, minh, an, thu, hoa, van, ngu_kien):
    dossier = received(minh, ngu_kien)
    processing.attach_result(an, dossier, upload=uploaded(an).uuid)
    result = Result.objects.select_related("file").get(dossier=dossier)
    assert not lan.may("files.view", on=result.file)
    people = {"handler": an, "head": thu, "leader": hoa, "clerk": van, "reception": minh}
    while dossier.state == rules.State.PROCESSING:
        processing.finish_step(people[dossier.step_role], dossier)
    result.file.refresh_from_db()
    assert lan.may("files.view", on=result.file)


def test_no_result_file_no_return(minh, an, thu, hoa, van, ngu_kien):
    dossier = received(minh, ngu_kien)
    people = {"handler": an, "head": thu, "leader": hoa, "clerk": van, "reception": minh}
    while dossier.state == rules.State.PROCESSING:
        processing.finish_step(people[dossier.step_role], dossier)
    payment.set_fee(minh, dossier, amount=0, basis="Không thu")
    with pytest.raises(Refused, match="tệp kết quả"):
        closing.return_result(minh, dossier)


def test_an_unknown_fee_is_settled_by_a_person_and_never_zero_by_itself(minh, ngu_kien):
    dossier = received(minh, ngu_kien)
    assert dossier.payment_state == "unknown"
    assert "Chưa xác định" in rules.may_return("unknown", has_result=True, result_kind="document")
    with pytest.raises(Refused, match="căn cứ"):
        payment.set_fee(minh, dossier, amount=0, basis=" ")
    payment.set_fee(minh, dossier, amount=75_000, basis="NQ 05/2023/NQ-HĐND")
    assert dossier.payment_state == "due"
    assert open_charge(subject.ref(dossier)).total == 75_000


def test_what_is_late_is_said_on_the_timeline(minh, ngu_kien):
    dossier = received(minh, ngu_kien)
    with time_machine.travel(dossier.due_at + timedelta(days=1), tick=False):
        announce_deadlines()
        deliver_all()
    assert dossier.steps.filter(key="overdue").count() == 1


def test_the_day_before_an_apology_is_asked_for(minh, ngu_kien):
    dossier = received(minh, ngu_kien)
    with time_machine.travel(dossier.due_at - timedelta(hours=20), tick=False):
        announce_deadlines()
        deliver_all()
    dossier.refresh_from_db()
    assert dossier.needs_apology


def test_a_merger_hands_over_by_itself_and_a_split_does_not(minh, ngu_kien, lien_chau):
    dossier = received(minh, ngu_kien)
    Succession.objects.create(predecessor=ngu_kien, successor=lien_chau, kind="merge", effective_on=MONDAY.date())
    ngu_kien.valid_to = MONDAY.date() - timedelta(days=1)
    ngu_kien.save()
    assert hand_over_after_mergers() == 1
    assert hand_over_after_mergers() == 0
    dossier.refresh_from_db()
    assert dossier.unit == lien_chau


def test_a_renamed_unit_keeps_its_people_and_is_handed_over_once(minh, an, ngu_kien):
    dossier = received(minh, ngu_kien)
    Dossier.objects.filter(pk=dossier.pk).update(assignee_id=an.account_id)
    renamed = Unit.objects.create(
        code=ngu_kien.code, name="Ngũ Kiên mới", kind="commune", parent=ngu_kien.parent, path=ngu_kien.path,
        valid_from=MONDAY.date(),
    )  # fmt: skip
    Succession.objects.create(predecessor=ngu_kien, successor=renamed, kind="rename", effective_on=MONDAY.date())
    ngu_kien.valid_to = MONDAY.date() - timedelta(days=1)
    ngu_kien.save()
    assert hand_over_after_mergers() == 1
    assert hand_over_after_mergers() == 0
    dossier.refresh_from_db()
    assert (dossier.unit, dossier.assignee_id) == (renamed, an.account_id)


def test_an_unpaid_fee_keeps_the_result(minh, ngu_kien):
    dossier = reception.receive_dossier(
        minh, ngu_kien, filed=filed(COPY), price=reception.Price({"page": 3, "copy": 1}), forward=True
    )
    assert dossier.payment_state == "due"
    assert "chưa nộp" in rules.may_return("due", has_result=True, result_kind="document")


def test_withdrawal_by_the_owner_ends_it_and_cancels_the_fee(lan, minh, ngu_kien):
    dossier = reception.receive_dossier(
        minh, ngu_kien, filed=filed(COPY), price=reception.Price({"page": 3, "copy": 1}), forward=True
    )
    closing.withdraw_dossier(lan, dossier, reason="Không cần nữa")
    assert dossier.state == rules.State.WITHDRAWN
    deliver_all()
    assert Message.objects.filter(template="dossiers.withdrawn").exists()
    assert open_charge(subject.ref(dossier)) is None


def test_since_2025_stopping_has_a_form_of_its_own(minh, an, ngu_kien):
    with time_machine.travel(datetime(2025, 10, 6, 9, 0, tzinfo=clock.VIETNAM), tick=False):
        dossier = received(minh, ngu_kien)
        assert dossier.number == "H62.28.15-20251006-0000001"
        closing.stop_dossier(an, dossier, reason="Không đủ điều kiện")
        deliver_all()
    assert PrintedPaper.objects.filter(code="mau-05").exists()


def test_a_stranger_may_not_withdraw(nam, minh, ngu_kien):
    with pytest.raises(Forbidden):
        closing.withdraw_dossier(nam, received(minh, ngu_kien))


def test_stopping_tells_why(minh, an, ngu_kien):
    dossier = received(minh, ngu_kien)
    closing.stop_dossier(an, dossier, reason="Không đủ điều kiện")
    assert dossier.state == rules.State.STOPPED
    deliver_all()
    assert Message.objects.filter(template="dossiers.stopped").exists()


def test_after_a_merger_the_successor_owns_what_is_open(minh, an, tam, ngu_kien, lien_chau):
    dossier = received(minh, ngu_kien)
    number, due = dossier.number, dossier.due_at
    assert closing.hand_over(SYSTEM, ngu_kien, successor=lien_chau) == 1
    dossier.refresh_from_db()
    assert (dossier.unit, dossier.received_by_unit) == (lien_chau, ngu_kien)
    assert (dossier.number, dossier.due_at) == (number, due)
    assert tam.may("dossiers.view", on=dossier)
    assert not minh.may("dossiers.view", on=dossier)


def test_a_consultation_holds_the_step_until_it_is_answered(minh, an, tam, thu, ngu_kien, lien_chau):
    dossier = received(minh, ngu_kien)
    asked = processing.consult(
        an, dossier, asked=lien_chau, question="Ranh giới?", answer_by=clock.now() + timedelta(days=2)
    )
    with pytest.raises(Refused, match="ý kiến"):
        processing.finish_step(an, dossier)
    with pytest.raises(Forbidden):
        processing.answer_consultation(thu, asked, answer="Đúng")


def test_a_forged_upload_cannot_be_claimed(lan, nam, ngu_kien):
    theirs = uploaded(nam)
    papers = {part.key: PaperIn(upload=theirs.uuid) for part in filed().version.papers({})[:1]}
    with pytest.raises(Refused):
        submitted(lan, ngu_kien, papers=papers)
    assert not Dossier.objects.exists()


def test_an_unknown_upload_is_refused_and_nothing_is_kept(lan, ngu_kien):
    papers = {part.key: PaperIn(upload=uuid4()) for part in filed().version.papers({})[:1]}
    with pytest.raises(Refused):
        submitted(lan, ngu_kien, papers=papers)
    assert not Dossier.objects.exists()


def test_a_draft_sent_twice_is_one_dossier(lan, ngu_kien):
    version = filed().version
    draft = filing.save_draft(
        lan,
        filing.Draft(
            account_id=lan.account_id, owner_person_id=lan.person_id, procedure_id=version.procedure_id, unit=ngu_kien,
            updated_at=clock.now(),
        ),
        answers={"a": 1},
        files_by_key={},
    )  # fmt: skip
    first = filing.submit_dossier(lan, ngu_kien, filed=filed(idempotency_key="d1"), draft=draft)
    again = filing.submit_dossier(lan, ngu_kien, filed=filed(idempotency_key="d1"), draft=draft)
    assert first.pk == again.pk

"""Late work is not finished, signed or handed over before the resident was told sorry."""

from datetime import datetime, timedelta

import pytest
import time_machine

from xaso.core.accounts.models import Account
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.modules.dossiers import rules
from xaso.modules.dossiers.actions import at_once, closing, processing
from xaso.modules.dossiers.models import Apology, Dossier, Result
from xaso.modules.dossiers.tests.factories import COPY, PERMIT, finished, received, uploaded

pytestmark = pytest.mark.django_db
MONDAY = datetime(2024, 3, 4, 9, 0, tzinfo=clock.VIETNAM)
FIRST_SORRY = "chưa được xin lỗi.*Mẫu 04"


@pytest.fixture(autouse=True)
def now(catalogue):
    with time_machine.travel(MONDAY, tick=False) as travelling:
        yield travelling


@pytest.fixture
def late(minh, ngu_kien, now):
    """Received, at work, and a day past its date."""
    dossier = received(minh, ngu_kien)
    now.move_to(dossier.due_at + timedelta(days=1))
    return dossier


def sorry(by, dossier, days=2):
    return processing.apologise(by, dossier, reason="Thiếu người", new_due=clock.now() + timedelta(days=days))


@pytest.mark.parametrize(
    ("due", "apologised", "owes"),
    [(MONDAY - timedelta(minutes=1), None, True), (MONDAY, None, False), (None, None, False),
     (MONDAY - timedelta(days=3), MONDAY - timedelta(days=4), False)],
)  # fmt: skip
def test_who_owes_an_apology(due, apologised, owes):
    assert rules.owes_apology(MONDAY, due, apologised) is owes


def test_a_late_step_is_finished_only_after_the_apology(late, an):
    with pytest.raises(Refused, match=FIRST_SORRY):
        processing.finish_step(an, late)
    step = late.step_key
    sorry(an, late)
    processing.finish_step(an, late)
    late.refresh_from_db()
    assert late.step_key != step


def test_a_late_result_is_signed_only_after_the_apology(minh, an, thu, hoa, van, ngu_kien, now):
    dossier = received(minh, ngu_kien)
    processing.attach_result(an, dossier, upload=uploaded(an).uuid)
    while dossier.step_role != "leader":
        processing.finish_step({"handler": an, "head": thu}[dossier.step_role], dossier)
    now.move_to(dossier.due_at + timedelta(hours=1))
    with pytest.raises(Refused, match=FIRST_SORRY):
        processing.sign_result(hoa, dossier)
    assert Result.objects.get(dossier=dossier).decided_at is None
    sorry(hoa, dossier)
    processing.sign_result(hoa, dossier)
    assert Result.objects.get(dossier=dossier).decided_at == clock.now()


def test_the_last_minute_is_still_in_time(minh, an, ngu_kien, now):
    dossier = received(minh, ngu_kien)
    now.move_to(dossier.due_at)
    step = dossier.step_key
    processing.finish_step(an, dossier)
    assert dossier.step_key != step


def test_a_result_ready_in_time_is_collected_whenever_its_owner_comes(minh, an, thu, hoa, van, ngu_kien, now):
    dossier = finished(ngu_kien, minh, an, thu, hoa, van)
    now.move_to(dossier.due_at + timedelta(days=40))
    closing.return_result(minh, dossier)
    assert dossier.state == rules.State.RETURNED


def test_what_was_finished_late_before_this_rule_is_apologised_for_before_it_is_returned(
    minh, an, thu, hoa, van, ngu_kien, now
):
    dossier = finished(ngu_kien, minh, an, thu, hoa, van)
    Dossier.objects.filter(pk=dossier.pk).update(finished_at=dossier.due_at + timedelta(days=1))
    dossier.refresh_from_db()
    now.move_to(dossier.due_at + timedelta(days=2))
    with pytest.raises(Refused, match=FIRST_SORRY):
        closing.return_result(minh, dossier)
    sorry(an, dossier)
    closing.return_result(minh, dossier)
    assert Apology.objects.get(dossier=dossier).due_after_at > Apology.objects.get(dossier=dossier).due_before_at


def test_a_late_result_at_once_needs_the_apology_too(minh, an, hoa, ngu_kien, now):
    dossier = received(minh, ngu_kien, COPY)
    Dossier.objects.filter(pk=dossier.pk).update(payment_state="none")
    dossier.refresh_from_db()
    approver = Account.objects.get(pk=hoa.account_id)
    now.move_to(dossier.due_at + timedelta(days=1))
    with pytest.raises(Refused, match=FIRST_SORRY):
        at_once.complete_at_once(minh, dossier, approver=approver)
    sorry(an, dossier)
    at_once.complete_at_once(minh, dossier, approver=approver)
    assert dossier.state == rules.State.RETURNED


def test_a_dossier_that_waited_for_its_resident_is_not_late(minh, an, ngu_kien, now):
    dossier = received(minh, ngu_kien)
    processing.request_supplement(an, dossier, items=["Bản vẽ"], reason="Thiếu bản vẽ")
    now.move_to(dossier.due_at + timedelta(days=5))
    processing.answer_supplement(minh, dossier, uploads={}, answer="Đã nộp")
    processing.resume_dossier(minh, dossier)
    assert not dossier.needs_apology
    step = dossier.step_key
    processing.finish_step(an, dossier)
    assert dossier.step_key != step


def test_a_duty_moves_the_date_and_with_it_what_is_owed(minh, an, ngu_kien, now):
    dossier = received(minh, ngu_kien)
    processing.request_duty(an, dossier, notice="TB 12")
    now.move_to(dossier.due_at + timedelta(days=5))
    processing.confirm_duty(minh, dossier, proof="BL 5")
    step = dossier.step_key
    processing.finish_step(an, dossier)
    assert dossier.step_key != step


def test_the_page_offers_the_apology_where_it_is_owed(late, an, minh, browser_of):
    page = f"/desk/dossiers/{late.uuid}/"
    shown = browser_of(an).get(page).content.decode()
    assert "Đã trễ hẹn, chưa xin lỗi người dân" in shown
    assert shown.count(f"{page}apologise/") == 1
    assert shown.index(f"{page}apologise/") < shown.index(f"{page}press/finish_step/")
    # Who may not apologise is told whose work it is.
    at_reception = browser_of(minh).get(page).content.decode()
    assert "Việc này của chuyên viên" in at_reception
    assert f"{page}apologise/" not in at_reception
    refused = browser_of(an).post(f"{page}press/finish_step/")
    assert refused.status_code == 409
    assert "Mẫu 04" in refused.content.decode()
    day = f"{clock.today() + timedelta(days=3):%d/%m/%Y}"
    told = browser_of(an).post(f"{page}apologise/", {"reason": "Thiếu người", "new_due": day}, follow=True)
    assert "Đã xin lỗi và hẹn lại" in told.content.decode()
    assert "chưa xin lỗi người dân" not in told.content.decode()
    assert browser_of(an).post(f"{page}press/finish_step/").status_code == 302


def test_a_running_dossier_keeps_the_button_among_its_verbs(minh, an, ngu_kien, browser_of):
    dossier = received(minh, ngu_kien, PERMIT)
    shown = browser_of(an).get(f"/desk/dossiers/{dossier.uuid}/").content.decode()
    assert "Đã trễ hẹn" not in shown
    assert shown.count(f"/desk/dossiers/{dossier.uuid}/apologise/") == 1

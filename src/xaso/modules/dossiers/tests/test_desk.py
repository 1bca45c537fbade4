"""The officer's desk: today's work, the list, one dossier with its verbs; and what another unit never sees."""

from datetime import datetime, timedelta

import pytest
import time_machine

from xaso.core.access import SYSTEM
from xaso.core.accounts.models import Account
from xaso.core.audit.models import Entry
from xaso.core.outbox.actions import deliver_all
from xaso.kit import clock, subject
from xaso.modules.dossiers import queries
from xaso.modules.dossiers.actions import payment, processing
from xaso.modules.dossiers.actions.filing import Applicant, Helper
from xaso.modules.dossiers.actions.warning import ask_for_apology
from xaso.modules.dossiers.models import Consultation, Dossier
from xaso.modules.dossiers.tests.factories import COPY, PERMIT, finished, received, submitted
from xaso.modules.payments.actions import take_cash
from xaso.modules.payments.queries import open_charge

pytestmark = pytest.mark.django_db
MONDAY = datetime(2024, 3, 4, 9, 0, tzinfo=clock.VIETNAM)
LIST = "/desk/dossiers/"
HOSTILE = "<img src=x onerror=alert(1)>\"'; DROP TABLE dossiers_dossier; --"
VERBS = ("accept", "decline", "supplement", "supplement_before", "duty", "confirm_duty", "apologise", "return_result",
         "attach_result", "refuse_result", "assign", "consult", "stop", "withdraw")  # fmt: skip
PRESSED = ("forward", "sign", "finish_step", "resume")


@pytest.fixture(autouse=True)
def _monday(catalogue):
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def desk(minh, browser_of):
    return browser_of(minh)


def page_of(browser, dossier: Dossier) -> str:
    answer = browser.get(f"{LIST}{dossier.uuid}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_todays_work_is_sorted_by_deadline(an, minh, ngu_kien, browser_of):
    later = received(minh, ngu_kien, PERMIT)
    sooner = received(minh, ngu_kien, COPY)
    shown = browser_of(an).get("/desk/").content.decode()
    work = shown[shown.index('id="viec"') :]
    assert work.index(sooner.number) < work.index(later.number)


def test_what_waits_to_be_accepted_comes_before_what_has_a_deadline_and_every_row_once(minh, lan, ngu_kien):
    """SQLite and PostgreSQL put what is empty at different ends when nobody says where."""
    new = [submitted(lan, ngu_kien) for _ in range(3)]
    due = [received(minh, ngu_kien, code) for code in (PERMIT, COPY, PERMIT)]
    Dossier.objects.filter(pk__in=[one.pk for one in due]).update(step_role="reception")
    page = queries.waiting_for(minh, size=2)
    found = page.rows
    while page.after:
        page = queries.waiting_for(minh, page.after, size=2)
        found = [*found, *page.rows]
    wanted = [*new, *sorted(due, key=lambda one: (one.due_at, one.pk))]
    assert [one.pk for one in found] == [one.pk for one in wanted]


def test_tiles_count_and_open_the_rows_they_count(desk, minh, lan, ngu_kien):
    new = submitted(lan, ngu_kien)
    with time_machine.travel(MONDAY - timedelta(days=60), tick=False):
        late = received(minh, ngu_kien, PERMIT)
    shown = desk.get("/desk/").content.decode()
    for name, dossier in (("new", new), ("late", late)):
        assert f"{LIST}?work={name}" in shown
        rows = desk.get(LIST, {"work": name}).content.decode()
        assert str(dossier.uuid) in rows
    assert str(new.uuid) not in desk.get(LIST, {"work": "late"}).content.decode()
    assert "quá hạn" in desk.get(LIST, {"work": "late"}).content.decode()


def test_search_by_name_without_marks_by_phone_and_by_number(desk, minh, ngu_kien):
    one = received(minh, ngu_kien)
    other = received(minh, ngu_kien, applicant=Applicant("Trần Đức Đạt", "026080004321", phone="0987654321"))
    for text, found, missing in (("tran duc dat", other, one), ("0987654321", other, one), (one.number, one, other)):
        rows = desk.get(LIST, {"q": text}).content.decode()
        assert str(found.uuid) in rows, text
        assert str(missing.uuid) not in rows, text


@pytest.mark.parametrize("asked", [
    {"state": "99"}, {"state": "x"}, {"work": "x"}, {"received_from": "31/02/2024"}, {"received_from": "2024-13-01"},
    {"after": "²"}, {"after": "9" * 60}, {"after": "-1"}, {"q": "'\"*()%_ OR"}, {"q": "a" * 10_000}, {"q": "\x00"},
])  # fmt: skip
def test_strange_filters_break_nothing(desk, minh, ngu_kien, asked):
    received(minh, ngu_kien)
    assert desk.get(LIST, asked).status_code == 200


@pytest.mark.parametrize("key", ["x", "|", "2024-99-01|1", "²|²", "2024-03-04T00:00:00|1", "9" * 50])
def test_a_forged_place_in_the_work_list_breaks_nothing(desk, key):
    assert desk.get("/desk/", {"after": key}).status_code == 200


def test_the_list_goes_on_page_by_page(desk, minh, ngu_kien):
    made = [received(minh, ngu_kien) for _ in range(23)]
    first = desk.get(LIST).content.decode()
    assert str(made[-1].uuid) in first
    assert str(made[0].uuid) not in first
    second = desk.get(LIST, {"after": made[3].pk}).content.decode()
    assert [str(one.uuid) in second for one in made[:4]] == [True, True, True, False]
    part = desk.get(LIST, headers={"hx-request": "true", "hx-target": "rows"}).content.decode()
    assert "<html" not in part


def test_the_page_of_a_dossier_says_everything_and_logs_the_look(desk, minh, ngu_kien):
    helper = Helper("Trần Thị Giúp", phone="0912000111", basis="Tổ công nghệ số", consented=True)
    dossier = received(minh, ngu_kien, filing="assisted", helper=helper)
    deliver_all()
    shown = page_of(desk, dossier)
    for text in (dossier.number, "Nguyễn Thị Lan", "0912 345 601", "Trần Thị Giúp", "Tổ công nghệ số",
                 "Tiếp nhận hồ sơ", "được hỗ trợ nộp", "In phiếu kiểm soát"):  # fmt: skip
        assert text in shown, text
    assert "/desk/papers/" in shown
    assert Entry.objects.filter(
        verb="read", subject=f"dossiers.Dossier:{dossier.pk}", account_id=minh.account_id
    ).exists()


def test_verbs_shown_are_those_of_the_officer_and_the_main_one_is_first(desk, minh, an, hoa, ngu_kien, browser_of):
    dossier = received(minh, ngu_kien, PERMIT, forward=False)
    shown = page_of(desk, dossier)
    assert f"{LIST}{dossier.uuid}/press/forward/" in shown
    assert f"{LIST}{dossier.uuid}/stop/" not in shown
    assert desk.post(f"{LIST}{dossier.uuid}/press/forward/").status_code == 302
    dossier.refresh_from_db()
    assert dossier.state == Dossier.State.PROCESSING
    handler = page_of(browser_of(an), dossier)
    assert f"{LIST}{dossier.uuid}/press/finish_step/" in handler
    assert f"{LIST}{dossier.uuid}/supplement/" in handler


def test_a_form_of_a_verb_keeps_what_was_typed_when_it_is_refused(an, minh, ngu_kien, browser_of):
    dossier = received(minh, ngu_kien, PERMIT)
    address = f"{LIST}{dossier.uuid}/supplement/"
    shown = browser_of(an).post(address, {"items": "", "reason": HOSTILE}).content.decode()
    assert "&lt;img src=x" in shown
    assert "<img src=x" not in shown
    answer = browser_of(an).post(address, {"items": "Sổ đỏ\nẢnh", "reason": HOSTILE})
    assert answer.status_code == 302
    shown = page_of(browser_of(an), dossier)
    assert "Đang chờ người dân bổ sung" in shown
    assert "<img src=x" not in shown
    assert "Sổ đỏ" in shown


def test_the_way_to_a_returned_result(minh, an, thu, hoa, van, ngu_kien, browser_of):
    dossier = finished(ngu_kien, minh, an, thu, hoa, van)
    shown = page_of(browser_of(minh), dossier)
    assert f"{LIST}{dossier.uuid}/return_result/" in shown
    Dossier.objects.filter(pk=dossier.pk).update(payment_state="paid")
    answer = browser_of(minh).post(f"{LIST}{dossier.uuid}/return_result/", {"handed_to": "Lan", "handed_how": "CCCD"})
    assert answer.status_code == 302
    dossier.refresh_from_db()
    assert dossier.state == Dossier.State.RETURNED
    assert "CCCD" in page_of(browser_of(minh), dossier)


def test_twins_are_pointed_out(desk, minh, ngu_kien):
    first, second = received(minh, ngu_kien), received(minh, ngu_kien)
    assert f"{LIST}{first.uuid}/" in page_of(desk, second)
    assert "Có thể trùng hồ sơ" in page_of(desk, second)
    other = received(minh, ngu_kien, applicant=Applicant("Trần Văn Nam", "026080004321"))
    assert "Có thể trùng hồ sơ" not in page_of(desk, other)


def test_an_apology_is_asked_for(an, minh, ngu_kien, browser_of):
    dossier = received(minh, ngu_kien)
    assert "Sắp trễ hẹn" not in page_of(browser_of(an), dossier)
    ask_for_apology(SYSTEM, dossier)
    assert "Sắp trễ hẹn" in page_of(browser_of(an), dossier)
    assert "cần xin lỗi" in browser_of(an).get("/desk/").content.decode()
    assert str(dossier.uuid) in browser_of(an).get(LIST, {"work": "apology"}).content.decode()


def test_another_units_question_is_answered_without_seeing_their_dossier(
    an, minh, thu, ngu_kien, lien_chau, browser_of
):
    dossier = received(minh, ngu_kien)
    processing.consult(an, dossier, asked=ngu_kien, question="Ranh giới?", answer_by=MONDAY + timedelta(days=2))
    asked = Consultation.objects.get()
    assert "Ranh giới?" in browser_of(thu).get("/desk/").content.decode()
    address = f"{LIST}consultation/{asked.uuid}/"
    shown = browser_of(thu).get(address).content.decode()
    assert "Ranh giới?" in shown
    assert dossier.applicant_name not in shown
    assert browser_of(thu).post(address, {"reason": "Không vướng."}).status_code == 302
    assert "Không vướng." in page_of(browser_of(an), dossier)


def test_the_control_sheet_is_made_from_the_timeline(desk, minh, ngu_kien):
    dossier = received(minh, ngu_kien)
    answer = desk.post(f"{LIST}{dossier.uuid}/control/")
    assert answer.status_code == 302
    assert "Phiếu kiểm soát" in page_of(desk, dossier)


def test_another_unit_gets_404_at_every_address(minh, tam, ngu_kien, browser_of):
    dossier = received(minh, ngu_kien)
    stranger = browser_of(tam)
    assert stranger.get(f"{LIST}{dossier.uuid}/").status_code == 404
    assert stranger.post(f"{LIST}{dossier.uuid}/control/").status_code == 404
    for verb in VERBS:
        assert stranger.get(f"{LIST}{dossier.uuid}/{verb}/").status_code == 404, verb
        assert stranger.post(f"{LIST}{dossier.uuid}/{verb}/", {"reason": "x"}).status_code == 404, verb
    for verb in PRESSED:
        assert stranger.post(f"{LIST}{dossier.uuid}/press/{verb}/").status_code == 404, verb
    for text in (dossier.number, "nguyen thi lan", "026185001234", ""):
        assert str(dossier.uuid) not in stranger.get(LIST, {"q": text}).content.decode()
    dossier.refresh_from_db()
    assert dossier.state == Dossier.State.PROCESSING


def test_a_resident_has_no_desk(lan, browser_of):
    for address in ("/desk/", LIST):
        assert browser_of(lan).get(address).status_code == 403


def test_hostile_words_are_shown_as_words(desk, minh, ngu_kien):
    applicant = Applicant(HOSTILE[:100], "026185001234", phone="<b>", address=HOSTILE)
    dossier = received(minh, ngu_kien, applicant=applicant, answers={"request": HOSTILE})
    for shown in (
        page_of(desk, dossier),
        desk.get(LIST).content.decode(),
        desk.get(LIST, {"q": HOSTILE}).content.decode(),
    ):
        assert "<img src=x" not in shown


def test_pages_ask_little_of_the_database(desk, minh, ngu_kien, django_assert_max_num_queries):
    made = [received(minh, ngu_kien) for _ in range(15)]
    desk.get(LIST)
    with django_assert_max_num_queries(8):
        desk.get(LIST)
    with django_assert_max_num_queries(22):
        desk.get("/desk/")
    with django_assert_max_num_queries(22):
        desk.get(f"{LIST}{made[0].uuid}/")


def test_pages_stay_small(desk, minh, ngu_kien):
    made = [received(minh, ngu_kien) for _ in range(21)]
    for address in ("/desk/", LIST, f"{LIST}{made[0].uuid}/", f"{LIST}receive/", f"{LIST}receive/{COPY}/"):
        assert len(desk.get(address).content) < 100_000, address


def test_a_head_hands_an_absent_officers_work_to_a_colleague(thu, an, minh, ngu_kien, browser_of):
    dossier = received(minh, ngu_kien)
    Dossier.objects.filter(pk=dossier.pk).update(assignee_id=an.account_id)
    keys = {actor.name: str(Account.objects.get(pk=actor.account_id).uuid) for actor in (an, minh)}
    browser = browser_of(thu)
    same = browser.post("/desk/dossiers/stand-in/", {"absent": keys[an.name], "stand_in": keys[an.name]})
    assert "phải khác" in same.content.decode()
    moved = browser.post("/desk/dossiers/stand-in/", {"absent": keys[an.name], "stand_in": keys[minh.name]})
    assert moved.status_code == 302
    dossier.refresh_from_db()
    assert dossier.assignee_id == minh.account_id
    assert dossier.steps.filter(key="substitute").exists()


def test_a_fee_set_by_a_person_is_paid_in_cash(minh, dung, ngu_kien):
    dossier = received(minh, ngu_kien)
    payment.set_fee(minh, dossier, amount=20_000, basis="Biểu phí")
    charge = open_charge(subject.ref(dossier))
    take_cash(dung, charge, amount=20_000, idempotency_key="k")
    deliver_all()
    dossier.refresh_from_db()
    assert dossier.payment_state == "paid"

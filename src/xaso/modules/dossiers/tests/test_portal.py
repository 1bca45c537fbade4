"""The resident's pages: file a birth step by step, follow it, answer, look up."""

import re
from datetime import datetime
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from xaso.kit import clock
from xaso.modules.dossiers.actions import reception
from xaso.modules.dossiers.models import Dossier, Draft
from xaso.modules.dossiers.tests.factories import PDF, received, submitted

pytestmark = pytest.mark.django_db
MONDAY = datetime(2024, 3, 4, 9, 0, tzinfo=clock.VIETNAM)
BIRTH = "1.001193"


@pytest.fixture(autouse=True)
def _monday(catalogue):
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def browser(lan, browser_of):
    return browser_of(lan)


def pdf() -> SimpleUploadedFile:
    return SimpleUploadedFile("chung-sinh.pdf", PDF, content_type="application/pdf")


def started(browser, unit) -> Draft:
    answer = browser.post(f"/portal/dossiers/new/{BIRTH}/", {"unit": unit.pk})
    assert answer.status_code == 302, answer.content.decode()
    return Draft.objects.get()


def test_the_form_begins_with_what_is_known(browser, ngu_kien):
    draft = started(browser, ngu_kien)
    page = browser.get(f"/portal/dossiers/draft/{draft.uuid}/1/").content.decode()
    assert 'value="Nguyễn Thị Lan"' in page
    assert 'value="026185001234"' in page


def test_bad_input_loses_nothing(browser, ngu_kien):
    draft = started(browser, ngu_kien)
    typed = {"applicant.full_name": "Nguyễn Thị Lan 9", "applicant.personal_id": "02618500123", "phone": "abc"}
    page = browser.post(f"/portal/dossiers/draft/{draft.uuid}/1/", typed).content.decode()
    assert 'value="02618500123"' in page
    assert 'value="Nguyễn Thị Lan 9"' in page
    assert "12" in page
    draft.refresh_from_db()
    assert draft.answers["phone"] == "abc"


def test_hostile_text_comes_back_escaped(browser, ngu_kien):
    draft = started(browser, ngu_kien)
    evil = "<script>alert(1)</script>' OR 1=1 --"
    page = browser.post(f"/portal/dossiers/draft/{draft.uuid}/1/", {"applicant.full_name": evil}).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;" in page


def test_autosave_keeps_the_fields_without_judging(browser, ngu_kien):
    draft = started(browser, ngu_kien)
    answer = browser.post(f"/portal/dossiers/draft/{draft.uuid}/1/save/", {"phone": "09"}, headers={"x-autosave": "1"})
    assert answer.status_code == 204
    draft.refresh_from_db()
    assert draft.answers["phone"] == "09"


def test_a_draft_of_another_is_not_found(nam, browser, browser_of, ngu_kien):
    draft = started(browser, ngu_kien)
    assert browser_of(nam).get(f"/portal/dossiers/draft/{draft.uuid}/1/").status_code == 404


def test_an_exe_named_pdf_is_refused_with_a_sentence(browser, ngu_kien):
    draft = started(browser, ngu_kien)
    fake = SimpleUploadedFile("giay.pdf", b"MZ" + b"\x00" * 500, content_type="application/pdf")
    draft.answers = {"birth_proof": "hospital"}
    draft.save()
    page = browser.get(f"/portal/dossiers/draft/{draft.uuid}/papers/").content.decode()
    name = re.search(r'name="(paper\.[a-z_]+)"', page)[1]
    page = browser.post(f"/portal/dossiers/draft/{draft.uuid}/papers/", {name: fake}).content.decode()
    assert "Có tệp chưa nhận được" in page


def test_my_dossiers_and_one_of_them(browser, lan, ngu_kien):
    dossier = submitted(lan, ngu_kien)
    assert str(dossier.uuid) in browser.get("/portal/dossiers/").content.decode()
    page = browser.get(f"/portal/dossiers/{dossier.uuid}/")
    assert "Quá trình giải quyết" in page.content.decode()
    assert len(page.content) < 100_000


def test_anothers_dossier_is_not_found(nam, lan, browser_of, ngu_kien):
    dossier = submitted(lan, ngu_kien)
    assert browser_of(nam).get(f"/portal/dossiers/{dossier.uuid}/").status_code == 404


def test_a_supplement_is_answered_with_a_file(browser, lan, minh, ngu_kien):
    dossier = submitted(lan, ngu_kien)
    reception.request_supplement_before(minh, dossier, items=["Bản vẽ"], reason="Thiếu bản vẽ")
    page = browser.get(f"/portal/dossiers/{dossier.uuid}/").content.decode()
    assert "Thiếu bản vẽ" in page
    browser.post(f"/portal/dossiers/{dossier.uuid}/answer/", {"item.0": pdf()})
    dossier.refresh_from_db()
    assert dossier.state == Dossier.State.SUBMITTED


def test_look_up_by_number_says_only_done_or_not(client, minh, ngu_kien):
    dossier = received(minh, ngu_kien)
    page = client.post("/portal/dossiers/look-up/", {"number": dossier.number}).content.decode()
    assert "Chưa giải quyết xong" in page
    assert "Lan" not in page
    assert "Tiếp nhận hồ sơ" not in page


def test_look_up_with_the_secret_shows_steps(client, minh, ngu_kien):
    dossier = received(minh, ngu_kien)
    asked = {"number": dossier.number.lower(), "secret": dossier.secret.lower()}
    page = client.post("/portal/dossiers/look-up/", asked).content.decode()
    assert "Tiếp nhận hồ sơ" in page
    assert "Lan" not in page


def test_a_wrong_secret_shows_nothing_and_guessing_ends(client, minh, ngu_kien):
    dossier = received(minh, ngu_kien)
    for _ in range(20):
        page = client.post("/portal/dossiers/look-up/", {"number": dossier.number, "secret": "AAAAAAAA"})
    assert "không khớp" in page.content.decode()
    again = client.post("/portal/dossiers/look-up/", {"number": dossier.number, "secret": dossier.secret})
    assert again.status_code == 409
    assert "quá nhiều lần" in again.content.decode()


def test_rating_is_one_tap_after_the_end(browser, lan, minh, ngu_kien):
    dossier = submitted(lan, ngu_kien)
    reception.decline_dossier(minh, dossier, reason="Không thuộc thẩm quyền")
    browser.post(f"/portal/dossiers/{dossier.uuid}/rate/", {"rating": "3"})
    dossier.refresh_from_db()
    assert dossier.rating == 3


def test_a_stranger_is_sent_to_sign_in(client):
    answer = client.get("/portal/dossiers/")
    assert answer.status_code == 302
    assert "/tai-khoan/" in answer["Location"]


def test_an_unknown_dossier_is_a_sentence(browser):
    answer = browser.get(f"/portal/dossiers/{uuid4()}/")
    assert answer.status_code == 404
    assert "Không tìm thấy hồ sơ" in answer.content.decode()


@pytest.mark.parametrize("path", ["/portal/dossiers/", "/portal/dossiers/look-up/", "/"])
def test_pages_stay_within_their_budget(browser, lan, ngu_kien, path, django_assert_max_num_queries):
    for _ in range(3):
        submitted(lan, ngu_kien)
    with django_assert_max_num_queries(10):
        assert browser.get(path).status_code == 200


def test_withdrawing(browser, lan, minh, ngu_kien):
    dossier = received(minh, ngu_kien)
    browser.post(f"/portal/dossiers/{dossier.uuid}/withdraw/", {"reason": "Đổi ý"})
    dossier.refresh_from_db()
    assert dossier.state == Dossier.State.WITHDRAWN

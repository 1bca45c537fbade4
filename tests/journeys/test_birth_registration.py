"""A birth, from a phone at home to the certificate and the figure on the leader's page. All of it goes through URLs."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from xaso.core.accounts import queries as accounts
from xaso.core.accounts import sessions
from xaso.core.audit.actions import verify
from xaso.core.outbox.actions import deliver_all
from xaso.core.outbox.models import Delivery
from xaso.kit import clock, subject
from xaso.modules.dossiers.models import Dossier, Draft
from xaso.modules.dossiers.tests.factories import PDF
from xaso.modules.notifications.models import Message
from xaso.modules.papers.models import PrintedPaper

pytestmark = pytest.mark.django_db
MONDAY = datetime(2024, 3, 4, 9, 0, tzinfo=clock.VIETNAM)
BIRTH = "1.001193"

SECTIONS = {
    "phone": "0912345601",
    "relation": "child",
    "applicant.full_name": "Nguyễn Thị Lan",
    "applicant.personal_id": "026185001234",
    "applicant.birth_on": "08/03/1985",
    "applicant.sex": "female",
}


def test_a_birth_is_registered_end_to_end(catalogue, lan, minh, an, thu, hoa, van, dung, ngu_kien, browser_of):
    with time_machine.travel(MONDAY, tick=False) as now:
        resident = sign_in_by_phone("0912345601")
        draft = start(resident, ngu_kien)
        fill_every_section(resident, draft)
        hand_in_papers(resident, draft)
        dossier = send(resident, draft)
        assert dossier.state == Dossier.State.SUBMITTED

        reception = browser_of(minh)
        assert str(dossier.uuid) in reception.get("/desk/").content.decode()
        post(reception, f"/desk/dossiers/{dossier.uuid}/accept/", {"count": 1, "groups": "", "forward": "on"})
        dossier.refresh_from_db()
        assert re.fullmatch(r"H62\.28\.15-240304-\d{4}", dossier.number)
        deliver_all()
        assert PrintedPaper.objects.filter(subject=subject.ref(dossier), code="mau-01").exists()

        now.shift(timedelta(hours=1))
        work_through(dossier, {"handler": an, "head": thu, "leader": hoa, "clerk": van, "reception": minh}, browser_of)
        dossier.refresh_from_db()
        assert (dossier.state, dossier.on_time_legal) == (Dossier.State.FINISHED, True)
        deliver_all()
        assert Message.objects.filter(template="dossiers.result_ready", person_id=lan.person_id).exists()

        page = resident.get(f"/portal/dossiers/{dossier.uuid}/").content.decode()
        download = re.search(r'href="(/tep/[^"]+)"[^>]*>(?:(?!</a>).)*Tải kết quả', page, re.S)[1]
        assert b"".join(resident.get(download).streaming_content).startswith(b"%PDF")

        post(
            reception,
            f"/desk/dossiers/{dossier.uuid}/return_result/",
            {"handed_to": "Nguyễn Thị Lan", "handed_how": "CCCD"},
        )
        dossier.refresh_from_db()
        assert dossier.state == Dossier.State.RETURNED
        deliver_all()

        post(resident, f"/portal/dossiers/{dossier.uuid}/rate/", {"rating": "3"})
        looked_up = (
            Client()
            .post("/portal/dossiers/look-up/", {"number": dossier.number, "secret": dossier.secret})
            .content.decode()
        )
        assert "Đã giải quyết xong" in looked_up

        figures = browser_of(hoa).get("/cockpit/dossiers/").content.decode()
        assert "1/1" in figures
        assert not Delivery.objects.exclude(state="done").exists(), list(
            Delivery.objects.values_list("handler", "error")
        )
        assert verify().broken == ""


def sign_in_by_phone(phone: str) -> Client:
    browser = Client(headers={"user-agent": "phone"})
    browser.post("/tai-khoan/dang-nhap/", {"phone": phone})
    code = accounts.code_of(browser.session[sessions.CODE_UUID])
    answer = browser.post("/tai-khoan/dang-nhap/ma/", {"code": code})
    assert answer.status_code == 302, answer.content.decode()
    return browser


def start(browser: Client, unit) -> Draft:
    post(browser, f"/portal/dossiers/new/{BIRTH}/", {"unit": unit.pk})
    return Draft.objects.get()


def fill_every_section(browser: Client, draft: Draft) -> None:
    """Type into each page what it asks for, the way a person would: by the names of its fields."""
    number = 1
    while True:
        url = f"/portal/dossiers/draft/{draft.uuid}/{number}/"
        answer = browser.get(url)
        if answer.status_code == 302:
            return
        typed = {name: typed_into(name) for name in names_on(answer.content.decode())}
        sent = browser.post(url, typed)
        if sent.status_code == 200 and "có thêm mục" in sent.content.decode():
            continue  # an answer opened more fields on the same page
        assert sent.status_code == 302, errors_on(sent.content.decode())
        number += 1


def names_on(page: str) -> set[str]:
    form = page[page.index('<form class="form"') :]
    return set(re.findall(r'name="([a-z][a-z_.0-9]*)"', form)) - {"csrfmiddlewaretoken", "add_row"}


def typed_into(name: str) -> str:
    if name in SECTIONS:
        return SECTIONS[name]
    for ending, value in TYPED.items():
        if name.endswith(ending):
            return value
    return "Ngũ Kiên"


TYPED = {
    "child_birth_on": "20/02/2024",
    "father.birth_on": "08/03/1980",
    "birth_on": "08/03/1985",
    "in_words": "Ngày hai mươi tháng hai năm hai nghìn không trăm hai mươi tư",
    "mother.personal_id": "026185001234",
    "father.personal_id": "026080004321",
    "personal_id": "026185001234",
    "mother.sex": "female",
    "father.sex": "male",
    "mother.birth_on": "08/03/1985",
    "child_sex": "female",
    "sex": "female",
    "child_name": "Nguyễn Ngọc Mai",
    "full_name": "Nguyễn Thị Lan",
    "birth_proof": "hospital",
    "has_mother": "yes",
    "has_father": "yes",
    "receive_by": "counter",
    "pledge": "yes",
    "late": "no",
    "phone": "0912345601",
    "email": "",
    "relation": "child",
    "copies": "1",
    "ethnicity": "Kinh",
    "nationality": "Việt Nam",
    "consent": "yes",
    "true": "yes",
}


def errors_on(page: str) -> list[str]:
    return re.findall(r'<li><a href="#[^"]*">([^<]*)', page)


def hand_in_papers(browser: Client, draft: Draft) -> None:
    url = f"/portal/dossiers/draft/{draft.uuid}/papers/"
    names = re.findall(r'name="(paper\.[a-z_]+)"', browser.get(url).content.decode())
    files = {name: SimpleUploadedFile(f"{name}.pdf", PDF, content_type="application/pdf") for name in names}
    post(browser, url, files)


def send(browser: Client, draft: Draft) -> Dossier:
    url = f"/portal/dossiers/draft/{draft.uuid}/review/"
    sent = browser.post(url, {"result_by": "online", "is_true": "on"})
    assert sent.status_code == 302, sent.content.decode()[2000:6000]
    again = browser.post(url, {"result_by": "online", "is_true": "on"})
    assert again.status_code == 302
    return Dossier.objects.get()


def work_through(dossier: Dossier, people: dict, browser_of) -> None:
    """Each step by the officer whose step it is; the handler attaches the result."""
    browser = browser_of(people["handler"])
    result = SimpleUploadedFile("giay-khai-sinh.pdf", PDF, content_type="application/pdf")
    post(browser, f"/desk/dossiers/{dossier.uuid}/attach_result/", {"file": result, "number": "15/2024"})
    while Dossier.objects.get(pk=dossier.pk).state == Dossier.State.PROCESSING:
        role = Dossier.objects.get(pk=dossier.pk).step_role
        verb = "sign" if role == "leader" else "finish_step"
        post(browser_of(people[role]), f"/desk/dossiers/{dossier.uuid}/press/{verb}/", {"remark": "Đủ điều kiện"})


def post(browser: Client, url: str, data: dict) -> None:
    answer = browser.post(url, data)
    assert answer.status_code == 302, (url, errors_on(answer.content.decode()), answer.content.decode()[-3000:])

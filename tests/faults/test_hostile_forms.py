"""Every form that a resident or an officer meets is filled with what nobody should type, in every field at once."""

import json
import re
import unicodedata
from datetime import datetime
from http.cookies import SimpleCookie

import pytest
import time_machine
from django.apps import apps
from django.db import connection, models, transaction

from tests.faults.pages import Page
from xaso.core.outbox.actions import deliver_all
from xaso.kit import clock
from xaso.modules.dossiers.actions import processing
from xaso.modules.dossiers.models import Dossier
from xaso.modules.dossiers.tests.factories import COPY, MARITAL, finished, received, submitted
from xaso.modules.queueing import actions as queueing

pytestmark = [pytest.mark.long, pytest.mark.django_db]
MONDAY = datetime(2024, 3, 4, 9, 0, tzinfo=clock.VIETNAM)
MARK = "<script>alert('xấu')</script>"
HOSTILE = {
    "sql": "'; DROP TABLE dossiers_dossier; -- \" OR 1=1 %s %(x)s {0}",
    "markup": f"\"'>{MARK}{{{{ 7|add:7 }}}}{{% now %}}",
    "long": "ă" * 10_000,
    "decomposed": unicodedata.normalize("NFD", "Nguyễn Thị Đặng Hằng Ngọc"),
    "control": "Lan\x00\x07\x1b[31m\r\n\u202e\u200b",
    "emoji": "Lan 👩‍👩‍👧‍👦🇻🇳𠮷",
    "number": "9" * 40,
    "surrogate": "Lan \ud800 x".encode("utf-8", "replace").decode(),
}
WRITES = re.compile(r'\b(?:INSERT INTO|UPDATE) "(\w+)"')
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
MOST_PAGES = 90


@pytest.fixture(autouse=True)
def _monday(catalogue):
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def work(ngu_kien, lan, minh, an, thu, hoa, van, quan, dung):
    """A commune in the middle of its day: dossiers in every state, a queue, a fee to pay."""
    submitted(lan, ngu_kien)
    submitted(lan, ngu_kien, MARITAL)
    received(minh, ngu_kien, COPY)
    received(minh, ngu_kien, forward=False)
    received(minh, ngu_kien)
    processing.request_supplement(an, received(minh, ngu_kien), items=["Bản vẽ"], reason="Thiếu")
    processing.request_duty(an, received(minh, ngu_kien), notice="TB 01")
    finished(ngu_kien, minh, an, thu, hoa, van)
    Dossier.objects.filter(owner_person=None).update(owner_person=lan.person_id)
    queueing.issue_ticket(minh, ngu_kien)
    deliver_all()


def forms_of(browser, *starts):
    """Every form behind every link, once per kind of address."""
    seen, found, waiting = set(), {}, list(starts)
    while waiting and len(seen) < MOST_PAGES:
        address = waiting.pop(0)
        kind = address if address in starts else UUID.sub("*", address.split("?")[0])
        if kind in seen or address.startswith(("/static/", "/api/")):
            continue
        seen.add(kind)
        answer = browser.get(address)
        if answer.streaming:
            answer.getvalue()
        if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
            continue
        page = Page(answer.content.decode(), address)
        waiting += page.links
        for form in page.forms:
            names = ",".join(sorted(form.sent))
            found.setdefault((UUID.sub("*", form.action.split("?")[0]), form.method, names), form)
    return found


class UndoneError(Exception):
    """What was sent is taken back, so that every form finds the same day."""


def text_columns(model):
    return [
        f for f in model._meta.concrete_fields if isinstance(f, models.CharField | models.TextField | models.JSONField)
    ]


class Written:
    """The tables that were written to while it listened."""

    def __init__(self):
        self.tables = set()

    def __call__(self, execute, sql, params, many, context):
        self.tables.update(WRITES.findall(sql))
        return execute(sql, params, many, context)


def stored_texts(since, tables=None):
    """(place, text) of what is new, in these tables or in all."""
    for model in apps.get_models():
        if model._meta.app_label == "sessions" or not text_columns(model):
            continue
        if tables is not None and model._meta.db_table not in tables:
            continue
        names = [field.name for field in text_columns(model)]
        for row in model._base_manager.values_list(*names):
            for name, value in zip(names, row, strict=True):
                text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
                if text not in since:
                    yield f"{model._meta.label}.{name}", text


def send(browser, form, value, fields):
    browser.cookies = SimpleCookie(browser.signed_in)  # an earlier form may have signed out
    data = {**form.sent, **dict.fromkeys(fields, value)}
    method = browser.post if form.method == "post" else browser.get
    answer = method(form.action, data)
    yield answer
    while answer.status_code in {301, 302} and answer.headers["Location"].startswith("/"):
        answer = browser.get(answer.headers["Location"])
        yield answer


def faults_of(browser, form, label, value, fields, known):
    try:
        with transaction.atomic(), connection.execute_wrapper(written := Written()):
            for answer in send(browser, form, value, fields):
                if answer.streaming:
                    answer.getvalue()
                    continue
                if answer.status_code >= 500:
                    yield f"{label}: {answer.status_code}"
                if "html" in answer.headers.get("Content-Type", "") and MARK in answer.content.decode():
                    yield f"{label}: markup comes back unescaped"
            for place, text in stored_texts(known, written.tables):
                if not unicodedata.is_normalized("NFC", text):
                    yield f"{label}: {place} is stored decomposed: {text[:60]!r}"
                if "\x00" in text or "\\u0000" in text or "\x07" in text:
                    yield f"{label}: {place} is stored with control characters: {text[:60]!r}"
            raise UndoneError
    except UndoneError:
        pass
    except Exception as error:  # noqa: BLE001 - all faults are told at once
        yield f"{label}: {type(error).__name__}: {str(error)[:160]}"


STARTS = {
    "lan": ("/", "/portal/dossiers/", "/portal/procedures/", "/tai-khoan/", "/tra-cuu/", "/portal/dossiers/tra-cuu/"),
    "minh": ("/desk/", "/desk/dossiers/", "/desk/procedures/", "/desk/queueing/", "/desk/payments/", "/tai-khoan/"),
    "an": ("/desk/", "/desk/dossiers/"),
    "quan": ("/desk/", "/desk/queueing/", "/desk/payments/", "/tai-khoan/"),
}


@pytest.mark.parametrize("name", sorted(STARTS))
def test_no_form_breaks_and_no_text_escapes(name, request, work, browser_of):
    browser = browser_of(request.getfixturevalue(name))
    browser.signed_in = browser.cookies.output(header="", sep=";").strip()
    found = forms_of(browser, *STARTS[name], *_own_pages(browser, name))
    assert len(found) >= 5
    known = {text for _, text in stored_texts(frozenset())}
    faults = []
    for (action, method, _), form in found.items():
        if not (form.written | form.hidden):
            continue
        for kind, value in HOSTILE.items():
            faults += faults_of(browser, form, f"{method} {action} {kind}", value, form.written, known)
        for one in sorted(form.written):  # the others as they stand, so that more of them are taken
            faults += faults_of(browser, form, f"{method} {action} {one}", HOSTILE["decomposed"], {one}, known)
        for kind in ("control", "sql", "long"):
            everything = form.written | form.hidden
            faults += faults_of(browser, form, f"{method} {action} all {kind}", HOSTILE[kind], everything, known)
    assert not faults, "\n".join(sorted(set(faults))[:60])
    assert connection.introspection.table_names().count("dossiers_dossier") == 1


def _own_pages(browser, name):
    """The page of one dossier in every state, which a list may not show."""
    face = "portal" if name == "lan" else "desk"
    return [f"/{face}/dossiers/{key}/" for key in Dossier.objects.values_list("uuid", flat=True)]

"""Every address with a key in it, tried with every key of another commune, by its officer, a stranger and a guest."""

from datetime import datetime

import pytest
import time_machine
from django.apps import apps
from django.db import models, transaction
from django.test import Client
from django.urls import get_resolver

from tests.architecture.test_screens import patterns
from xaso.core.access import PUBLIC
from xaso.core.outbox.actions import deliver_all
from xaso.kit import clock
from xaso.modules.dossiers.actions import processing
from xaso.modules.dossiers.models import Draft
from xaso.modules.dossiers.tests.factories import COPY, finished, received, submitted, uploaded
from xaso.modules.notifications.models import Message
from xaso.modules.procedures.queries import current
from xaso.modules.queueing import actions as queueing

pytestmark = [pytest.mark.long, pytest.mark.once, pytest.mark.django_db]
MONDAY = datetime(2024, 3, 4, 9, 0, tzinfo=clock.VIETNAM)
TURNED_AWAY = {403, 404}
# The catalogue belongs to everybody; who may keep it is asked by role and not by unit.
EVERYBODYS = {"procedures.ProcedureVersion", "procedures.ImportRun"}


@pytest.fixture(autouse=True)
def _monday(catalogue):
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def commune(ngu_kien, lan, minh, an, thu, hoa, van, quan):
    """Something of everything in Ngũ Kiên."""
    submitted(lan, ngu_kien)
    received(minh, ngu_kien, COPY)
    dossier = finished(ngu_kien, minh, an, thu, hoa, van)
    processing.consult(
        an,
        received(minh, ngu_kien),
        asked=ngu_kien,
        question="Đất?",
        answer_by=datetime(2024, 3, 8, tzinfo=clock.VIETNAM),
    )
    uploaded(lan)
    queueing.issue_ticket(minh, ngu_kien)
    Draft.objects.create(
        account_id=lan.account_id, owner_person_id=lan.person_id, unit=ngu_kien, unit_path=ngu_kien.path,
        procedure_id=current(COPY).procedure_id, updated_at=clock.now(),
    )  # fmt: skip
    deliver_all()
    return dossier


def keys():
    """Model label → one key of each row in it."""
    found = {}
    for model in apps.get_models():
        names = [f.name for f in model._meta.concrete_fields if isinstance(f, models.UUIDField)]
        if names and model._meta.label not in EVERYBODYS:
            found[model._meta.label] = list(model._base_manager.values_list(names[0], flat=True)[:1])
    return {label: rows for label, rows in found.items() if rows}


def doors():
    """(address pattern, converters) of every address with a key, the machine's own apart."""
    for path, pattern in patterns(get_resolver()):
        converters = pattern.pattern.converters
        kinds = {name: type(kind).__name__ for name, kind in converters.items()}
        if "UUIDConverter" in kinds.values() and not path.startswith(("api/", "ui/")):
            yield "/" + path, kinds


def address(path, kinds, key):
    for name, kind in kinds.items():
        value = str(key) if kind == "UUIDConverter" else "1"
        for written in (f"<uuid:{name}>", f"<int:{name}>", f"<str:{name}>", f"<slug:{name}>", f"<path:{name}>"):
            path = path.replace(written, value)
    return path


def tried(client, label_and_keys, methods=("get",)):
    """(address, method, model, status) for every door and every key; what a door changes is taken back."""
    for path, kinds in doors():
        for label, rows in label_and_keys.items():
            for key in rows:
                for method in methods:
                    with transaction.atomic():
                        answer = getattr(client, method)(address(path, kinds, key))
                        status = answer.status_code
                        if getattr(answer, "streaming", False):
                            answer.getvalue()
                        transaction.set_rollback(True)
                    yield path, method, label, status


def test_there_are_doors_and_things_behind_them(commune):
    assert len(list(doors())) > 30
    assert {
        "dossiers.Dossier", "dossiers.Draft", "dossiers.Consultation", "files.StoredFile", "papers.PrintedPaper",
        "payments.Charge", "queueing.Ticket", "notifications.Message",
    } <= set(keys())  # fmt: skip


def test_the_officer_of_another_commune_finds_nothing(commune, tam, browser_of):
    client = browser_of(tam)
    open_doors = {
        f"{method} {path} {label}: {status}"
        for path, method, label, status in tried(client, keys(), ("get", "post"))
        if status not in TURNED_AWAY | {405} and (method, path, status) not in SAYS_NOTHING
    }
    assert not open_doors, "\n".join(sorted(open_doors))


def test_another_resident_finds_nothing(commune, nam, browser_of):
    open_doors = {
        f"{method} {path} {label}: {status}"
        for path, method, label, status in tried(browser_of(nam), keys())
        if status not in TURNED_AWAY | {405} and (method, path, status) not in SAYS_NOTHING
    }
    assert not open_doors, "\n".join(sorted(open_doors))


def test_a_guest_is_sent_to_sign_in_or_finds_nothing(commune):
    client = Client(headers={"user-agent": "test"})
    open_doors = {
        f"{method} {path} {label}: {status}"
        for path, method, label, status in tried(client, keys())
        if status not in TURNED_AWAY | {405, 302} and (method, path, status) not in SAYS_NOTHING
    }
    assert not open_doors, "\n".join(sorted(open_doors))


# What these answer says nothing about the thing: back to the own list without looking, or a refusal with a sentence.
SAYS_NOTHING = {
    ("get", "/portal/dossiers/draft/<uuid:key>/discard/", 302),
    ("post", "/tai-khoan/can-bo/dung-thu/<uuid:uuid>/", 409),
}


# A guest acts there, and what a guest may do is asked as a permission.
OPEN_TO_GUESTS = {"portal/feedback/gui/"}


def test_a_guest_sees_only_public_pages():
    client = Client(headers={"user-agent": "test"})
    for path, pattern in patterns(get_resolver()):
        view = pattern.callback
        if path.startswith(("api/", "ui/")) or pattern.pattern.converters or view.permission == PUBLIC:
            continue
        if path in OPEN_TO_GUESTS:
            continue
        answer = client.get(f"/{path}")
        assert answer.status_code in {302, 403, 404, 405}, path
        assert answer.status_code != 302 or "/tai-khoan/" in answer.headers["Location"], path


def test_a_stolen_session_opens_nothing(minh, lan, browser_of, commune):
    """The cookie alone, in another browser, is worth nothing, and is ended for the thief and the owner alike."""
    for actor, page in ((minh, "/desk/dossiers/"), (lan, f"/portal/dossiers/{commune.uuid}/")):
        owner = browser_of(actor)
        assert owner.get(page).status_code == 200
        thief = Client(headers={"user-agent": "another"})
        thief.cookies["sessionid"] = owner.cookies["sessionid"].value
        answer = thief.get(page)
        assert (answer.status_code, "/tai-khoan/" in answer.headers["Location"]) == (302, True)
        assert thief.post(page).status_code in {302, 403}
        assert owner.get(page).status_code == 302


def test_a_message_is_there_for_the_test_above(commune):
    assert Message.objects.exists()

"""Documents handed in by machines: tokens, keys, files, and nothing secret."""

import secrets

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from xaso.core.accounts.models import ApiToken
from xaso.core.accounts.queries import digest_of_key
from xaso.core.files.models import StoredFile
from xaso.modules.dossiers.tests.factories import PDF
from xaso.modules.incoming.models import Document

pytestmark = pytest.mark.django_db
URL = "/api/v1/incoming/"
BODY = {"sender": "UBND huyện Vĩnh Tường", "number": "12", "symbol": "UBND-KT", "subject": "Về việc rà soát nhà ở"}


def machine(officer, *scopes):
    key = "xaso_" + secrets.token_urlsafe(24)
    ApiToken.objects.create(name="thử", digest=digest_of_key(key), account_id=officer.account_id, scopes=list(scopes))
    return Client(headers={"Authorization": f"Bearer {key}"}, raise_request_exception=False)


@pytest.fixture
def caller(van):
    return machine(van, "incoming.arrive", "incoming.view", "files.upload")


def send(client, key="", **more):
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(URL, BODY | more, content_type="application/json", headers=headers)


def test_a_machine_hands_in_a_document_with_its_file(caller):
    sent = caller.post(f"{URL}files", {"file": SimpleUploadedFile("a.pdf", PDF, "application/pdf")})
    assert sent.status_code == 201, sent.content.decode()
    made = send(caller, uploads=[sent.json()["uuid"]])
    assert made.status_code == 201, made.content.decode()
    document = Document.objects.get()
    assert StoredFile.objects.get().subject == document.ref
    seen = caller.get(URL + made.json()["uuid"])
    assert (seen.json()["state"], seen.json()["code"]) == ("waiting", "12/UBND-KT")


def test_the_same_key_is_the_same_document_and_never_another(caller):
    first = send(caller, key="mot")
    again = send(caller, key="mot")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["uuid"] == again.json()["uuid"]
    other = send(caller, key="mot", subject="Nội dung khác hẳn")
    assert other.status_code == 422
    assert Document.objects.count() == 1


@pytest.mark.parametrize("level", ["Mật", "toi_mat", "Tuyệt mật", "C"])
def test_nothing_secret_comes_in(caller, level):
    refused = send(caller, secrecy=level)
    assert refused.status_code == 409
    assert "không được đưa lên hệ thống nối mạng" in refused.json()["detail"]
    assert not Document.objects.exists()


def test_a_token_needs_the_scope_and_the_unit(van, an, tam, ngu_kien, caller):
    assert send(machine(van, "incoming.view")).status_code == 403
    assert send(machine(an, "incoming.arrive")).status_code == 403
    made = send(caller)
    assert machine(tam, "incoming.view").get(URL + made.json()["uuid"]).status_code == 404
    assert Client().get(URL + made.json()["uuid"]).status_code == 401
    assert send(caller, unit="09055").status_code in {403, 422}


@pytest.mark.parametrize(
    "wrong", [{"sender": ""}, {"subject": ""}, {"dated_on": "hôm qua"}, {"pages": 0}, {"lạ": 1}, {"origin": "bồ câu"}]
)
def test_mistakes_are_told_with_their_place(caller, wrong):
    told = send(caller, **wrong)
    assert told.status_code == 422
    assert told.json()["errors"][0]["path"]
    assert send(caller, urgency="gấp lắm").status_code == 409

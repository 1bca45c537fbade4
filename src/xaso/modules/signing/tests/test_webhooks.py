"""Notices of signing services, as the simulators send them, given to our doors: right, forged, late and twice."""

import json
import queue
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.test import Client

from xaso.core.access import SYSTEM
from xaso.core.accounts.models import Account
from xaso.modules.signing import performing, rules
from xaso.modules.signing import queries as signing
from xaso.modules.signing.actions import add_certificate, cancel_request, request_signature
from xaso.modules.signing.certificates import read
from xaso.modules.signing.models import Request
from xaso.modules.signing.providers import PROVIDERS
from xaso.modules.signing.providers.values import encoded
from xaso.modules.signing.tests.conftest import given_of
from xaso.modules.signing.tests.simulated import HOA, Service

pytestmark = pytest.mark.django_db
KEY = "khoa-rieng-cua-dia-chi"
SMARTCA = "/api/v1/signing/webhooks/smartca"
AUTH, RESULT = "/api/v1/signing/webhooks/mysign/auth", "/api/v1/signing/webhooks/mysign/result"
PAIR = {"grant_type": "client_credentials", "client_id": "mysign", "client_secret": KEY}


@pytest.fixture(scope="module")
def caught():
    """Where the simulators send their notices: a queue of (path, headers, body)."""
    notices: queue.Queue = queue.Queue()

    class Catcher(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            notices.put((self.path, dict(self.headers), json.loads(body)))
            said = json.dumps({"data": {"access_token": "token-of-the-catcher"}}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *args):
            """Silent."""

    server = HTTPServer(("127.0.0.1", 0), Catcher)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    notices.url = f"http://127.0.0.1:{server.server_port}"
    yield notices
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def smartca(caught):
    running = Service("smartca", "--webhook", f"{caught.url}/smartca")
    yield running
    assert running.stop() == 0


@pytest.fixture(scope="module")
def mysign(caught):
    hook = ("--webhook", f"{caught.url}/mysign", "--webhook-id", "mysign", "--webhook-secret", KEY)
    running = Service("mysign", *hook)
    yield running
    assert running.stop() == 0


@pytest.fixture
def ask(monkeypatch, pki, hoa, ngu_kien, paper):
    """A request that the named service now asks hoa's phone about."""

    def asking(name, service) -> Request:
        for setting, value in {
            "SMARTCA_URL": service.url, "SMARTCA_ID": "xaso-gia-lap", "SMARTCA_PASSWORD": "mat-khau-gia-lap",
            "MYSIGN_URL": service.url, "MYSIGN_CLIENT_ID": "xaso-gia-lap",
            "MYSIGN_CLIENT_SECRET": "mat-khau-gia-lap", "MYSIGN_PROFILE": "adss:ras:profile:gia-lap",
            "MYSIGN_ASYNC": "3", "MYSIGN_WEBHOOK_SECRET": KEY,
        }.items():  # fmt: skip
            monkeypatch.setenv(f"XASO_SIGN_{setting}", value)
        held = PROVIDERS[name].certificates(HOA)[0]
        facts = read(held.der)
        given = replace(
            given_of(pki, "hoa", rules.OFFICIAL), provider=name, reference=held.reference, means="remote",
            serial=facts.serial, issuer=facts.issuer, der=held.der,
            valid_from=facts.valid_from, valid_to=facts.valid_to,
        )  # fmt: skip
        certificate = add_certificate(SYSTEM, ngu_kien, given=given, account=Account.objects.get(pk=hoa.account_id))
        made = request_signature(
            hoa, ngu_kien, file=paper, role="person", certificate=certificate, subject=f"units.Unit:{ngu_kien.pk}"
        )
        performing.perform(str(made.uuid))
        found = signing.request(made.uuid)
        assert found.state == "waiting", found.why
        return found

    return asking


def post(url, body, **headers):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Client().post(url, raw, content_type="application/json", headers=headers)


def bearer():
    return {"authorization": f"Bearer {post(AUTH, PAIR).json()['data']['access_token']}"}


def state_after_the_worker(found) -> str:
    Request.objects.filter(pk=found.pk).update(next_at=found.asked_at)
    performing.ask_again()
    return signing.request(found.uuid).state


def test_a_notice_of_smartca_makes_the_worker_ask_at_once(ask, smartca, caught):
    found = ask("smartca", smartca)
    smartca.decide("confirm", str(found.uuid))
    _, _, notice = caught.get(timeout=10)
    assert performing.ask_again() == 0
    assert post(SMARTCA, notice).status_code == 200
    assert performing.ask_again() == 1
    assert signing.request(found.uuid).state == "signed"
    assert post(SMARTCA, notice).status_code == 200
    assert Request.objects.filter(signed_file__isnull=False).count() == 1


def test_a_notice_of_mysign_brings_the_signature(ask, mysign, caught):
    found = ask("mysign", mysign)
    mysign.decide("confirm", found.provider_reference)
    path, _, asked = caught.get(timeout=10)
    assert (path, asked["client_secret"]) == ("/mysign/auth", KEY)
    _, headers, notice = caught.get(timeout=10)
    assert headers["Authorization"] == "Bearer token-of-the-catcher"
    assert post(RESULT, notice, **bearer()).json()["status_code"] == "00"
    assert state_after_the_worker(found) == "signed"
    assert post(RESULT, notice, **bearer()).status_code == 200


def test_a_refusal_is_told_by_notice(ask, mysign, caught):
    """Without results the request is known by their transaction."""
    found = ask("mysign", mysign)
    mysign.decide("refuse", found.provider_reference)
    caught.get(timeout=10)
    _, _, notice = caught.get(timeout=10)
    assert post(RESULT, notice, **bearer()).status_code == 200
    assert signing.request(found.uuid).state == "refused"
    assert post(RESULT, notice, **bearer()).status_code == 404


def signed_body(found, value=b"\1" * 256):
    file = {"doc_id": str(found.uuid), "signature_value": encoded(value), "timestamp_signature": None}
    body = {"sp_id": "xaso-gia-lap", "status_code": 200, "message": "SUCCESS", "transaction_id": str(found.uuid)}
    return body | {"signed_files": [file]}


@pytest.mark.parametrize("more", [{}, {"message": "REJECTED", "signed_files": []}])
def test_nothing_in_a_notice_of_smartca_is_believed(ask, smartca, more):
    found = ask("smartca", smartca)
    assert post(SMARTCA, signed_body(found) | more).status_code == 200
    assert performing.ask_again() == 1
    assert signing.request(found.uuid).state == "waiting"
    assert not bytes(signing.prepared_of(found).value)


def test_guesses_are_counted(ask, smartca):
    ask("smartca", smartca)
    guess = {"transaction_id": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"}
    assert [post(SMARTCA, guess).status_code for _ in range(31)] == [404] * 30 + [429]


def test_a_notice_after_the_cancelling_is_not_used(ask, smartca, hoa):
    found = ask("smartca", smartca)
    cancel_request(hoa, found)
    assert post(SMARTCA, signed_body(found)).status_code == 200
    assert signing.request(found.uuid).state == "cancelled"


def test_a_notice_of_one_service_says_nothing_about_anothers_request(ask, mysign):
    found = ask("mysign", mysign)
    assert post(SMARTCA, signed_body(found)).status_code == 404
    assert signing.request(found.uuid).state == "waiting"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400), (b"[]", 400), (b"\xff", 400), (b"[" * 50_000, 400), ({}, 404), ({"transaction_id": "x"}, 404),
        ({"transaction_id": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"}, 404), (b" " * 70_000, 413),
    ],
)  # fmt: skip
def test_nonsense_is_sent_away(ask, smartca, body, status):
    ask("smartca", smartca)
    assert post(SMARTCA, body).status_code == status


@pytest.mark.parametrize(
    "token", ["", "1.2", "99999999999.00", "9" * 40 + ".x", "².x", "1700000000.abc", "Bearer", "é.x"]
)
def test_a_made_up_token_opens_nothing(ask, mysign, token):
    found = ask("mysign", mysign)
    notice = {"meta_data": {"transaction_id": found.provider_reference, "status": "4002"}, "data": {}}
    assert post(RESULT, notice, authorization=f"Bearer {token}").status_code == 401
    assert signing.request(found.uuid).state == "waiting"


def test_a_new_secret_ends_old_tokens(ask, mysign, monkeypatch):
    found = ask("mysign", mysign)
    old = bearer()
    monkeypatch.setenv("XASO_SIGN_MYSIGN_WEBHOOK_SECRET", "khoa-moi")
    notice = {"meta_data": {"transaction_id": found.provider_reference, "status": "4002"}, "data": {}}
    assert post(RESULT, notice, **old).status_code == 401
    assert post(AUTH, PAIR).status_code == 401


def test_without_a_secret_the_doors_are_shut(db):
    assert post(AUTH, PAIR).status_code == 503
    assert post(RESULT, {}, authorization="Bearer 99999999999.x").status_code == 503


def test_their_own_trouble_decides_nothing(ask, mysign):
    found = ask("mysign", mysign)
    notice = {"meta_data": {"transaction_id": found.provider_reference, "status": "50000"}, "data": {}}
    assert post(RESULT, notice, **bearer()).status_code == 200
    assert signing.request(found.uuid).state == "waiting"

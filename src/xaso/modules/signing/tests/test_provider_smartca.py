"""VNPT SmartCA against a simulator that keeps the published rules, in a process of its own."""

import httpx
import pytest

from xaso.modules.signing.providers.remote import Unreachable, Unsure
from xaso.modules.signing.providers.smartca import SmartCa
from xaso.modules.signing.providers.values import fits
from xaso.modules.signing.tests.simulated import HOA, Service, make_job

SIGN, STATUS = "/v1/signatures/sign", "/status"


@pytest.fixture(scope="module")
def service():
    running = Service("smartca")
    yield running
    assert running.stop() == 0


@pytest.fixture
def smartca(service, monkeypatch):
    monkeypatch.setenv("XASO_SIGN_SMARTCA_URL", service.url)
    monkeypatch.setenv("XASO_SIGN_SMARTCA_ID", "xaso-gia-lap")
    monkeypatch.setenv("XASO_SIGN_SMARTCA_PASSWORD", "mat-khau-gia-lap")
    service.control("holder", code=HOA, state="active")
    return SmartCa()


@pytest.fixture
def job(smartca):
    return make_job(smartca.certificates(HOA)[0], "smartca")


def test_a_signature_waits_for_the_phone_and_then_fits(smartca, service, job):
    started = smartca.start(job)
    assert (started.state, started.reference, started.again_after) == ("waiting", job.uuid, 10)
    assert smartca.poll(job, started.reference).state == "waiting"
    service.decide("confirm", job.uuid)
    signed = smartca.poll(job, started.reference)
    assert signed.state == "signed"
    assert fits(job.certificate.der, job.signed_attributes, signed.signature)


def test_the_holder_is_shown_which_document(smartca, service, job):
    smartca.start(job)
    assert service.transactions[-1]["documents"] == [job.document_name]


@pytest.mark.parametrize(("what", "state"), [("refuse", "refused"), ("expire", "timed_out"), ("fail", "failed")])
def test_what_the_holder_did_is_told(smartca, service, job, what, state):
    smartca.start(job)
    service.decide(what, job.uuid)
    answer = smartca.poll(job, job.uuid)
    assert answer.state == state
    assert answer.sentence


def test_time_runs_out_by_itself(smartca, service, job):
    smartca.start(job)
    service.control("clock", advance=241)
    assert smartca.poll(job, job.uuid).state == "timed_out"


def test_wrong_credentials_are_told_without_the_password(smartca, service, job, monkeypatch):
    monkeypatch.setenv("XASO_SIGN_SMARTCA_PASSWORD", "sai-roi")
    answer = smartca.start(job)
    assert answer.state == "failed"
    assert "XASO_SIGN_SMARTCA_ID" in answer.sentence
    assert "sai-roi" not in answer.sentence
    assert smartca.check() == answer.sentence


@pytest.mark.parametrize("state", ["expired", "revoked"])
def test_a_certificate_that_is_no_longer_good_is_not_asked_for(smartca, service, job, state):
    service.control("holder", code=HOA, state=state)
    before = len(service.transactions)
    answer = smartca.start(job)
    assert (answer.state, len(service.transactions)) == ("failed", before)
    assert "chứng thư" in answer.sentence


def test_a_wrong_serial_is_refused_by_the_service(smartca, job):
    other = make_job(smartca.certificates(HOA)[0], "smartca", reference=f"{HOA}/123456")
    assert smartca.start(other).state == "failed"


@pytest.mark.parametrize("status", ["500", "503", "429"])
def test_their_trouble_is_tried_again_and_then_works(smartca, service, job, status):
    service.break_down(SIGN, status)
    with pytest.raises(Unreachable) as trouble:
        smartca.start(job)
    assert "mat-khau" not in str(trouble.value)
    assert smartca.start(job).state == "waiting"


def test_a_line_cut_after_the_question_does_not_ask_the_holder_twice(smartca, service, job):
    before = service.signatures
    service.break_down(SIGN, "cut")
    with pytest.raises(Unsure):
        smartca.start(job)
    assert smartca.start(job).state == "waiting"
    assert [t["transaction"] for t in service.transactions].count(job.uuid) == 1
    service.decide("confirm", job.uuid)
    assert smartca.start(job).state == "signed"
    assert smartca.poll(job, job.uuid).state == "signed"
    assert service.signatures == before + 1


def test_a_start_repeated_after_a_refusal_says_so(smartca, service, job):
    smartca.start(job)
    service.decide("refuse", job.uuid)
    assert smartca.start(job).state == "refused"


def test_a_value_of_another_key_is_not_taken(smartca, service, job):
    other = smartca.certificates("2500000000")[0]
    mixed = make_job(smartca.certificates(HOA)[0], "smartca", der=other.der)
    smartca.start(mixed)
    service.decide("confirm", mixed.uuid)
    answer = smartca.poll(mixed, mixed.uuid)
    assert (answer.state, answer.signature) == ("failed", b"")


def test_a_service_that_is_away_is_tried_again(smartca, job, monkeypatch):
    monkeypatch.setenv("XASO_SIGN_SMARTCA_URL", "http://127.0.0.1:9")
    with pytest.raises(Unreachable):
        smartca.start(job)
    assert "Không nối được" in smartca.check()


@pytest.mark.parametrize("address", ["", "http://gwsca.example/sca", "ftp://127.0.0.1", "khong-phai-dia-chi"])
def test_secrets_travel_to_https_only(smartca, job, monkeypatch, address):
    monkeypatch.setenv("XASO_SIGN_SMARTCA_URL", address)
    answer = smartca.start(job)
    assert answer.state == "failed"
    assert "XASO_SIGN_SMARTCA_URL" in answer.sentence


def test_the_password_may_lie_in_a_file(smartca, job, monkeypatch, tmp_path):
    file = tmp_path / "password"
    file.write_text("mat-khau-gia-lap\n", encoding="utf-8")
    monkeypatch.delenv("XASO_SIGN_SMARTCA_PASSWORD")
    monkeypatch.setenv("XASO_SIGN_SMARTCA_PASSWORD_FILE", str(file))
    assert smartca.check() == ""
    monkeypatch.setenv("XASO_SIGN_SMARTCA_PASSWORD_FILE", str(tmp_path / "nowhere"))
    assert "Không đọc được" in smartca.check()


def test_a_holder_nobody_knows_has_no_certificates(smartca):
    assert smartca.certificates("000000000000") == []


def test_the_simulator_says_what_it_is_everywhere(service):
    page = httpx.get(service.url)
    assert "BỘ GIẢ LẬP" in page.text
    assert "BỘ GIẢ LẬP" in service.said
    answer = httpx.post(f"{service.url}{SIGN}", json={})
    assert "simulator" in answer.json()["simulator"]
    assert "simulator" in answer.headers["X-Simulator"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"sign_files": [{"doc_id": "1", "sign_type": "file", "data_to_be_signed": "00" * 32}]},
        {"sign_files": [{"doc_id": "1", "sign_type": "hash", "data_to_be_signed": "00" * 20}]},
        {"sign_files": []},
        {"transaction_id": "có dấu cách"},
        {"user_id": "không ai"},
    ],
)
def test_the_simulator_keeps_the_documented_rules(service, smartca, wrong):
    good = {
        "sp_id": "xaso-gia-lap", "sp_password": "mat-khau-gia-lap", "user_id": HOA, "transaction_id": "luat-1",
        "sign_files": [{"doc_id": "1", "sign_type": "hash", "data_to_be_signed": "00" * 32}],
    }  # fmt: skip
    assert httpx.post(f"{service.url}{SIGN}", json=good | wrong).json()["status_code"] == 400

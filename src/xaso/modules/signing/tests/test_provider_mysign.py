"""Viettel MySign against a simulator of its documented rules, in a process of its own."""

import os
import time

import pytest

from xaso.modules.signing.providers import sent
from xaso.modules.signing.providers.mysign import MySign
from xaso.modules.signing.providers.remote import Unreachable
from xaso.modules.signing.providers.values import fits
from xaso.modules.signing.tests.simulated import HOA, Service, make_job


@pytest.fixture(scope="module")
def service():
    running = Service("mysign")
    yield running
    assert running.stop() == 0


@pytest.fixture
def mysign(service, monkeypatch, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    for name, value in {
        "URL": service.url,
        "CLIENT_ID": "xaso-gia-lap",
        "CLIENT_SECRET": "mat-khau-gia-lap",
        "PROFILE": "adss:ras:profile:gia-lap",
    }.items():
        monkeypatch.setenv(f"XASO_SIGN_MYSIGN_{name}", value)
    service.control("holder", code=HOA, state="active", left=None)
    return MySign()


@pytest.fixture
def job(mysign):
    return make_job(mysign.certificates(HOA)[0], "mysign")


def test_a_signature_waits_for_the_phone_and_then_fits(mysign, service, job):
    started = mysign.start(job)
    assert (started.state, started.again_after) == ("waiting", 5)
    assert mysign.poll(job, started.reference).state == "waiting"
    service.decide("confirm", started.reference)
    signed = mysign.poll(job, started.reference)
    assert signed.state == "signed"
    assert fits(job.certificate.der, job.signed_attributes, signed.signature)


def test_the_phone_shows_a_name_of_plain_letters(mysign, service, job):
    mysign.start(job)
    assert service.transactions[-1]["documents"] == ["quyet dinh so 12-qd-ubnd-pdf"]


@pytest.mark.parametrize(("what", "state"), [("refuse", "refused"), ("expire", "timed_out"), ("fail", "failed")])
def test_what_the_holder_did_is_told(mysign, service, job, what, state):
    reference = mysign.start(job).reference
    service.decide(what, reference)
    answer = mysign.poll(job, reference)
    assert answer.state == state
    assert answer.sentence


def test_time_runs_out_by_itself(mysign, service, job):
    reference = mysign.start(job).reference
    service.control("clock", advance=300)
    assert mysign.poll(job, reference).state == "timed_out"


def test_wrong_credentials_are_told(mysign, job, monkeypatch):
    monkeypatch.setenv("XASO_SIGN_MYSIGN_CLIENT_SECRET", "sai-roi")
    answer = MySign().start(job)
    assert answer.state == "failed"
    assert "sai-roi" not in answer.sentence


@pytest.mark.parametrize("state", ["expired", "revoked"])
def test_a_certificate_that_is_no_longer_good_is_told(mysign, service, job, state):
    service.control("holder", code=HOA, state=state)
    answer = mysign.start(job)
    assert answer.state == "failed"
    assert "hết hạn hoặc bị thu hồi" in answer.sentence


def test_no_signatures_left_is_told(mysign, service, job):
    service.control("holder", code=HOA, left=0)
    answer = mysign.start(job)
    assert answer.state == "failed"
    assert "hết lượt" in answer.sentence
    service.control("holder", code=HOA, left=1)
    assert mysign.start(job).state == "waiting"


def test_an_old_token_is_renewed_once(mysign, service, job):
    reference = mysign.start(job).reference
    service.decide("confirm", reference)
    service.control("clock", advance=3601)
    assert mysign.poll(job, reference).state == "signed"


@pytest.mark.parametrize("path", ["login", "signHash"])
def test_their_trouble_is_tried_again_and_then_works(mysign, service, job, path):
    service.break_down(path, "500")
    fresh = MySign()
    with pytest.raises(Unreachable):
        fresh.start(job)
    assert fresh.start(job).state == "waiting"


def test_a_start_repeated_asks_the_phone_once(mysign, service, job):
    before = len(service.transactions)
    first = mysign.start(job)
    again = MySign().start(job)
    assert (again.state, again.reference) == ("waiting", first.reference)
    assert len(service.transactions) == before + 1


def test_a_line_cut_after_the_question_never_signs_twice(mysign, service, job):
    """They give no way to ask by our id, so the request ends and the person is told what to do."""
    before = len(service.transactions)
    service.break_down("signHash", "cut")
    answer = mysign.start(job)
    assert answer.state == "failed"
    assert "không gửi lại" in answer.sentence
    assert len(service.transactions) == before + 1
    with pytest.raises(Unreachable):
        mysign.start(job)
    assert len(service.transactions) == before + 1


def test_a_worker_killed_while_sending_ends_the_request_after_a_minute(mysign, service, job, monkeypatch):
    before = len(service.transactions)
    assert sent.claim("mysign", job.uuid) is None
    with pytest.raises(Unreachable):
        mysign.start(job)
    file = sent._file("mysign", job.uuid)
    old = time.time() - sent.BEING_SENT_SECONDS - 1
    os.utime(file, (old, old))
    assert mysign.start(job).state == "failed"
    assert len(service.transactions) == before


def test_a_lost_login_has_sent_nothing(mysign, service, job):
    service.break_down("login", "cut")
    fresh = MySign()
    with pytest.raises(Unreachable):
        fresh.start(job)
    assert fresh.start(job).state == "waiting"


def test_old_marks_are_forgotten(mysign, service, job):
    mysign.start(job)
    file = sent._file("mysign", job.uuid)
    assert file.parent.stat().st_mode & 0o777 == 0o700
    old = time.time() - sent.KEPT_SECONDS - 1
    os.utime(file, (old, old))
    mysign.start(make_job(mysign.certificates(HOA)[0], "mysign"))
    assert not file.exists()


def test_marks_hold_no_secret(mysign, job):
    mysign.start(job)
    text = sent._file("mysign", job.uuid).read_text(encoding="ascii")
    assert "mat-khau" not in text
    assert HOA not in text


def test_another_services_answer_is_not_taken(mysign, service, job):
    other = make_job(mysign.certificates("2500000000")[0], "mysign")
    mixed = make_job(mysign.certificates(HOA)[0], "mysign", der=other.certificate.der)
    reference = mysign.start(mixed).reference
    service.decide("confirm", reference)
    assert mysign.poll(mixed, reference).state == "failed"


def test_health_is_told(mysign, monkeypatch):
    assert mysign.check() == ""
    monkeypatch.setenv("XASO_SIGN_MYSIGN_URL", "http://127.0.0.1:9")
    assert "Không nối được" in mysign.check()
    monkeypatch.delenv("XASO_SIGN_MYSIGN_PROFILE")
    assert "XASO_SIGN_MYSIGN_PROFILE" in mysign.check()

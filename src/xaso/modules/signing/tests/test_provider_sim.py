"""SIM PKI against a simulator of an operator's signature service, in a process of its own."""

import pytest

from xaso.modules.signing.providers.remote import Unreachable, Unsure
from xaso.modules.signing.providers.sim import SimPki
from xaso.modules.signing.providers.values import fits
from xaso.modules.signing.tests.simulated import PHONE, Service, make_job


@pytest.fixture(scope="module")
def service():
    running = Service("sim")
    yield running
    assert running.stop() == 0


@pytest.fixture
def sim(service, monkeypatch):
    monkeypatch.setenv("XASO_SIGN_SIM_URL", service.url)
    monkeypatch.setenv("XASO_SIGN_SIM_AP_ID", "xaso-gia-lap")
    monkeypatch.setenv("XASO_SIGN_SIM_AP_PASSWORD", "mat-khau-gia-lap")
    service.control("holder", code=PHONE, state="active")
    return SimPki()


@pytest.fixture
def job(sim):
    return make_job(sim.certificates(PHONE)[0], "sim")


def test_a_signature_waits_for_the_phone_and_then_fits(sim, service, job):
    started = sim.start(job)
    assert started.state == "waiting"
    assert sim.poll(job, started.reference).state == "waiting"
    service.decide("confirm", job.uuid)
    signed = sim.poll(job, started.reference)
    assert signed.state == "signed"
    assert fits(job.certificate.der, job.signed_attributes, signed.signature)


@pytest.mark.parametrize(("what", "state"), [("refuse", "refused"), ("expire", "timed_out"), ("fail", "failed")])
def test_what_the_holder_did_is_told(sim, service, job, what, state):
    reference = sim.start(job).reference
    service.decide(what, job.uuid)
    answer = sim.poll(job, reference)
    assert answer.state == state
    assert answer.sentence


def test_wrong_credentials_are_told(sim, job, monkeypatch):
    monkeypatch.setenv("XASO_SIGN_SIM_AP_PASSWORD", "sai-roi")
    assert sim.start(job).state == "failed"
    assert "XASO_SIGN_SIM_AP_ID" in sim.check()


@pytest.mark.parametrize(("state", "word"), [("expired", "hết hạn"), ("revoked", "thu hồi")])
def test_a_certificate_that_is_no_longer_good_is_told(sim, service, job, state, word):
    service.control("holder", code=PHONE, state=state)
    answer = sim.start(job)
    assert answer.state == "failed"
    assert word in answer.sentence


@pytest.mark.parametrize("kind", ["503", "cut"])
def test_a_question_asked_twice_reaches_the_phone_once(sim, service, job, kind):
    before = service.signatures
    service.break_down("MSS_Signature", kind)
    with pytest.raises(Unsure if kind == "cut" else Unreachable):
        sim.start(job)
    first, again = sim.start(job), sim.start(job)
    assert first.reference == again.reference
    assert [t["transaction"] for t in service.transactions].count(job.uuid) == 1
    service.decide("confirm", job.uuid)
    assert sim.poll(job, first.reference).state == "signed"
    assert service.signatures == before + 1


def test_an_unknown_number_is_told(sim, job):
    other = make_job(sim.certificates(PHONE)[0], "sim", reference="+84900000000")
    answer = sim.start(other)
    assert answer.state == "failed"
    assert "chưa đăng ký" in answer.sentence
    assert sim.certificates("+84900000000") == []


def test_health_is_told(sim, monkeypatch):
    assert sim.check() == ""
    monkeypatch.delenv("XASO_SIGN_SIM_URL")
    assert "XASO_SIGN_SIM_URL" in sim.check()

"""The REST dialect against the simulated axis, which is a process of its own and keeps its own rules."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
import time_machine

from xaso.kit import clock
from xaso.modules.exchange.providers import AxisFailed
from xaso.modules.exchange.providers.rest import RestAxis
from xaso.modules.exchange.rules.message import Attachment, Organ
from xaso.modules.exchange.rules.reading import read
from xaso.modules.exchange.rules.writing import edxml_of
from xaso.modules.exchange.tests.processes import simulator
from xaso.modules.exchange.tests.samples import LIEN_CHAU, NGU_KIEN, PROVINCE, letter


@pytest.fixture
def ours(axis):
    made = RestAxis(axis.account(NGU_KIEN))
    yield made
    made.close()


@pytest.fixture
def theirs(axis):
    made = RestAxis(axis.account(LIEN_CHAU))
    yield made
    made.close()


def days():
    return clock.today() - timedelta(days=1), clock.today()


def test_a_letter_goes_and_its_states_come_back(ours, theirs):
    raw = edxml_of(letter())
    doc_id = ours.send(raw, "a.edxml")
    (listed,) = theirs.received_since(*days())
    assert (listed.doc_id, listed.sender, listed.receiver, listed.status) == (doc_id, NGU_KIEN, LIEN_CHAU, "01")
    assert theirs.fetch(doc_id).raw == raw
    assert ours.received_since(*days()) == []
    theirs.update_status(doc_id, "03")
    theirs.update_status(doc_id, "06")
    assert [(one.doc_id, one.status) for one in ours.statuses_since(*days())] == [(doc_id, "03"), (doc_id, "06")]
    assert ours.statuses_since(clock.today() - timedelta(days=9), clock.today() - timedelta(days=3)) == []


def test_the_register_of_the_axis(ours):
    assert {agency.code: agency.name for agency in ours.agencies()}[LIEN_CHAU] == "UBND xã Liên Châu"


def test_every_answer_says_that_it_is_a_simulator(axis):
    page = httpx.get(axis.url)
    assert "MÔ PHỎNG" in page.text
    assert page.headers["X-Simulator"]
    assert "MÔ PHỎNG" in axis.state["simulator"]
    assert "MÔ PHỎNG" in httpx.post(f"{axis.url}/v1/auth/login", content=b"{}").text


def test_it_stops_cleanly():
    with simulator() as started:
        pass
    assert started.process.returncode == 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"edXML:Subject", b"Subject"),
        (b"<AttachmentEncoded>", b"<edXML:AttachmentEncoded>"),
        (b"http://www.mic.gov.vn/TBT/QCVN_102_2016", b"http://www.go.vn/eDoc"),
        (b"edXML:Code>", b"edXML:Kode>"),
    ],
)
def test_the_axis_refuses_what_is_not_as_the_regulation_wants_it(ours, old, new):
    bad = (
        edxml_of(letter())
        .replace(old, new)
        .replace(b"</AttachmentEncoded>", b"</" + new[1:] if old[:1] == b"<" else b"</AttachmentEncoded>")
    )
    with pytest.raises(AxisFailed) as caught:
        ours.send(bad, "a.edxml")
    assert caught.value.code == 22
    assert not caught.value.again
    assert "khuôn dạng" in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "code", "again"),
    [
        ({"receivers": (Organ("H99.1", "lạ"),)}, 18, False),
        ({"sender": Organ(PROVINCE, "không phải mình")}, 19, True),
        ({"receivers": (Organ(LIEN_CHAU), Organ(LIEN_CHAU))}, 22, False),
        ({"subject": ""}, 22, False),
    ],
)
def test_error_codes_become_sentences(ours, changes, code, again):
    with pytest.raises(AxisFailed) as caught:
        ours.send(edxml_of(letter(**changes)), "a.edxml")
    assert (caught.value.code, caught.value.again) == (code, again)
    assert str(caught.value).endswith(".")


def test_not_xml_and_a_locked_receiver(axis, ours):
    with pytest.raises(AxisFailed) as caught:
        ours.send(b"PK\x03\x04", "a.edxml")
    assert caught.value.code == 10
    axis.control("lock", code=LIEN_CHAU)
    with pytest.raises(AxisFailed, match="khoá") as caught:
        ours.send(edxml_of(letter()), "a.edxml")
    assert (caught.value.code, caught.value.again) == (23, False)


@pytest.mark.parametrize("code", [10, 15, 18, 19, 20, 21, 22, 23, 77])
def test_every_code_of_the_guide_has_a_sentence(axis, ours, code):
    axis.fault("error", "/v1/getAgenciesList", code=code)
    with pytest.raises(AxisFailed) as caught:
        ours.agencies()
    assert caught.value.code == code
    assert caught.value.again == (code in {15, 19, 20})


def test_a_token_that_ran_out_is_renewed_without_a_word(axis, ours):
    assert ours.agencies()
    axis.control("expire_tokens")
    assert ours.agencies()
    logins = [call for call in axis.state["calls"] if call.endswith("/auth/login")]
    assert len(logins) >= 2


def test_a_token_is_renewed_before_it_runs_out(axis, ours):
    ours.agencies()
    before = axis.state["calls"].count("POST /v1/auth/login")
    ours.agencies()
    assert axis.state["calls"].count("POST /v1/auth/login") == before
    with time_machine.travel(clock.now() + timedelta(minutes=26), tick=True):
        ours.agencies()
    assert axis.state["calls"].count("POST /v1/auth/login") == before + 1


def test_a_token_that_never_lives():
    with (
        simulator("--token-seconds", "0") as started,
        closing(RestAxis(started.account(NGU_KIEN))) as axis,
        pytest.raises(AxisFailed) as caught,
    ):
        axis.agencies()
    assert caught.value.code == 15


def test_a_wrong_secret_in_both_its_forms(axis):
    settings = axis.account(NGU_KIEN)
    with closing(RestAxis(replace(settings, secret_key="sai"))) as wrong:
        assert "Hãy kiểm tra cấu hình" in wrong.check()
    with closing(RestAxis(settings)) as right:
        right.agencies()
        axis.fault("unauthorized", "/v1/getAgenciesList", times=2)
        with pytest.raises(AxisFailed) as caught:
            right.agencies()
        assert (caught.value.code, caught.value.again) == (15, True)
        assert right.check() == ""


@pytest.mark.parametrize("kind", ["drop", "garbage"])
def test_an_axis_that_is_not_itself_is_asked_again_later(axis, ours, kind):
    ours.agencies()
    axis.fault(kind, "/v1/syncReceivedEdocList")
    with pytest.raises(AxisFailed) as caught:
        ours.received_since(*days())
    assert caught.value.again
    assert ours.received_since(*days()) == []


def test_nobody_answers():
    with simulator() as started:
        settings = started.account(NGU_KIEN)
    with closing(RestAxis(settings)) as axis, pytest.raises(AxisFailed, match="Không nối được") as caught:
        axis.agencies()
    assert caught.value.again


def test_secrets_do_not_show(axis):
    settings = axis.account(NGU_KIEN)
    assert "key-" not in repr(settings)
    assert "pass-" not in f"{settings}"


def test_an_answer_lost_on_the_way_means_two_and_the_receiver_can_tell(axis, ours, theirs):
    raw = edxml_of(letter())
    axis.fault("lost_answer", "/v1/sendEdoc")
    with pytest.raises(AxisFailed) as caught:
        ours.send(raw, "a.edxml")
    assert caught.value.again
    ours.send(raw, "a.edxml")
    listed = theirs.received_since(*days())
    ids = {read(theirs.fetch(one.doc_id).raw).letter.document_id for one in listed}
    assert (len(listed), len(ids)) == (2, 1)


def test_five_megabytes_through_the_axis(ours, theirs):
    content = bytes(range(256)) * (5 * 4096)
    doc_id = ours.send(edxml_of(letter(attachments=(Attachment("a.pdf", content, cid="a"),))), "a.edxml")
    assert read(theirs.fetch(doc_id).raw).letter.attachments[0].content == content

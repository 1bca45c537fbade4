"""A request from the press to the signed file, with a real token; every way it may be refused."""

import io
import uuid
from datetime import timedelta

import pytest
import time_machine
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature

from xaso.core.access import SYSTEM
from xaso.core.files.actions import remove_file
from xaso.core.files.queries import files_of
from xaso.core.outbox.actions import deliver_all, deliver_due
from xaso.core.outbox.models import Delivery
from xaso.kit import clock
from xaso.kit.errors import Forbidden, Refused
from xaso.kit.subject import ref
from xaso.modules.notifications.models import Message
from xaso.modules.signing import jobs, rules
from xaso.modules.signing import queries as signing
from xaso.modules.signing.actions import cancel_request, request_signature, set_certificate_state
from xaso.modules.signing.models import Prepared, Request
from xaso.modules.signing.performing import content_of
from xaso.modules.signing.providers import PROVIDERS
from xaso.modules.signing.tests.conftest import given_of, lay_file
from xaso.modules.signing.tests.papers import SoftKey, birth_certificate
from xaso.modules.signing.tests.slow_hands import SlowHands

pytestmark = pytest.mark.django_db


def ask(by, unit, file, certificate, role=rules.PERSON, **more):
    return request_signature(by, unit, file=file, role=role, certificate=certificate, subject=file.subject, **more)


def signed(by, unit, file, certificate, role=rules.PERSON):
    request = ask(by, unit, file, certificate, role)
    deliver_all()
    request.refresh_from_db()
    assert request.state == rules.SIGNED, request.why
    return request


def verdicts(file, pki):
    reader = PdfFileReader(io.BytesIO(content_of(file)))
    context = pki.validation_context(fetch=False)
    return {s.field_name: validate_pdf_signature(s, context).bottom_line for s in reader.embedded_regular_signatures}


@pytest.fixture
def slow(pki, tmp_path, of_hoa):
    """hoa's certificate behind a provider whose answers the test decides."""
    hands = SlowHands(tmp_path, SoftKey(pki, "hoa"))
    PROVIDERS.add("slow", hands)
    type(of_hoa).objects.filter(pk=of_hoa.pk).update(provider="slow")
    of_hoa.refresh_from_db()
    yield hands
    del PROVIDERS._parts["slow"]


def test_hoa_signs_and_van_seals(plugged_in, pki, hoa, van, ngu_kien, of_hoa, of_commune, paper):
    first = signed(hoa, ngu_kien, paper, of_hoa)
    assert verdicts(first.signed_file, pki) == {"ky_ca_nhan": True}
    second = signed(van, ngu_kien, first.signed_file, of_commune, rules.AGENCY)
    assert verdicts(second.signed_file, pki) == {"ky_ca_nhan": True, "ky_co_quan": True}
    assert [one.kind for one in files_of(ref(ngu_kien))] == ["ket-qua"] * 3
    assert not Prepared.objects.exists()
    assert signing.is_signed_by_person(first.signed_file)


def test_the_seal_does_not_come_first(plugged_in, van, ngu_kien, of_commune, paper):
    request = ask(van, ngu_kien, paper, of_commune, rules.AGENCY)
    deliver_all()
    request.refresh_from_db()
    assert request.state == rules.FAILED
    assert "chưa có chữ ký của người có thẩm quyền" in request.why
    assert Message.objects.filter(template="signing.lost", person_id=van.person_id).count() == 1


def test_who_may_sign_with_what(hoa, van, an, lan, tam, ngu_kien, lien_chau, of_hoa, of_commune, paper):
    for by, certificate, role in (
        (an, of_hoa, rules.PERSON),
        (lan, of_hoa, rules.PERSON),
        (hoa, of_commune, rules.AGENCY),
        (tam, of_hoa, rules.PERSON),
    ):
        with pytest.raises(Forbidden):
            ask(by, ngu_kien, paper, certificate, role)
    for by, certificate, role in ((van, of_hoa, rules.AGENCY), (hoa, of_commune, rules.PERSON)):
        with pytest.raises(Refused, match="chứng thư"):
            ask(by, ngu_kien, paper, certificate, role)
    assert signing.certificates_for(hoa, ngu_kien, rules.PERSON) == [of_hoa]
    assert signing.certificates_for(hoa, ngu_kien, rules.AGENCY) == []
    assert signing.certificates_for(van, ngu_kien, rules.AGENCY) == [of_commune]
    assert not Request.objects.exists()


def test_a_certificate_that_is_over_does_not_sign(hoa, quan, ngu_kien, of_hoa, paper):
    with time_machine.travel(of_hoa.valid_to + timedelta(minutes=1)), pytest.raises(Refused, match="đã hết hạn"):
        ask(hoa, ngu_kien, paper, of_hoa)
    set_certificate_state(quan, of_hoa, state=rules.SUSPENDED, reason="Mất thẻ")
    with pytest.raises(Refused, match="tạm dừng"):
        ask(hoa, ngu_kien, paper, of_hoa)


def test_what_ended_between_press_and_worker_is_refused(plugged_in, hoa, quan, ngu_kien, of_hoa, paper):
    request = ask(hoa, ngu_kien, paper, of_hoa)
    set_certificate_state(quan, of_hoa, state=rules.REVOKED, reason="Lộ khoá")
    deliver_all()
    request.refresh_from_db()
    assert (request.state, "bị thu hồi" in request.why) == (rules.FAILED, True)


def test_a_file_that_changed_meanwhile_is_not_signed(plugged_in, hoa, ngu_kien, of_hoa, paper):
    request = ask(hoa, ngu_kien, paper, of_hoa)
    remove_file(SYSTEM, paper)
    deliver_all()
    request.refresh_from_db()
    assert (request.state, "đã được gỡ" in request.why) == (rules.FAILED, True)
    with pytest.raises(Refused, match="đã được gỡ"):
        ask(hoa, ngu_kien, paper, of_hoa)


def test_one_file_is_signed_by_one_at_a_time(plugged_in, hoa, ngu_kien, of_hoa, paper):
    request = ask(hoa, ngu_kien, paper, of_hoa)
    with pytest.raises(Refused, match="đang được ký"):
        ask(hoa, ngu_kien, paper, of_hoa)
    deliver_all()
    with pytest.raises(Refused, match="bản ký mới hơn"):
        ask(hoa, ngu_kien, paper, of_hoa)
    request.refresh_from_db()
    with pytest.raises(Refused, match="đã kết thúc"):
        cancel_request(hoa, request)


def test_only_pdf_is_signed(hoa, ngu_kien, of_hoa):
    text = lay_file(SYSTEM, ngu_kien, content="chữ".encode(), name="a.txt")
    with pytest.raises(Refused, match="Chỉ ký được tệp PDF"):
        ask(hoa, ngu_kien, text, of_hoa)


def test_a_broken_pdf_is_told_and_nothing_hangs(plugged_in, hoa, ngu_kien, of_hoa):
    broken = lay_file(SYSTEM, ngu_kien, content=b"%PDF-1.7\nkh\xc3\xb4ng", name="hong.pdf")
    request = ask(hoa, ngu_kien, broken, of_hoa)
    deliver_all()
    request.refresh_from_db()
    assert (request.state, "không phải PDF đọc được" in request.why) == (rules.FAILED, True)


def test_a_means_that_is_not_installed_is_told(hoa, ngu_kien, of_hoa, paper):
    type(of_hoa).objects.filter(pk=of_hoa.pk).update(provider="khong-co")
    of_hoa.refresh_from_db()
    request = ask(hoa, ngu_kien, paper, of_hoa)
    deliver_all()
    request.refresh_from_db()
    assert (request.state, "chưa được cài đặt" in request.why) == (rules.FAILED, True)


def test_a_waiting_one_is_asked_again_with_growing_pauses(slow, pki, hoa, ngu_kien, of_hoa, paper):
    request = ask(hoa, ngu_kien, paper, of_hoa)
    deliver_all()
    request.refresh_from_db()
    assert (request.state, request.provider_reference) == (rules.WAITING, "ref-1")
    assert jobs.ask_again() == 0
    pauses = []
    for _ in range(5):
        with time_machine.travel(request.next_at + timedelta(seconds=1)):
            assert jobs.ask_again() == 1
            request.refresh_from_db()
            pauses.append(round((request.next_at - clock.now()).total_seconds()))
    assert pauses == [10, 20, 40, 60, 60]
    slow.say("signed")
    with time_machine.travel(request.next_at + timedelta(seconds=1)):
        jobs.ask_again()
    request.refresh_from_db()
    assert request.state == rules.SIGNED
    assert verdicts(request.signed_file, pki) == {"ky_ca_nhan": True}
    assert len(slow.asked()) == 1


@pytest.mark.parametrize(
    ("said", "state", "words"),
    [
        ("refused", rules.REFUSED, "từ chối"),
        ("timed_out", rules.TIMED_OUT, "xác nhận"),
        ("failed", rules.FAILED, "nguyên vẹn"),
    ],
)
def test_a_no_is_told_and_the_file_can_be_signed_again(slow, hoa, ngu_kien, of_hoa, paper, said, state, words):
    slow.say(said)
    request = ask(hoa, ngu_kien, paper, of_hoa)
    deliver_all()
    request.refresh_from_db()
    assert (request.state, words in request.why) == (state, True)
    assert not Prepared.objects.exists()
    slow.say("signed")
    signed(hoa, ngu_kien, paper, of_hoa)


def test_nobody_answers_and_the_person_is_told_in_a_quarter_of_an_hour(slow, hoa, ngu_kien, of_hoa, paper):
    slow.say("lost connection")
    request = ask(hoa, ngu_kien, paper, of_hoa)
    deliver_due()
    assert Delivery.objects.get(handler__contains="a_signature_was_asked").state == "waiting"
    request.refresh_from_db()
    assert request.state == rules.REQUESTED
    assert jobs.give_up() == 0
    with time_machine.travel(clock.now() + rules.PATIENCE + timedelta(seconds=1)):
        assert jobs.give_up() == 1
        slow.say("signed")
        deliver_all()
    request.refresh_from_db()
    assert request.state == rules.FAILED


def test_a_cancelled_request_uses_no_late_value(slow, hoa, van, ngu_kien, of_hoa, paper):
    request = ask(hoa, ngu_kien, paper, of_hoa)
    deliver_all()
    with pytest.raises(Forbidden):
        cancel_request(van, request)
    cancel_request(hoa, request)
    slow.say("signed")
    with time_machine.travel(clock.now() + timedelta(minutes=5)):
        assert jobs.ask_again() == 0
    request.refresh_from_db()
    assert (request.state, request.signed_file) == (rules.CANCELLED, None)
    assert not Message.objects.filter(template="signing.lost").exists()


def test_a_value_of_another_key_is_not_used(slow, pki, hoa, ngu_kien, of_hoa, paper):
    slow.key = SoftKey(pki, "ngu-kien")
    slow.say("signed")
    request = ask(hoa, ngu_kien, paper, of_hoa)
    deliver_all()
    request.refresh_from_db()
    assert (request.state, "không khớp" in request.why) == (rules.FAILED, True)


def test_a_kept_value_is_finished_without_asking_anybody(slow, pki, hoa, ngu_kien, of_hoa, paper):
    request = ask(hoa, ngu_kien, paper, of_hoa)
    deliver_all()
    kept = Prepared.objects.get()
    value = slow.key.sign(bytes(kept.signed_attributes))
    Prepared.objects.update(value=value)
    with time_machine.travel(clock.now() + timedelta(minutes=1)):
        jobs.ask_again()
    request.refresh_from_db()
    assert request.state == rules.SIGNED
    assert not (slow.folder / "polled").exists()


def test_many_with_one_press(plugged_in, hoa, ngu_kien, of_hoa):
    files = [lay_file(SYSTEM, ngu_kien, content=birth_certificate(), name=f"{number}.pdf") for number in range(3)]
    batch = uuid.uuid4()
    requests = [ask(hoa, ngu_kien, file, of_hoa, batch=batch) for file in files]
    deliver_all()
    assert [one.state for one in signing.batch_of(requests[0])] == [rules.SIGNED] * 3


def test_long_term_proofs_are_embedded_when_the_operator_says_where(
    plugged_in, pki, monkeypatch, hoa, ngu_kien, of_hoa, paper
):
    monkeypatch.setenv("XASO_TSA_URL", pki.tsa_url)
    monkeypatch.setenv("XASO_SIGN_LEVEL", "B-T")
    request = signed(hoa, ngu_kien, paper, of_hoa)
    assert (request.level, request.remark) == ("B-T", "")


def test_only_listed_certificates_do_not_sign(pki, hoa, ngu_kien, paper):
    from xaso.core.accounts.models import Account
    from xaso.modules.signing.actions import add_certificate

    account = Account.objects.get(pk=hoa.account_id)
    listed = add_certificate(
        SYSTEM, ngu_kien, given=given_of(pki, "hoa", rules.OFFICIAL, der=b"", provider=""), account=account
    )
    with pytest.raises(Refused, match="mới có trong sổ"):
        ask(hoa, ngu_kien, paper, listed)
    assert signing.certificates_for(hoa, ngu_kien, rules.PERSON) == []

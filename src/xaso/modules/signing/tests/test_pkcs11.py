"""A real token: the PIN, and the device that goes away."""

import pytest

from xaso.core.outbox.actions import deliver_all
from xaso.kit.errors import Refused
from xaso.modules.signing import performing, rules
from xaso.modules.signing.models import Certificate, Prepared
from xaso.modules.signing.providers import WrongPin
from xaso.modules.signing.tests.conftest import PIN
from xaso.modules.signing.tests.test_requests import ask, signed, verdicts

pytestmark = pytest.mark.django_db


@pytest.fixture
def typed(plugged_in, monkeypatch, of_hoa):
    """hoa types the PIN herself."""
    monkeypatch.delenv("XASO_SIGN_PKCS11_PIN_FILE")
    Certificate.objects.filter(pk=of_hoa.pk).update(asks_pin=True)
    of_hoa.refresh_from_db()
    return of_hoa


def test_a_wrong_pin_three_times_locks_nothing_on_our_side(typed, pki, hoa, ngu_kien, paper, caplog):
    request = ask(hoa, ngu_kien, paper, typed)
    deliver_all()
    for wrong in ("111111", "000000", "999999"):
        with pytest.raises(WrongPin, match="Mã PIN không đúng"):
            performing.perform_in_person(request, wrong)
        request.refresh_from_db()
        assert request.state == rules.REQUESTED
    assert performing.perform_in_person(request, PIN).state == rules.SIGNED
    assert verdicts(request.signed_file, pki) == {"ky_ca_nhan": True}
    assert not any(pin in caplog.text for pin in ("111111", PIN))


def test_nobody_signs_behind_a_typed_pin(typed, plugged_in, hoa, ngu_kien, paper):
    """The session ends with the signature: the next one wants the right PIN again."""
    request = ask(hoa, ngu_kien, paper, typed)
    assert performing.perform_in_person(request, PIN).state == rules.SIGNED
    second = ask(hoa, ngu_kien, request.signed_file, typed, field="ky_ca_nhan_2")
    with pytest.raises(WrongPin):
        performing.perform_in_person(second, "000000")


@pytest.mark.parametrize("pin", ["", "1" * 300, "mã pin", "\0"])
def test_any_text_may_be_typed_as_a_pin(typed, hoa, ngu_kien, paper, pin):
    request = ask(hoa, ngu_kien, paper, typed)
    with pytest.raises(Refused):
        performing.perform_in_person(request, pin)
    request.refresh_from_db()
    assert request.is_open


def test_a_wrong_kept_pin_is_tried_once_and_never_again(
    plugged_in, tmp_path, monkeypatch, hoa, ngu_kien, of_hoa, paper
):
    wrong = tmp_path / "wrong"
    wrong.write_text("000000")
    monkeypatch.setenv("XASO_SIGN_PKCS11_PIN_FILE", str(wrong))
    for _ in range(3):
        request = ask(hoa, ngu_kien, paper, of_hoa)
        deliver_all()
        request.refresh_from_db()
        assert (request.state, "Mã PIN lưu trên máy chủ không đúng" in request.why) == (rules.FAILED, True)
    wrong.write_text(f"{PIN}\n")
    signed(hoa, ngu_kien, paper, of_hoa)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the library tidies up a lost session
def test_a_session_is_kept_and_opened_anew_after_the_device_was_away(plugged_in, hoa, ngu_kien, of_hoa, paper):
    first = signed(hoa, ngu_kien, paper, of_hoa)
    kept = plugged_in._session
    assert kept is not None
    kept.close()  # as if the token had been pulled out and put back
    second = ask(hoa, ngu_kien, first.signed_file, of_hoa, field="ky_ca_nhan_2")
    deliver_all()
    second.refresh_from_db()
    assert second.state == rules.SIGNED
    assert plugged_in._session is not kept


def test_no_library_no_token_no_key_are_told_apart(plugged_in, token, monkeypatch, hoa, ngu_kien, of_hoa, paper):
    assert plugged_in.check() == ""
    monkeypatch.setenv("XASO_SIGN_PKCS11_LABEL", "khong-co")
    assert "Không thấy thiết bị ký" in plugged_in.check()
    monkeypatch.setenv("XASO_SIGN_PKCS11_LIBRARY", "/khong/co.so")
    assert "XASO_SIGN_PKCS11_LIBRARY" in plugged_in.check()
    request = ask(hoa, ngu_kien, paper, of_hoa)
    deliver_all()
    request.refresh_from_db()
    assert (request.state, "XASO_SIGN_PKCS11_LIBRARY" in request.why) == (rules.FAILED, True)
    assert not Prepared.objects.exists()


def test_what_lies_on_the_token_can_be_listed(plugged_in, pki):
    found = plugged_in.certificates("")
    assert {one.der for one in found} == {pki.certificate("hoa").dump(), pki.certificate("ngu-kien").dump()}
    assert [one.der for one in plugged_in.certificates("026175000104")] == [pki.certificate("hoa").dump()]

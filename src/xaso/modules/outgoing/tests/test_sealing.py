"""The digital way with a real token: person, number into its place, agency, issued. And every way it stops."""

import io

import pytest
from pypdf import PdfReader

from xaso.core.outbox.actions import deliver_all
from xaso.kit.errors import Forbidden, Refused
from xaso.kit.subject import ref
from xaso.modules.outgoing.actions.issuing import issue
from xaso.modules.outgoing.actions.numbering import cancel_document, fill_number, give_number
from xaso.modules.outgoing.actions.reviewing import prepare
from xaso.modules.outgoing.actions.sealing import (
    ask_seal,
    ask_signature,
    miss_signature,
    take_signature,
    withdraw_request,
)
from xaso.modules.outgoing.models import Document
from xaso.modules.outgoing.queries import documents, sheets
from xaso.modules.outgoing.tests.conftest import again, scan
from xaso.modules.signing import queries as signing
from xaso.modules.signing.models import Request
from xaso.modules.signing.tests.conftest import of_commune, of_hoa, plugged_in, token  # noqa: F401 - fixtures
from xaso.modules.trust import queries as trust

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday(settings, tmp_path):
    """Today: the test certificates are valid now and not in 2024."""
    settings.DATA_DIR = tmp_path


@pytest.fixture
def asked(plugged_in, to_sign, hoa, of_hoa):  # noqa: F811
    return ask_signature(hoa, to_sign, certificate=of_hoa)


@pytest.fixture
def signed_digitally(asked):
    deliver_all()
    found = again(asked)
    assert found.state == "signed", found.sign_error
    return found


def fields(stored):
    found = PdfReader(io.BytesIO(sheets.content_of(stored))).get_fields() or {}
    return {name: field.get("/V") for name, field in found.items() if name in {"so", "ngay"}}


def test_signed_numbered_sealed_and_issued_without_paper(signed_digitally, van, of_commune):  # noqa: F811
    document = signed_digitally
    assert document.is_person_signed
    assert fields(document.sheet) == {"so": None, "ngay": None} or not any(fields(document.sheet).values())
    give_number(van, document)
    deliver_all()
    filled = again(document)
    assert filled.sheet.kind == "outgoing.numbered"
    assert fields(filled.sheet)["so"] == "01"
    ask_seal(van, filled, certificate=of_commune)
    deliver_all()
    done = again(document)
    assert done.state == "issued", done.sign_error
    assert (done.is_person_signed, done.is_agency_signed, done.file.uuid) == (True, True, done.sheet.uuid)
    judged = trust.judge(sheets.content_of(done.file))
    assert {one.changes_after for one in judged.signatures} <= {"none", "allowed"}
    assert len(judged.signatures) == 2


def test_writing_the_number_twice_does_nothing(signed_digitally, van):
    numbered = give_number(van, signed_digitally)
    first = fill_number(numbered).sheet_id
    deliver_all()
    assert again(numbered).sheet_id == first
    assert fill_number(again(numbered)).sheet_id == first


def test_only_the_signer_signs(to_sign, thu, an, of_hoa):  # noqa: F811
    with pytest.raises(Forbidden, match=r"ký|được giao"):
        ask_signature(thu, to_sign, certificate=of_hoa)
    with pytest.raises(Forbidden):
        ask_signature(an, to_sign, certificate=of_hoa)


def test_a_signature_that_does_not_come_goes_back_to_where_it_was_asked(asked, hoa, van):
    again_asked = again(asked)
    with pytest.raises(Refused, match="đang chờ chữ ký số"):
        cancel_document(hoa, again_asked, reason="x")
    stopped = withdraw_request(hoa, again_asked, request=signing.request(again_asked.request))
    assert (stopped.state, stopped.request) == ("to_sign", "")
    assert "dừng" in stopped.sign_error
    deliver_all()
    assert again(asked).state == "to_sign"


def test_what_is_told_of_another_request_changes_nothing(asked, van):
    from xaso.core.access import SYSTEM

    document = again(asked)
    assert miss_signature(SYSTEM, document, request="khác", why="x").state == "signing"
    assert take_signature(SYSTEM, document, request="khác", file=document.sheet).state == "signing"


def test_the_seal_comes_last(signed_digitally, van, of_commune, of_hoa):  # noqa: F811
    with pytest.raises(Refused, match="đang ở bước"):
        ask_seal(van, signed_digitally, certificate=of_commune)
    numbered = give_number(van, signed_digitally)
    with pytest.raises(Refused, match="đã ghi số, ngày"):
        ask_seal(van, numbered, certificate=of_commune)
    filled = fill_number(numbered)
    with pytest.raises(Refused, match="chứng thư số của cơ quan"):
        ask_seal(van, filled, certificate=of_hoa)
    sealing = ask_seal(van, filled, certificate=of_commune)
    with pytest.raises(Refused, match="đang chờ chữ ký số"):
        issue(van, sealing, scan=scan())
    with pytest.raises(Refused, match="Dừng ký số"):
        cancel_document(van, sealing, reason="Sai")
    assert Request.objects.filter(subject=ref(sealing)).count() == 2


def test_a_sheet_stamped_by_hand_is_signed_by_the_person_only(signed_digitally, van):
    done = issue(van, give_number(van, signed_digitally), scan=scan())
    assert (done.state, done.is_person_signed, done.is_agency_signed) == ("issued", True, False)


def test_an_uploaded_pdf_without_places_is_signed_on_paper(checking, hoa, van, of_hoa):  # noqa: F811
    from xaso.modules.outgoing.actions.reviewing import pass_check

    Document.objects.filter(pk=checking.pk).update(draft_file=documents.document(checking.uuid).draft_file)
    prepared = prepare(checking)
    prepared.boxes.clear()
    passed = pass_check(van, checking, prepared=prepared)
    with pytest.raises(Refused, match="không có chỗ ghi số"):
        ask_signature(hoa, passed, certificate=of_hoa)

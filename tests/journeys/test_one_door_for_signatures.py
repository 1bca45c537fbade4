"""A result, a slip, a sealed pack: laid before the leader on its own page, signed with a token, sealed by the clerk,
and checked by anybody with the code that was printed before the first signature."""

import io
from datetime import datetime

import pypdfium2
import pytest
import time_machine
import zxingcpp
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature

from xaso.core.access import SYSTEM
from xaso.core.files import actions as files
from xaso.core.outbox.actions import deliver_all
from xaso.kit import clock, subject
from xaso.modules.dossiers.models import Result
from xaso.modules.dossiers.tests.factories import received
from xaso.modules.packs.actions import SHEET, print_pack
from xaso.modules.packs.tests.making import sealed, share, tamper
from xaso.modules.papers import queries as papers
from xaso.modules.papers.actions import newest_sheet_of, sheet_of
from xaso.modules.reports.tests.conftest import begun, dossiers, signed, waiting, written  # noqa: F401 - fixtures
from xaso.modules.signing import queries as signing
from xaso.modules.signing.models import Ask, Request
from xaso.modules.signing.performing import content_of
from xaso.modules.signing.tests.conftest import of_commune, of_hoa, plugged_in, token  # noqa: F401 - fixtures
from xaso.modules.signing.tests.papers import birth_certificate
from xaso.modules.trust.models import Proof

pytestmark = [pytest.mark.django_db, pytest.mark.long]
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=clock.VIETNAM)


@pytest.fixture
def signed_by_both(browser_of, hoa, van, of_hoa, of_commune, plugged_in):  # noqa: F811
    """What is laid on a page is signed by hoa, then laid again and sealed by van. Gives the last signed file."""

    def go(page, officer, field, key):
        desk = browser_of(officer)
        for signer, certificate in ((hoa, of_hoa), (van, of_commune)):
            shown = desk.get(page).content.decode()
            assert f'name="{field}" value="{key}"' in shown
            whom = _account_uuid(hoa) if signer is hoa else ""
            desk.post("/desk/signing/trinh/", {field: key, "signer": whom, "back": page})
            ask = Ask.objects.get(closed_at=None)
            assert ask.signer_id == (hoa.account_id if signer is hoa else None)
            answer = browser_of(signer).post(
                "/desk/signing/", {"asks": [str(ask.uuid)], ask.role: str(certificate.uuid)}
            )
            assert answer.status_code == 302
            deliver_all()
            request = Request.objects.latest("id")
            assert request.state == "signed", request.why
            field, key = "file", str(request.signed_file.uuid)
        return request.signed_file

    return go


def _account_uuid(actor):
    from xaso.core.accounts.models import Account

    return str(Account.objects.get(pk=actor.account_id).uuid)


def codes_on(content):
    document = pypdfium2.PdfDocument(content)
    picture = document[len(document) - 1].render(scale=3).to_pil()
    document.close()
    return [one.text for one in zxingcpp.read_barcodes(picture) if "/verify/" in one.text]


def all_valid(content, pki):
    context = pki.validation_context(fetch=False)
    found = [validate_pdf_signature(one, context) for one in PdfFileReader(io.BytesIO(content)).embedded_signatures]
    return len(found) == 2 and all(one.bottom_line for one in found)


def checked_by_anybody(content, client):
    """What the page behind the printed code says."""
    (address,) = codes_on(content)
    return client.get(address.split("://", 1)[1].partition("/")[2].join(("/", ""))).content.decode()


def test_a_result(signed_by_both, minh, an, ngu_kien, client, pki, catalogue):
    with time_machine.travel(MONDAY, tick=False):
        dossier = received(minh, ngu_kien)
        given = files.receive_bytes(birth_certificate(), name="trich-luc.pdf")
        unsigned = files.upload(
            SYSTEM, files.Place(subject.ref(dossier), dossier.unit_path), received=given, kind="result"
        )
        Result.objects.create(dossier=dossier, file=unsigned)
    last = signed_by_both(f"/desk/dossiers/{dossier.uuid}/", an, "file", str(unsigned.uuid))
    result = Result.objects.get(dossier=dossier)
    assert result.file == last
    content = content_of(last)
    assert all_valid(content, pki)
    said = checked_by_anybody(content, client)
    assert dossier.procedure.name in said
    assert dossier.applicant_name not in said
    assert Proof.objects.get().code == result.proof_code


def test_a_pack_on_paper(signed_by_both, hoa, ngu_kien, client, pki, browser_of):
    pack = sealed(hoa, ngu_kien, [share("fibre", 71, 72)])
    page = f"/desk/packs/{pack.uuid}/"
    browser_of(hoa).post(f"{page}print/")
    sheet = papers.latest_of(subject.ref(pack), SHEET)
    assert print_pack(hoa, pack) == sheet, "one sheet a pack"
    signed_by_both(page, hoa, "paper", str(sheet.uuid))
    sheet.refresh_from_db()
    content = newest_sheet_of(hoa, sheet)
    assert content != sheet_of(hoa, sheet), "the first print stays as it was"
    assert all_valid(content, pki)
    assert f"Gói số liệu đã ký số {sheet.number}" in checked_by_anybody(content, client)
    text = pypdfium2.PdfDocument(content)[0].get_textpage().get_text_bounded()
    assert pack.sha256[:8] in text
    assert signing.requests_of(subject.ref(sheet))


def test_a_damaged_pack_is_not_printed(hoa, ngu_kien, browser_of):
    pack = sealed(hoa, ngu_kien, [share("fibre", 71, 72)])
    tamper(pack, "71", "70")
    answer = browser_of(hoa).post(f"/desk/packs/{pack.uuid}/print/", follow=True)
    assert "Không lập bản giấy" in answer.content.decode()
    assert papers.latest_of(subject.ref(pack), SHEET) is None


def test_a_slip(signed_by_both, minh, an, hoa, ngu_kien, client, pki, catalogue):
    with time_machine.travel(MONDAY, tick=False):
        dossier = received(minh, ngu_kien)
        deliver_all()
    slip = papers.latest_of(subject.ref(dossier), "mau-01")
    signed_by_both(f"/desk/dossiers/{dossier.uuid}/", an, "paper", str(slip.uuid))
    slip.refresh_from_db()
    content = newest_sheet_of(an, slip)
    assert all_valid(content, pki)
    assert dossier.applicant_name not in checked_by_anybody(content, client)


def test_a_report(signed_by_both, signed, hoa, client, pki, browser_of):  # noqa: F811
    page = f"/desk/reports/{signed.uuid}/"
    before = content_of(signed.pdf)
    last = signed_by_both(page, hoa, "file", str(signed.pdf.uuid))
    signed.refresh_from_db()
    assert content_of(signed.pdf) == before, "what the report was made of stays"
    content = content_of(last)
    assert all_valid(content, pki)
    assert signed.title in checked_by_anybody(content, client)
    shown = browser_of(hoa).get(page).content.decode()
    assert "PDF có chữ ký số" in shown
    assert last.get_absolute_url() in shown

"""A result that was signed takes the place of the unsigned one; anything else that was signed does not."""

from datetime import datetime

import pytest
import time_machine

from xaso.core.access import SYSTEM
from xaso.core.files import actions as files
from xaso.kit import clock, subject
from xaso.modules.dossiers.actions.signatures import keep_signed
from xaso.modules.dossiers.models import Result
from xaso.modules.dossiers.tests.factories import received

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=clock.VIETNAM)
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 WIDTH 200]>>endobj\nxref\n0 4\n0000000000 65535 f \n"
    b"0000000009 00000 n \n0000000052 00000 n \n0000000101 00000 n \ntrailer<</Size 4/Root 1 0 R>>\n"
    b"startxref\n163\n%%EOF\n"
)


@pytest.fixture(autouse=True)
def _monday(catalogue):
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def make_file(db):
    def make(dossier, width):
        received_file = files.receive_bytes(PDF.replace(b"WIDTH", str(width).encode()), name=f"ket-qua-{width}.pdf")
        place = files.Place(subject.ref(dossier), dossier.unit_path)
        return files.upload(SYSTEM, place, received=received_file, kind="result")

    return make


@pytest.fixture
def finished(minh, an, ngu_kien, make_file):
    dossier = received(minh, ngu_kien)
    unsigned = make_file(dossier, 200)
    Result.objects.create(dossier=dossier, file=unsigned)
    files.give_to(unsigned, dossier.owner_person_id)
    unsigned.refresh_from_db()
    return dossier, unsigned


def test_person_then_agency_and_the_code_to_check_it(finished, make_file, client):
    dossier, unsigned = finished
    by_person = make_file(dossier, 201)
    keep_signed(SYSTEM, dossier, unsigned=unsigned, signed=by_person, role="person")
    result = Result.objects.get(dossier=dossier)
    assert (result.file, result.person_signed_at, result.proof_code) == (by_person, MONDAY, "")
    by_person.refresh_from_db()
    by_agency = make_file(dossier, 202)
    keep_signed(SYSTEM, dossier, unsigned=by_person, signed=by_agency, role="agency")
    result.refresh_from_db()
    assert (result.file, result.agency_signed_at) == (by_agency, MONDAY)
    by_agency.refresh_from_db()
    assert by_agency.owner_person_id == unsigned.owner_person_id
    page = client.get(f"/verify/{result.proof_code}/").content.decode()
    assert dossier.procedure.name in page
    assert dossier.applicant_name not in page


def test_a_signed_file_that_is_no_result_stays_apart(finished, make_file):
    dossier, unsigned = finished
    slip = make_file(dossier, 203)
    keep_signed(SYSTEM, dossier, unsigned=slip, signed=make_file(dossier, 204), role="person")
    result = Result.objects.get(dossier=dossier)
    assert (result.file, result.person_signed_at) == (unsigned, None)


def test_what_was_signed_in_between_is_not_overwritten(finished, make_file):
    dossier, unsigned = finished
    newer = make_file(dossier, 205)
    Result.objects.filter(dossier=dossier).update(file=newer)
    keep_signed(SYSTEM, dossier, unsigned=unsigned, signed=make_file(dossier, 206), role="person")
    assert Result.objects.get(dossier=dossier).file == newer


def test_the_page_of_the_dossier_says_who_signed(finished, make_file, an, browser_of):
    dossier, unsigned = finished
    keep_signed(SYSTEM, dossier, unsigned=unsigned, signed=make_file(dossier, 201), role="person")
    page = browser_of(an).get(f"/desk/dossiers/{dossier.uuid}/").content.decode()
    assert "người có thẩm quyền" in page

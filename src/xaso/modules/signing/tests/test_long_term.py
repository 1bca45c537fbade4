"""Proofs for the years to come, taken through what trust holds to be true."""

import io
from datetime import date

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from xaso.modules.signing.performing import content_of
from xaso.modules.signing.tests.test_requests import signed, verdicts
from xaso.modules.trust.actions import add_anchor
from xaso.modules.trust.actions.anchors import Trust
from xaso.modules.trust.certificates import read_certificate

pytestmark = pytest.mark.django_db


@pytest.fixture
def trusted(pki, quan, ngu_kien):
    for name in ("root", "inter"):
        certificate = read_certificate(pki.certificate(name).dump())
        decided = Trust("own", certificate.fingerprint, date(2020, 1, 1), None)
        add_anchor(quan, ngu_kien, certificate=certificate, trust=decided, reason="Công văn 1/CV")


def test_with_a_time_stamp_server_proofs_are_embedded(
    plugged_in, trusted, pki, monkeypatch, hoa, ngu_kien, of_hoa, paper
):
    monkeypatch.setenv("XASO_TSA_URL", pki.tsa_url)
    request = signed(hoa, ngu_kien, paper, of_hoa)
    assert (request.level, request.remark) == ("B-LT", "")
    assert "/DSS" in PdfFileReader(io.BytesIO(content_of(request.signed_file))).root
    assert verdicts(request.signed_file, pki) == {"ky_ca_nhan": True}


def test_an_issuer_we_do_not_trust_costs_the_level_and_not_the_signature(
    plugged_in, pki, monkeypatch, hoa, ngu_kien, of_hoa, paper
):
    monkeypatch.setenv("XASO_TSA_URL", pki.tsa_url)
    request = signed(hoa, ngu_kien, paper, of_hoa)
    assert request.level == "B-T"
    assert "chưa đủ dữ liệu dài hạn" in request.remark

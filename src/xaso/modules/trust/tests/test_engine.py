"""The matrix: what each kind of signature is worth. Straight through the engine, without database or process."""

import io
import shutil
import subprocess
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from pyhanko.sign.fields import MDPPerm
from pypdf import PdfReader, PdfWriter

from xaso.modules.trust import engine, rules
from xaso.modules.trust.rules import Knowledge, Root
from xaso.modules.trust.tests import samples

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def judge(pki):
    """`judge(pdf)`: what it is worth to somebody who trusts the test root."""

    def ask(pdf, at=None, *, lists=("root", "inter"), roots=("root",), until=None):
        known = Knowledge(
            f"{lists} {roots} {until}",
            tuple(Root(pki.certificate(name).dump(), LONG_AGO, until) for name in roots),
            (pki.intermediate_der,),
            tuple(pki.crl(name) for name in lists),
        )
        return engine.judge(pdf, known, at or datetime.now(UTC))

    return ask


def only(judgement):
    assert len(judgement.signatures) == 1
    return judgement.signatures[0]


def test_a_good_signature_is_valid_and_says_who_and_when(pki, judge):
    found = only(judge(pki.sign("hoa")))
    assert found.verdict == "valid"
    assert found.sentence.startswith("Vũ Thị Hoa đã ký lúc ")
    assert "Tệp không bị sửa sau khi ký." in found.sentence
    assert (found.signer, found.holder_code) == ("Vũ Thị Hoa", "CCCD:026175000104")
    assert (found.issuer, found.anchor) == ("CA cấp dưới thử nghiệm", "Gốc thử nghiệm")
    assert (found.level, found.time_source, found.changes_after) == ("B-B", "computer", "none")
    assert found.covers_whole
    assert "CRL" in found.revocation
    assert "máy đã tải về" in found.revocation
    assert found.technical["Kiểu chữ ký"] == "ETSI.CAdES.detached"


def test_an_agency_is_named_with_its_code(pki, judge):
    found = only(judge(pki.sign("ngu-kien")))
    assert (found.signer, found.holder_code) == ("Ủy ban nhân dân xã Ngũ Kiên", "MST:2500123456")


@pytest.mark.parametrize("level", ["B-B", "B-T", "B-LT", "B-LTA"])
def test_the_level_is_recognised(pki, judge, level):
    found = only(judge(pki.sign("hoa", level=level)))
    assert (found.verdict, found.level) == ("valid", level)
    assert found.time_source == ("computer" if level == "B-B" else "tsa")


@pytest.mark.parametrize(
    ("level", "verdict"), [("B-B", "unsure"), ("B-T", "unsure"), ("B-LT", "valid"), ("B-LTA", "valid")]
)
def test_unknown_revocation_is_not_valid_unless_the_file_brings_it_along(pki, judge, level, verdict):
    found = judge(pki.sign("hoa", level=level), lists=())
    assert found.verdict == verdict
    if verdict == "unsure":
        assert found.sentence == rules.NO_REVOCATION
        assert {source.url for source in found.sources} == {pki.crl_url("inter"), pki.crl_url("root")}


def test_an_old_list_of_revocations_is_not_enough(pki, judge):
    found = judge(pki.sign("hoa"), datetime.now(UTC) + timedelta(days=3))
    assert (found.verdict, found.sentence) == ("unsure", rules.STALE_REVOCATION)


def test_years_later_an_archived_signature_still_proves_itself(pki, judge):
    found = judge(pki.sign("hoa", level="B-LTA"), datetime.now(UTC) + timedelta(hours=1), lists=("root",))
    assert only(found).level == "B-LTA"
    assert found.verdict == "valid"


def test_signed_after_the_certificate_ended(pki, judge):
    found = judge(pki.sign("expired"))
    assert found.verdict == "invalid"
    assert "hết hạn" in found.sentence


def test_ended_since_without_proof_of_time_is_undecided(pki, judge):
    with time_machine.travel(datetime(2022, 5, 1, tzinfo=UTC)):
        pdf = pki.sign("expired")
    found = judge(pdf)
    assert found.verdict == "unsure"
    assert "không có dấu thời gian" in found.sentence


def test_ended_since_with_a_time_stamp_is_valid(pki, judge):
    pdf = pki.sign("expired", level="B-T", timestamper=pki.timestamper(at=datetime(2022, 5, 1, tzinfo=UTC)))
    found = only(judge(pdf))
    assert (found.verdict, found.level) == ("valid", "B-T")
    assert found.signed_at == datetime(2022, 5, 1, tzinfo=UTC)


def test_revoked(pki, judge):
    found = judge(pki.sign("revoked"))
    assert found.verdict == "invalid"
    assert "bị thu hồi từ 15/01/2024" in found.sentence


@pytest.mark.parametrize(
    ("stamped", "verdict"), [(datetime(2023, 5, 1, tzinfo=UTC), "valid"), (datetime(2024, 5, 1, tzinfo=UTC), "invalid")]
)
def test_revoked_before_or_after_the_time_stamp(pki, judge, stamped, verdict):
    pdf = pki.sign("revoked", level="B-T", timestamper=pki.timestamper(at=stamped))
    assert judge(pdf).verdict == verdict


def test_a_claimed_earlier_time_does_not_save_a_revoked_certificate(pki, judge):
    with time_machine.travel(datetime(2023, 5, 1, tzinfo=UTC)):
        pdf = pki.sign("revoked")
    assert judge(pdf).verdict == "invalid"


def test_an_unknown_issuer_is_undecided_until_somebody_trusts_it(pki, judge):
    pdf = pki.sign("stranger")
    found = judge(pdf)
    assert (found.verdict, found.sentence) == ("unsure", rules.UNKNOWN_ISSUER)
    assert found.sources == ()
    assert judge(pdf, roots=("root", "stranger-root"), lists=("stranger-root",)).verdict == "valid"


def test_a_root_is_trusted_only_between_its_days(pki, judge):
    until = datetime(2025, 1, 1, tzinfo=UTC)
    assert judge(pki.sign("hoa"), until=until).verdict == "unsure"
    stamped = pki.timestamper(at=datetime(2024, 6, 1, tzinfo=UTC))
    pdf = pki.sign("hoa", level="B-T", timestamper=stamped)
    found = only(judge(pdf, until=until))
    assert found.verdict == "unsure"  # the time-stamp itself is judged today, when its root is not trusted any more
    assert found.time_source == "computer"


def test_altered_after_signing(pki, judge):
    found = judge(pki.sign("hoa").replace(b"q Q", b"Q q"))
    assert (found.verdict, found.sentence) == ("invalid", rules.unsound(damaged=True))


def test_a_page_painted_over_after_signing(pki, judge):
    found = only(judge(samples.repaint(pki.sign("hoa"))))
    assert (found.verdict, found.changes_after) == ("invalid", "forbidden")


def test_filling_a_form_after_signing_is_allowed(pki, judge):
    signed = pki.sign("hoa", samples.with_form(pki.blank_pdf()))
    found = only(judge(samples.fill(signed, "12")))
    assert (found.verdict, found.changes_after, found.covers_whole) == ("valid", "allowed", False)
    assert "được phép điền thêm" in found.sentence


def test_filling_a_form_that_the_signer_closed_is_forbidden(pki, judge):
    pdf = samples.with_form(pki.blank_pdf())
    signed = pki.sign("hoa", pdf, certify=True, docmdp_permissions=MDPPerm.NO_CHANGES)
    assert judge(signed).verdict == "valid"
    found = only(judge(samples.fill(signed, "12")))
    assert (found.verdict, found.changes_after) == ("invalid", "forbidden")


def test_the_agency_signs_after_the_person(pki, judge):
    first = pki.sign("hoa", samples.with_form(pki.blank_pdf()))
    both = judge(pki.sign("ngu-kien", samples.fill(first, "12")))
    assert both.verdict == "valid"
    assert both.sentence == "Cả 2 chữ ký đều hợp lệ."
    assert [one.changes_after for one in both.signatures] == ["allowed", "none"]


def test_one_false_signature_makes_the_file_false(pki, judge):
    both = judge(pki.sign("revoked", pki.sign("hoa")))
    assert both.verdict == "invalid"
    assert both.sentence.startswith("1 trong 2 chữ ký không hợp lệ. ")


def test_a_broken_time_stamp(pki, judge):
    found = judge(pki.sign("hoa", level="B-T", timestamper=samples.wrong_timestamper(pki)))
    assert (found.verdict, found.sentence) == ("invalid", rules.BROKEN_STAMP)


def test_a_time_stamp_of_nobody_we_know(pki, judge):
    found = judge(pki.sign("hoa", level="B-T", timestamper=samples.unknown_timestamper(pki)))
    assert (found.verdict, found.sentence) == ("unsure", rules.UNKNOWN_STAMP)
    assert only(found).level == "B-B"


@pytest.mark.parametrize(
    ("tail", "verdict"),
    [(b"\r\n", "valid"), (b"hello", "invalid"), (b"\n%%EOF\n", "unsure"), (b"%PDF-1.7 other %%EOF", "invalid")],
)
def test_bytes_behind_the_end(pki, judge, tail, verdict):
    assert judge(pki.sign("hoa") + tail).verdict == verdict


def test_bytes_behind_the_end_of_a_filled_form(pki, judge):
    filled = samples.fill(pki.sign("hoa", samples.with_form(pki.blank_pdf())), "12")
    assert judge(filled + b"<script>").verdict == "invalid"


def test_no_signature_at_all(pki, judge):
    found = judge(pki.blank_pdf())
    assert (found.verdict, found.sentence) == ("unsigned", rules.UNSIGNED)


def test_a_password_is_said_so(pki, judge):
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pki.blank_pdf())))
    writer.encrypt("mat-khau", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    found = judge(out.getvalue())
    assert (found.verdict, found.sentence) == ("unsure", rules.ENCRYPTED)


@pytest.mark.parametrize("cut", [10, 200, 1000, 3000, 9000])
def test_half_a_file_is_not_judged(pki, judge, cut):
    found = judge(pki.sign("hoa")[:cut])
    assert found.verdict in ("unsure", "invalid", "unsigned")
    assert found.verdict != "valid"


def test_other_files(judge):
    assert judge(b"PK\x03\x04 a zip").sentence == rules.NOT_PDF
    assert judge(b"%PDF-1.7\n" + b"x" * (rules.MAX_BYTES)).sentence == rules.TOO_LARGE


def test_a_nest_of_arrays_is_a_sentence(judge):
    nest = b"%PDF-1.7\n1 0 obj\n" + b"[" * 200_000 + b"]" * 200_000 + b"\nendobj\n"
    tail = (
        b"xref\n0 2\n0000000000 65535 f \n0000000009 00000 n \ntrailer\n<</Size 2/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
    )
    assert judge(nest + tail % len(nest)).verdict == "unsure"


def test_a_signature_that_is_no_signature(pki, judge):
    pdf = pki.sign("hoa")
    at = pdf.index(b"<3082") + 1
    found = judge(pdf[:at] + b"0" * 200 + pdf[at + 200 :])
    assert found.verdict == "invalid"


@pytest.mark.skipif(not shutil.which("pdfsig"), reason="poppler's pdfsig is not installed")
def test_pdfsig_agrees_on_the_valid_one(pki, tmp_path):
    file = tmp_path / "signed.pdf"
    file.write_bytes(pki.sign("hoa"))
    said = subprocess.run(["pdfsig", "-nocert", str(file)], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in said
    assert "Total document signed" in said

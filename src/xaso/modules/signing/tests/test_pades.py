"""Two signatures on one PDF, and what may happen to it in between."""

import io
import shutil
import subprocess

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature

from xaso.kit.errors import Refused
from xaso.modules.signing import pades
from xaso.modules.signing.rules import AGENCY, B_B, B_LT, B_LTA, B_T, PERSON, Box
from xaso.modules.signing.tests.papers import AT, BOXES, SoftKey, birth_certificate


def signed(content, pki, name="hoa", role=PERSON, level=B_B, **place):
    wish = pades.Wish(
        level=level,
        tsa_url=pki.tsa_url if level != B_B else "",
        context=pki.validation_context() if level in (B_LT, B_LTA) else None,
    )
    holder = {"hoa": "Vũ Thị Hoa", "ngu-kien": "UBND xã Ngũ Kiên"}[name]
    look = pades.Look(role, holder, AT)
    return pades.sign_now(content, SoftKey(pki, name), look, wish, pades.Place(**place))


def statuses(content, pki):
    reader = PdfFileReader(io.BytesIO(content))
    context = pki.validation_context(fetch=False)
    return {one.field_name: validate_pdf_signature(one, context) for one in reader.embedded_regular_signatures}


def pdfsig(content, tmp_path):
    """What poppler says of each signature, without asking whom it trusts."""
    if shutil.which("pdfsig") is None:
        return None
    path = tmp_path / "signed.pdf"
    path.write_bytes(content)
    said = subprocess.run(["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=True).stdout
    return [line.split(": ", 1)[1] for line in said.splitlines() if "Signature Validation" in line]


def both(pki, **fields):
    reserved = pades.reserve(birth_certificate(), BOXES)
    first = signed(reserved, pki).content
    return signed(pades.fill(first, fields or {"so": "12", "ngay": "05"}), pki, "ngu-kien", AGENCY).content


def test_person_then_number_then_agency_are_all_valid(pki, tmp_path):
    content = both(pki)
    found = statuses(content, pki)
    assert set(found) == {"ky_ca_nhan", "ky_co_quan"}
    assert all(one.bottom_line and one.trusted and one.intact for one in found.values())
    assert found["ky_ca_nhan"].modification_level == ModificationLevel.FORM_FILLING
    assert found["ky_co_quan"].modification_level == ModificationLevel.NONE
    assert pdfsig(content, tmp_path) in (None, ["Signature is Valid."] * 2)


def test_one_byte_changed_is_seen(pki):
    content = bytearray(both(pki))
    at = content.find(b"/MediaBox")
    content[at + 12 : at + 13] = b"1" if content[at + 12 : at + 13] != b"1" else b"2"
    assert not any(one.intact for one in statuses(bytes(content), pki).values())


@pytest.mark.parametrize(("level", "revisions"), [(B_T, 3), (B_LT, 4), (B_LTA, 6)])
def test_every_level_is_reached(pki, level, revisions):
    done = signed(pades.reserve(birth_certificate(), BOXES), pki, level=level)
    assert (done.level, done.note) == (level, "")
    reader = PdfFileReader(io.BytesIO(done.content))
    assert reader.total_revisions == revisions
    found = statuses(done.content, pki)["ky_ca_nhan"]
    assert found.bottom_line
    assert found.timestamp_validity.valid
    assert ("/DSS" in reader.root) == (level != B_T)
    assert len(reader.embedded_timestamp_signatures) == (1 if level == B_LTA else 0)


def test_a_silent_time_stamp_server_costs_the_level_and_not_the_signature(pki):
    look = pades.Look(PERSON, "Vũ Thị Hoa", AT)
    wish = pades.Wish(level=B_T, tsa_url="http://127.0.0.1:1/tsa")
    done = pades.sign_now(pades.reserve(birth_certificate(), BOXES), SoftKey(pki, "hoa"), look, wish)
    assert done.level == B_B
    assert "dấu thời gian" in done.note
    assert statuses(done.content, pki)["ky_ca_nhan"].bottom_line


def test_the_seal_waits_for_the_person(pki):
    with pytest.raises(Refused, match="chưa có chữ ký của người có thẩm quyền"):
        signed(pades.reserve(birth_certificate(), BOXES), pki, "ngu-kien", AGENCY)


def test_nobody_signs_twice_and_nobody_after_the_seal(pki):
    once = signed(pades.reserve(birth_certificate(), BOXES), pki).content
    with pytest.raises(Refused, match="đã có chữ ký cá nhân"):
        signed(once, pki)
    with pytest.raises(Refused, match="đã ký tệp này nên không thêm"):
        signed(both(pki), pki, field="ky_them")


def test_a_document_without_places_is_signed_where_it_is_told(pki, tmp_path):
    content = signed(birth_certificate(), pki, box=Box(1, 60, 60, 200, 110)).content
    assert statuses(content, pki)["ky_ca_nhan"].bottom_line
    assert pdfsig(signed(birth_certificate(), pki).content, tmp_path) in (None, ["Signature is Valid."])


def test_a_number_is_written_once_and_only_where_there_is_room(pki):
    filled = pades.fill(pades.reserve(birth_certificate(), BOXES), {"so": "12"})
    with pytest.raises(Refused, match="đã được ghi"):
        pades.fill(filled, {"so": "13"})
    with pytest.raises(Refused, match="không chừa chỗ"):
        pades.fill(birth_certificate(), {"so": "12"})


def test_the_number_can_be_read_and_the_typeface_is_in_the_file(pki, tmp_path):
    path = tmp_path / "filled.pdf"
    path.write_bytes(both(pki, so="07", ngay="05 tháng 3"))
    if shutil.which("pdftotext") is None:
        pytest.skip("poppler is not installed")
    text = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, text=True, check=True).stdout
    assert "05 tháng 3" in text
    assert "Người ký: Vũ Thị Hoa" in text
    assert "2026-03-02T08:15:30+07:00" in text
    fonts = subprocess.run(["pdffonts", str(path)], capture_output=True, text=True, check=True).stdout
    rows = [line.split() for line in fonts.splitlines()[2:]]
    assert rows
    assert all(row[-5] == "yes" for row in rows), fonts


@pytest.mark.parametrize("content", [b"", b"hello", b"%PDF-1.7\n%%EOF", b"%PDF-1.7\n" + b"[" * 5000])
def test_what_is_no_pdf_is_refused(pki, content):
    with pytest.raises(Refused, match="không phải PDF đọc được"):
        signed(content, pki)


def test_a_pdf_with_a_password_is_refused(pki):
    import pypdf

    writer = pypdf.PdfWriter(clone_from=io.BytesIO(birth_certificate()))
    writer.encrypt("bí mật", algorithm="AES-256")
    target = io.BytesIO()
    writer.write(target)
    with pytest.raises(Refused, match="đặt mật khẩu"):
        signed(target.getvalue(), pki)


def test_a_value_of_another_key_is_seen(pki):
    attributes = b"what is signed"
    value = SoftKey(pki, "ngu-kien").sign(attributes)
    assert pades.is_right_value(pki.certificate("ngu-kien").dump(), attributes, value)
    assert not pades.is_right_value(pki.certificate("hoa").dump(), attributes, value)
    assert not pades.is_right_value(pki.certificate("hoa").dump(), attributes, b"")

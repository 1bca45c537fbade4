"""The code drawn on a paper before its first signature: read with a reader, signed over, kept by the second signer."""

import io

import pypdfium2
import pytest
import zxingcpp
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pypdf import PdfReader, PdfWriter, Transformation

from xaso.modules.signing import pades
from xaso.modules.signing.rules import AGENCY, PERSON
from xaso.modules.signing.tests.papers import AT, BOXES, SoftKey, birth_certificate

MARK = pades.Mark("https://ngu-kien.example/verify/ABCDEFGH2345/", "ABCD-EFGH-2345")


def signed(content, pki, name="hoa", role=PERSON):
    holder = {"hoa": "Vũ Thị Hoa", "ngu-kien": "UBND xã Ngũ Kiên"}[name]
    look = pades.Look(role, holder, AT)
    return pades.sign_now(content, SoftKey(pki, name), look, pades.Wish(), pades.Place(mark=MARK)).content


def codes_on(content):
    """What a phone reads on the last page, as a person holds it. The certificate's form has a code of its own."""
    document = pypdfium2.PdfDocument(content)
    picture = document[len(document) - 1].render(scale=3).to_pil()
    document.close()
    return [one.text for one in zxingcpp.read_barcodes(picture) if one.text.startswith("https:")]


def turned(content, degrees):
    writer = PdfWriter()
    for page in PdfReader(io.BytesIO(content)).pages:
        writer.add_page(page).rotate(degrees)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def test_a_phone_reads_it_and_both_signatures_are_valid(pki):
    first = signed(pades.reserve(birth_certificate(), BOXES), pki)
    both = signed(first, pki, "ngu-kien", AGENCY)
    assert codes_on(both) == [MARK.address]
    context = pki.validation_context(fetch=False)
    found = [validate_pdf_signature(one, context) for one in PdfFileReader(io.BytesIO(both)).embedded_signatures]
    assert [one.bottom_line for one in found] == [True, True]


def test_the_words_beside_it_can_be_copied(pki):
    text = PdfReader(io.BytesIO(signed(birth_certificate(), pki))).pages[-1].extract_text()
    assert "ABCD-EFGH-2345" in text
    assert "ngu-kien.example/verify/ABCDEFGH2345/" in text


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_scan_laid_sideways_has_it_where_the_reader_looks(pki, degrees):
    assert codes_on(signed(turned(birth_certificate(), degrees), pki)) == [MARK.address]


def test_what_the_page_moved_before_does_not_move_it(pki):
    writer = PdfWriter()
    page = writer.add_page(PdfReader(io.BytesIO(birth_certificate())).pages[-1])
    page.add_transformation(Transformation().scale(0.9).translate(20, 20))
    target = io.BytesIO()
    writer.write(target)
    assert codes_on(signed(target.getvalue(), pki)) == [MARK.address]


def test_a_page_without_a_white_place_is_signed_without_it(pki):
    black = io.BytesIO()
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    writer.write(black)
    content = black.getvalue()
    blank = signed(content, pki)
    assert codes_on(blank) == [MARK.address]
    full = signed(_filled_with_ink(), pki)
    assert codes_on(full) == []
    assert pades.signed_by(full) == ("ky_ca_nhan",)


def _filled_with_ink():
    from PIL import Image

    target = io.BytesIO()
    Image.new("L", (595, 842), 40).save(target, "PDF")
    return target.getvalue()


def test_a_file_that_is_signed_already_is_left_as_it_is(pki):
    first = pades.sign_now(
        birth_certificate(), SoftKey(pki, "hoa"), pades.Look(PERSON, "Vũ Thị Hoa", AT), pades.Wish(), pades.Place()
    ).content
    both = signed(first, pki, "ngu-kien", AGENCY)
    assert codes_on(both) == []

"""Stamps on copies, slips for what is signed, registers by year."""

import io
from datetime import UTC, date, datetime

import pytest
from pypdf import PdfReader

from xaso.kit.errors import Refused
from xaso.modules.layouts.queries import (
    COLUMNS,
    Arrival,
    arrival_slip,
    copied,
    is_signed,
    pdf_of,
    register_pdf,
    stamped,
)
from xaso.modules.layouts.tests.samples import sheet_of

ARRIVAL = Arrival("UBND xã Ngũ Kiên", "128", date(2026, 2, 6), "Văn phòng", "12/HS-VP")


@pytest.fixture(scope="module")
def letter():
    return pdf_of(sheet_of("ke-hoach")).content


def words_of(content, page=0):
    return " ".join(PdfReader(io.BytesIO(content)).pages[page].extract_text().split())


def test_the_stamp_stands_on_the_first_page_only(letter):
    made = stamped(letter, ARRIVAL)
    for words in ("ĐẾN", "Số: 128", "Ngày: 06/02/2026", "Chuyển: Văn phòng", "Số và ký hiệu HS: 12/HS-VP", "KẾ HOẠCH"):
        assert words in words_of(made)
    assert "ĐẾN" not in words_of(made, 1)
    assert len(PdfReader(io.BytesIO(made)).pages) == 3


def test_a_signed_file_is_never_drawn_on(letter):
    signed = letter + b"\n1 0 obj << /Type /Sig /ByteRange [0 1 2 3] >> endobj"
    assert is_signed(signed)
    assert not is_signed(letter)
    with pytest.raises(Refused, match="đã ký số nên không đóng dấu lên tệp"):
        stamped(signed, ARRIVAL)
    with pytest.raises(Refused, match="Hãy ký số bản sao"):
        copied(signed, form="SY", agency="UBND xã", at=datetime(2026, 2, 6, 1, 2, 3, tzinfo=UTC))


def test_the_slip_says_what_it_belongs_to():
    text = words_of(arrival_slip(ARRIVAL, document="45/UBND-KSTT", sender="Văn phòng UBND tỉnh"))
    assert "PHIẾU DẤU ĐẾN" in text
    assert "Số: 128" in text
    assert "45/UBND-KSTT" in text


def test_a_copy_says_its_form_agency_and_time(letter):
    text = words_of(copied(letter, form="SY", agency="UBND xã Ngũ Kiên", at=datetime(2026, 2, 6, 1, 2, 3, tzinfo=UTC)))
    assert "SAO Y" in text
    assert "06/02/2026 08:02:03 +07:00" in text
    with pytest.raises(Refused, match="Hình thức sao"):
        copied(letter, form="QĐ", agency="UBND", at=datetime(2026, 2, 6, tzinfo=UTC))


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7", b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj trailer<</Root 1 0 R>>"]
)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_broken_file_is_refused_with_a_sentence(content):
    with pytest.raises(Refused, match="Không mở được tệp PDF"):
        stamped(content, ARRIVAL)


ROW = {
    "arrived_on": date(2026, 2, 6),
    "serial": 1,
    "author": "UBND tỉnh",
    "symbol": "45/UBND-KSTT",
    "title": "Công văn #x",
}


def test_the_register_of_arrivals():
    made = register_pdf("incoming", [ROW], "Ủy ban nhân dân xã Ngũ Kiên", 2026)
    text = words_of(made)
    assert "SỔ ĐĂNG KÝ VĂN BẢN ĐẾN" in text
    assert "06/02/2026" in text
    assert "Công văn #x" in text
    assert "Sổ gồm 1 văn bản." in text
    assert all(one.label.split()[0] in text for one in COLUMNS["incoming"])
    page = PdfReader(io.BytesIO(made)).pages[0]
    assert float(page.mediabox.width) > float(page.mediabox.height)


def test_an_empty_register_says_so():
    assert "Không có văn bản nào trong năm." in words_of(register_pdf("outgoing", [], "UBND xã", 2026))


def test_a_long_register_is_set_in_pieces_with_running_page_numbers():
    rows = [ROW | {"serial": at} for at in range(1, 502)]
    made = register_pdf("incoming", rows, "UBND xã", 2026)
    pages = PdfReader(io.BytesIO(made)).pages
    numbers = [one.extract_text().split()[0] for one in pages]
    assert numbers[1:] == [str(at) for at in range(2, len(pages) + 1)]
    assert "Sổ gồm 501 văn bản." in pages[-1].extract_text()

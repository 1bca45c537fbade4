"""The Word file: real styles, margins, page numbers, and the same words as the PDF."""

import io

import docx
import pytest
from docx.shared import Mm

from xaso.modules.layouts.queries import docx_of
from xaso.modules.layouts.tests.samples import sheet_of


def opened(code, **changed):
    return docx.Document(io.BytesIO(docx_of(sheet_of(code, **changed))))


def words(document):
    cells = [p.text for table in document.tables for row in table.rows for cell in row.cells for p in cell.paragraphs]
    return "\n".join([*cells, *(one.text for one in document.paragraphs)])


def test_a_letter_says_everything():
    text = words(opened("cong-van", urgency="khan", drafter_mark="NVA.05"))
    for part in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Số: 07/UBND-VP", "V/v đẩy mạnh sử dụng chữ ký số", "KHẨN", "Kính gửi:",
        "- Các thôn trên địa bàn xã.", "1. Ký số toàn bộ văn bản đi", "TM. ỦY BAN NHÂN DÂN", "- Lưu: VT, VP.", "NVA.05",
    ):  # fmt: skip
        assert part in text


def test_margins_fonts_and_styles_are_real():
    document = opened("quyet-dinh")
    section = document.sections[0]
    assert [round(side / Mm(1)) for side in (section.top_margin, section.left_margin, section.right_margin)] == [
        20,
        30,
        15,
    ]
    assert document.styles["Normal"].font.name == "Times New Roman"
    names = {one.style.name for one in document.paragraphs if one.text}
    assert {"Tên loại văn bản", "Trích yếu", "Căn cứ", "Điều", "Nội dung"} <= names
    assert document.styles["Nội dung"].font.size.pt == 14


def test_the_head_is_a_table_without_lines():
    table = opened("quyet-dinh").tables[0]
    assert len(table.columns) == 2
    assert "tblBorders" not in table._tbl.xml
    assert table.style is None or "Grid" not in table.style.name


def test_pages_are_numbered_from_the_second_and_annexes_begin_again():
    document = opened("ke-hoach")
    assert all(one.different_first_page_header_footer for one in document.sections)
    assert "PAGE" in document.sections[0].header._element.xml
    assert "PAGE" not in document.sections[0].first_page_header._element.xml
    assert [one._sectPr.xml.count('w:start="1"') for one in document.sections] == [0, 1, 1]
    assert [one.page_width > one.page_height for one in document.sections] == [False, False, True]


def test_the_same_sheet_gives_the_same_bytes():
    assert docx_of(sheet_of("bao-cao")) == docx_of(sheet_of("bao-cao"))


@pytest.mark.parametrize("text", ["\x00\x0b a", "\ud800", "<w:p/> & ]]>", "a" * 5_000, "{{ 7 * 7 }}"])
def test_hostile_words_are_only_words(text):
    document = opened("cong-van", subject=text, signer=text)
    assert "49" not in words(document).replace("449", "")


def test_every_copy_says_which_it_is():
    assert "TRÍCH SAO" in words(opened("trich-sao"))
    assert "CỘNG HÒA" not in words(opened("trich-sao"))

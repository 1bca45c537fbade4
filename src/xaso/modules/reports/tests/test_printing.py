"""One report in three forms: the same words and numbers, the same bytes however often, and text stays text."""

import io
import time
import zipfile
from pathlib import Path

import docx
import openpyxl
import pypdf
import pytest
from django.conf import settings

from xaso.modules.papers.editions import edition_named
from xaso.modules.papers.rendering import render_pdf
from xaso.modules.reports.printed import on_paper, read
from xaso.modules.reports.tests.samples import FULL, without_words
from xaso.modules.reports.word import docx_of, long_date
from xaso.modules.reports.workbook import xlsx_of

TEMPLATE = Path(settings.CONTENT_DIRS[0]) / "reports" / "mau-bao-cao.docx"


def pdf_of(sheet) -> bytes:
    blanks = {name: value for name, value in on_paper(sheet).items() if value != ""}
    return render_pdf(edition_named("bao-cao", "1").folder, blanks)


def words_of_docx(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def words_of_pdf(content: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def words_of_xlsx(content: bytes) -> str:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value)


@pytest.mark.parametrize("make", [lambda: docx_of(FULL, TEMPLATE), lambda: xlsx_of(FULL), lambda: pdf_of(FULL)])
def test_two_makings_give_the_same_bytes(make):
    first = make()
    time.sleep(2.1)  # the clock of packed files counts in steps of two seconds
    assert make() == first


def test_the_three_forms_carry_the_same_numbers():
    told = [words_of_docx(docx_of(FULL, TEMPLATE)), words_of_pdf(pdf_of(FULL)), words_of_xlsx(xlsx_of(FULL))]
    for table in FULL.tables:
        for row in table.rows:
            for cell in (row.first.text, row.second.text):
                assert all(cell in " ".join(words.split()) for words in told), cell


def test_the_sheet_is_laid_out_as_the_decree_asks():
    words = words_of_docx(docx_of(FULL, TEMPLATE))
    for part in (
        "ỦY BAN NHÂN DÂN\nXÃ NGŨ KIÊN", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc",
        "Số: 02/BC-UBND", "Ngũ Kiên, ngày 08 tháng 4 năm 2024", "BÁO CÁO", "Kính gửi:", "Nơi nhận:",
        "TM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH", "Vũ Thị Hoa",
    ):  # fmt: skip
        assert part in words


def test_what_was_typed_stays_text():
    assert "{{ 7 * 7 }} =1+1 #import" in words_of_docx(docx_of(FULL, TEMPLATE))
    assert "{{ 7 * 7 }} =1+1 #import" in words_of_pdf(pdf_of(FULL))
    assert "<giao ban>" in words_of_docx(docx_of(FULL, TEMPLATE))
    assert b"<f>" not in b"".join(parts(xlsx_of(FULL)).values())


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_the_files_say_when_the_report_was_signed_and_not_when_they_were_made():
    made = docx.Document(io.BytesIO(docx_of(FULL, TEMPLATE))).core_properties
    assert (made.created.isoformat(), made.modified) == ("2024-04-08T02:30:00+00:00", made.created)
    assert made.author == "Vũ Thị Hoa"
    assert openpyxl.load_workbook(io.BytesIO(xlsx_of(FULL))).properties.created.isoformat() == "2024-04-08T09:30:00"


def test_numbers_can_be_computed_with():
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx_of(FULL))).worksheets[1]
    assert [cell.value for cell in sheet[4]][6:9] == [98.6, 986, 1000]
    assert [cell.value for cell in sheet[6]][6:9] == [None, None, None]  # missing is not 0


def test_a_report_without_words_or_number_is_printed_too():
    sheet = without_words()
    assert "chưa có số liệu" in words_of_docx(docx_of(sheet, TEMPLATE))
    assert xlsx_of(sheet)
    assert pdf_of(sheet)


def test_kept_data_make_the_same_report():
    assert read(FULL.as_json()) == FULL


@pytest.mark.parametrize(
    ("iso", "said"), [("2024-02-01", "ngày 01 tháng 02 năm 2024"), ("2024-11-12T08:00", "ngày 12 tháng 11 năm 2024")]
)
def test_a_date_is_written_as_the_decree_asks(iso, said):
    assert long_date(iso) == said

"""Files from pieces: the same rows the same bytes, whatever the pieces; a full sheet goes on in the next."""

import csv
import hashlib
import io
import tracemalloc

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as some
from openpyxl.utils.escape import unescape

from xaso.modules.reports.actions.exporting import time_to_finish
from xaso.modules.reports.pieces import BOM, Heading, cells_of, write_csv, write_piece, write_xlsx

HEADING = Heading(("Mã", "Số tiền"), frozenset({1}), (("Nội dung", "Thử"),))


def stored(*pieces):
    kept = {}
    for at, lines in enumerate(pieces):
        target = io.BytesIO()
        write_piece(target, lines)
        kept[str(at)] = target.getvalue()
    return list(kept), lambda name: io.BytesIO(kept[name])


def as_csv(*pieces) -> tuple[bytes, object]:
    target = io.BytesIO()
    made = write_csv(target, HEADING, *stored(*pieces))
    return target.getvalue(), made


def as_xlsx(*pieces, per_sheet=1_048_576):
    target = io.BytesIO()
    made = write_xlsx(target, HEADING, *stored(*pieces), per_sheet=per_sheet)
    return target.getvalue(), made


LINES = [[f"H{n}", str(n * 1000)] for n in range(10)]


def test_the_last_line_proves_the_rest():
    content, made = as_csv(LINES[:4], LINES[4:])
    assert content.startswith(BOM)
    *rows, check = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert rows == [["Mã", "Số tiền"], *LINES]
    body = content.removeprefix(BOM)[: content.removeprefix(BOM).rindex("Kiểm tra".encode())]
    assert check == ["Kiểm tra", "Số dòng", "10", "SHA-256 của tiêu đề và các dòng", hashlib.sha256(body).hexdigest()]
    assert (made.rows, made.rows_sha256) == (10, check[4])


@pytest.mark.parametrize("make", [as_csv, as_xlsx])
def test_other_pieces_give_the_same_file(make):
    assert make(LINES) == make(LINES[:1], LINES[1:7], LINES[7:])


def test_a_full_sheet_goes_on_in_the_next():
    content, made = as_xlsx(LINES[:3], LINES[3:], per_sheet=5)
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Dữ liệu", "Dữ liệu 2", "Dữ liệu 3", "Kiểm tra"]
    rows = [tuple(cell.value for cell in row) for sheet in book.worksheets[:3] for row in sheet.iter_rows(min_row=2)]
    assert rows == [(code, int(amount)) for code, amount in LINES]
    check = {row[0].value: row[1].value for row in book["Kiểm tra"].iter_rows()}
    assert check == {"Nội dung": "Thử", "Số dòng": "10", "SHA-256 của tiêu đề và các dòng": made.rows_sha256}
    assert as_csv(LINES)[1] == made


def test_nothing_to_list_is_a_file_too():
    assert as_csv()[1].rows == 0
    assert openpyxl.load_workbook(io.BytesIO(as_xlsx()[0])).sheetnames == ["Dữ liệu", "Kiểm tra"]


def test_a_million_rows_have_more_time_than_ten():
    assert time_to_finish(10) < time_to_finish(1_000_000)
    assert time_to_finish(1_000_000).total_seconds() >= 1_000_000 / 1_000


ODD = ["a & b < c > d", '"dấu nháy", phẩy', "hai\ndòng", " trước sau ", "chuông \x07", "_x0041_", "&amp;", "ﬁ 𝄞 đ"]


def test_a_workbook_keeps_every_letter():
    content, _ = as_xlsx([[text, "7"] for text in ODD])
    page = openpyxl.load_workbook(io.BytesIO(content))["Dữ liệu"]
    assert [unescape(row[0].value) for row in page.iter_rows(min_row=2)] == ODD
    assert {row[1].value for row in page.iter_rows(min_row=2)} == {7}
    assert page.freeze_panes == "A2"
    assert page["A1"].font.b
    assert not page["A2"].font.b


def test_a_cell_too_long_for_a_spreadsheet_is_cut_at_a_letter():
    content, _ = as_xlsx([["&" * 40_000, ""]])
    page = openpyxl.load_workbook(io.BytesIO(content))["Dữ liệu"]
    assert page["A2"].value == "&" * 32_767
    assert page["B2"].value is None


def test_a_workbook_takes_little_memory():
    tracemalloc.start()
    as_xlsx(*([[f"Hồ sơ số {n} của xã Ngũ Kiên", str(n)] for n in range(2_000)] for _ in range(10)))
    small = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert small < 12_000_000


@given(
    some.lists(
        some.tuples(some.text(some.characters(exclude_categories=["Cs", "Cc"])), some.text("0123456789", max_size=9))
    )
)
def test_every_text_comes_back(lines):
    target = io.BytesIO()
    assert write_piece(target, lines) == len(lines)
    assert [tuple(row) for row in cells_of(target.getvalue())] == lines


def test_a_cell_with_a_line_break_is_one_row():
    assert as_csv([["hai\ndòng, một ô", "1"]])[1].rows == 1

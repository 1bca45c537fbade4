"""Exports in pieces: a piece is the lines of some rows; pieces put together are the file. Memory stays small.

A piece is CSV without a head, a CSV file their plain sequence, a workbook the same cells again. Both carry the number
of rows and the checksum of head and rows at their end, and the same rows give the same bytes.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

import xlsxwriter

from xaso.modules.reports.rules import SHEET_ROWS

BOM = b"\xef\xbb\xbf"
CHECK = "Kiểm tra"
ROWS, CHECKSUM = "Số dòng", "SHA-256 của tiêu đề và các dòng"
MADE = datetime(2000, 1, 1, tzinfo=UTC)
"""What a workbook says of its making, so that a second making gives the same file."""

LONGEST = 32_767
"""Letters a spreadsheet takes in a cell; a longer one would be left out."""
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "use_zip64": True,
}
Open = Callable[[str], BinaryIO]


@dataclass(frozen=True, slots=True)
class Heading:
    """Titles of the columns, which of them are numbers, and what the file is about."""

    titles: tuple[str, ...]
    numbers: frozenset[int]
    about: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Made:
    """What was put together."""

    rows: int
    rows_sha256: str


def write_piece(target: BinaryIO, lines: Iterable[Sequence[str]]) -> int:
    """Lines as CSV. Returns how many."""
    text = io.TextIOWrapper(target, "utf-8", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\r\n")
    count = 0
    for line in lines:
        writer.writerow(line)
        count += 1
    text.flush()
    text.detach()
    return count


def line_of(cells: Sequence[str]) -> bytes:
    kept = io.BytesIO()
    write_piece(kept, [cells])
    return kept.getvalue()


def write_csv(target: BinaryIO, heading: Heading, pieces: Sequence[str], opened: Open) -> Made:
    """With a byte order mark, so that spreadsheets read Vietnamese. The last line is the check."""
    head = line_of(heading.titles)
    digest, rows = hashlib.sha256(head), 0
    target.write(BOM + head)
    for piece in pieces:
        content = _read(piece, opened)
        target.write(content)
        digest.update(content)
        rows += sum(1 for _ in cells_of(content))
    made = Made(rows, digest.hexdigest())
    target.write(line_of(check_of(made)))
    return made


def check_of(made: Made) -> list[str]:
    return [CHECK, ROWS, str(made.rows), CHECKSUM, made.rows_sha256]


def _read(piece: str, opened: Open) -> bytes:
    """One piece whole: some megabytes."""
    with closing(opened(piece)) as source:
        return source.read()


def cells_of(content: bytes) -> Iterator[list[str]]:
    """Rows of a piece; a cell may hold a line break, so lines are not counted."""
    return csv.reader(io.TextIOWrapper(io.BytesIO(content), "utf-8", newline=""))


def write_xlsx(
    target: BinaryIO, heading: Heading, pieces: Sequence[str], opened: Open, *, per_sheet: int = SHEET_ROWS
) -> Made:
    """Row by row. A sheet that is full goes on in the next; the last sheet is the check."""
    digest, rows = hashlib.sha256(line_of(heading.titles)), 0
    with TemporaryDirectory() as aside:
        book = xlsxwriter.Workbook(target, OPTIONS | {"tmpdir": aside})
        book.set_properties({"created": MADE.replace(tzinfo=None)})
        bold = book.add_format({"bold": True})
        sheet = _new_sheet(book, heading, bold, 1)
        for piece in pieces:
            content = _read(piece, opened)
            digest.update(content)
            for cells in cells_of(content):
                number, line = divmod(rows, per_sheet - 1)
                if number and not line:
                    sheet = _new_sheet(book, heading, bold, number + 1)
                _write(sheet, line + 1, cells, heading.numbers)
                rows += 1
        made = Made(rows, digest.hexdigest())
        _check_sheet(book, heading, bold, made)
        book.close()
    return made


def _new_sheet(book: Any, heading: Heading, bold: Any, number: int) -> Any:
    sheet = book.add_worksheet("Dữ liệu" if number == 1 else f"Dữ liệu {number}")
    for column, title in enumerate(heading.titles):
        sheet.write_string(0, column, title, bold)
    sheet.freeze_panes(1, 0)
    return sheet


def _write(sheet: Any, row: int, cells: Sequence[str], numbers: frozenset[int]) -> None:
    for column, cell in enumerate(cells):
        if not cell:
            continue
        if column in numbers:
            sheet.write_number(row, column, int(cell))
        else:
            sheet.write_string(row, column, cell[:LONGEST])


def _check_sheet(book: Any, heading: Heading, bold: Any, made: Made) -> None:
    sheet = book.add_worksheet(CHECK)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 70)
    lines = [*heading.about, (ROWS, str(made.rows)), (CHECKSUM, made.rows_sha256)]
    for row, (title, value) in enumerate(lines):
        sheet.write_string(row, 0, title, bold)
        sheet.write_string(row, 1, value)

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
from itertools import chain, islice
from typing import BinaryIO

from xaso.modules.reports.rules import SHEET_ROWS
from xaso.modules.reports.streaming import Book, book_into, row_of, rows_of, safe_rows

BOM = b"\xef\xbb\xbf"
CHECK = "Kiểm tra"
ROWS, CHECKSUM = "Số dòng", "SHA-256 của tiêu đề và các dòng"
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
    return csv.reader(io.StringIO(content.decode("utf-8"), newline=""))


def write_xlsx(
    target: BinaryIO, heading: Heading, pieces: Sequence[str], opened: Open, *, per_sheet: int = SHEET_ROWS
) -> Made:
    """Row by row. A sheet that is full goes on in the next; the last sheet is the check."""
    digest, rows, width = hashlib.sha256(line_of(heading.titles)), 0, len(heading.titles)

    def all_rows() -> Iterator[list[str]]:
        """One piece in memory at a time."""
        nonlocal rows
        for piece in pieces:
            content = _read(piece, opened)
            digest.update(content)
            for cells in safe_rows(content.decode("utf-8")):
                rows += 1
                yield cells

    book, lines, number = book_into(target), all_rows(), 0
    first = next(lines, None)
    while first is not None or number == 0:
        number += 1
        inside = chain([] if first is None else [first], islice(lines, per_sheet - 2))
        with book.sheet("Dữ liệu" if number == 1 else f"Dữ liệu {number}", is_frozen=True) as page:
            page.write(row_of(1, heading.titles, bold=range(width)))
            for lump in rows_of(inside, 2, width, heading.numbers):
                page.write(lump)
        first = next(lines, None)
    made = Made(rows, digest.hexdigest())
    _check_sheet(book, heading, made)
    book.close()
    return made


def _check_sheet(book: Book, heading: Heading, made: Made) -> None:
    lines = [*heading.about, (ROWS, str(made.rows)), (CHECKSUM, made.rows_sha256)]
    with book.sheet(CHECK, widths=(34, 70)) as page:
        for row, line in enumerate(lines, start=1):
            page.write(row_of(row, line, bold=[0]))

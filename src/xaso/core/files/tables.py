"""Tables that people upload, Excel or CSV: what cannot be read at all is refused with a sentence, line by line read."""

from __future__ import annotations

import csv
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import openpyxl
import xlsxwriter

from xaso.core.files import rules as files
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import fold, tidy

MORE_COLUMNS = 4
"""People add a column or two of their own between ours; what stands farther out is not read."""

DAYS = ("%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d")
_MALFORMED = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, NotImplementedError,
    LookupError, TypeError, ValueError, AttributeError, OverflowError, SyntaxError,
)  # fmt: skip
"""What openpyxl raises over an archive, or XML in it, that was damaged or made to hurt."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a table must look like. `columns`: our word for a column → its heading. `sheet`: else the first one."""

    columns: Mapping[str, str]
    needed: tuple[str, ...] = ()
    sheet: str = ""
    most_bytes: int = 4 * 1024 * 1024
    most_lines: int = 20_000


@dataclass(frozen=True, slots=True)
class Table:
    """`columns`: where those stand that the file has. `lines`: line number and cells, a column not there is None."""

    file: str
    columns: dict[str, int]
    lines: Iterator[tuple[int, dict[str, Any]]]


def content_of(uploaded: Any, shape: Shape) -> bytes:
    """Raises Refused before reading what is too large."""
    if (uploaded.size or 0) > shape.most_bytes:
        raise Refused(files.too_large(files.clean_name(uploaded.name or ""), uploaded.size, shape.most_bytes))
    return bytes(uploaded.read())


def read_table(name: str, data: bytes, shape: Shape) -> Table:
    """A table under a line of headings, in any order. Raises Refused, also while the lines are read."""
    name = files.clean_name(name)
    rows = read_rows(name, data, shape)
    columns = _columns(name, next(rows, (1, []))[1], shape)
    return Table(name, columns, _filled(name, rows, columns, shape))


def read_rows(name: str, data: bytes, shape: Shape) -> Iterator[tuple[int, list[Any]]]:
    """Every line with its number, headings or not. Raises Refused, also while the lines are read."""
    name = files.clean_name(name)
    if not data:
        raise Refused(files.empty(name))
    if len(data) > shape.most_bytes:
        raise Refused(files.too_large(name, len(data), shape.most_bytes))
    is_packed = files.sniff(data[: files.HEAD]) is files.ZIP
    return _few(name, _xlsx(name, data, shape) if is_packed else _csv(name, data), shape.most_lines)


def _few(name: str, rows: Iterator[list[Any]], most_lines: int) -> Iterator[tuple[int, list[Any]]]:
    for number, row in enumerate(rows, start=1):
        if number > most_lines + 1:
            raise Refused(f"Tệp {name} có hơn {most_lines} dòng. Hãy chia thành nhiều tệp.")
        yield number, row


def _xlsx(name: str, data: bytes, shape: Shape) -> Iterator[list[Any]]:
    try:
        if files.look_into_zip(io.BytesIO(data)) is not files.XLSX:
            raise Refused(f"Tệp {name} không phải bảng tính Excel. Hãy dùng mẫu tải từ trang này.")
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book[shape.sheet] if shape.sheet in book.sheetnames else book.worksheets[0]
        sheet.reset_dimensions()  # a file may lie about its size
        for row in sheet.iter_rows(max_col=len(shape.columns) + MORE_COLUMNS, values_only=True):
            yield list(row)
    except files.Bomb as bomb:
        raise Refused(files.bomb(name)) from bomb
    except files.Locked as locked:
        raise Refused(files.locked(name)) from locked
    except (files.Broken, *_MALFORMED) as broken:
        raise Refused(files.broken(name)) from broken


def _csv(name: str, data: bytes) -> Iterator[list[Any]]:
    try:
        text = data.decode("utf-8-sig")
        if "\x00" in text:
            raise Refused(files.broken(name))
        head = text.partition("\n")[0]
        mark = max((";", "\t", ","), key=head.count)
        yield from csv.reader(io.StringIO(text), delimiter=mark, strict=True)
    except (UnicodeDecodeError, csv.Error) as broken:
        raise Refused(f"Tệp {name} không đọc được. Hãy lưu lại: CSV UTF-8, hoặc dùng tệp Excel.") from broken


def _columns(name: str, head: list[Any], shape: Shape) -> dict[str, int]:
    titles = {fold(str(cell or "")): at for at, cell in enumerate(head)}
    missing = [shape.columns[column] for column in shape.needed if fold(shape.columns[column]) not in titles]
    if missing:
        raise Refused(f"Tệp {name}: dòng đầu thiếu cột {', '.join(missing)}. Hãy dùng mẫu tải từ trang này.")
    return {column: titles[fold(title)] for column, title in shape.columns.items() if fold(title) in titles}


def _filled(
    name: str, rows: Iterator[tuple[int, list[Any]]], columns: dict[str, int], shape: Shape
) -> Iterator[tuple[int, dict[str, Any]]]:
    is_empty = True
    for number, row in rows:
        cells = {column: row[at] for column, at in columns.items() if at < len(row)}
        if any(text_of(value) for value in cells.values()):
            is_empty = False
            yield number, {**dict.fromkeys(shape.columns), **cells}
    if is_empty:
        raise Refused(f"Tệp {name} chưa có dòng nào dưới dòng tiêu đề. Hãy điền rồi nhập lại.")


def text_of(value: Any) -> str:
    """What is written in a cell, in one line."""
    return tidy(str(value)) if value is not None else ""


def day_of(value: Any) -> date | None:
    """The day in a cell, kept as a day or written as people write one; None when it is none."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    for pattern in DAYS:
        try:
            return datetime.strptime(text_of(value), pattern).replace(tzinfo=clock.VIETNAM).date()
        except ValueError:
            continue
    return None


def empty_form(shape: Shape, example: Sequence[str]) -> bytes:
    """The table to fill in, with one line as an example."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet(shape.sheet)
    sheet.write_row(0, 0, list(shape.columns.values()), book.add_format({"bold": True}))
    sheet.write_row(1, 0, example)
    sheet.set_column(0, len(shape.columns) - 1, 22)
    book.close()
    return target.getvalue()

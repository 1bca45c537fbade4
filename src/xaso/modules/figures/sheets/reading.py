"""An XLSX or CSV file becomes lines of cells. What could be misread is refused with file, cell and reason."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter

from xaso.core.files import rules as files
from xaso.kit.errors import Refused
from xaso.kit.fold import fold, tidy
from xaso.modules.figures.rules.importing import COLUMNS, SHEET, Cell, Line, Table
from xaso.modules.figures.sheets import packed

MAX_BYTES = 2 * 1024 * 1024
MAX_LINES = 2_000
MAX_COLUMNS = 40
FARTHEST = 20_000
"""Rows that a file may spread over: one cell a million rows down costs nothing to write and much to read."""

HEAD_WITHIN = 10

_MALFORMED = (
    *packed.MALFORMED,
    KeyError,
    TypeError,
    IndexError,
    AttributeError,
    OverflowError,
    SyntaxError,  # ElementTree's ParseError
)


def read_sheet(name: str, data: bytes) -> Table:
    """Raises Refused for a file that cannot be taken at all; single cells keep their own faults."""
    name = files.clean_name(name)
    if not data:
        raise Refused(files.empty(name))
    if len(data) > MAX_BYTES:
        raise Refused(files.too_large(name, len(data), MAX_BYTES))
    kind = _kind(name, data)
    if kind is files.XLSX:
        return _table(name, SHEET, _filled(name, _xlsx(name, data)))
    if kind is files.TEXT:
        return _table(name, "", _filled(name, _csv(name, data)))
    raise Refused(files.wrong_kind(name, kind, ("xlsx", "text")))


def _kind(name: str, data: bytes) -> files.Kind:
    kind = files.sniff(data[: files.HEAD])
    if kind is not files.ZIP:
        return kind
    try:
        return files.look_into_zip(io.BytesIO(data))
    except files.Bomb as bomb:
        raise Refused(files.bomb(name)) from bomb
    except files.Locked as locked:
        raise Refused(files.locked(name)) from locked
    except files.Broken as broken:
        raise Refused(files.broken(name)) from broken


def _xlsx(name: str, data: bytes) -> Iterator[tuple[int, list[Cell]]]:
    packed.check(name, data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False)
        if SHEET not in book.sheetnames:
            seen = ", ".join(f"“{one[:40]}”" for one in book.sheetnames[:5])
            raise Refused(f"Tệp {name} không có trang tính “{SHEET}” (chỉ có {seen}). Hãy dùng mẫu tải từ trang này.")
        sheet = book[SHEET]
        packed.need_no_merged(name, data, sheet._worksheet_path)
        sheet.reset_dimensions()  # a file may lie about its size
        for number, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS + 1), start=1):
            if number > FARTHEST:
                raise Refused(f"Tệp {name} kéo dài quá dòng {FARTHEST}. Hãy xoá các dòng trống ở cuối rồi nhập lại.")
            if any(one.value is not None for one in row):
                yield number, [_cell(number, column, one) for column, one in enumerate(row, start=1)]
    except _MALFORMED as malformed:
        raise Refused(files.broken(name)) from malformed


def _cell(line: int, column: int, one: Any) -> Cell:
    address = f"{get_column_letter(column)}{line}"
    value, kind = one.value, one.data_type
    if value is None:
        return Cell(address)
    if kind == "f":
        return Cell(address, fault="là công thức; hãy dán giá trị vào thay công thức")
    if kind == "e":
        return Cell(address, fault=f"là ô lỗi {str(value)[:10]}")
    if isinstance(value, bool):
        return Cell(address, "có" if value else "không")
    if isinstance(value, int | float):
        return Cell(address, number=_number(value), is_percent="%" in (one.number_format or ""))
    if isinstance(value, datetime):
        return Cell(address, day=value.date())
    if isinstance(value, date):
        return Cell(address, day=value)
    return Cell(address, tidy(str(value)))


def _number(value: float) -> Decimal:
    """As Excel shows it: fifteen digits, so that 0.1 + 0.2 is 0.3."""
    return Decimal(f"{value:.15g}")


def _csv(name: str, data: bytes) -> Iterator[tuple[int, list[Cell]]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(f"Tệp {name} không lưu bằng mã UTF-8. Hãy lưu lại: CSV UTF-8, hoặc dùng tệp Excel.") from error
    if "\0" in text:
        raise Refused(files.broken(name))
    lines = text.splitlines()
    head = next((line for line in lines[:HEAD_WITHIN] if fold(line).startswith(('"khoa', "khoa"))), "")
    mark = max((";", "\t", ","), key=head.count)
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=mark, strict=True), start=1):
            yield (
                number,
                [_text_cell(number, column, one) for column, one in enumerate(row[: MAX_COLUMNS + 1], start=1)],
            )
    except csv.Error as error:
        raise Refused(
            f"Tệp {name} có dấu ngoặc kép không khép hoặc dòng hỏng. Hãy dùng mẫu tải từ trang này."
        ) from error


def _text_cell(line: int, column: int, text: str) -> Cell:
    address = f"{get_column_letter(column)}{line}"
    said = tidy(text)
    if said.startswith(("=", "+", "@")) and said[1:2].isalpha():
        return Cell(address, fault="là công thức; hãy ghi giá trị thay công thức")
    return Cell(address, said)


def _filled(name: str, rows: Iterable[tuple[int, list[Cell]]]) -> dict[int, list[Cell]]:
    """The rows with something in them, by their number."""
    found: dict[int, list[Cell]] = {}
    for number, row in rows:
        if all(cell.is_empty for cell in row):
            continue
        if len(found) == MAX_LINES + HEAD_WITHIN:
            raise Refused(f"Tệp {name} có hơn {MAX_LINES} dòng số liệu. Hãy chia thành nhiều tệp.")
        found[number] = row
    return found


def _table(name: str, sheet: str, rows: dict[int, list[Cell]]) -> Table:
    """The head row names the columns; above it may stand the unit and the period."""
    above = {number: row for number, row in rows.items() if number <= HEAD_WITHIN}
    start = next((number for number, row in above.items() if fold(row[0].text) == "khoa"), None)
    if start is None:
        where = f", trang tính “{sheet}”" if sheet else ""
        raise Refused(
            f"Tệp {name}{where}: không thấy dòng tiêu đề bắt đầu bằng ô “Khoá”. Hãy dùng mẫu tải từ trang này."
        )
    columns = _columns(name, rows[start])
    lines = [_line(name, number, row, columns) for number, row in rows.items() if number > start]
    known = [row for number, row in above.items() if number < start and len(row) > 1 and row[0].text]
    return Table(name, sheet, lines, {fold(row[0].text): row[1] for row in known})


def _columns(name: str, head: list[Cell]) -> list[str]:
    known = {fold(title): column for column, title in COLUMNS.items()}
    columns: list[str] = []
    for cell in head:
        column = known.get(fold(cell.text), "")
        if cell.text and not column:
            raise Refused(f"Tệp {name}, ô {cell.address}: không có cột nào tên “{cell.text[:40]}”.")
        if column and column in columns:
            raise Refused(f"Tệp {name}, ô {cell.address}: cột “{cell.text}” có hai lần.")
        columns.append(column)
    for column in ("key", "value"):
        if column not in columns:
            raise Refused(f"Tệp {name}: thiếu cột “{COLUMNS[column]}”. Hãy dùng mẫu tải từ trang này.")
    return columns


def _line(name: str, number: int, row: list[Cell], columns: list[str]) -> Line:
    for cell, column in zip(row, [*columns, *[""] * len(row)], strict=False):
        if not column and not cell.is_empty:
            raise Refused(f"Tệp {name}, ô {cell.address}: có nội dung ở cột không có tiêu đề.")
    cells = {column: cell for column, cell in zip(columns, row, strict=False) if column}
    missing = {column: Cell(f"{get_column_letter(columns.index(column) + 1)}{number}") for column in columns if column}
    return Line(number, missing | cells)

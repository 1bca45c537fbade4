"""A spreadsheet or CSV of certificates becomes lines; what could be misread is named with its line and its cell."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import openpyxl
import xlsxwriter

from xaso.core.files import rules as files
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import fold, tidy
from xaso.modules.signing import rules

MAX_BYTES = 4 * 1024 * 1024
MAX_LINES = 20_000
SHEET = "Chữ ký số"
COLUMNS = {
    "holder_kind": "Loại",
    "holder_name": "Người giữ",
    "holder_code": "Mã số",
    "means": "Phương tiện",
    "serial": "Số sê-ri",
    "issuer": "Tổ chức cấp",
    "valid_from": "Từ ngày",
    "valid_to": "Đến ngày",
}
NEEDED = ("holder_kind", "holder_name", "means", "serial", "issuer", "valid_from", "valid_to")
DAYS = ("%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d")
_MALFORMED = (
    zipfile.BadZipFile,
    KeyError,
    TypeError,
    ValueError,
    IndexError,
    AttributeError,
    OverflowError,
    SyntaxError,
)


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    holder_kind: str
    holder_name: str
    holder_code: str
    means: str
    serial: str
    issuer: str
    valid_from: date
    valid_to: date

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Line:
        """From what was stored with the preview."""
        days = {name: date.fromisoformat(kept[name]) for name in ("valid_from", "valid_to")}
        return cls(**(kept | days))

    @property
    def starts_at(self) -> datetime:
        return datetime.combine(self.valid_from, time(), clock.VIETNAM)

    @property
    def ends_at(self) -> datetime:
        """Through the last day."""
        return datetime.combine(self.valid_to + timedelta(days=1), time(), clock.VIETNAM)


def stored(line: Line) -> dict[str, Any]:
    return asdict(line) | {"valid_from": f"{line.valid_from}", "valid_to": f"{line.valid_to}"}


@dataclass(frozen=True, slots=True)
class Sheet:
    file: str
    lines: list[Line]
    faults: list[str]


def read_sheet(name: str, data: bytes) -> Sheet:
    """Raises Refused for a file that cannot be taken at all; single lines keep their own faults."""
    name = files.clean_name(name)
    if not data:
        raise Refused(files.empty(name))
    if len(data) > MAX_BYTES:
        raise Refused(files.too_large(name, len(data), MAX_BYTES))
    rows = _xlsx(name, data) if files.sniff(data[: files.HEAD]) is files.ZIP else _csv(name, data)
    return _judged(name, rows)


def _xlsx(name: str, data: bytes) -> Iterator[tuple[int, list[Any]]]:
    try:
        if files.look_into_zip(io.BytesIO(data)) is not files.XLSX:
            raise Refused(f"Tệp {name} không phải bảng tính Excel. Hãy dùng mẫu tải từ trang này.")
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book[SHEET] if SHEET in book.sheetnames else book.worksheets[0]
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(max_col=len(COLUMNS) + 4, values_only=True), start=1):
            _need_few(name, number)
            yield number, list(row)
    except files.Bomb as bomb:
        raise Refused(files.bomb(name)) from bomb
    except files.Locked as locked:
        raise Refused(files.locked(name)) from locked
    except (files.Broken, *_MALFORMED) as broken:
        raise Refused(files.broken(name)) from broken


def _csv(name: str, data: bytes) -> Iterator[tuple[int, list[Any]]]:
    try:
        text = data.decode("utf-8-sig")
        head = text[: text.find("\n")] if "\n" in text else text
        mark = max((";", "\t", ","), key=head.count)
        for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=mark, strict=True), start=1):
            _need_few(name, number)
            yield number, list(row)
    except (UnicodeDecodeError, csv.Error) as broken:
        raise Refused(f"Tệp {name} không đọc được. Hãy lưu lại: CSV UTF-8, hoặc dùng tệp Excel.") from broken


def _need_few(name: str, number: int) -> None:
    if number > MAX_LINES + 1:
        raise Refused(f"Tệp {name} có hơn {MAX_LINES} dòng. Hãy chia thành nhiều tệp.")


def _judged(name: str, rows: Iterable[tuple[int, list[Any]]]) -> Sheet:
    rows = iter(rows)
    columns = _columns(name, next(rows, (1, []))[1])
    lines: list[Line] = []
    faults: list[str] = []
    seen: dict[tuple[str, str], int] = {}
    for number, row in rows:
        cells = {column: row[at] if at < len(row) else None for column, at in columns.items()}
        if all(value in (None, "") for value in cells.values()):
            continue
        try:
            line = _line(number, cells)
            if (before := seen.setdefault((line.issuer, line.serial), number)) != number:
                raise Refused(f"trùng số sê-ri với dòng {before}")
            lines.append(line)
        except Refused as fault:
            faults.append(f"Dòng {number}: {fault.message}.")
    if not lines and not faults:
        raise Refused(f"Tệp {name} chưa có dòng nào dưới dòng tiêu đề. Hãy điền rồi nhập lại.")
    return Sheet(name, lines, faults)


def _columns(name: str, head: list[Any]) -> dict[str, int]:
    titles = {fold(str(cell or "")): at for at, cell in enumerate(head)}
    missing = [COLUMNS[column] for column in NEEDED if fold(COLUMNS[column]) not in titles]
    if missing:
        raise Refused(f"Tệp {name}: dòng đầu thiếu cột {', '.join(missing)}. Hãy dùng mẫu tải từ trang này.")
    return {column: titles[fold(title)] for column, title in COLUMNS.items() if fold(title) in titles}


def _line(number: int, cells: dict[str, Any]) -> Line:
    text = {column: tidy(str(value)) if value is not None else "" for column, value in cells.items()}
    for column in NEEDED:
        if not text[column]:
            raise Refused(f"thiếu {COLUMNS[column]}")
    valid_from, valid_to = _day("valid_from", cells["valid_from"]), _day("valid_to", cells["valid_to"])
    if valid_to < valid_from:
        raise Refused("Đến ngày trước Từ ngày")
    return Line(
        number=number,
        holder_kind=_chosen("holder_kind", rules.HOLDER_KINDS, text["holder_kind"]),
        holder_name=text["holder_name"][:200],
        holder_code=text.get("holder_code", "")[:30],
        means=_chosen("means", rules.MEANS, text["means"]),
        serial=_serial(text["serial"]),
        issuer=text["issuer"][:300],
        valid_from=valid_from,
        valid_to=valid_to,
    )


def _chosen(column: str, titles: dict[str, str], said: str) -> str:
    for key, title in titles.items():
        if fold(said) in (fold(title), fold(key)):
            return key
    raise Refused(f"{COLUMNS[column]} “{said[:40]}” không có; chọn một trong: {', '.join(titles.values())}")


def _serial(said: str) -> str:
    serial = said.lower().replace(":", "").replace(" ", "")
    if not serial.isalnum() or len(serial) > 64:
        raise Refused(f"Số sê-ri “{said[:40]}” chỉ được có chữ và số")
    return serial


def _day(column: str, value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    for pattern in DAYS:
        try:
            return datetime.strptime(str(value).strip(), pattern).replace(tzinfo=clock.VIETNAM).date()
        except ValueError:
            continue
    raise Refused(f"{COLUMNS[column]} “{str(value)[:20]}” không đúng; ghi như 31/12/2026")


def template() -> bytes:
    """The empty form, with one line as an example."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet(SHEET)
    sheet.write_row(0, 0, list(COLUMNS.values()), book.add_format({"bold": True}))
    example = [
        "Người dân",
        "Nguyễn Thị Lan",
        "026185001234",
        "Ký số từ xa",
        "54af10",
        "VNPT-CA",
        "01/03/2025",
        "28/02/2026",
    ]
    sheet.write_row(1, 0, example)
    sheet.set_column(0, len(COLUMNS) - 1, 22)
    book.close()
    return target.getvalue()

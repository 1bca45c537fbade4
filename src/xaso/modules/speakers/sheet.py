"""A spreadsheet or CSV of devices becomes entries; what could be misread is refused with the reason."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

import openpyxl
import xlsxwriter

from xaso.core.files import rules as files
from xaso.kit.errors import Refused
from xaso.kit.fold import fold, tidy
from xaso.modules.speakers.rules.entries import Entry

MAX_BYTES = 4 * 1024 * 1024
MAX_LINES = 2000
COLUMNS = {
    "serial": "Số máy",
    "name": "Tên loa",
    "village": "Thôn",
    "place": "Nơi đặt",
    "latitude": "Vĩ độ",
    "longitude": "Kinh độ",
    "maker": "Hãng",
    "model": "Kiểu máy",
    "sim": "Số sê-ri SIM",
    "sim_phone": "Số điện thoại SIM",
    "protocol": "Giao thức",
    "installed_on": "Ngày lắp",
}
NEEDED = ("serial", "name", "village")
PROTOCOLS = {"": "xaso", "xaso": "xaso", "vendor": "vendor", "cua hang": "vendor"}
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


def content_of(uploaded: Any) -> bytes:
    """Raises Refused before reading what is too large."""
    if (uploaded.size or 0) > MAX_BYTES:
        raise Refused(files.too_large(files.clean_name(uploaded.name or ""), uploaded.size, MAX_BYTES))
    return bytes(uploaded.read())


def read_sheet(name: str, data: bytes) -> list[tuple[int, str, Entry]]:
    """(line, village, entry). Raises Refused for a file that cannot be taken at all."""
    name = files.clean_name(name)
    if not data:
        raise Refused(files.empty(name))
    rows = _xlsx(name, data) if files.sniff(data[: files.HEAD]) is files.ZIP else _csv(name, data)
    rows = iter(rows)
    columns = _columns(name, next(rows, (1, []))[1])
    found = []
    for number, row in rows:
        cells = {column: _text(row[at]) if at < len(row) else "" for column, at in columns.items()}
        if any(cells.values()):
            found.append((number, cells["village"], _entry(cells)))
    if not found:
        raise Refused(f"Tệp {name} chưa có dòng nào dưới dòng tiêu đề. Hãy điền rồi nhập lại.")
    return found


def _xlsx(name: str, data: bytes) -> Iterator[tuple[int, list[Any]]]:
    try:
        if files.look_into_zip(io.BytesIO(data)) is not files.XLSX:
            raise Refused(f"Tệp {name} không phải bảng tính Excel. Hãy dùng mẫu tải từ trang này.")
        sheet = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True).worksheets[0]
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
        head = text.partition("\n")[0]
        mark = max((";", "\t", ","), key=head.count)
        for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=mark, strict=True), start=1):
            _need_few(name, number)
            yield number, list(row)
    except (UnicodeDecodeError, csv.Error) as broken:
        raise Refused(f"Tệp {name} không đọc được. Hãy lưu lại: CSV UTF-8, hoặc dùng tệp Excel.") from broken


def _need_few(name: str, number: int) -> None:
    if number > MAX_LINES + 1:
        raise Refused(f"Tệp {name} có hơn {MAX_LINES} dòng. Hãy chia thành nhiều tệp.")


def _columns(name: str, head: Iterable[Any]) -> dict[str, int]:
    titles = {fold(str(cell or "")): at for at, cell in enumerate(head)}
    if missing := [COLUMNS[column] for column in NEEDED if fold(COLUMNS[column]) not in titles]:
        raise Refused(f"Tệp {name}: dòng đầu thiếu cột {', '.join(missing)}. Hãy dùng mẫu tải từ trang này.")
    return {column: titles[fold(title)] for column, title in COLUMNS.items() if fold(title) in titles}


def _text(value: Any) -> str:
    if isinstance(value, datetime | date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return tidy(str(value)) if value is not None else ""


def _entry(cells: dict[str, str]) -> Entry:
    plain = {key: cells.get(key, "") for key in ("serial", "name", "place", "maker", "model", "sim")}
    phone = cells.get("sim_phone", "").replace(" ", "").replace(".", "")
    if len(phone) == 9 and not phone.startswith("0"):
        phone = f"0{phone}"  # Excel takes the first zero of a number away
    protocol = fold(cells.get("protocol", ""))
    numbers = {key: cells.get(key, "").replace(",", ".") for key in ("latitude", "longitude")}
    day = cells.get("installed_on", "")
    parts = day.split("/")
    if len(parts) == 3:
        day = f"{parts[2]}-{parts[1]:0>2}-{parts[0]:0>2}"
    return Entry(
        **plain, **numbers, sim_phone=phone, protocol=PROTOCOLS.get(protocol, protocol or "xaso"), installed_on=day
    )


def template() -> bytes:
    """The empty form, with one line as an example."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    page = book.add_worksheet("Sổ loa")
    page.write_row(0, 0, list(COLUMNS.values()), book.add_format({"bold": True}))
    page.write_row(
        1, 0,
        ["XS-2025-0001", "Nhà văn hoá thôn", "Đồng Mới", "Cột điện trước cổng", "21.234567", "105.512345", "", "", "",
         "0912345678", "XãSố", "15/03/2025"],
    )  # fmt: skip
    page.set_column(0, len(COLUMNS) - 1, 20)
    book.close()
    return target.getvalue()

"""A spreadsheet or CSV of devices becomes entries; what could be misread is refused with the reason."""

from __future__ import annotations

from datetime import date
from typing import Any

from xaso.core.files import tables
from xaso.core.files.tables import Shape
from xaso.kit.fold import fold
from xaso.modules.speakers.rules.entries import Entry

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
SHAPE = Shape(COLUMNS, needed=("serial", "name", "village"), sheet="Sổ loa", most_lines=2000)
PROTOCOLS = {"": "xaso", "xaso": "xaso", "vendor": "vendor", "cua hang": "vendor"}


def read_sheet(name: str, data: bytes) -> list[tuple[int, str, Entry]]:
    """(line, village, entry). Raises Refused for a file that cannot be taken at all."""
    found = []
    for number, raw in tables.read_table(name, data, SHAPE).lines:
        cells = {column: _text(value) for column, value in raw.items()}
        found.append((number, cells["village"], _entry(cells)))
    return found


def _text(value: Any) -> str:
    if isinstance(value, date):  # a datetime too
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return tables.text_of(value)


def _entry(cells: dict[str, str]) -> Entry:
    plain = {key: cells[key] for key in ("serial", "name", "place", "maker", "model", "sim")}
    phone = cells["sim_phone"].replace(" ", "").replace(".", "")
    if len(phone) == 9 and not phone.startswith("0"):
        phone = f"0{phone}"  # Excel takes the first zero of a number away
    protocol = fold(cells["protocol"])
    numbers = {key: cells[key].replace(",", ".") for key in ("latitude", "longitude")}
    day = tables.day_of(cells["installed_on"])
    return Entry(
        **plain,
        **numbers,
        sim_phone=phone,
        protocol=PROTOCOLS.get(protocol, protocol or "xaso"),
        installed_on=f"{day or cells['installed_on']}",
    )


def template() -> bytes:
    """The empty form, with one line as an example."""
    example = [
        "XS-2025-0001", "Nhà văn hoá thôn", "Đồng Mới", "Cột điện trước cổng", "21.234567", "105.512345", "", "", "",
        "0912345678", "XãSố", "15/03/2025",
    ]  # fmt: skip
    return tables.empty_form(SHAPE, example)

"""A spreadsheet or CSV of certificates becomes lines; what could be misread is named with its line and its cell."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from xaso.core.files import tables
from xaso.core.files.tables import Shape, text_of
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import fold
from xaso.modules.signing import rules

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
SHAPE = Shape(COLUMNS, NEEDED, sheet="Chữ ký số")


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
    table = tables.read_table(name, data, SHAPE)
    lines: list[Line] = []
    faults: list[str] = []
    seen: dict[tuple[str, str], int] = {}
    for number, cells in table.lines:
        try:
            line = _line(number, cells)
            if (before := seen.setdefault((line.issuer, line.serial), number)) != number:
                raise Refused(f"trùng số sê-ri với dòng {before}")
            lines.append(line)
        except Refused as fault:
            faults.append(f"Dòng {number}: {fault.message}.")
    return Sheet(table.file, lines, faults)


def _line(number: int, cells: dict[str, Any]) -> Line:
    text = {column: text_of(value) for column, value in cells.items()}
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
        holder_code=text["holder_code"][:30],
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
    found = tables.day_of(value)
    if found is None:
        raise Refused(f"{COLUMNS[column]} “{str(value)[:20]}” không đúng; ghi như 31/12/2026")
    return found


def template() -> bytes:
    """The empty form, with one line as an example."""
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
    return tables.empty_form(SHAPE, example)

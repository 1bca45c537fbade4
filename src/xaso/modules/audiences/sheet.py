"""A spreadsheet or CSV of contacts becomes lines; what could be misread is named with its cell and why."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import xlsxwriter
from openpyxl.utils import get_column_letter

from xaso.core.files import tables
from xaso.core.files.rules import clean_name
from xaso.core.files.tables import Shape, text_of
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import fold
from xaso.modules.audiences.definitions import topics
from xaso.modules.audiences.rules import phone_of

SHOWN = 10
SHEET = "Người nhận tin"
COLUMNS = {
    "name": "Họ và tên",
    "phone": "Số điện thoại",
    "village": "Thôn, tổ dân phố",
    "note": "Ghi chú",
    "topics": "Chủ đề đồng ý",
    "evidence": "Bằng chứng đồng ý",
    "agreed_on": "Ngày đồng ý",
}
SHAPE = Shape(COLUMNS, needed=("name", "phone"), sheet=SHEET)
NUMBERS = Shape({}, sheet=SHEET, most_bytes=20 * 1024 * 1024, most_lines=1_000_000)
"""A list of bare numbers, with or without a heading."""

ALL_TOPICS = {"tat ca", "moi chu de", "*"}
Place = tuple[int, str, str]
"""A unit as the sheet needs it: key, path, name."""


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    name: str
    phone: str
    unit_id: int
    unit_path: str
    unit_name: str
    note: str = ""
    topics: tuple[str, ...] = ()
    evidence: str = ""
    agreed_on: date | None = None

    def kept(self) -> dict[str, Any]:
        return asdict(self) | {"topics": list(self.topics), "agreed_on": str(self.agreed_on or "")}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Line:
        """From what was stored with the preview."""
        day = date.fromisoformat(kept["agreed_on"]) if kept["agreed_on"] else None
        return cls(**({**kept} | {"topics": tuple(kept["topics"]), "agreed_on": day}))


@dataclass(frozen=True, slots=True)
class Sheet:
    file: str
    lines: list[Line]
    faults: list[str]


class WrongCell(Exception):
    """(column, sentence)."""


def read_sheet(name: str, data: bytes, villages: Mapping[str, Place], own: Place) -> Sheet:
    """Raises Refused for a file that cannot be taken at all; single cells keep their own faults."""
    table = tables.read_table(name, data, SHAPE)
    lines: list[Line] = []
    faults: list[str] = []
    seen: dict[tuple[str, str], int] = {}
    for number, cells in table.lines:
        try:
            line = _line(number, cells, villages, own)
            if (before := seen.setdefault((line.phone, line.unit_path), number)) != number:
                raise WrongCell("phone", f"trùng số điện thoại với dòng {before}.")
            lines.append(line)
        except WrongCell as fault:
            column, sentence = fault.args
            letter = get_column_letter(table.columns.get(column, 0) + 1)
            faults.append(f"Ô {letter}{number} ({COLUMNS[column]}): {sentence}")
    return Sheet(table.file, lines, faults)


def _line(number: int, cells: Mapping[str, Any], villages: Mapping[str, Place], own: Place) -> Line:
    text = {column: text_of(value) for column, value in cells.items()}
    if not text["name"]:
        raise WrongCell("name", "thiếu họ và tên.")
    if len(text["name"]) > 120:
        raise WrongCell("name", "dài hơn 120 chữ.")
    place = _place(text["village"], villages, own)
    agreed = _topics(text["topics"])
    evidence = text["evidence"][:300]
    if agreed and not evidence:
        raise WrongCell("evidence", "có chủ đề đồng ý thì phải ghi bằng chứng (số phiếu, nơi giữ phiếu).")
    day = _day(cells["agreed_on"]) if agreed else None
    return Line(number, text["name"], _phone(cells["phone"]), *place, text["note"][:200], agreed, evidence, day)


def _phone(value: Any) -> str:
    """A spreadsheet that keeps the number as a number has lost its first zero, which no text cell can."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        whole = str(int(value)) if float(value).is_integer() else str(value)
        value = f"0{whole}" if len(whole) == 9 and whole[0] in "35789" else whole
    try:
        return phone_of(str(value if value is not None else ""))
    except Refused as refusal:
        raise WrongCell("phone", refusal.message) from refusal


def _place(said: str, villages: Mapping[str, Place], own: Place) -> Place:
    if not said:
        return own
    folded = fold(said)
    for name in (folded, folded.removeprefix("thon "), folded.removeprefix("to dan pho "), f"thon {folded}"):
        if name in villages:
            return villages[name]
    raise WrongCell("village", f"không có thôn, tổ dân phố “{said[:40]}” trong {own[2]}.")


def _topics(said: str) -> tuple[str, ...]:
    if not said:
        return ()
    if fold(said) in ALL_TOPICS:
        return ("",)
    known = {fold(name): one.code for one in topics().values() for name in (one.code, one.label)}
    if fold(said) in known:
        return (known[fold(said)],)
    parts = [part.strip() for part in said.split(";") if part.strip()]
    for part in parts:
        if fold(part) not in known:
            raise WrongCell("topics", f"không có chủ đề “{part[:40]}”. Nhiều chủ đề cách nhau bằng dấu chấm phẩy.")
    return tuple(dict.fromkeys(known[fold(part)] for part in parts))


def _day(value: Any) -> date:
    found = tables.day_of(value)
    if found is None:
        raise WrongCell("agreed_on", f"“{str(value or '')[:20]}” không phải ngày; ghi như 31/12/2025.")
    if found > clock.today():
        raise WrongCell("agreed_on", "ngày đồng ý ở sau hôm nay.")
    return found


def read_numbers(name: str, data: bytes) -> list[str]:
    """A list of numbers, one a line in the first column. Raises Refused naming the first wrong ones: all or nothing."""
    name = clean_name(name)
    found: dict[str, None] = {}
    faults: list[str] = []
    for number, row in tables.read_rows(name, data, NUMBERS):
        first = row[0] if row else None
        if first in (None, "") or (number == 1 and not any(c.isdigit() for c in str(first))):
            continue
        try:
            found[_phone(first)] = None
        except WrongCell as fault:
            faults.append(f"dòng {number}: {fault.args[1]}")
    if faults:
        more = f" Còn {len(faults) - SHOWN} dòng sai nữa." if len(faults) > SHOWN else ""
        raise Refused(f"Tệp {name} có {len(faults)} dòng sai, chưa nhập gì. {' '.join(faults[:SHOWN])}{more}")
    if not found:
        raise Refused(f"Tệp {name} không có số điện thoại nào ở cột đầu tiên.")
    return list(found)


def template(villages: Iterable[str]) -> bytes:
    """The empty form with one line as an example, and a list of what can be written."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
    sheet = book.add_worksheet(SHEET)
    sheet.write_row(0, 0, list(COLUMNS.values()), bold)
    sheet.set_column(0, len(COLUMNS) - 1, 24)
    sheet.set_column(1, 1, 18, text)
    named = list(villages)
    example = ["Nguyễn Thị Lan", "0912 345 601", named[0] if named else "", "", "Y tế; Thời tiết", "Phiếu số 12/2026",
               "01/03/2026"]  # fmt: skip
    sheet.write_row(1, 0, example)
    help_sheet = book.add_worksheet("Cách ghi")
    help_sheet.write_column(0, 0, ["Thôn, tổ dân phố", *named], bold)
    help_sheet.write_column(0, 1, ["Chủ đề", *(one.label for one in topics().values())], bold)
    help_sheet.set_column(0, 1, 30)
    book.close()
    return target.getvalue()

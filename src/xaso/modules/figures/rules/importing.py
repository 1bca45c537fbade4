"""Lines of a spreadsheet become declarations, or sentences with the cell and what is wrong in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from xaso.modules.figures.rules.given import Given, completed, fault, read_value
from xaso.modules.figures.rules.numbers import SCALES, Unreadable, read_number

SHEET = "Số liệu"
COLUMNS = {
    "key": "Khoá",
    "label": "Số liệu",
    "unit": "Đơn vị tính",
    "value": "Giá trị",
    "numerator": "Tử số",
    "denominator": "Mẫu số",
    "sub_population": "Nhóm đối tượng",
    "as_of": "Tính đến ngày",
    "source": "Nguồn",
    "supplier": "Bên cung cấp",
    "document_number": "Số văn bản",
    "document_title": "Tên văn bản",
    "document_on": "Ngày văn bản",
    "confidence": "Độ tin cậy",
}
SAYS_SOMETHING = ("value", "numerator", "denominator")
CONFIDENCE = {"": "medium", "cao": "high", "trung bình": "medium", "thấp": "low"}
TEXTS = {"sub_population": 120, "source": 300, "supplier": 200, "document_number": 60, "document_title": 300}


class KindOfFigure(Protocol):
    """What of a declared figure counts here."""

    @property
    def type(self) -> str: ...

    @property
    def unit(self) -> str: ...

    @property
    def options(self) -> tuple[tuple[str, str], ...]: ...


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with its address. A spreadsheet's own number or day stays one."""

    address: str
    text: str = ""
    number: Decimal | None = None
    day: date | None = None
    is_percent: bool = False
    fault: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.text and self.number is None and self.day is None and not self.fault


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    cells: Mapping[str, Cell]

    def cell(self, column: str) -> Cell:
        return self.cells.get(column) or Cell(f"dòng {self.number}")


@dataclass(frozen=True, slots=True)
class Table:
    """`notes` are the cells above the head, by what stands left of them: the unit's code, the period."""

    file: str
    sheet: str
    lines: list[Line]
    notes: Mapping[str, Cell] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judged:
    """A line that says something: a declaration, or why not. `cell` is where the value stands."""

    number: int
    key: str
    cell: str
    given: Given | None
    faults: tuple[str, ...] = ()


def judge(table: Table, kinds: Mapping[str, KindOfFigure]) -> list[Judged]:
    """Every line with something in it; lines of the form left empty are no fault and are left out."""
    return [_judge(line, kinds) for line in table.lines if not _is_left_empty(line)]


def _is_left_empty(line: Line) -> bool:
    return bool(line.cell("key").text) and all(line.cell(column).is_empty for column in SAYS_SOMETHING)


def _judge(line: Line, kinds: Mapping[str, KindOfFigure]) -> Judged:
    key, where = line.cell("key"), line.cell("value").address
    kind = kinds.get(key.text)
    if kind is None:
        said = f"không có số liệu nào mang khoá “{key.text[:60]}”" if key.text else "thiếu khoá của số liệu"
        return Judged(line.number, key.text[:60], where, None, (f"{key.address}: {key.fault or said}",))
    faults = [f"{cell.address}: {cell.fault}" for cell in line.cells.values() if cell.fault]
    given = None
    if not faults:
        try:
            given = completed(_read(line, kind), kind.type)
        except Wrong as wrong:
            faults.append(str(wrong))
        except Unreadable as unreadable:
            faults.append(f"{where}: {unreadable}")
    if given and (sentence := fault(given, kind.type, dict(kind.options)) or _too_long(given)):
        faults.append(f"{where}: {sentence}")
    if given and not faults and not given.source:
        faults.append(f"{line.cell('source').address}: ghi nguồn: số này lấy ở đâu")
    return Judged(line.number, key.text, where, None if faults else given, tuple(faults))


class Wrong(ValueError):
    """A cell that is not the value's; the message begins with its address."""


def _read(line: Line, kind: KindOfFigure) -> Given:
    given = _value(line, kind)
    above, below = _part(line.cell("numerator")), _part(line.cell("denominator"))
    if above is not None or below is not None:
        given = replace(given, numerator=above, denominator=below)
    confidence = line.cell("confidence")
    if confidence.text.lower() not in CONFIDENCE:
        raise Wrong(f"{confidence.address}: ghi cao, trung bình hoặc thấp")
    texts: dict[str, Any] = {name: _text(line.cell(name)) for name in TEXTS}
    return replace(
        given,
        confidence=CONFIDENCE[confidence.text.lower()],
        as_of=_day(line.cell("as_of")),
        document_on=_day(line.cell("document_on")),
        **texts,
    )


def _value(line: Line, kind: KindOfFigure) -> Given:
    cell, scale = line.cell("value"), _scale(line.cell("unit"), kind)
    if cell.is_empty:
        return Given()
    if cell.day:
        if kind.type != "date":
            raise Wrong(f"{cell.address}: là ngày tháng, không phải giá trị của số liệu này")
        return Given(text=cell.day.isoformat())
    if cell.number is None:
        return _scaled(cell.text, scale, kind)
    if kind.type in {"label", "trend", "date", "ratio"}:
        raise Wrong(f"{cell.address}: là số, cần chữ")
    if cell.is_percent and kind.type != "percent":
        raise Wrong(f"{cell.address}: là phần trăm, số liệu này tính bằng {kind.unit}")
    return Given(number=cell.number * (100 if cell.is_percent else scale))


def _scaled(text: str, scale: int, kind: KindOfFigure) -> Given:
    """A bare number counts in the unit of its row; one with a unit of its own says it itself."""
    given = read_value(text, kind.type, kind.unit, dict(kind.options))
    has_own = any(word in text.lower() for word in (*SCALES, "đồng"))
    if scale == 1 or has_own or given.number is None:
        return given
    return replace(given, number=given.number * scale)


def _scale(cell: Cell, kind: KindOfFigure) -> int:
    said = cell.text.lower()
    if not said or said == kind.unit.lower():
        return 1
    if kind.type == "money" and said.removesuffix("đồng").strip() in SCALES:
        return SCALES[said.removesuffix("đồng").strip()]
    raise Wrong(f"{cell.address}: đơn vị “{cell.text[:20]}” không đúng; số liệu này tính bằng {kind.unit or 'chữ'}")


def _part(cell: Cell) -> Decimal | None:
    if cell.is_empty:
        return None
    if cell.day or cell.is_percent:
        raise Wrong(f"{cell.address}: cần một số đếm")
    if cell.number is not None:
        return cell.number
    try:
        return read_number(cell.text)
    except Unreadable as unreadable:
        raise Wrong(f"{cell.address}: {unreadable}") from unreadable


def _day(cell: Cell) -> date | None:
    if cell.is_empty:
        return None
    if cell.day:
        return cell.day
    for form in ("%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(cell.text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise Wrong(f"{cell.address}: “{cell.text[:20]}” không phải là ngày; ghi 31/12/2024")


def _text(cell: Cell) -> str:
    if cell.day:
        return f"{cell.day:%d/%m/%Y}"
    return cell.text if cell.number is None else f"{cell.number.normalize():f}"


def _too_long(given: Given) -> str:
    for name, longest in TEXTS.items():
        if len(getattr(given, name)) > longest:
            return f"cột {COLUMNS[name]} dài quá {longest} ký tự"
    return ""


def kept(given: Given) -> dict[str, Any]:
    """As JSON holds it between preview and confirmation."""
    found = {
        name: str(getattr(given, name))
        for name in ("number", "numerator", "denominator", "as_of", "document_on")
        if getattr(given, name) is not None
    }
    return found | {name: getattr(given, name) for name in ("comparator", "text", "confidence", *TEXTS)}


def given_of(held: Mapping[str, Any]) -> Given:
    """Back from JSON."""
    values: dict[str, Any] = {name: held[name] for name in ("comparator", "text", "confidence", *TEXTS)}
    values |= {name: Decimal(held[name]) for name in ("number", "numerator", "denominator") if name in held}
    values |= {name: date.fromisoformat(held[name]) for name in ("as_of", "document_on") if name in held}
    return Given(**values)

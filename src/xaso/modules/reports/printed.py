"""What a report says, as plain data: the one source of its page, its PDF, its DOCX and its XLSX. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

FIGURE_HEADS = ("TT", "Chỉ tiêu", "Đơn vị tính", "Trong kỳ", "Luỹ kế từ đầu năm", "Ghi chú")
SET_HEADS = ("Mã", "Tiêu chí", "Tình trạng", "Điểm tối đa", "Điểm tự chấm", "Giải trình")


@dataclass(frozen=True, slots=True)
class Cell:
    """One number as it is printed, and as it is computed with. Amounts are decimal text, so that nothing is rounded."""

    text: str
    number: str = ""
    numerator: str = ""
    denominator: str = ""

    @classmethod
    def of(
        cls, text: str, number: Decimal | None, numerator: Decimal | None = None, denominator: Decimal | None = None
    ) -> Cell:
        return cls(text, plain(number), plain(numerator), plain(denominator))


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table. `is_group`: a heading or a sum, printed bold."""

    no: str
    label: str
    unit: str
    first: Cell
    second: Cell
    note: str = ""
    is_group: bool = False
    key: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    title: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A written section."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Printed:
    """Everything on the sheet."""

    agency: str
    place: str
    number: str
    signed_at: str
    subject: str
    period: str
    as_of: str
    addressees: tuple[str, ...]
    recipients: tuple[str, ...]
    opening: str
    parts: tuple[Part, ...]
    tables: tuple[Table, ...]
    authority: str
    signer_title: str
    signer: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def plain(number: Decimal | None) -> str:
    """98.60 and 98.6 are written alike; nothing is written for nothing."""
    return "" if number is None else format(number.normalize() if number else Decimal(0), "f")


def read(kept: dict[str, Any]) -> Printed:
    """The opposite of `as_json`."""
    parts = tuple(Part(**part) for part in kept["parts"])
    tables = tuple(_table(table) for table in kept["tables"])
    names = {key: tuple(kept[key]) for key in ("addressees", "recipients")}
    return Printed(**(kept | names | {"parts": parts, "tables": tables}))


def _table(kept: dict[str, Any]) -> Table:
    rows = tuple(
        Row(**(row | {"first": Cell(**row["first"]), "second": Cell(**row["second"])})) for row in kept["rows"]
    )
    return Table(**(kept | {"heads": tuple(kept["heads"]), "rows": rows}))


def on_paper(sheet: Printed) -> dict[str, Any]:
    """The same as the blanks of the form `content/papers/bao-cao`."""
    heads = ("head_no", "head_label", "head_unit", "head_first", "head_second", "head_note")
    return {
        "agency_name": sheet.agency,
        "place": sheet.place,
        "issued_at": sheet.signed_at,
        "number": sheet.number,
        "subject": sheet.subject,
        "period": sheet.period,
        "as_of": sheet.as_of,
        "opening": sheet.opening,
        "addressees": [{"name": name} for name in sheet.addressees],
        "recipients": [{"name": name} for name in sheet.recipients],
        "sections": [{"title": part.title, "text": part.text} for part in sheet.parts],
        "tables": [
            {"title": table.title, "note": table.note} | dict(zip(heads, table.heads, strict=True))
            for table in sheet.tables
        ],
        "rows": [_on_paper(at, row) for at, table in enumerate(sheet.tables) for row in table.rows],
        "signer_authority": sheet.authority,
        "signer_title": sheet.signer_title,
        "signer_name": sheet.signer,
    }


def _on_paper(at: int, row: Row) -> dict[str, Any]:
    return {
        "table": at,
        "strong": row.is_group,
        "no": row.no,
        "label": row.label,
        "unit": row.unit,
        "first": row.first.text,
        "second": row.second.text,
        "note": row.note,
    }

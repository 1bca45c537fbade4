"""A report as a spreadsheet: the text as printed beside the numbers to compute with. Same report, same bytes."""

from __future__ import annotations

import io
import re
from datetime import datetime
from typing import Any

import xlsxwriter

from xaso.modules.reports.printed import Cell, Printed, Table

WIDTHS = (8, 52, 14, 24, 24, 34, 14, 14, 14, 14, 14, 14)
NUMBERS = ("số", "tử số", "mẫu số")
FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
# What was typed must stay text: nothing in a cell may become a formula or a link.
OPTIONS = {"constant_memory": True, "in_memory": False, "strings_to_formulas": False, "strings_to_urls": False}


def xlsx_of(sheet: Printed) -> bytes:
    """A sheet for the text and one for each table."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, OPTIONS)
    book.set_properties(
        {
            "title": f"Báo cáo {sheet.subject} {sheet.period}"[:255],
            "author": sheet.signer,
            "company": sheet.agency,
            "created": datetime.fromisoformat(sheet.signed_at),
        }
    )
    formats = {
        "head": book.add_format({"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter"}),
        "bold": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
        "number": book.add_format({"num_format": "#,##0.##", "valign": "top"}),
    }
    _text(book.add_worksheet("Báo cáo"), sheet, formats)
    for at, table in enumerate(sheet.tables, start=1):
        _table(book.add_worksheet(_name(at, table.title)), table, formats)
    book.close()
    return made.getvalue()


def _name(at: int, title: str) -> str:
    return f"{at} {FORBIDDEN.sub(' ', title.lstrip('0123456789. '))}"[:31].strip()


def _text(page: Any, sheet: Printed, formats: dict[str, Any]) -> None:
    page.set_column(0, 0, 24)
    page.set_column(1, 1, 100)
    lines = [
        ("Cơ quan", sheet.agency),
        ("Số", sheet.number),
        ("Ngày ký", _moment(sheet.signed_at)),
        ("Báo cáo", sheet.subject),
        ("Kỳ", sheet.period.strip("()")),
        ("Số liệu đến ngày", _day(sheet.as_of)),
        ("Kính gửi", "; ".join(sheet.addressees)),
        *((part.title, part.text or "Không có nội dung trong kỳ.") for part in sheet.parts),
        ("Người ký", f"{sheet.signer_title} {sheet.signer}"),
    ]
    for row, (label, value) in enumerate(lines):
        page.write_string(row, 0, label, formats["bold"])
        page.write_string(row, 1, value, formats["text"])


def _table(page: Any, table: Table, formats: dict[str, Any]) -> None:
    heads = [*table.heads, *(f"{table.heads[column]}: {name}" for column in (3, 4) for name in NUMBERS)]
    for column, width in enumerate(WIDTHS):
        page.set_column(column, column, width)
    page.write_string(0, 0, table.title, formats["bold"])
    for column, head in enumerate(heads):
        page.write_string(1, column, head, formats["head"])
    page.freeze_panes(2, 2)
    for at, row in enumerate(table.rows, start=2):
        style = formats["bold"] if row.is_group else formats["text"]
        words = (row.no, row.label, row.unit, row.first.text, row.second.text, row.note)
        for column, word in enumerate(words):
            page.write_string(at, column, word, style)
        for column, amount in enumerate((*_amounts(row.first), *_amounts(row.second)), start=len(words)):
            if amount:
                page.write_number(at, column, float(amount), formats["number"])
    if table.note:
        page.write_string(len(table.rows) + 3, 1, table.note, formats["text"])


def _amounts(cell: Cell) -> tuple[str, str, str]:
    return cell.number, cell.numerator, cell.denominator


def _moment(iso: str) -> str:
    return datetime.fromisoformat(iso).strftime("%H:%M ngày %d/%m/%Y")


def _day(iso: str) -> str:
    return datetime.fromisoformat(iso).strftime("%d/%m/%Y")

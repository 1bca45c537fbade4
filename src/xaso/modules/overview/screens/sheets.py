"""Tables to take home: CSV and XLSX with title, period and the day they were made."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import xlsxwriter
from django.http import HttpResponse

from xaso.kit import clock
from xaso.kit.fold import fold

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BEGINS_FORMULA = ("=", "+", "-", "@", "\t")
Value = str | int | Decimal | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with what a reader must know of it. None is an empty cell: missing is not zero."""

    title: str
    notes: Sequence[str]
    head: Sequence[str]
    rows: Iterable[Sequence[Value]]


def answer(sheet: Sheet, form: str) -> HttpResponse:
    """The table as a download."""
    name = "-".join(fold(sheet.title).replace(",", " ").replace("/", " ").split())[:80]
    body, kind = (_xlsx(sheet), XLSX) if form == "xlsx" else (_csv(sheet), "text/csv; charset=utf-8")
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}.{"xlsx" if form == "xlsx" else "csv"}"'
    return response


def _made() -> str:
    return f"Lập lúc {clock.local(clock.now()):%H:%M ngày %d/%m/%Y} bằng XãSố"


def _csv(sheet: Sheet) -> bytes:
    """With a mark that tells spreadsheets it is UTF-8; notes stand below, so that the first line is the head."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(sheet.head)
    writer.writerows([_plain(value) for value in row] for row in sheet.rows)
    writer.writerow([])
    writer.writerows([_plain(note)] for note in (sheet.title, *sheet.notes, _made()))
    return written.getvalue().encode("utf-8-sig")


def _plain(value: Value) -> str:
    """Text that a spreadsheet would run as a formula begins with an apostrophe."""
    if value is None:
        return ""
    text = format(value, "f") if isinstance(value, Decimal) else str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(BEGINS_FORMULA) else text


def _xlsx(sheet: Sheet) -> bytes:
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        page = book.add_worksheet("Số liệu")
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        page.write_row(0, 0, sheet.head, bold)
        page.freeze_panes(1, 1)
        page.set_column(0, 0, 28)
        page.set_column(1, max(1, len(sheet.head) - 1), 16)
        for line, row in enumerate(sheet.rows, start=1):
            for column, value in enumerate(row):
                if value is None:
                    continue
                if isinstance(value, str):
                    page.write_string(line, column, value)
                else:
                    page.write_number(line, column, float(value))
        notes = book.add_worksheet("Ghi chú")
        notes.set_column(0, 0, 100)
        for line, note in enumerate((sheet.title, *sheet.notes, _made())):
            notes.write_string(line, 0, note)
    return kept.getvalue()

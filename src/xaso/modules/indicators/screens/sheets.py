"""A score as a table to take home: CSV and XLSX. Missing points stay empty cells; they are no zeros."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO, StringIO

import xlsxwriter

from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.modules.figures import queries as figures
from xaso.modules.indicators.queries import SetScore, SetView, said
from xaso.modules.indicators.screens.showing import POLICIES, STATES, origin_of, shown_values

HEAD = (
    "Mã",
    "Nhóm, thành phần",
    "Điểm tối đa",
    "Điểm",
    "Tình trạng",
    "Giải trình",
    "Số liệu",
    "Minh chứng",
    "Phụ trách",
)
WIDTHS = (8, 56, 12, 10, 18, 48, 64, 32, 28)
Cell = str | Decimal | None
BEGINS_FORMULA = ("=", "+", "-", "@", "\t")


def rows_of(score: SetScore) -> Iterator[tuple[Cell, ...]]:
    """A line per group and per component."""
    for group in score.groups:
        yield (
            group.code,
            group.label,
            group.max,
            group.points,
            f"trên {said(group.counted_max)} điểm đã tính",
            *[""] * 4,
        )
        for item in group.items:
            word = STATES[item.state][0]
            if item.state == "not_applicable":
                word = f"{word}, {POLICIES[item.policy]}"
            said_values = [
                f"{_label(one.key)}: {figures.shown_with_unit(one)} ({origin_of(one)})" for one in shown_values(item)
            ]
            component = item.component
            yield (
                item.code, item.label, item.max, item.points, word, item.explanation, "; ".join(said_values),
                component.evidence, component.owner,
            )  # fmt: skip


def notes_of(of: SetView, score: SetScore, unit: Unit, period: str) -> list[str]:
    """What a reader of the table must know of it."""
    found = [
        f"{of.title}, phiên bản {of.version}",
        f"{unit}, {period}",
        f"{said(score.points)} trên {said(score.counted_max)} điểm đã có số liệu; cả bộ {said(score.max)} điểm",
        f"Mã phiên bản {of.checksum[:16]}; lập lúc {clock.local(clock.now()):%H:%M ngày %d/%m/%Y}",
    ]
    return [*found, "Bộ chỉ số cần kiểm chứng với văn bản gốc"] if of.to_verify else found


def as_csv(score: SetScore, notes: list[str]) -> bytes:
    """UTF-8 with a mark for spreadsheets, decimal comma, semicolons between cells."""
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(HEAD)
    writer.writerows([_plain(cell) for cell in row] for row in rows_of(score))
    writer.writerow([])
    writer.writerows([_plain(note)] for note in notes)
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(score: SetScore, notes: list[str]) -> bytes:
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    points = book.add_format({"num_format": "#,##0.00", "valign": "top"})
    sheet = book.add_worksheet("Điểm")
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    for number, note in enumerate(notes):
        sheet.write_string(number, 0, note)
    top = len(notes) + 1
    for column, name in enumerate(HEAD):
        sheet.write_string(top, column, name, bold)
    for number, row in enumerate(rows_of(score), top + 1):
        for column, cell in enumerate(row):
            if isinstance(cell, Decimal):
                sheet.write_number(number, column, float(cell), points)
            elif cell:
                sheet.write_string(number, column, cell, wrap if row[-1] else bold)
    sheet.freeze_panes(top + 1, 2)
    book.close()
    return buffer.getvalue()


def _label(key: str) -> str:
    kind = figures.catalogue().get(key)
    return kind.label if kind else key


def _plain(cell: Cell) -> str:
    """A text that a spreadsheet would run as a formula begins with an apostrophe."""
    if cell is None:
        return ""
    text = str(cell).replace(".", ",") if isinstance(cell, Decimal) else cell
    return f"'{text}" if text.startswith(BEGINS_FORMULA) and not isinstance(cell, Decimal) else text

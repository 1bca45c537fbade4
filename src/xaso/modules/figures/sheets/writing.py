"""The sheet a commune fills in: one line for each figure that is declared, with what was declared last."""

from __future__ import annotations

import io
from collections.abc import Sequence

import xlsxwriter

from xaso.modules.figures.rules.importing import COLUMNS, SHEET

WIDTHS = {"key": 24, "label": 52, "unit": 14, "value": 18, "source": 32, "document_title": 32}
GUIDE = (
    "Chỉ điền các ô nền trắng; không sửa cột Khoá, không gộp ô, không dùng công thức.",
    "Giá trị: 1.412 hoặc 98,6 % hoặc 14/14 hoặc “hơn 46 %”, “gần 90 triệu”, “có”, “tăng”.",
    "Tỷ lệ nên có tử số và mẫu số; nếu không, số liệu hiện là “chưa kiểm chứng”.",
    "Dòng để trống giá trị được bỏ qua. Không có số liệu thì để trống, không ghi 0.",
)


def template_of(unit: tuple[str, str], period: tuple[str, str], lines: Sequence[dict[str, str]]) -> bytes:
    """`unit` and `period`: code and name. Everything is written as text, so that no program changes a number."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False})
    sheet = book.add_worksheet(SHEET)
    bold = book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "num_format": "@"})
    fixed = book.add_format({"bg_color": "#EEEEEE", "num_format": "@"})
    free = book.add_format({"num_format": "@"})
    for row, (title, (code, name)) in enumerate((("Đơn vị", unit), ("Kỳ", period))):
        for column, text in enumerate((title, code, name)):
            sheet.write_string(row, column, text, fixed)
    for column, (key, title) in enumerate(COLUMNS.items()):
        sheet.set_column(column, column, WIDTHS.get(key, 16), free)
        sheet.write_string(3, column, title, bold)
    for row, line in enumerate(lines, start=4):
        for column, key in enumerate(COLUMNS):
            sheet.write_string(row, column, line.get(key, ""), fixed if key in {"key", "label", "unit"} else free)
    sheet.freeze_panes(4, 2)
    guide = book.add_worksheet("Cách điền")
    guide.set_column(0, 0, 100)
    for row, text in enumerate(GUIDE):
        guide.write_string(row, 0, text)
    book.close()
    return stream.getvalue()

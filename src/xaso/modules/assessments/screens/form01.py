"""Biểu mẫu 01 as a spreadsheet: general information, then six columns."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import xlsxwriter

from xaso.modules.assessments.models import Assessment, Item

HEAD = ("TT", "Thành phần", "Điểm tối đa", "Cách chấm", "Điểm tự chấm", "Giải trình")
WIDTHS = (8, 60, 12, 32, 14, 60)


def workbook(found: Assessment, items: list[Item]) -> bytes:
    """Missing points stay empty cells; they are no zeros."""
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    points = book.add_format({"num_format": "0.00", "valign": "top"})
    sheet = book.add_worksheet("Biểu mẫu 01")
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, f"{found.round.title} – {found.unit.full_name}", bold)
    row = _general(sheet, found, wrap, bold)
    for column, name in enumerate(HEAD):
        sheet.write_string(row, column, name, bold)
    sheet.freeze_panes(row + 1, 0)
    group = ""
    for item in items:
        if item.group_code != group:
            group, row = item.group_code, row + 1
            sheet.write_string(row, 0, group, bold)
            sheet.write_string(row, 1, item.group_label, bold)
        row += 1
        _line(sheet, row, item, wrap, points)
    book.close()
    return buffer.getvalue()


def _general(sheet: Any, found: Assessment, wrap: Any, bold: Any) -> int:
    sheet.write_string(2, 0, "A. Thông tin chung", bold)
    facts = (
        ("Đơn vị", found.unit.full_name),
        ("Địa chỉ", found.address),
        ("Số cán bộ, công chức", found.officials),
        ("Số doanh nghiệp", found.enterprises),
        ("Số dân", found.inhabitants),
        ("Người liên hệ", ", ".join(part for part in (found.contact_name, found.contact_title) if part)),
        ("Điện thoại", found.contact_phone),
        ("Thư điện tử", found.contact_email),
    )
    for number, (name, value) in enumerate(facts, 3):
        sheet.write_string(number, 1, name, wrap)
        if isinstance(value, int):
            sheet.write_number(number, 2, value)
        else:
            sheet.write_string(number, 2, value or "")
    sheet.write_string(len(facts) + 4, 0, "B. Bảng tự đánh giá", bold)
    return len(facts) + 5


def _line(sheet: Any, row: int, item: Item, wrap: Any, points: Any) -> None:
    sheet.write_string(row, 0, item.code, wrap)
    sheet.write_string(row, 1, item.label, wrap)
    sheet.write_number(row, 2, float(item.max), points)
    sheet.write_string(row, 3, item.method, wrap)
    if item.self_points is not None:
        sheet.write_number(row, 4, float(item.self_points), points)
    sheet.write_string(row, 5, item.self_note, wrap)

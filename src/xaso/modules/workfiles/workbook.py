"""The list that goes with a transfer (mục lục hồ sơ nộp lưu) as a workbook."""

from __future__ import annotations

import io
from collections.abc import Sequence

import xlsxwriter

from xaso.kit import clock
from xaso.modules.workfiles.models import Transfer, WorkFile

HEAD = (
    "Số TT",
    "Số, ký hiệu hồ sơ",
    "Tiêu đề hồ sơ",
    "Từ ngày",
    "Đến ngày",
    "Thời hạn bảo quản",
    "Số tài liệu",
    "Ghi chú",
)
WIDTHS = (7, 20, 60, 12, 12, 18, 12, 24)


def transfer_list(transfer: Transfer, files: Sequence[WorkFile]) -> bytes:
    """One row a file, in the order of the headings."""
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("Mục lục")
        bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        sheet.write(0, 0, f"MỤC LỤC HỒ SƠ, TÀI LIỆU NỘP LƯU – {transfer}", bold)
        sheet.write(1, 0, transfer.unit.full_name)
        for column, (label, width) in enumerate(zip(HEAD, WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write(3, column, label, bold)
        for row, one in enumerate(files):
            for column, value in enumerate(_row(row + 1, one)):
                sheet.write(4 + row, column, value, wrap)
        sheet.write(5 + len(files), 0, f"Cộng: {len(files)} hồ sơ.")
    return kept.getvalue()


def _row(number: int, one: WorkFile) -> tuple[object, ...]:
    since = f"{clock.local(one.opened_at):%d/%m/%Y}"
    until = f"{clock.local(one.closed_at):%d/%m/%Y}" if one.closed_at else ""
    note = "Toàn bộ điện tử" if one.is_online else "Có bản giấy"
    return number, one.number, one.title, since, until, one.kept, one.papers, note

"""The registers of documents that came and went, printed by year as Phụ lục IV asks."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pypdf import PdfReader, PdfWriter

from xaso.modules.layouts.definitions import layout_on
from xaso.modules.layouts.press import Job, printed
from xaso.modules.layouts.printed import printable_words
from xaso.modules.papers.queries import FONTS_DIR

RegisterKind = Literal["incoming", "outgoing"]
PIECE = 500
"""Rows set at once: a year of a busy commune would otherwise want a gigabyte."""
TITLES: dict[RegisterKind, str] = {"incoming": "Sổ đăng ký văn bản đến", "outgoing": "Sổ đăng ký văn bản đi"}


@dataclass(frozen=True, slots=True)
class RegisterColumn:
    key: str
    label: str
    width: int


COLUMNS: dict[RegisterKind, tuple[RegisterColumn, ...]] = {
    "incoming": (
        RegisterColumn("arrived_on", "Ngày đến", 17),
        RegisterColumn("serial", "Số đến", 11),
        RegisterColumn("author", "Tác giả", 32),
        RegisterColumn("symbol", "Số, ký hiệu", 25),
        RegisterColumn("dated_on", "Ngày tháng văn bản", 17),
        RegisterColumn("title", "Tên loại và trích yếu nội dung văn bản", 70),
        RegisterColumn("receiver", "Đơn vị hoặc người nhận", 28),
        RegisterColumn("passed_on", "Ngày chuyển", 17),
        RegisterColumn("signed_for", "Ký nhận", 17),
        RegisterColumn("note", "Ghi chú", 22),
    ),
    "outgoing": (
        RegisterColumn("symbol", "Số, ký hiệu văn bản", 26),
        RegisterColumn("dated_on", "Ngày tháng văn bản", 17),
        RegisterColumn("title", "Tên loại và trích yếu nội dung văn bản", 70),
        RegisterColumn("signer", "Người ký", 26),
        RegisterColumn("recipients", "Nơi nhận văn bản", 36),
        RegisterColumn("kept_by", "Đơn vị, người nhận bản lưu", 24),
        RegisterColumn("copies", "Số lượng bản", 11),
        RegisterColumn("sent_on", "Ngày chuyển", 17),
        RegisterColumn("signed_for", "Ký nhận", 14),
        RegisterColumn("note", "Ghi chú", 20),
    ),
}


def register_pdf(kind: RegisterKind, rows: Sequence[Mapping[str, object]], unit: str, year: int) -> bytes:
    """The register as PDF. `rows`: keys of `COLUMNS[kind]`, in the order of printing; days as date; `unit`: its name.

    Slow for long years (about a second for 500 rows): never inside a transaction.
    """
    pieces = [rows[at : at + PIECE] for at in range(0, len(rows), PIECE)] or [[]]
    closing = f"Sổ gồm {len(rows)} văn bản." if rows else ""
    writer = PdfWriter()
    page = 1
    for at, piece in enumerate(pieces):
        told = {
            "title": TITLES[kind], "agency": unit, "year": str(year), "first_page": page,
            "columns": [{"label": one.label, "width": one.width} for one in COLUMNS[kind]],
            "rows": [[_cell(row.get(one.key)) for one in COLUMNS[kind]] for row in piece],
            "closing": closing if at == len(pieces) - 1 else "",
        }  # fmt: skip
        content, places = printed(_job(told, date(year, 12, 31)))
        if len(pieces) == 1:
            return content
        writer.append(PdfReader(io.BytesIO(content)))
        page += max(int(place["page"]) for place in places)
    whole = io.BytesIO()
    writer.write(whole)
    return whole.getvalue()


def _job(told: dict[str, object], day: date) -> Job:
    payload = json.dumps(printable_words(told), ensure_ascii=False, sort_keys=True)
    return Job(layout_on(None).folder / "register.typ", FONTS_DIR, payload, day)


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)

"""What an export says of each row: the columns of every table that has measures, and which of them name a person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from django.apps import apps

from xaso.kit import clock
from xaso.modules.reports.rules import plain_cell

Kind = Literal["text", "number", "day", "moment", "flag", "choice"]


@dataclass(frozen=True, slots=True)
class Column:
    """`path` as in a query. `is_personal`: only with the reader's reason, for who may see the dossier itself."""

    title: str
    path: str
    kind: Kind = "text"
    is_personal: bool = False


PLACE = (Column("Mã đơn vị", "unit__code"), Column("Đơn vị", "unit__name"))
COLUMNS: dict[str, tuple[Column, ...]] = {
    "dossiers.Dossier": (
        Column("Mã hồ sơ", "number"),
        *PLACE,
        Column("Mã thủ tục", "procedure__code"),
        Column("Thủ tục", "procedure__name"),
        Column("Tình trạng", "state", "choice"),
        Column("Hình thức nộp", "channel", "choice"),
        Column("Cách nộp", "filing", "choice"),
        Column("Ngày nộp", "submitted_at", "moment"),
        Column("Ngày tiếp nhận", "accepted_at", "moment"),
        Column("Hạn trả", "due_at", "moment"),
        Column("Ngày có kết quả", "finished_at", "moment"),
        Column("Ngày trả", "returned_at", "moment"),
        Column("Đúng hạn theo luật", "on_time_legal", "flag"),
        Column("Đúng hạn theo QĐ 766", "on_time_766", "flag"),
        Column("Phí", "payment_state", "choice"),
        Column("Người nộp", "applicant_name", is_personal=True),
        Column("Số định danh", "applicant_id", is_personal=True),
        Column("Điện thoại", "applicant_phone", is_personal=True),
        Column("Địa chỉ", "applicant_address", is_personal=True),
    ),
    "payments.Charge": (
        Column("Mã khoản thu", "reference"),
        *PLACE,
        Column("Phải nộp (đồng)", "total", "number"),
        Column("Đã nộp (đồng)", "paid", "number"),
        Column("Được miễn (đồng)", "waived", "number"),
        Column("Tình trạng", "state", "choice"),
        Column("Ngày nộp", "paid_at", "moment"),
        Column("Người nộp", "payer_name", is_personal=True),
    ),
    "payments.Payment": (
        Column("Mã khoản thu", "charge__reference"),
        Column("Mã đơn vị", "charge__unit__code"),
        Column("Đơn vị", "charge__unit__name"),
        Column("Ngày ghi sổ", "book_on", "day"),
        Column("Số tiền (đồng)", "amount", "number"),
        Column("Hình thức", "method", "choice"),
        Column("Người thu", "by_name"),
        Column("Người nộp", "charge__payer_name", is_personal=True),
    ),
    "incoming.Document": (
        Column("Số đến", "number", "number"),
        *PLACE,
        Column("Nơi gửi", "sender"),
        Column("Số", "doc_number"),
        Column("Ký hiệu", "symbol"),
        Column("Ngày văn bản", "dated_on", "day"),
        Column("Trích yếu", "subject"),
        Column("Đến lúc", "arrived_at", "moment"),
        Column("Vào sổ lúc", "registered_at", "moment"),
        Column("Vào sổ đúng hạn", "registered_on_time", "flag"),
        Column("Hạn xử lý", "due_at", "moment"),
        Column("Xong lúc", "ended_at", "moment"),
        Column("Đúng hạn", "on_time", "flag"),
        Column("Tình trạng", "state", "choice"),
    ),
    "outgoing.Document": (
        Column("Số", "number", "number"),
        Column("Ký hiệu", "symbol"),
        *PLACE,
        Column("Trích yếu", "subject"),
        Column("Phát hành lúc", "issued_at", "moment"),
        Column("Gửi trên mạng", "is_electronic", "flag"),
        Column("Tình trạng", "state", "choice"),
    ),
    "workfiles.WorkFile": (
        Column("Số", "number"),
        *PLACE,
        Column("Tên hồ sơ", "title"),
        Column("Đề mục", "heading_title"),
        Column("Lập lúc", "opened_at", "moment"),
        Column("Đóng lúc", "closed_at", "moment"),
        Column("Toàn bộ trên mạng", "is_online", "flag"),
        Column("Tình trạng", "state", "choice"),
    ),
    "signing.Certificate": (
        *PLACE,
        Column("Loại", "holder_kind", "choice"),
        Column("Phương tiện", "means", "choice"),
        Column("Từ ngày", "valid_from", "moment"),
        Column("Đến ngày", "valid_to", "moment"),
        Column("Tình trạng", "state", "choice"),
        Column("Người giữ", "holder_name", is_personal=True),
        Column("Mã số", "holder_code", is_personal=True),
    ),
    "units.Unit": (
        Column("Mã", "code"),
        Column("Tên", "name"),
        Column("Loại", "kind", "choice"),
        Column("Thuộc", "parent__name"),
        Column("Từ ngày", "valid_from", "day"),
        Column("Đến ngày", "valid_to", "day"),
    ),
    "accounts.Post": (
        *PLACE,
        Column("Vai trò", "role"),
        Column("Chức danh", "title"),
        Column("Từ ngày", "valid_from", "day"),
        Column("Đến ngày", "valid_to", "day"),
        Column("Họ tên", "account__person__full_name", is_personal=True),
    ),
}
UNKNOWN = (Column("Khoá", "pk", "number"),)


def columns_of(model: str, *, is_personal: bool) -> tuple[Column, ...]:
    """Columns of a table by its label, without those that name a person unless asked for."""
    return tuple(one for one in COLUMNS.get(model, UNKNOWN) if is_personal or not one.is_personal)


def has_personal(model: str) -> bool:
    return any(one.is_personal for one in COLUMNS.get(model, UNKNOWN))


def writer_of(model: str, columns: Sequence[Column]) -> Callable[[Sequence[Any]], list[str]]:
    """Turns one row of values into the words of its cells."""
    makers = [_maker(model, one) for one in columns]
    return lambda values: [make(value) for make, value in zip(makers, values, strict=True)]


def _maker(model: str, column: Column) -> Callable[[Any], str]:
    if column.kind == "choice":
        titles: dict[Any, str] = dict(apps.get_model(model)._meta.get_field(column.path).flatchoices)
        return lambda value: str(titles.get(value, "" if value is None else value))
    return _MAKERS[column.kind]


def _text(value: Any) -> str:
    return "" if value is None else plain_cell(str(value))


def _number(value: Any) -> str:
    return "" if value is None else str(value)


def _day(value: date | None) -> str:
    return "" if value is None else f"{value.day:02d}/{value.month:02d}/{value.year}"


def _moment(value: datetime | None) -> str:
    """Without strftime, which would take half of the time of an export."""
    if value is None:
        return ""
    local = clock.local(value)
    return f"{_day(local)} {local.hour:02d}:{local.minute:02d}"


def _flag(value: bool | None) -> str:
    return "" if value is None else "có" if value else "không"


_MAKERS: dict[str, Callable[[Any], str]] = {
    "text": _text,
    "number": _number,
    "day": _day,
    "moment": _moment,
    "flag": _flag,
}

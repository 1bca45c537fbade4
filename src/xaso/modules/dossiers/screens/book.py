"""Sổ theo dõi hồ sơ (Mẫu 07): a year of a unit, in order, to read, to print by months and to take away as a sheet."""

from __future__ import annotations

import tempfile
from datetime import datetime
from typing import IO, Any

import xlsxwriter
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_POST

from xaso.core.access import Actor, require
from xaso.core.accounts.queries import own_unit
from xaso.core.audit.actions import record_reading
from xaso.core.screens import Answer, declare, screen
from xaso.core.units.models import Unit
from xaso.core.units.queries import unit_by_code
from xaso.kit import clock, subject
from xaso.kit.errors import Missing, Refused
from xaso.modules.dossiers import queries
from xaso.modules.dossiers.actions.book import print_book

PERMISSION = "dossiers.book"
FIRST_YEAR = 2015
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NO_UNIT = "Không có sổ theo dõi của đơn vị này, hoặc bạn không được xem. Hãy kiểm tra lại mã đơn vị."
BAD_MONTH = "Hãy chọn tháng từ 1 đến 12."
COLUMNS = (
    ("STT", 6), ("Mã hồ sơ", 32), ("Tên thủ tục", 50), ("Số bộ", 8), ("Người nộp", 28), ("Địa chỉ, điện thoại", 42),
    ("Cơ quan chủ trì", 26), ("Ngày nhận", 18), ("Ngày hẹn trả", 18), ("Ngày trả", 18), ("Phương thức nhận", 26),
    ("Ghi chú", 24),
)  # fmt: skip


def _unit(by: Actor, code: str) -> Unit:
    """The unit whose book is asked for: the reader's own, or one below it by its code."""
    if code:
        unit = unit_by_code(code[:20], clock.today())
        if not by.may(PERMISSION, on=unit):
            raise Missing(NO_UNIT)
        return unit
    return own_unit(by, PERMISSION)


def _year(request: HttpRequest) -> int:
    asked, now = request.GET.get("year", ""), clock.today().year
    return int(asked) if asked.isdecimal() and FIRST_YEAR <= int(asked[:4]) <= now and len(asked) == 4 else now


@screen("dossiers/desk/book.html", permission=PERMISSION)
def book(request: HttpRequest) -> Answer:
    code = request.GET.get("unit", "")
    unit, year = _unit(request.actor, code), _year(request)
    record_reading(request.actor, subject.ref(unit), unit.path, request.path)
    this_year = clock.today().year
    return {
        "unit": unit,
        "code": code,
        "year": year,
        "years": range(this_year, max(FIRST_YEAR, this_year - 10) - 1, -1),
        "months": range(1, (clock.today().month if year == this_year else 12) + 1),
        "page": queries.book_page(unit.path, year, request.GET.get("after", "")),
        "may_print": request.actor.may("dossiers.print_book", on=unit),
    }


@declare(PERMISSION)
def book_xlsx(request: HttpRequest) -> FileResponse:
    """The whole year, written row by row to a temporary file so that a large year needs little memory."""
    unit, year = _unit(request.actor, request.GET.get("unit", "")), _year(request)
    require(request.actor, PERMISSION, unit)
    record_reading(request.actor, subject.ref(unit), unit.path, request.path)
    kept = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it after the last byte
    write_book(kept, unit, year)
    kept.seek(0)
    name = f"so-theo-doi-{unit.code}-{year}.xlsx"
    return FileResponse(kept, as_attachment=True, filename=name, content_type=XLSX)


def write_book(target: IO[bytes], unit: Unit, year: int) -> None:
    # What residents typed must stay text: nothing in a cell may become a formula or a link.
    workbook = xlsxwriter.Workbook(target, {"constant_memory": True, "strings_to_formulas": False})
    bold = workbook.add_format({"bold": True, "text_wrap": True, "border": 1})
    moment = workbook.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    sheet = workbook.add_worksheet(str(year))
    for column, (_, width) in enumerate(COLUMNS):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, f"SỔ THEO DÕI HỒ SƠ NĂM {year} – {unit.full_name}", bold)
    for column, (title, _) in enumerate(COLUMNS):
        sheet.write_string(1, column, title, bold)
    sheet.freeze_panes(2, 2)
    for line, entry in enumerate(queries.book_of_year(unit.path, year), start=2):
        for column, value in enumerate(_cells(entry)):
            _write(sheet, line, column, value, moment)
    workbook.close()


def _cells(entry: queries.BookRow) -> tuple[Any, ...]:
    one = entry.dossier
    return (
        entry.entry, one.number, one.procedure.name, 1, one.applicant_name, entry.contact, entry.agency,
        one.accepted_at, one.due_at, one.returned_at, one.get_result_by_display(), entry.note,
    )  # fmt: skip


def _write(sheet: Any, line: int, column: int, value: Any, moment: Any) -> None:
    if isinstance(value, datetime):
        sheet.write_datetime(line, column, clock.local(value).replace(tzinfo=None), moment)
    elif isinstance(value, int):
        sheet.write_number(line, column, value)
    elif value:
        sheet.write_string(line, column, value)


@require_POST
@declare("dossiers.print_book")
def book_month(request: HttpRequest) -> HttpResponse:
    unit, month = _unit(request.actor, request.POST.get("unit", "")), request.POST.get("month", "")
    year = request.POST.get("year", "")
    if not (month.isdecimal() and 1 <= int(month[:2]) <= 12 and year.isdecimal() and int(year[:4]) >= FIRST_YEAR):
        raise Refused(BAD_MONTH)
    paper = print_book(request.actor, unit, year=int(year[:4]), month=int(month[:2]))
    return redirect("desk-papers:download", uuid=paper.uuid)


urlpatterns = [
    path("book/", book, name="book"),
    path("book/book.xlsx", book_xlsx, name="book_xlsx"),
    path("book/month/", book_month, name="book_month"),
]

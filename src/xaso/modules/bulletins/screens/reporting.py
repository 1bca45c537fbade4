"""What really happened to a bulletin, and the list of who was not reached as a page and as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from uuid import UUID

import xlsxwriter
from django.http import FileResponse, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.urls import path
from django.views.decorators.http import require_POST

from xaso.core.audit.actions import record_reading
from xaso.core.screens import Answer, declare, screen
from xaso.kit.errors import Refused
from xaso.modules.bulletins.actions import reaching
from xaso.modules.bulletins.models import Bulletin
from xaso.modules.bulletins.queries import listing, reports
from xaso.modules.bulletins.rules import states
from xaso.modules.bulletins.screens.finding import to_page

PERMISSION = "bulletins.view_reach"
HEAD = ("Tên", "Số điện thoại", "Nơi ở", "Chưa nhận được vì")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NOT_OUT = "Bản tin này chưa gửi nên chưa có kết quả."


@screen("bulletins/desk/report.html", permission=PERMISSION, logs_reading=True)
def report(request: HttpRequest, key: UUID) -> Answer:
    bulletin = listing.bulletin_for(request.actor, key, PERMISSION)
    _need_out(bulletin)
    page = reports.not_reached(bulletin, request.GET.get("after", ""))
    return {
        "subject": bulletin,
        "bulletin": bulletin,
        "reach": reports.reach(bulletin),
        "rows": [{"row": row, "phone": reports.phone_of(row), "reasons": reports.reasons_of(row)} for row in page.rows],
        "after": page.after,
        "silent": reports.silent(bulletin) if "speakers" in bulletin.channels else [],
        "may_count": request.actor.may("bulletins.count_missed", on=bulletin),
    }


def _need_out(bulletin: Bulletin) -> None:
    if bulletin.state in states.WRITABLE:
        raise Refused(NOT_OUT)


@require_POST
@declare("bulletins.count_missed")
def count(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Now, without waiting for the next round."""
    bulletin = listing.bulletin_for(request.actor, key, "bulletins.count_missed")
    reaching.count_missed(request.actor, bulletin)
    response = to_page(request, bulletin, "Đã tính lại.")
    response.headers["Location"] = f"{bulletin.get_absolute_url()}ket-qua/"
    return response


def _lines(bulletin: Bulletin) -> Iterator[tuple[str, ...]]:
    for row in reports.every_missed(bulletin):
        why = "; ".join(f"{channel}: {sentence}" for channel, sentence in reports.reasons_of(row))
        yield _plain(row.name), reports.phone_of(row), row.place, _plain(why)


def _plain(text: str) -> str:
    """A cell that a spreadsheet would take for a formula is text."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@"} else text


@declare(PERMISSION)
def export(request: HttpRequest, key: UUID, kind: str) -> HttpResponseBase:
    """The whole list. Who took it away is on record."""
    bulletin = listing.bulletin_for(request.actor, key, PERMISSION)
    _need_out(bulletin)
    record_reading(request.actor, bulletin.ref, bulletin.unit_path, request.path)
    return _as_csv(bulletin) if kind == "csv" else _as_xlsx(bulletin)


class _Line:
    """`csv` writes to it and gets the line back."""

    def write(self, text: str) -> str:
        return text


def _as_csv(bulletin: Bulletin) -> HttpResponseBase:
    writer = csv.writer(_Line())
    lines = (writer.writerow(line) for line in (HEAD, *_lines(bulletin)))
    response = StreamingHttpResponse(_with_mark(lines), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="chua-nhan-duoc.csv"'
    return response


def _with_mark(lines: Iterator[str]) -> Iterator[str]:
    """Spreadsheets take a file for UTF-8 by its mark."""
    yield "\ufeff"
    yield from lines


def _as_xlsx(bulletin: Bulletin) -> HttpResponseBase:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("Chưa nhận được")
    sheet.write_row(0, 0, HEAD, book.add_format({"bold": True}))
    for number, line in enumerate(_lines(bulletin), start=1):
        sheet.write_row(number, 0, line)
    sheet.set_column(0, 2, 24)
    sheet.set_column(3, 3, 70)
    book.close()
    made.seek(0)
    return FileResponse(made, as_attachment=True, filename="chua-nhan-duoc.xlsx", content_type=XLSX)


urlpatterns = [
    path("<uuid:key>/ket-qua/", report, name="report"),
    path("<uuid:key>/ket-qua/tinh-lai/", count, name="count"),
    path("<uuid:key>/ket-qua/tai/<str:kind>/", export, name="export"),
]

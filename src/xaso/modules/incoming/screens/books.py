"""The book of the year, and the backlog that is to reach zero."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path

from xaso.core.access import Actor
from xaso.core.accounts.queries import own_unit
from xaso.core.audit.actions import record_reading
from xaso.core.files.queries import files_of
from xaso.core.files.stores import store
from xaso.core.screens import Answer, declare, screen
from xaso.core.units.models import Unit
from xaso.core.units.queries import unit as unit_of
from xaso.core.units.queries import unit_by_code
from xaso.kit import clock, subject
from xaso.kit.errors import Missing, Refused
from xaso.modules.incoming import rules
from xaso.modules.incoming.forms import kinds
from xaso.modules.incoming.models import Document
from xaso.modules.incoming.queries.backlog import backlog as backlog_of
from xaso.modules.incoming.queries.backlog import backlog_by_unit, is_tree, trend
from xaso.modules.incoming.queries.books import book_page, books_for, parts_in, printed_rows
from xaso.modules.incoming.queries.documents import found, parts_of
from xaso.modules.layouts import queries as layouts
from xaso.ui.charts import Point, line_chart

PERMISSION = "incoming.book"
PDF = "application/pdf"
AGE_LABELS = tuple(label for _, label in rules.AGES)
MOST_STAMPED = 30 * 1024 * 1024
FIRST_YEAR = 2015
NO_UNIT = "Không có sổ văn bản đến của đơn vị này, hoặc bạn không được xem. Hãy kiểm tra lại mã đơn vị."


def unit_asked(by: Actor, code: str, permission: str = PERMISSION) -> Unit:
    """The unit whose book is asked for: the reader's own, or one below it by its code. Raises Missing, Refused."""
    if code:
        unit = unit_by_code(code[:20], clock.today())
        if not by.may(permission, on=unit):
            raise Missing(NO_UNIT)
        return unit
    return own_unit(by, permission)


def year_asked(request: HttpRequest) -> int:
    asked, now = request.GET.get("nam", ""), clock.today().year
    return int(asked) if len(asked) == 4 and asked.isdecimal() and FIRST_YEAR <= int(asked) <= now else now


@screen("incoming/desk/book.html", permission=PERMISSION)
def book(request: HttpRequest) -> Answer:
    """A year of a book, the newest number first."""
    by = request.actor
    code = request.GET.get("don-vi", "")
    unit, year = unit_asked(by, code), year_asked(request)
    books = books_for(by)
    chosen = next((one for one in books if one.code == request.GET.get("so", "")), books[0])
    record_reading(by, subject.ref(unit), unit.path, request.path)
    page = book_page(unit.path, chosen.code, year, request.GET.get("after", ""))
    parts = parts_in(page.rows)
    this_year = clock.today().year
    return {
        "unit": unit,
        "code": code,
        "year": year,
        "years": range(this_year, max(FIRST_YEAR, this_year - 10) - 1, -1),
        "books": books,
        "book": chosen,
        "rows": [{"document": one, "whom": _whom(parts[one.pk])} for one in page.rows],
        "after": page.after,
        "months": range(1, (clock.today().month if year == this_year else 12) + 1),
        "keep": f"nam={year}&so={chosen.code}" + (f"&don-vi={unit.code}" if code else ""),
    }


def _whom(parts: list[Any]) -> str:
    return ", ".join(dict.fromkeys(part.name for part in parts))


@screen("incoming/desk/backlog.html", permission=PERMISSION)
def backlog(request: HttpRequest) -> Answer:
    """Who has what open, how old it is, and how near zero is."""
    by = request.actor
    code = request.GET.get("don-vi", "")
    if not code and is_tree(by):
        return {"units": _by_unit(by), "head": _head("Đơn vị", "Chưa xong"), "ages": AGE_LABELS}
    unit = unit_asked(by, code)
    days = trend(unit.path)
    return {
        "unit": unit,
        "is_own": unit.path == by.unit_path,
        "backlog": backlog_of(unit),
        "head": _head("Người, bộ phận", "Chờ", "Đang làm"),
        "ages": AGE_LABELS,
        "chart": line_chart("Chưa xong vào cuối mỗi ngày", {"Văn bản": [_point(*one) for one in days]}),
    }


def _head(first: str, *counts: str) -> list[Any]:
    numbers = [{"label": label, "num": True} for label in (*counts, "Quá hạn", *AGE_LABELS)]
    return [first, *numbers, "Cũ nhất từ"]


def _point(day: date, count: int) -> Point:
    return Point(f"{day:%d/%m/%Y}", count, str(count), f"{day:%d/%m}")


def cockpit_part(request: HttpRequest) -> dict[str, Any] | None:
    """For the leader's first page: what is not done in the own unit. Two statements at most."""
    by = request.actor
    unit_id = next((grant.unit_id for _, grant in by.scopes_of(PERMISSION) if grant.unit_id), None)
    if unit_id is None or is_tree(by):
        return None
    unit = unit_of(unit_id)
    return {"template": "incoming/parts/cockpit.html", "unit": unit, "backlog": backlog_of(unit)}


@declare(PERMISSION)
def print_book(request: HttpRequest) -> HttpResponse:
    """A year of a book, or one month of it, as the printed register."""
    by = request.actor
    unit, year = unit_asked(by, request.GET.get("don-vi", "")), year_asked(request)
    books = books_for(by)
    chosen = next((one for one in books if one.code == request.GET.get("so", "")), books[0])
    typed = request.GET.get("thang", "")
    month = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= 2 and 1 <= int(typed) <= 12 else None
    record_reading(by, subject.ref(unit), unit.path, request.path)
    documents = printed_rows(unit.path, chosen.code, year, month)
    parts = parts_in(documents)
    rows = [register_row(one, _whom(parts[one.pk])) for one in documents]
    name = f"{chosen.code}-{unit.code}-{year}" + (f"-{month:02d}" if month else "")
    return _pdf(layouts.register_pdf("incoming", rows, unit.full_name, year), f"so-van-ban-den-{name}.pdf")


def register_row(document: Document, whom: str) -> dict[str, Any]:
    """A line of the printed register. Of a secret document only its level is told."""
    kind = kinds().get(document.kind, "")
    about = document.get_secrecy_display() if document.is_secret else f"{kind} {document.subject}".strip()
    notes = [document.get_urgency_display() if document.urgency else ""]
    notes.append("Nơi gửi thu hồi" if document.state == rules.State.RECALLED else "")
    return {
        "arrived_on": clock.local(document.registered_at or document.arrived_at).date(),
        "serial": f"{document.number:02d}",
        "author": document.issuer,
        "symbol": document.signed_as,
        "dated_on": document.dated_on,
        "title": about,
        "receiver": whom,
        "passed_on": clock.local(document.remarked_at).date() if document.remarked_at else None,
        "note": "; ".join(one for one in notes if one),
    }


@declare("incoming.view")
def stamp(request: HttpRequest, key: UUID) -> HttpResponse:
    """Dấu ĐẾN on a copy of the scan; on a slip of its own when the file is signed, or there is none."""
    document = found(request.actor, key)
    if document.number is None or document.registered_at is None:
        raise Refused("Văn bản chưa vào sổ nên chưa có dấu đến.")
    day = clock.local(document.registered_at).date()
    arrival = layouts.Arrival(
        document.unit.full_name, f"{document.number:02d}", day, _whom(parts_of(document))[:80]
    )  # fmt: skip
    name = f"dau-den-{document.number:02d}-{document.year}.pdf"
    scan = next((one for one in files_of(document.ref) if one.media_type == PDF and not one.is_signed), None)
    if scan is None or scan.size > MOST_STAMPED or request.GET.get("phieu"):
        about = document.signed_as if document.is_secret else f"{document.signed_as} {document.subject}".strip()
        return _pdf(layouts.arrival_slip(arrival, document=about, sender=document.issuer), name)
    record_reading(request.actor, subject.ref(scan), scan.unit_path, request.path)
    with store().open(scan.blob_id) as content:
        return _pdf(layouts.stamped(content.read(), arrival), name)


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=PDF)
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _by_unit(by: Actor) -> list[dict[str, Any]]:
    rows = backlog_by_unit(by)
    names = {one.path: one for one in Unit.objects.filter(path__in=[path for path, _ in rows]).order_by("valid_from")}
    return [{"unit": names.get(path), "held": held} for path, held in rows]


urlpatterns = [
    path("so/", book, name="book"),
    path("so/in/", print_book, name="print_book"),
    path("<uuid:key>/dau-den/", stamp, name="stamp"),
    path("ton-dong/", backlog, name="backlog"),
]

"""For leaders: what is late and who has it, and the monthly sheet as a page and as CSV."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.http import urlencode

from xaso.core.access import Actor
from xaso.core.accounts.queries import own_unit
from xaso.core.audit.actions import record_reading
from xaso.core.screens import Answer, declare, screen
from xaso.core.units.models import Unit
from xaso.core.units.queries import unit_by_code
from xaso.kit import clock, subject
from xaso.kit.errors import Missing
from xaso.modules.feedback.definitions import desk
from xaso.modules.feedback.queries.figures import HEAD, Line, added, board, month_sheet, overdue

PERMISSION = "feedback.book"
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@screen("feedback/desk/overdue.html", permission=PERMISSION)
def late(request: HttpRequest) -> Answer:
    """The board, and what is late one by one."""
    page = overdue(request.actor, request.GET.get("after", ""))
    limits = desk().clock_on(clock.today())
    return {
        "board": board(request.actor),
        "page": page,
        "now": clock.now(),
        "limits": limits,
        "is_tree": is_tree(request.actor),
    }


def is_tree(by: Actor) -> bool:
    return any(scope in {"tree", "all"} for scope, _ in by.scopes_of(PERMISSION))


def _asked(request: HttpRequest) -> tuple[Unit, int, int]:
    """The unit and the month of the address; the own unit and this month where nothing, or nonsense, is asked."""
    by, code = request.actor, request.GET.get("don-vi", "")
    unit = own_unit(by, PERMISSION)
    if code and is_tree(by):
        found = unit_by_code(code[:20], clock.today())
        if not by.may(PERMISSION, on=found):
            raise Missing("Không có đơn vị này trong địa bàn của bạn.")
        unit = found
    year, _, month = request.GET.get("thang", "").partition("-")
    if year.isdecimal() and month.isdecimal() and len(year) == 4 and len(month) <= 2 and 1 <= int(month) <= 12:
        return unit, int(year), int(month)
    return unit, clock.today().year, clock.today().month


@screen("feedback/desk/month.html", permission=PERMISSION)
def month(request: HttpRequest) -> Answer:
    unit, year, number = _asked(request)
    categories, villages = month_sheet(request.actor, unit, year, number)
    before, after = _around(year, number)
    kept = {"don-vi": request.GET["don-vi"]} if "don-vi" in request.GET else {}

    def address(when: tuple[int, int]) -> str:
        return "?" + urlencode(kept | {"thang": f"{when[0]}-{when[1]:02d}"})

    return {
        "unit": unit, "year": year, "month": number, "before": address(before),
        "after": address(after) if after <= (clock.today().year, clock.today().month) else "",
        "sheets": [_sheet("Loại việc", categories), _sheet("Thôn, tổ dân phố", villages)] if categories else [],
        "csv": address((year, number)), "limits": desk().clock_on(clock.today()),
    }  # fmt: skip


def _sheet(title: str, lines: list[Line]) -> dict[str, Any]:
    """A table as the page draws it: each cell knows its column, for the cards of a phone."""
    rows = [(line.label, list(zip(HEAD, line.numbers, strict=True))) for line in [*lines, added(lines)]]
    return {
        "title": f"Theo {title.lower()}",
        "head": [title, *({"label": one, "num": True} for one in HEAD)],
        "rows": rows,
    }


def _around(year: int, number: int) -> tuple[tuple[int, int], tuple[int, int]]:
    before = (year - 1, 12) if number == 1 else (year, number - 1)
    return before, ((year + 1, 1) if number == 12 else (year, number + 1))


@declare(PERMISSION)
def month_csv(request: HttpRequest) -> HttpResponse:
    """The same numbers for a spreadsheet."""
    unit, year, number = _asked(request)
    record_reading(request.actor, subject.ref(unit), unit.path, request.path)
    categories, villages = month_sheet(request.actor, unit, year, number)
    written = io.StringIO()
    sheet = csv.writer(written)
    sheet.writerow([f"Phản ánh, kiến nghị tháng {number:02d}/{year}", str(unit)])
    for title, lines in (("Loại việc", categories), ("Thôn, tổ dân phố", villages)):
        sheet.writerow([title, *HEAD])
        for line in [*lines, added(lines)]:
            sheet.writerow([plain_cell(line.label), *line.numbers])
    name = f"phan-anh-{unit.code}-{year}-{number:02d}.csv"
    response = HttpResponse("\ufeff" + written.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def plain_cell(text: str) -> str:
    """A name that a spreadsheet would take for a formula stays a name."""
    return f"'{text}" if text.startswith(FORMULA) else text


def cockpit_part(request: HttpRequest) -> dict[str, Any] | None:
    """For the leader's first page."""
    by = request.actor
    if not by.may(PERMISSION):
        return None
    return {"template": "feedback/parts/cockpit.html", "board": board(by)}


urlpatterns = [
    path("qua-han/", late, name="overdue"),
    path("thang/", month, name="month"),
    path("thang.csv", month_csv, name="month_csv"),
]

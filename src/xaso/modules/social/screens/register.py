"""Pages of the register: what there is, whether it still lives, and the list to take away."""

from __future__ import annotations

import csv
import io
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from xaso.core.accounts.queries import own_unit
from xaso.core.forms import refusals_on
from xaso.core.paging import page as paged
from xaso.core.screens import Answer, declare, screen, told
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.modules.social import queries
from xaso.modules.social.actions import register
from xaso.modules.social.actions.register import Entry
from xaso.modules.social.forms import CheckForm, PageFilter, PageForm
from xaso.modules.social.models import Page

MOST_ROWS = 20_000
HEAD = (
    "Đơn vị", "Loại", "Tên", "Địa chỉ", "Người phụ trách", "Điện thoại", "Thành viên", "Đếm ngày", "Hoạt động từ",
    "Kiểm tra ngày", "Còn hoạt động", "Đóng ngày",
)  # fmt: skip
ENTRY = ("kind", "name", "address", "run_by", "run_by_phone", "members", "since_on", "page_key")


@screen("social/desk/pages.html", permission="social.view")
def pages(request: HttpRequest) -> Answer:
    form = PageFilter(request.GET or None)
    chosen = form.cleaned_data if form.is_valid() else {}
    found, after = paged(request, queries.pages(request.actor, **chosen))
    counted = queries.counts(request.actor)
    return {
        "form": form, "rows": found, "next": after, "filtered": any(chosen.values()),
        "counts": [(label, counted[kind]) for kind, label in Page.Kind.choices if kind in counted],
        "total": sum(counted.values()), "may_add": request.actor.may("social.add_page"),
        "query": request.GET.urlencode(), "due_before": clock.today() - queries.CHECK_EVERY,
    }  # fmt: skip


@declare("social.view")
def export(request: HttpRequest) -> HttpResponseBase:
    """The list as it is filtered, as CSV that spreadsheet programs open with its letters right."""
    form = PageFilter(request.GET or None)
    chosen = form.cleaned_data if form.is_valid() else {}
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(HEAD)
    for row in queries.pages(request.actor, **chosen).order_by("unit_path", "kind", "id")[:MOST_ROWS].iterator():
        writer.writerow([_plain(value) for value in _line(row)])
    answer = HttpResponse("\ufeff" + written.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="kenh-thong-tin-{clock.today():%Y%m%d}.csv"'
    return answer


def _line(row: Page) -> list[Any]:
    days = [f"{day:%d/%m/%Y}" if day else "" for day in (row.members_on, row.since_on, row.checked_on, row.closed_on)]
    members = "" if row.members is None else str(row.members)
    lives = "có" if row.is_active and not row.closed_on else "không"
    return [
        str(row.unit), row.get_kind_display(), row.name, row.address, row.run_by, row.run_by_phone, members, days[0],
        days[1], days[2], lives, days[3],
    ]  # fmt: skip


def _plain(value: str) -> str:
    """A cell that begins like a formula is text, not a formula."""
    return f"'{value}" if value[:1] in {"=", "+", "-", "@", "\t"} else value


@screen("social/desk/page_form.html", permission="social.add_page")
def add_page(request: HttpRequest) -> Answer:
    units = queries.units_seen(request.actor)
    form = PageForm(request.POST or None, units=units)
    if form.is_valid():
        unit = next(one for one in units if one.pk == form.cleaned_data["unit"])
        with refusals_on(form):
            made = register.add_page(request.actor, unit, entry=_entry(form))
            told(request, f"Đã ghi {made}.")
            return redirect(made)
    return {"form": form}


@screen("social/desk/page_form.html", permission="social.amend_page")
def amend_page(request: HttpRequest, key: UUID) -> Answer:
    found = queries.page_for(request.actor, key, "social.amend_page")
    form = PageForm(request.POST or None, units=[found.unit], page=found)
    if form.is_valid():
        with refusals_on(form):
            register.amend_page(request.actor, found, entry=_entry(form))
            told(request, "Đã sửa.")
            return redirect(found)
    return {"form": form, "page": found}


def _entry(form: PageForm) -> Entry:
    return Entry(**{name: form.cleaned_data[name] for name in ENTRY})


@screen("social/desk/page.html", permission="social.view")
def page(request: HttpRequest, key: UUID) -> Answer:
    found = queries.page_for(request.actor, key)
    posts = queries.posts(request.actor, page=found).order_by("-pk")[:10]
    may = request.actor.may
    return {
        "page": found, "posts": posts, "connected": queries.is_connected(found), "check_form": CheckForm(),
        "is_due": found.checked_on is None or found.checked_on < clock.today() - queries.CHECK_EVERY,
        "may_amend": found.closed_on is None and may("social.amend_page", on=found),
        "may_check": found.closed_on is None and may("social.check_page", on=found),
        "may_close": found.closed_on is None and may("social.close_page", on=found),
    }  # fmt: skip


@require_POST
@declare("social.check_page")
def check(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Somebody opened it and says whether it lives."""
    found = queries.page_for(request.actor, key, "social.check_page")
    form = CheckForm(request.POST)
    if not form.is_valid():
        raise Refused("Số thành viên phải là số. Hãy quay lại và ghi lại.")
    lives = request.POST.get("lives") == "1"
    register.check_page(request.actor, found, is_active=lives, members=form.cleaned_data["members"])
    told(request, "Đã ghi: kênh còn hoạt động." if lives else "Đã ghi: kênh không còn hoạt động.")
    return redirect(found)


@require_POST
@declare("social.close_page")
def close(request: HttpRequest, key: UUID) -> HttpResponseBase:
    found = register.close_page(request.actor, queries.page_for(request.actor, key, "social.close_page"))
    told(request, f"Đã đóng {found}. Kênh vẫn còn trong danh bạ.")
    return redirect("desk-social:pages")


@screen("social/desk/villages.html", permission="social.view")
def villages(request: HttpRequest) -> Answer:
    """Who has no page or group of its own."""
    unit = own_unit(request.actor)
    without = queries.villages_without(unit.path)
    here = Unit.objects.on(clock.today()).under(unit.path)
    count = here.filter(kind__in=[Unit.Kind.VILLAGE, Unit.Kind.QUARTER]).count()
    return {"rows": without, "count": count, "with_one": count - len(without), "most": queries.AT_ONCE}

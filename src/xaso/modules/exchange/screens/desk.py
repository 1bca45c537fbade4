"""The clerk's pages: what went and came, whom we know, and whether the connections work."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_POST

from xaso.core.accounts.queries import own_unit
from xaso.core.paging import page
from xaso.core.screens import Answer, declare, screen, told, warned
from xaso.core.units.models import Unit
from xaso.kit.errors import Missing, Refused
from xaso.kit.subject import resolve
from xaso.modules.exchange import queries
from xaso.modules.exchange.actions import organisations as register
from xaso.modules.exchange.actions import sending
from xaso.modules.exchange.carrying import ask_axis, ask_mailbox
from xaso.modules.exchange.forms import OrganisationFilter, OrganisationForm, ParcelFilter
from xaso.modules.exchange.models import Parcel
from xaso.modules.exchange.providers import NOT_BUILT, AxisFailed
from xaso.modules.exchange.providers.accounts import axis_of
from xaso.modules.exchange.providers.mailbox import mailbox

NO_ACCOUNT = "Đơn vị chưa có tài khoản trên trục. Nhờ người quản trị hệ thống cấu hình kết nối."
NEXT = {
    "queued": "Hệ thống tự gửi, không phải làm gì.",
    "sent": "Theo dõi nơi nhận ở trang văn bản.",
    "failed": "Sửa nguyên nhân rồi bấm gửi lại.",
    "received": "Mở văn bản để đăng ký vào sổ.",
    "refused": "Gọi nơi gửi theo hướng dẫn bên dưới; gói gốc vẫn được giữ.",
    "withdrawn": "Văn bản đã thu hồi nên không gửi nữa.",
}


@screen("exchange/desk/parcels.html", permission="exchange.view")
def parcels(request: HttpRequest) -> Answer:
    form = ParcelFilter(request.GET or None)
    chosen = form.cleaned_data if form.is_valid() else {}
    rows = queries.parcels(request.actor, chosen.get("direction", ""), chosen.get("state", ""))
    found, after = page(request, rows)
    return {"form": form, "rows": found, "next": after, "filtered": any(chosen.values())}


@screen("exchange/desk/parcel.html", permission="exchange.view", logs_reading=True)
def parcel(request: HttpRequest, key: UUID) -> Answer:
    found = queries.parcel_for(request.actor, key)
    return {
        "subject": found,
        "parcel": found,
        "statuses": queries.statuses_of(found),
        "todo": NEXT[found.state],
        "document_url": _document_url(found),
        "may_retry": found.is_out
        and found.state in {"failed", "queued"}
        and request.actor.may("exchange.retry", on=found),
    }


def _document_url(parcel: Parcel) -> str:
    if not parcel.document_ref:
        return ""
    try:
        return resolve(parcel.document_ref).get_absolute_url()
    except Missing:
        return ""


@require_POST
@declare("exchange.retry")
def retry(request: HttpRequest, key: UUID) -> HttpResponseBase:
    found = sending.retry(request.actor, queries.parcel_for(request.actor, key, "exchange.retry"))
    told(request, "Đang gửi lại.")
    return redirect(found)


@screen("exchange/desk/organisations.html", permission="exchange.view")
def organisations(request: HttpRequest) -> Answer:
    form = OrganisationFilter(request.GET or None)
    chosen = form.cleaned_data if form.is_valid() else {}
    rows = queries.organisations(chosen.get("words", ""), bool(chosen.get("unknown")))
    found, after = page(request, rows)
    return {"form": form, "rows": found, "next": after, "filtered": any(chosen.values())}


@screen("exchange/desk/organisation_form.html", permission="exchange.add_organisation")
def add_organisation(request: HttpRequest) -> Answer:
    form = OrganisationForm(request.POST or None)
    if form.is_valid():
        made = register.add_organisation(request.actor, own_unit(request.actor), **form.cleaned_data)
        told(request, f"Đã thêm {made.name}.")
        return redirect("desk-exchange:organisations")
    return {"form": form}


@require_POST
@declare("exchange.set_active")
def set_active(request: HttpRequest, key: UUID) -> HttpResponseBase:
    is_active = request.POST.get("active") == "1"
    found = register.set_active(
        request.actor, own_unit(request.actor), organisation=queries.organisation(key), is_active=is_active
    )
    told(request, f"{found.name}: {'đã xác nhận, gửi được' if is_active else 'đã ngừng, không gửi nữa'}.")
    return redirect("desk-exchange:organisations")


@require_POST
@declare("exchange.sync_organisations")
def sync(request: HttpRequest) -> HttpResponseBase:
    unit = own_unit(request.actor)
    axis = axis_of(unit.agency_code)
    if axis is None:
        raise Refused(NO_ACCOUNT)
    try:
        agencies = [(agency.code, agency.name) for agency in axis.agencies()]
    except AxisFailed as failure:
        raise Refused(str(failure)) from failure
    added = register.sync_organisations(request.actor, unit, agencies=agencies)
    told(request, f"Đã đồng bộ {len(agencies)} cơ quan từ trục, thêm mới {added}.")
    return redirect("desk-exchange:organisations")


@screen("exchange/desk/connections.html", permission="exchange.view")
def connections(request: HttpRequest) -> Answer:
    unit = own_unit(request.actor)
    axis, box = axis_of(unit.agency_code), mailbox()
    return {
        "unit": unit,
        "axis_title": axis.title if axis else "",
        "mail_account": box.account if box and box.unit_code == unit.code else "",
        "connections": queries.connections_of(request.actor),
        "not_built": list(NOT_BUILT.values()),
    }


@require_POST
@declare("exchange.check")
def check(request: HttpRequest) -> HttpResponseBase:
    """Ask now whether the connections work, and fetch what waits there."""
    for title, wrong in _checks(own_unit(request.actor)):
        (warned if wrong else told)(request, f"{title}: {wrong or 'nối được, đã hỏi xong.'}")
    return redirect("desk-exchange:connections")


def _checks(unit: Unit) -> list[tuple[str, str]]:
    axis, box = axis_of(unit.agency_code), mailbox()
    found: list[tuple[str, str]] = []
    if axis is not None:
        found.append(("Trục liên thông", axis.check() or ask_axis(axis, unit.agency_code, unit)))
    if box is not None and box.unit_code == unit.code:
        found.append(("Hộp thư công vụ", ask_mailbox(box, unit)))
    return found or [("Kết nối", NO_ACCOUNT)]


def parcels_part(request: HttpRequest) -> dict[str, Any] | None:
    """On the clerk's first page: what did not get through."""
    by = request.actor
    if not by.may("exchange.retry"):
        return None
    return {"template": "exchange/parts/work.html", "failed": queries.failed_count(by)}


urlpatterns = [
    path("", parcels, name="parcels"),
    path("goi/<uuid:key>/", parcel, name="parcel"),
    path("goi/<uuid:key>/gui-lai/", retry, name="retry"),
    path("co-quan/", organisations, name="organisations"),
    path("co-quan/them/", add_organisation, name="add_organisation"),
    path("co-quan/dong-bo/", sync, name="sync"),
    path("co-quan/<uuid:key>/xac-nhan/", set_active, name="set_active"),
    path("ket-noi/", connections, name="connections"),
    path("ket-noi/kiem-tra/", check, name="check"),
]

"""The outbox, one message, what came in, how the gateway does, what a month cost."""

from __future__ import annotations

import csv
import re
from datetime import date
from io import StringIO
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse

from xaso.core.accounts.queries import own_unit
from xaso.core.forms import refusals_on
from xaso.core.paging import page
from xaso.core.screens import Answer, declare, screen, told
from xaso.kit import clock
from xaso.modules.audiences.queries import shown_phone, topics
from xaso.modules.sms import actions, definitions
from xaso.modules.sms import queries as sms
from xaso.modules.sms.forms import MonthForm, OutboxFilter, ReasonForm, VerdictForm
from xaso.modules.sms.models import Sms
from xaso.modules.sms.providers import TITLES, configured

TODO = {
    "queued": "Hệ thống tự gửi khi tới giờ được gửi. Không phải làm gì.",
    "sending": "Đang chuyển cho tổng đài.",
    "handed": "Đang đợi nhà mạng báo kết quả.",
    "delivered": "Xong, không phải làm gì.",
    "failed": "Kiểm tra số điện thoại trong sổ người nhận; nếu số đúng thì gửi lại.",
    "expired": "Tin quá hạn nên không gửi nữa. Nếu còn cần thì gửi lại.",
    "unknown": "Hỏi người dân hoặc nhà mạng rồi kết luận. Gửi lại có thể làm người dân nhận hai lần.",
}
NO_LINE = "Chưa ghi dòng ngân sách"


@screen("sms/desk/outbox.html", permission="sms.view")
def outbox(request: HttpRequest) -> Answer:
    form = OutboxFilter(request.GET or None)
    chosen = form.cleaned_data if form.is_valid() else {}
    purpose = request.GET.get("viec", "")[:80]
    rows = sms.messages(request.actor, chosen.get("state", ""), chosen.get("words", ""))
    found, following = page(request, rows.filter(purpose=purpose) if purpose else rows)
    is_first = "truoc" not in request.GET
    return {
        "rows": [_line(one) for one in found],
        "next": following,
        "form": form,
        "is_filtered": any(chosen.values()) or bool(purpose),
        "outcomes": sms.outcomes(purpose) if purpose and found else None,
        "counts": sms.counts(request.actor) if is_first and not purpose else {},
        "gateways": [_gateway(one) for one in sms.gateways() if one.provider == configured().provider]
        if is_first
        else [],
        "connected": bool(configured().provider) and configured().provider != "file",
        "may_see_costs": request.actor.may("sms.costs"),
    }


def _line(one: Sms) -> dict[str, Any]:
    """A code is never shown; the number is whole only on the message's own page, which puts the reading on record."""
    return {
        "sms": one,
        "phone": shown_phone(one.phone)[:5] + "••• " + one.phone[-3:],
        "kind": definitions.kinds()[one.kind].label,
        "text": _shown(one),
    }


def _shown(one: Sms) -> str:
    return "Mã dùng một lần, không lưu nội dung." if one.is_secret else one.text


def _gateway(one: Any) -> dict[str, Any]:
    fine = one.state in ("bound", "ok") and clock.now() - one.seen_at < sms.GATEWAY_SILENT
    said = "Đang hoạt động." if fine else one.said or "Không thấy tín hiệu từ phần gửi tin."
    return {"row": one, "title": TITLES.get(one.provider, one.provider), "fine": fine, "said": said}


@screen("sms/desk/one.html", permission="sms.view", logs_reading=True)
def one(request: HttpRequest, uuid: UUID) -> Answer:
    return _page(request, sms.message(request.actor, uuid), ReasonForm(), VerdictForm())


def _page(request: HttpRequest, found: Sms, resend_form: ReasonForm, verdict_form: VerdictForm) -> dict[str, Any]:
    by = request.actor
    ended = found.state in ("failed", "expired", "unknown")
    return {
        "subject": found,
        "sms": found,
        "phone": shown_phone(found.phone),
        "text": _shown(found),
        "kind": definitions.kinds()[found.kind],
        "topic": topics()[found.topic].label if found.topic in topics() else "",
        "todo": TODO[found.state],
        "provider": TITLES.get(found.provider, ""),
        "parts": sms.parts_of(found),
        "resend_form": resend_form
        if resend_form.errors or (ended and not found.is_secret and by.may("sms.resend", on=found))
        else None,
        "verdict_form": verdict_form if found.state == "unknown" and by.may("sms.settle_by_hand", on=found) else None,
        "crumbs": [{"label": "Tin nhắn SMS", "url": reverse("desk-sms:outbox")}, {"label": shown_phone(found.phone)}],
    }


@screen("sms/desk/one.html", permission="sms.resend", logs_reading=True)
def resend(request: HttpRequest, uuid: UUID) -> Answer:
    found = sms.message(request.actor, uuid)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            actions.resend(request.actor, found, reason=form.cleaned_data["reason"])
            told(request, "Đã đưa tin vào hàng gửi lại.")
            return redirect(found)
    return _page(request, found, form, VerdictForm())


@screen("sms/desk/one.html", permission="sms.settle_by_hand", logs_reading=True)
def settle(request: HttpRequest, uuid: UUID) -> Answer:
    found = sms.message(request.actor, uuid)
    form = VerdictForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        with refusals_on(form):
            actions.settle_by_hand(request.actor, found, delivered=said["delivered"] == "1", reason=said["reason"])
            told(request, "Đã ghi kết luận.")
            return redirect(found)
    return _page(request, found, ReasonForm(), form)


@screen("sms/desk/received.html", permission="sms.view")
def received(request: HttpRequest) -> Answer:
    found, following = page(request, sms.received(request.actor))
    rows = [{"row": one, "phone": shown_phone(one.sender)[:5] + "••• " + one.sender[-3:]} for one in found]
    crumbs = [{"label": "Tin nhắn SMS", "url": reverse("desk-sms:outbox")}, {"label": "Tin người dân gửi"}]
    return {"rows": rows, "next": following, "crumbs": crumbs}


@screen("sms/desk/costs.html", permission="sms.costs")
def costs(request: HttpRequest) -> Answer:
    month = _month(request)
    unit = own_unit(request.actor)
    lines = sms.monthly_cost(unit, month)
    return {
        "form": MonthForm(request.GET or None, initial={"month": f"{month:%m/%Y}"}),
        "month": month,
        "unit": unit,
        "lines": [_cost(one) for one in lines],
        "total": sum(one.dong for one in lines),
        "message_count": sum(one.messages for one in lines),
        "part_count": sum(one.parts for one in lines),
        "unpriced": sum(one.unpriced for one in lines),
        "to_verify": any(one.to_verify for one in definitions.declared().prices),
        "csv": f"{reverse('desk-sms:costs_csv')}?month={month:%m/%Y}",
    }


def _month(request: HttpRequest) -> date:
    said = re.fullmatch(r"(0?[1-9]|1[0-2])[/-](20[0-9]{2})", request.GET.get("month", "").strip(), re.ASCII)
    return date(int(said[2]), int(said[1]), 1) if said else clock.today().replace(day=1)


def _cost(one: sms.Cost) -> dict[str, Any]:
    return {"row": one, "line": one.budget_line or NO_LINE, "kind": definitions.kinds()[one.kind].label}


@declare("sms.costs")
def costs_csv(request: HttpRequest) -> HttpResponseBase:
    """With a byte order mark and semicolons, as spreadsheets here expect."""
    month, unit = _month(request), own_unit(request.actor)
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(["Dòng ngân sách", "Loại tin", "Số tin", "Số đoạn", "Thành tiền (đồng)", "Tin chưa có đơn giá"])
    for one in sms.monthly_cost(unit, month):
        line = _cost(one)
        writer.writerow([_safe(line["line"]), line["kind"], one.messages, one.parts, one.dong, one.unpriced])
    writer.writerow([])
    writer.writerow([f"{unit.full_name}, tháng {month:%m/%Y}; lập lúc {clock.local(clock.now()):%H:%M %d/%m/%Y}"])
    answer = HttpResponse(text.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="chi-phi-sms-{month:%Y-%m}.csv"'
    return answer


def _safe(cell: str) -> str:
    """No cell begins a formula."""
    return f"'{cell}" if cell[:1] in "=+-@\t\r" else cell


urlpatterns = [
    path("", outbox, name="outbox"),
    path("den/", received, name="received"),
    path("chi-phi/", costs, name="costs"),
    path("chi-phi/csv/", costs_csv, name="costs_csv"),
    path("<uuid:uuid>/", one, name="one"),
    path("<uuid:uuid>/gui-lai/", resend, name="resend"),
    path("<uuid:uuid>/ket-luan/", settle, name="settle"),
]

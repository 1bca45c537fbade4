"""The administrator's pages: the account and its health, templates, messages by purpose, quota and errors."""

from __future__ import annotations

import uuid as uuids
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from xaso.core.accounts.queries import own_unit
from xaso.core.forms import refusals_on
from xaso.core.paging import page
from xaso.core.screens import Answer, declare, screen, told, warned
from xaso.kit import clock
from xaso.kit.errors import Missing, Refused
from xaso.kit.subject import names
from xaso.modules.zalo import queries, tokens
from xaso.modules.zalo.actions import accounts, sending
from xaso.modules.zalo.actions import templates as register
from xaso.modules.zalo.actions.templates import Given
from xaso.modules.zalo.definitions import zalo
from xaso.modules.zalo.forms import MessageFilter, TemplateForm, ValuesForm
from xaso.modules.zalo.models import Account, Template
from xaso.modules.zalo.providers import NotSet, ZaloFailed, is_development, is_set_up, oa_secret
from xaso.modules.zalo.screens.connecting import callback, connect

NO_ACCOUNT = "Đơn vị chưa nối trang Zalo OA nào. Hãy bấm “Nối Zalo OA”."


@screen("zalo/desk/account.html", permission="zalo.view")
def account(request: HttpRequest) -> Answer:
    found = queries.account_seen(request.actor)
    return {
        "account": found,
        "own": found is not None and found.unit_id == request.actor.unit_id,
        "followers": queries.follower_count(found.unit_path) if found else 0,
        "is_set_up": is_set_up(),
        "development": is_development(),
        "webhook": settings.PUBLIC_URL.rstrip("/") + reverse("api:zalo_webhook") if _may(request) else "",
        "no_secret": _no_secret(found),
        "may_connect": _may(request),
        "now": clock.machine_now(),
    }


def _may(request: HttpRequest) -> bool:
    return bool(request.actor.may("zalo.connect"))


def _no_secret(found: Account | None) -> str:
    """Without the OA secret every notice is turned away, and nobody would know why."""
    if found is None:
        return ""
    try:
        oa_secret(found.oa_id)
    except NotSet as missing:
        return str(missing)
    return ""


def _own(request: HttpRequest) -> Account:
    found = queries.account_of(own_unit(request.actor))
    if found is None:
        raise Missing(NO_ACCOUNT)
    return found


@require_POST
@declare("zalo.connect")
def renew(request: HttpRequest) -> HttpResponseBase:
    """Refresh now, to see that the chain holds."""
    try:
        tokens.refresh(_own(request))
    except ZaloFailed as failure:
        warned(request, str(failure))
    else:
        told(request, "Đã làm mới mã truy cập. Chuỗi mã đang tốt.")
    return redirect("desk-zalo:account")


@require_POST
@declare("zalo.disconnect")
def disconnect(request: HttpRequest) -> HttpResponseBase:
    accounts.disconnect(request.actor, _own(request))
    told(request, "Đã ngắt. Tin có lời dự phòng sẽ đi bằng SMS.")
    return redirect("desk-zalo:account")


@screen("zalo/desk/templates.html", permission="zalo.view")
def templates(request: HttpRequest) -> Answer:
    return {"rows": queries.templates_seen(request.actor), "may_register": request.actor.may("zalo.register_template")}


@screen("zalo/desk/template_form.html", permission="zalo.register_template")
def add_template(request: HttpRequest) -> Answer:
    form = TemplateForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            made = register.register_template(request.actor, own_unit(request.actor), given=Given(**form.cleaned_data))
            told(request, f"Đã ghi mẫu {made.title}. Khi Zalo duyệt xong, hãy bấm “Zalo đã duyệt”.")
            return redirect(made)
    return {"form": form, "types": zalo().params}


@screen("zalo/desk/template_form.html", permission="zalo.amend_template")
def amend_template(request: HttpRequest, key: UUID) -> Answer:
    found = queries.template_for(request.actor, key, "zalo.amend_template")
    form = TemplateForm(request.POST or None, template=found)
    if form.is_valid():
        with refusals_on(form):
            register.amend_template(request.actor, found, given=Given(**form.cleaned_data))
            told(request, "Đã sửa mẫu. Mẫu chờ Zalo duyệt lại.")
            return redirect(found)
    return {"form": form, "types": zalo().params, "template": found}


@screen("zalo/desk/template.html", permission="zalo.view")
def template(request: HttpRequest, key: UUID) -> Answer:
    """The template with values typed in: what it will read like, and what is too long for Zalo."""
    found = queries.template_for(request.actor, key)
    form = ValuesForm(request.GET or None, template=found)
    values = form.values if form.is_valid() else {}
    text, wrong = queries.preview(found, values)
    may = request.actor.may
    return {
        "template": found, "form": form, "text": text, "wrong": wrong if request.GET else [],
        "tried": bool(request.GET),
        "may_amend": may("zalo.amend_template", on=found),
        "may_try": may("zalo.try_template", on=found) and found.state == Template.State.APPROVED,
    }  # fmt: skip


@require_POST
@declare("zalo.set_template_state")
def set_state(request: HttpRequest, key: UUID) -> HttpResponseBase:
    found = queries.template_for(request.actor, key, "zalo.set_template_state")
    state = request.POST.get("state", "")
    if state not in Template.State.values:
        raise Refused("Không rõ mẫu chuyển sang tình trạng nào. Hãy tải lại trang rồi bấm lại.")
    register.set_template_state(request.actor, found, state=state)
    told(request, f"{found.title}: {Template.State(state).label.lower()}.")
    return redirect(found)


@screen("zalo/desk/try.html", permission="zalo.try_template")
def try_template(request: HttpRequest, key: UUID) -> Answer:
    found = queries.template_for(request.actor, key, "zalo.try_template")
    form = ValuesForm(request.POST or None, template=found, with_phone=True)
    if form.is_valid():
        filled = {"to": form.cleaned_data["to"], "values": form.values}
        with refusals_on(form):
            sent = sending.try_template(request.actor, found, filled=filled, key=f"thu:{uuids.uuid4()}")
            if not sent.error:
                told(request, "Đang gửi thử. Tải lại trang sau ít giây để xem kết quả.")
            return redirect("desk-zalo:message", key=sent.uuid)
    return {"template": found, "form": form}


@screen("zalo/desk/messages.html", permission="zalo.view")
def messages(request: HttpRequest) -> Answer:
    form = MessageFilter(request.GET or None)
    chosen = form.cleaned_data if form.is_valid() else {}
    rows = queries.messages(request.actor, **chosen)
    found, after = page(request, rows)
    purpose = chosen.get("purpose", "")
    return {
        "form": form, "rows": found, "next": after, "filtered": any(chosen.values()), "purpose": purpose,
        "outcomes": queries.outcomes(purpose) if purpose else None,
    }  # fmt: skip


@screen("zalo/desk/message.html", permission="zalo.view", logs_reading=True)
def message(request: HttpRequest, key: UUID) -> Answer:
    found = queries.message_for(request.actor, key)
    text = queries.preview(found.template, found.values)[0] if found.template else found.text
    return {
        "subject": found, "message": found, "text": text, "about": names([found.purpose]).get(found.purpose, ""),
        "may_retry": found.state == "failed" and request.actor.may("zalo.retry", on=found),
    }  # fmt: skip


@require_POST
@declare("zalo.retry")
def retry(request: HttpRequest, key: UUID) -> HttpResponseBase:
    sending.retry(request.actor, queries.message_for(request.actor, key, "zalo.retry"))
    told(request, "Đang gửi lại.")
    return redirect("desk-zalo:message", key=key)


@screen("zalo/desk/purposes.html", permission="zalo.view")
def purposes(request: HttpRequest) -> Answer:
    rows = queries.purposes(request.actor)
    known = names(row["purpose"] for row in rows)
    return {"rows": [row | {"name": known.get(row["purpose"], "")} for row in rows]}


@screen("zalo/desk/quota.html", permission="zalo.view")
def quota(request: HttpRequest) -> Answer:
    found = queries.account_seen(request.actor)
    return {
        "account": found, "content": zalo(), "today": clock.today(),
        "counts": queries.counts(request.actor), "costs": queries.monthly_costs(request.actor),
    }  # fmt: skip


def work_part(request: HttpRequest) -> dict[str, Any] | None:
    """On the administrator's first page: a chain that only a person can mend."""
    if not request.actor.may("zalo.connect"):
        return None
    found = queries.account_seen(request.actor)
    if found is None or found.state != Account.State.BROKEN:
        return None
    return {"template": "zalo/parts/work.html", "account": found}


urlpatterns = [
    path("", account, name="account"),
    path("noi/", connect, name="connect"),
    path("noi/tra-loi/", callback, name="callback"),
    path("lam-moi/", renew, name="renew"),
    path("ngat/", disconnect, name="disconnect"),
    path("mau/", templates, name="templates"),
    path("mau/them/", add_template, name="add_template"),
    path("mau/<uuid:key>/", template, name="template"),
    path("mau/<uuid:key>/sua/", amend_template, name="amend_template"),
    path("mau/<uuid:key>/tinh-trang/", set_state, name="set_state"),
    path("mau/<uuid:key>/gui-thu/", try_template, name="try_template"),
    path("tin/", messages, name="messages"),
    path("tin/<uuid:key>/", message, name="message"),
    path("tin/<uuid:key>/gui-lai/", retry, name="retry"),
    path("muc-dich/", purposes, name="purposes"),
    path("han-muc/", quota, name="quota"),
]

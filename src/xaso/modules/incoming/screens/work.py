"""The officer's own documents, and what may be done with them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from xaso.core.forms import checked
from xaso.core.screens import Answer, declare, screen, told
from xaso.kit.pages import Page
from xaso.modules.incoming import actions
from xaso.modules.incoming.forms import AnswerForm, FinishForm, OpinionForm, ReasonForm
from xaso.modules.incoming.models import Assignment
from xaso.modules.incoming.queries.documents import found, helped_by, led_by, part
from xaso.modules.incoming.screens.finding import back

TABS = {"chu-tri": "Chủ trì", "phoi-hop": "Phối hợp", "de-biet": "Để biết"}
ROLES = {"phoi-hop": Assignment.Role.SUPPORT, "de-biet": Assignment.Role.KNOW}


@screen("incoming/desk/mine.html", permission="incoming.take")
def mine(request: HttpRequest) -> Answer:
    """By deadline what this person leads; newest first what this person helps with or should know."""
    asked = request.GET.get("phan", "")
    tab = asked if asked in TABS else "chu-tri"
    after = request.GET.get("after", "")
    page: Page[Any] = helped_by(request.actor, ROLES[tab], after) if tab in ROLES else led_by(request.actor, after)
    here = reverse("desk-incoming:mine")
    tabs = [{"label": label, "url": f"{here}?phan={key}", "current": key == tab} for key, label in TABS.items()]
    rows = [{"document": one.document, "part": one} if tab in ROLES else {"document": one} for one in page.rows]
    return {"tab": tab, "tabs": tabs, "rows": rows, "after": page.after}


@require_POST
@declare("incoming.take")
def take(request: HttpRequest, key: UUID) -> HttpResponseBase:
    document = actions.take(request.actor, found(request.actor, key))
    return back(request, document, "Đã nhận việc.")


@require_POST
@declare("incoming.give_back")
def give_back(request: HttpRequest, key: UUID) -> HttpResponseBase:
    document = found(request.actor, key)
    actions.give_back(request.actor, document, reason=checked(ReasonForm(request.POST))["reason"])
    return back(request, document, "Đã trả lại lãnh đạo.")


@require_POST
@declare("incoming.finish")
def finish(request: HttpRequest, key: UUID) -> HttpResponseBase:
    document = found(request.actor, key)
    data = checked(FinishForm(request.POST))
    actions.finish(request.actor, document, outcome=data["outcome"], note_text=data["note_text"])
    return back(request, document, "Văn bản đã hoàn thành.")


@require_POST
@declare("incoming.draft_answer")
def draft_answer(request: HttpRequest, key: UUID) -> HttpResponseBase:
    document = found(request.actor, key)
    data = checked(AnswerForm(request.POST))
    draft = actions.draft_answer(request.actor, document, kind=data["kind"], subject=data["subject"])
    told(request, "Đã mở dự thảo trả lời. Khi dự thảo được phát hành, văn bản đến tự hoàn thành.")
    return redirect(draft.get_absolute_url())


@require_POST
@declare("incoming.contribute")
def contribute(request: HttpRequest, key: UUID) -> HttpResponseBase:
    own = part(request.actor, key)
    actions.contribute(request.actor, own, opinion=checked(OpinionForm(request.POST))["opinion"])
    return back(request, own.document, "Đã gửi ý kiến phối hợp.")


@require_POST
@declare("incoming.acknowledge")
def acknowledge(request: HttpRequest, key: UUID) -> HttpResponseBase:
    own = actions.acknowledge(request.actor, part(request.actor, key))
    told(request, f"Đã ghi là bạn đã xem: {own.document}.")
    return redirect(f"{reverse('desk-incoming:mine')}?phan=de-biet")


urlpatterns = [
    path("viec-cua-toi/", mine, name="mine"),
    path("<uuid:key>/nhan-viec/", take, name="take"),
    path("<uuid:key>/tra-lai/", give_back, name="give_back"),
    path("<uuid:key>/ket-thuc/", finish, name="finish"),
    path("<uuid:key>/tra-loi/", draft_answer, name="draft_answer"),
    path("phan-viec/<uuid:key>/y-kien/", contribute, name="contribute"),
    path("phan-viec/<uuid:key>/da-xem/", acknowledge, name="acknowledge"),
]

"""The leader's pile: one remark a page, or one remark on many."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_POST

from xaso.core.accounts.queries import own_unit
from xaso.core.files.queries import files_of
from xaso.core.forms import checked, refusals_on
from xaso.core.screens import Answer, declare, screen, told
from xaso.kit import clock
from xaso.modules.incoming import actions
from xaso.modules.incoming.definitions import desk
from xaso.modules.incoming.forms import ReasonForm, ReassignForm, RemarkForm
from xaso.modules.incoming.models import Document
from xaso.modules.incoming.queries.documents import found, queue, several, steps_of, twins_of
from xaso.modules.incoming.queries.people import workers_of
from xaso.modules.incoming.rules import MOVES, State
from xaso.modules.incoming.screens.finding import back, is_uuid

PILE = "desk-incoming:to_remark"
STATES = [State.SHOWN]


@screen("incoming/desk/to_remark.html", permission="incoming.remark")
def to_remark(request: HttpRequest) -> Answer:
    """What waits for a remark; with a POST, the same remark on all that were ticked."""
    by = request.actor
    unit = own_unit(by, "incoming.remark")
    posts = workers_of(unit.path)
    form = RemarkForm(request.POST or None, posts=posts)
    ticked = request.POST.getlist("document")[:60] if request.method == "POST" else []
    if request.method == "POST" and form.is_valid():
        documents = several(by, [UUID(one) for one in ticked if is_uuid(one)])
        with refusals_on(form):
            many = actions.remark_many(by, unit, documents=documents, given=form.given())
            told(request, f"Đã bút phê {many} văn bản.")
            return redirect(PILE)
    page = queue(by, "incoming.remark", STATES, request.GET.get("after", ""))
    return {"page": page, "form": form, "ticked": ticked, "phrases": desk().phrases, "now": clock.now()}


@screen("incoming/desk/remark.html", permission="incoming.remark")
def remark(request: HttpRequest, key: UUID) -> Answer:
    """The document, its file, and everything a remark needs. After it, the next one."""
    document = found(request.actor, key)
    form = RemarkForm(request.POST or None, initial={"days": ""}, posts=workers_of(document.unit_path))
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            made = actions.remark(request.actor, document, given=form.given())
            return _following(request, made)
    return {
        "document": document,
        "form": form,
        "files": files_of(document.ref),
        "twins": twins_of(document),
        "steps": [one for one in steps_of(document) if one.verb in {"give_back", "reopen", "remark"}],
        "phrases": desk().phrases,
        "may": document.state in MOVES["remark"][0],
    }


def _following(request: HttpRequest, document: Document) -> HttpResponseBase:
    whom = f"giao {document.lead_name}" if document.lead_name else "để biết, lưu"
    told(request, f"Đã bút phê {document}: {whom}.")
    waiting = queue(request.actor, "incoming.remark", STATES, size=1).rows
    return redirect("desk-incoming:remark", key=waiting[0].uuid) if waiting else redirect(PILE)


@require_POST
@declare("incoming.reassign")
def reassign(request: HttpRequest, key: UUID) -> HttpResponseBase:
    document = found(request.actor, key)
    form = ReassignForm(request.POST, posts=workers_of(document.unit_path))
    data = checked(form)
    lead: Any = form.lead_chosen()
    actions.reassign(request.actor, document, lead=lead, reason=data["reason"], due=form.due())
    return back(request, document, f"Đã giao lại cho {document.lead_name}.")


@require_POST
@declare("incoming.reopen")
def reopen(request: HttpRequest, key: UUID) -> HttpResponseBase:
    document = found(request.actor, key)
    actions.reopen(request.actor, document, reason=checked(ReasonForm(request.POST))["reason"])
    return back(request, document, "Đã mở lại. Hãy bút phê để giao việc.")


urlpatterns = [
    path("cho-but-phe/", to_remark, name="to_remark"),
    path("<uuid:key>/but-phe/", remark, name="remark"),
    path("<uuid:key>/giao-lai/", reassign, name="reassign"),
    path("<uuid:key>/mo-lai/", reopen, name="reopen"),
]

"""One component: the three scores side by side, and the form of whoever is to score it now."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from xaso.core.files.actions import receive_upload
from xaso.core.forms import refusals_on
from xaso.core.screens import Answer, declare, screen, told
from xaso.modules.assessments import actions, queries, rules
from xaso.modules.assessments.forms import AdjustForm, DeclineForm, ReviewForm, SelfScoreForm
from xaso.modules.assessments.models import Item, Proof
from xaso.modules.assessments.rules import State
from xaso.modules.assessments.screens.unit import crumbs
from xaso.modules.figures import queries as figures


@screen("assessments/desk/item.html", permission="assessments.view")
def item(request: HttpRequest, key: UUID) -> Answer:
    """What is posted says itself which form it is (`what`)."""
    found = queries.item(request.actor, key)
    values = _show_todays(found)
    offered = _forms(request, found)
    if request.method == "POST":
        what = request.POST.get("what", "")
        if what in offered and offered[what].is_valid():
            with refusals_on(offered[what]):
                _DO[what](request, found, offered[what])
                return _onward(request, found)
    return {
        "item": found,
        "found": found.assessment,
        "values": values,
        "forms": offered,
        "owed": _owed(found),
        "may_remove": "self_score" in offered,
        "may_undo": "score" in offered,
        "declines": list(found.declines.select_related("file__blob").order_by("pk")),
        "crumbs": crumbs(found.assessment, found.code),
    }


def _show_todays(found: Item) -> list[dict[str, Any]]:
    """The figures behind the points. While the unit may write also the points are today's."""
    now = queries.computed(found.assessment.round, found.assessment.unit).get(found.code)
    if now is None:
        return []
    if found.assessment.is_editable:
        queries.show_computed(found, now)
    known = figures.catalogue()
    return [
        {"label": known[value.key].label if value.key in known else value.key, "value": figures.shown_with_unit(value),
         "source": value.source, "is_verified": value.is_verified, "is_missing": value.is_missing}
        for value in now.values
    ]  # fmt: skip


def _owed(found: Item) -> str:
    if not found.assessment.is_editable or found.self_note:
        return ""
    has_evidence = bool(found.shown_proofs) or found.has_source
    return rules.owes_explanation(found.self_points, found.computed, has_evidence=has_evidence)


def _forms(request: HttpRequest, found: Item) -> dict[str, forms.Form]:
    """The forms this reader gets, by what they do."""
    state, actor = found.assessment.state, request.actor
    offered: dict[str, forms.Form] = {}
    if found.assessment.is_editable and actor.may("assessments.self_score_item", on=found):
        initial = {"points": found.self_points, "note": found.self_note}
        offered["self_score"] = _form(SelfScoreForm, request, "self_score", initial)
    if state == State.APPRAISING and actor.may("assessments.score_item", on=found):
        known = found.self_points if found.appraised_points is None else found.appraised_points
        initial = {"points": known, "note": found.appraised_note}
        if found.is_scored:
            offered["score"] = _form(ReviewForm, request, "score", initial)
        if not found.open_declines:
            offered["decline"] = _form(DeclineForm, request, "decline", {})
    if state == State.APPRAISED and found.is_scored and actor.may("assessments.adjust_item", on=found):
        known = found.appraised_points if found.final_points is None else found.final_points
        offered["adjust"] = _form(AdjustForm, request, "adjust", {"points": known, "note": found.final_note})
    return offered


def _form(kind: type[forms.Form], request: HttpRequest, what: str, initial: dict[str, Any]) -> forms.Form:
    is_sent = request.method == "POST" and request.POST.get("what") == what
    return kind(request.POST if is_sent else None, request.FILES if is_sent else None, initial=initial)


def _self_score(request: HttpRequest, found: Item, form: forms.Form) -> None:
    given = form.cleaned_data
    upload = given["proof_file"]
    received = receive_upload(upload) if upload else None
    actions.self_score_item(request.actor, found, points=given["points"], note=given["note"])
    if isinstance(form, SelfScoreForm) and form.has_proof:
        actions.add_proof(
            request.actor, found, title=given["proof_title"], number=given["proof_number"],
            issued_on=given["proof_on"], file=received,
        )  # fmt: skip


def _score(request: HttpRequest, found: Item, form: forms.Form) -> None:
    given = form.cleaned_data
    actions.score_item(request.actor, found, points=given["points"], note=given["note"])


def _decline(request: HttpRequest, found: Item, form: forms.Form) -> None:
    given = form.cleaned_data
    received = receive_upload(given["file"]) if given["file"] else None
    actions.decline_item(request.actor, found, reason=given["reason"], file=received)


def _adjust(request: HttpRequest, found: Item, form: forms.Form) -> None:
    given = form.cleaned_data
    actions.adjust_item(request.actor, found, points=given["points"], note=given["note"])


_DO = {"self_score": _self_score, "score": _score, "decline": _decline, "adjust": _adjust}


def _onward(request: HttpRequest, found: Item) -> HttpResponseBase:
    """To the next component when that was asked for, else back to this one."""
    told(request, f"Đã lưu thành phần {found.code}.")
    if "next" in request.POST:
        after = found.assessment.items.filter(position__gt=found.position).order_by("position").first()
        if after is not None:
            return redirect("desk-assessments:item", key=after.uuid)
        return redirect("desk-assessments:assessment", key=found.assessment.uuid)
    return redirect("desk-assessments:item", key=found.uuid)


@require_POST
@declare("assessments.remove_proof")
def remove_proof(request: HttpRequest, key: UUID) -> HttpResponseBase:
    found: Proof = queries.proof(request.actor, key)
    actions.remove_proof(request.actor, found)
    told(request, f"Đã bỏ minh chứng “{found.title}”.")
    return redirect(reverse("desk-assessments:item", args=[found.item.uuid]))


@require_POST
@declare("assessments.undo_decline")
def undo_decline(request: HttpRequest, key: UUID) -> HttpResponseBase:
    found = queries.decline(request.actor, key)
    actions.undo_decline(request.actor, found)
    told(request, f"Thành phần {found.item.code} được xét lại bình thường.")
    return redirect("desk-assessments:item", key=found.item.uuid)

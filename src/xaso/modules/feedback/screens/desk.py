"""Phản ánh at the desk: the list, a report's page, its photos, and the part on the first page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.urls import path, reverse

from xaso.core.access import Actor
from xaso.core.audit.actions import record_reading
from xaso.core.screens import Answer, declare, screen
from xaso.kit import clock
from xaso.modules.feedback.actions.publishing import why_not_publish
from xaso.modules.feedback.forms import (
    AskForm,
    AssignForm,
    ExtendForm,
    FilterForm,
    ForwardForm,
    OpinionForm,
    RefuseForm,
)
from xaso.modules.feedback.models import Part, Report
from xaso.modules.feedback.queries.people import workers_of
from xaso.modules.feedback.queries.reports import (
    counts_for,
    found,
    listed,
    may_know_sender,
    named_ids,
    parts_of,
    photos_of,
    steps_of,
)
from xaso.modules.feedback.rules import moves
from xaso.modules.feedback.screens import leader, triage, work
from xaso.modules.feedback.screens.shared import photo_answer, photo_in


@screen("feedback/desk/listed.html", permission="feedback.view")
def index(request: HttpRequest) -> Answer:
    """Newest first; words are looked for on the search page."""
    form = FilterForm(request.GET)
    asked = form.asked()
    page = listed(request.actor, asked, request.GET.get("after", ""))
    kept = request.GET.copy()
    kept.pop("after", None)
    may_take_in = request.actor.may("feedback.take_in")
    return {"form": form, "page": page, "keep": kept.urlencode(), "filtered": bool(asked), "may_take_in": may_take_in}


@screen("feedback/desk/report.html", permission="feedback.view", logs_reading=True)
def report(request: HttpRequest, key: UUID) -> Answer:
    """Everything about one report, and the verbs this reader may use on it now."""
    by = request.actor
    one = found(by, key)
    parts = parts_of(one)
    own = next((part for part in parts if part.person_id == by.person_id and part.ended_at is None), None)
    helps = own is not None and own.role == Part.Role.SUPPORT
    return {
        "subject": one,
        "knows_sender": may_know_sender(by, one),
        "report": one,
        "photos": photos_of(one),
        "parts": parts,
        "twins": list(one.twins.order_by("id")[:50]),
        "named": list(one.named.order_by("id")),
        "timeline": [{"at": step.at, "title": step.label, "by": step.who, "text": step.text} for step in steps_of(one)],
        "now": clock.now(),
        "own_part": own,
        "opinion_form": OpinionForm() if helps else None,
        **_verbs(by, one),
    }


def _verbs(by: Actor, one: Report) -> dict[str, Any]:
    """Which buttons stand on the page: the permission and the table of moves together."""

    def may(verb: str) -> bool:
        return not moves.why_not(verb, one.state) and by.may(f"feedback.{verb}", on=one)

    leads = one.lead_person_id == by.person_id
    posts = workers_of(one.unit_path, named_ids(one)) if may("assign") else []
    running = one.is_open and one.state != moves.State.WAITING
    triaged = one.state != moves.State.RECEIVED
    return {
        "may_triage": may("accept"),
        "may_take": may("take") and leads,
        "may_answer": may("answer") and leads,
        "may_publish": not why_not_publish(one) and by.may("feedback.publish", on=one),
        "may_close": may("close"),
        "assign_form": AssignForm(posts=posts) if may("assign") else None,
        "extend_form": ExtendForm() if running and not one.extended_at and by.may("feedback.extend", on=one) else None,
        "ask_form": AskForm(prefix="q") if triaged and may("ask_more") else None,
        "forward_form": ForwardForm(prefix="f") if triaged and may("forward") else None,
        "refuse_form": RefuseForm(prefix="r") if triaged and may("refuse") else None,
    }


@declare("feedback.view")
def photo(request: HttpRequest, key: UUID, photo: UUID) -> HttpResponseBase:
    """A picture, as an officer looks at it; the reading is on record."""
    one = found(request.actor, key)
    shown = photo_in(one, photo)
    record_reading(request.actor, one.ref, one.unit_path, request.path)
    return photo_answer(shown, public=False)


def work_part(request: HttpRequest) -> dict[str, Any] | None:
    """On the desk's first page: what waits for this person, by kind of work."""
    by = request.actor
    if not by.may("feedback.view") or not by.may("feedback.take"):
        return None
    counts = counts_for(by)
    tiles = [_tile("Tôi chủ trì", counts["mine"], "mine", late=counts["late"])]
    if by.may("feedback.triage"):
        tiles.append(_tile("Chờ phân loại", counts["new"] + counts["unassigned"], "inbox", late=counts["new_late"]))
    if "to_publish" in counts:
        tiles.append(_tile("Chờ quyết định công khai", counts["to_publish"], "to_publish"))
    if not any(tile["figure"] for tile in tiles):
        return None
    return {"template": "feedback/parts/work.html", "tiles": tiles}


def _tile(label: str, figure: int, name: str, late: int = 0) -> dict[str, Any]:
    tone = "bad" if late else "warn" if figure else "good"
    trend = f"{late} quá hạn" if late else ""
    return {"label": label, "figure": figure, "url": reverse(f"desk-feedback:{name}"), "tone": tone, "trend": trend}


urlpatterns = [
    path("", index, name="listed"),
    *triage.urlpatterns,
    *work.urlpatterns,
    *leader.urlpatterns,
    path("<uuid:key>/", report, name="report"),
    path("<uuid:key>/anh/<uuid:photo>/", photo, name="photo"),
]

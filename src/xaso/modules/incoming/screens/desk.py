"""Văn bản đến at the desk: the list, a document's page, and the part on the first page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import path, reverse

from xaso.core.access import Actor
from xaso.core.files.queries import files_of
from xaso.core.screens import Answer, screen
from xaso.kit.module import slot
from xaso.modules.incoming import rules
from xaso.modules.incoming.definitions import desk
from xaso.modules.incoming.forms import (
    AnswerForm,
    FilterForm,
    FinishForm,
    OpinionForm,
    ReasonForm,
    ReassignForm,
    kinds,
)
from xaso.modules.incoming.models import Assignment, Document
from xaso.modules.incoming.queries.backlog import counts_for
from xaso.modules.incoming.queries.documents import found, listed, parts_of, reading_of, steps_of, twins_of
from xaso.modules.incoming.queries.people import workers_of
from xaso.modules.incoming.screens import books, clerk, leader, work
from xaso.modules.outgoing import queries as outgoing
from xaso.modules.trust import queries as trust

TONES = {
    "waiting": "warn", "refused": "bad", "registered": "warn", "shown": "warn", "assigned": "info", "working": "info",
    "done": "done", "recalled": "bad", "outside": "neutral",
}  # fmt: skip


@screen("incoming/desk/listed.html", permission="incoming.view", partials=("rows",))
def index(request: HttpRequest) -> Answer:
    """Newest first; words are looked for on the search page."""
    form = FilterForm(request.GET)
    asked = form.asked()
    page = listed(request.actor, asked, request.GET.get("after", ""))
    kept = request.GET.copy()
    kept.pop("after", None)
    return {
        "form": form,
        "q": asked.get("q", ""),
        "rows": [{"document": one, "tone": TONES[one.state]} for one in page.rows],
        "after": page.after,
        "keep": kept.urlencode(),
        "filtered": bool(asked.keys() - {"q"}),
        "may_take_in": request.actor.may("incoming.take_in"),
    }


@screen("incoming/desk/document.html", permission="incoming.view", logs_reading=True)
def document(request: HttpRequest, key: UUID) -> Answer:
    """Everything about one document, and the verbs this reader may use on it now."""
    one = found(request.actor, key)
    parts = parts_of(one)
    return {
        "subject": one,
        "document": one,
        "tone": TONES[one.state],
        "kind": kinds().get(one.kind, ""),
        "book": desk().name_of(one.book),
        "files": files_of(one.ref),
        "may_open_files": request.actor.may("files.view", on=one),
        "verdicts": _verdicts(request.actor, one),
        "reading": reading_of(one),
        "twins": twins_of(one),
        "parts": parts,
        "answers": [] if one.is_secret else outgoing.documents_of(one.ref),
        "may_open_answers": request.actor.may("outgoing.view", on=one),
        "timeline": [_line(step) for step in steps_of(one)],
        **_verbs(request.actor, one),
        **_own_part(request.actor, parts),
        "panels": [panel for offer in slot("panel:incoming.Document") if (panel := offer(request, one))],
    }


VERDICT_TONES = {"valid": "good", "invalid": "bad", "unsure": "warn", "unsigned": "neutral"}


def _verdicts(by: Actor, one: Document) -> list[dict[str, Any]]:
    """What the signatures in its files were found to be worth, the worst first."""
    if one.is_secret:
        return []
    judged = trust.verifications_of(one.ref)
    may = by.may("trust.view", on=one)
    return [
        {
            "verdict": each,
            "tone": VERDICT_TONES.get(each.verdict, "neutral"),
            "url": each.get_absolute_url() if may else "",
        }
        for each in judged
    ]


def _line(step: Any) -> dict[str, Any]:
    return {"at": step.at, "title": step.label, "by": step.who, "text": step.text}


def _verbs(by: Actor, one: Document) -> dict[str, Any]:
    """Which buttons stand on the page: the permission and the table of moves together."""

    def may(verb: str) -> bool:
        return not rules.why_not(verb, one.state) and by.may(f"incoming.{verb}", on=one)

    may_draft = one.state in rules.WITH_SOMEBODY and not one.answer and by.may("incoming.draft_answer", on=one)
    asked = one.recall_asked_at is not None
    return {
        "may_register": may("register"),
        "may_show": may("show"),
        "may_remark": may("remark"),
        "may_take": may("take"),
        "may_amend": one.is_open and one.number is not None and by.may("incoming.amend", on=one),
        "may_add_files": one.is_open and by.may("incoming.add_files", on=one),
        "finish_form": FinishForm() if may("finish") else None,
        "back_form": ReasonForm() if may("give_back") else None,
        "reopen_form": ReasonForm() if may("reopen") else None,
        "reassign_form": ReassignForm(posts=workers_of(one.unit_path)) if may("reassign") else None,
        "answer_form": AnswerForm(initial={"subject": _about(one)}) if may_draft else None,
        "may_accept_recall": asked and may("accept_recall"),
        "refuse_recall_form": ReasonForm() if asked and by.may("incoming.refuse_recall", on=one) else None,
    }


def _about(one: Document) -> str:
    return f"Trả lời văn bản số {one.signed_as}" if one.signed_as else f"Trả lời: {one.subject}"[:300]


def _own_part(by: Actor, parts: list[Assignment]) -> dict[str, Any]:
    own = next((part for part in parts if part.person_id == by.person_id and part.ended_at is None), None)
    helps = own is not None and own.role == Assignment.Role.SUPPORT
    return {"own_part": own, "opinion_form": OpinionForm() if helps else None}


def work_part(request: HttpRequest) -> dict[str, Any] | None:
    """On the desk's first page: what waits for this person, by kind of work."""
    by = request.actor
    if not by.may("incoming.view") or not (by.may("incoming.take") or by.may("incoming.register")):
        return None
    counts = counts_for(by)
    tiles = [_tile("Tôi chủ trì", counts["mine"], "mine", late=counts["late"])]
    if by.may("incoming.register"):
        tiles.append(_tile("Chờ đăng ký", counts["waiting"] + counts["unshown"], "waiting"))
    if by.may("incoming.remark"):
        tiles.append(_tile("Chờ bút phê", counts["shown"], "to_remark"))
    if not any(tile["figure"] for tile in tiles):
        return None
    return {"template": "incoming/parts/work.html", "tiles": tiles}


def _tile(label: str, figure: int, name: str, late: int = 0) -> dict[str, Any]:
    tone = "bad" if late else "warn" if figure else "good"
    trend = f"{late} quá hạn" if late else ""
    return {"label": label, "figure": figure, "url": reverse(f"desk-incoming:{name}"), "tone": tone, "trend": trend}


urlpatterns = [
    path("", index, name="listed"),
    *clerk.urlpatterns,
    *leader.urlpatterns,
    *work.urlpatterns,
    *books.urlpatterns,
    path("<uuid:key>/", document, name="document"),
]

"""An officer's own reports: taken up, answered, published, given on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from xaso.core.forms import checked, refusals_on
from xaso.core.paging import page as paged
from xaso.core.screens import Answer, declare, screen
from xaso.kit import clock
from xaso.kit.pages import Page
from xaso.modules.feedback import actions
from xaso.modules.feedback.actions.publishing import personal_words, why_not_publish
from xaso.modules.feedback.forms import (
    AnswerForm,
    AssignForm,
    ExtendForm,
    OpinionForm,
    PublishForm,
    ReasonForm,
)
from xaso.modules.feedback.models import Report
from xaso.modules.feedback.queries.people import workers_of
from xaso.modules.feedback.queries.reports import (
    found,
    helped_by,
    led_by,
    may_know_sender,
    named_ids,
    part,
    photos_of,
    to_publish,
)
from xaso.modules.feedback.rules import moves
from xaso.modules.feedback.screens.shared import back

TABS = {"chu-tri": "Chủ trì", "phoi-hop": "Phối hợp"}


@screen("feedback/desk/mine.html", permission="feedback.take")
def mine(request: HttpRequest) -> Answer:
    """By deadline what this person leads; newest first what this person helps with."""
    asked = request.GET.get("phan", "")
    tab = asked if asked in TABS else "chu-tri"
    after = request.GET.get("after", "")
    page: Page[Any] = helped_by(request.actor, after) if tab == "phoi-hop" else led_by(request.actor, after)
    here = reverse("desk-feedback:mine")
    tabs = [{"label": label, "url": f"{here}?phan={key}", "current": key == tab} for key, label in TABS.items()]
    rows = [one.report if tab == "phoi-hop" else one for one in page.rows]
    return {"tab": tab, "tabs": tabs, "rows": rows, "after": page.after, "now": clock.now()}


@require_POST
@declare("feedback.take")
def take(request: HttpRequest, key: UUID) -> HttpResponseBase:
    return back(request, actions.take(request.actor, found(request.actor, key)), "Đã nhận xử lý.")


@require_POST
@declare("feedback.contribute")
def contribute(request: HttpRequest, key: UUID) -> HttpResponseBase:
    own = part(request.actor, key)
    report = found(request.actor, own.report.uuid)
    opinion = checked(OpinionForm(request.POST))["opinion"]
    actions.contribute(request.actor, own, opinion=actions.Words(opinion))
    if report.is_confidential:
        return redirect("desk-feedback:mine")
    return back(request, report, "Đã gửi ý kiến phối hợp.")


@screen("feedback/desk/answer.html", permission="feedback.answer", logs_reading=True)
def answer(request: HttpRequest, key: UUID) -> Answer:
    """Written, then read as the sender will read it, then sent."""
    report = found(request.actor, key)
    form = AnswerForm(request.POST or None)
    preview = ""
    if request.method == "POST" and form.is_valid():
        preview = form.cleaned_data["text"]
        if "send" in request.POST:
            with refusals_on(form):
                done = actions.answer(request.actor, report, said=actions.Words(preview))
                return _after_answer(request, done)
            preview = ""
    return {
        "subject": report,
        "knows_sender": may_know_sender(request.actor, report),
        "report": report,
        "form": form,
        "preview": preview,
        "personal": personal_words(report, preview) if preview else [],
        "photos": photos_of(report),
        "twins": report.twins.count(),
        "may": not moves.why_not("answer", report.state) and report.lead_person_id == request.actor.person_id,
    }


def _after_answer(request: HttpRequest, report: Report) -> HttpResponseBase:
    late = " (quá hạn)" if report.on_time is False else ""
    waits = " Chờ quyết định công khai." if report.publish_due_at else ""
    return back(request, report, f"Đã gửi trả lời{late}.{waits}")


@screen("feedback/desk/publish.html", permission="feedback.publish", logs_reading=True)
def publish(request: HttpRequest, key: UUID) -> Answer:
    """What everybody will read: words checked for personal data, photos one by one."""
    report = found(request.actor, key)
    photos, answered = photos_of(report), report.state in moves.DONE
    initial: dict[str, Any] = {
        "text": report.public_text or report.text,
        "answer": report.public_answer or report.answer,
        "shows_place": report.shows_place,
        "photos": [str(one.uuid) for one in photos if one.is_public],
    }
    form = PublishForm(request.POST or None, initial=initial, photos=photos, answered=answered)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        chosen = [UUID(one) for one in data.get("photos", [])]
        values = {"text": data["text"], "answer": data.get("answer", ""), "shows_place": data["shows_place"]}
        with refusals_on(form):
            done = actions.publish(request.actor, report, photos=chosen, **values)
            return back(request, done, "Đã công khai.")
    return {
        "subject": report,
        "knows_sender": may_know_sender(request.actor, report),
        "report": report,
        "form": form,
        "photos": photos,
        "why_not": why_not_publish(report),
        "personal": personal_words(report, report.text, report.answer),
        "keep_form": ReasonForm(),
    }


@screen("feedback/desk/to_publish.html", permission="feedback.publish")
def undecided(request: HttpRequest) -> Answer:
    """Answered, and nobody has said whether everybody may read it."""
    rows, following = paged(request, to_publish(request.actor).select_related("village"))
    return {"rows": rows, "next": following, "now": clock.now()}


@require_POST
@declare("feedback.keep_private")
def keep_private(request: HttpRequest, key: UUID) -> HttpResponseBase:
    report = found(request.actor, key)
    actions.keep_private(request.actor, report, reason=checked(ReasonForm(request.POST))["reason"])
    return back(request, report, "Đã ghi: không công khai.")


@require_POST
@declare("feedback.assign")
def assign(request: HttpRequest, key: UUID) -> HttpResponseBase:
    report = found(request.actor, key)
    form = AssignForm(request.POST, posts=workers_of(report.unit_path, named_ids(report)))
    checked(form)
    actions.assign(request.actor, report, **form.given())
    return back(request, report, f"Đã giao cho {report.lead_name}.")


@require_POST
@declare("feedback.extend")
def extend(request: HttpRequest, key: UUID) -> HttpResponseBase:
    report = found(request.actor, key)
    data = checked(ExtendForm(request.POST))
    actions.extend(request.actor, report, days=data["days"], reason=data["reason"])
    return back(request, report, "Đã gia hạn và gửi lời xin lỗi.")


@require_POST
@declare("feedback.close")
def close(request: HttpRequest, key: UUID) -> HttpResponseBase:
    return back(request, actions.close(request.actor, found(request.actor, key)), "Đã kết thúc.")


urlpatterns = [
    path("viec-cua-toi/", mine, name="mine"),
    path("cho-cong-khai/", undecided, name="to_publish"),
    path("<uuid:key>/nhan-viec/", take, name="take"),
    path("<uuid:key>/tra-loi/", answer, name="answer"),
    path("<uuid:key>/cong-khai/", publish, name="publish"),
    path("<uuid:key>/khong-cong-khai/", keep_private, name="keep_private"),
    path("<uuid:key>/giao/", assign, name="assign"),
    path("<uuid:key>/gia-han/", extend, name="extend"),
    path("<uuid:key>/ket-thuc/", close, name="close"),
    path("phan-viec/<uuid:key>/y-kien/", contribute, name="contribute"),
]

"""The inbox, and one screen with three decisions: it is ours, it is not, or we have it already."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_POST

from xaso.core.accounts.queries import own_unit
from xaso.core.forms import checked, refusals_on
from xaso.core.screens import Answer, declare, screen, told
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.pages import number_in
from xaso.modules.feedback import actions
from xaso.modules.feedback.definitions import desk
from xaso.modules.feedback.forms import AcceptForm, AskForm, ConfideForm, ForwardForm, IntakeForm, RefuseForm
from xaso.modules.feedback.models import Report
from xaso.modules.feedback.queries.duplicates import likely_twins
from xaso.modules.feedback.queries.people import owner_in, posts_with, titled, workers_of
from xaso.modules.feedback.queries.reports import (
    following,
    found,
    inbox,
    may_know_sender,
    named_ids,
    photos_of,
    seen,
    villages_of,
)
from xaso.modules.feedback.rules.moves import State
from xaso.modules.feedback.screens.shared import kept_of, photos_of_request

PILE = "desk-feedback:inbox"
NO_TWIN = "Hãy chọn phản ánh để gộp vào, hoặc ghi số của phản ánh đó."


@screen("feedback/desk/inbox.html", permission="feedback.triage")
def pile(request: HttpRequest) -> Answer:
    """The oldest first."""
    after = request.GET.get("after", "")
    return {
        "page": inbox(request.actor, after),
        "now": clock.now(),
        "may_take_in": request.actor.may("feedback.take_in"),
    }


@screen("feedback/desk/triage.html", permission="feedback.triage", logs_reading=True)
def triage(request: HttpRequest, key: UUID) -> Answer:
    report = found(request.actor, key)
    posts = workers_of(report.unit_path, named_ids(report))
    villages = villages_of(report.unit)
    owner = _owner(report, posts)
    initial = {"category": report.category, "village": report.village.code if report.village else ""}
    return {
        "subject": report,
        "knows_sender": may_know_sender(request.actor, report),
        "report": report,
        "photos": photos_of(report),
        "twins": likely_twins(request.actor, report),
        "may": report.state == State.RECEIVED,
        "accept_form": AcceptForm(initial=initial, posts=posts, villages=villages, owner=owner, prefix="a"),
        "refuse_form": RefuseForm(prefix="r"),
        "forward_form": ForwardForm(prefix="f"),
        "ask_form": AskForm(prefix="q"),
        "confide_form": None if report.is_confidential else ConfideForm(posts=_officials(report), prefix="c"),
    }


def _owner(report: Report, posts: list[Any]) -> str:
    """Whom the report goes to when nobody is chosen, by name, so that nobody has to guess."""
    kind = desk().category(report.category)
    found = owner_in(report.unit, kind, posts) if kind else None
    if kind is None or found is None:
        return "Người phụ trách loại việc này (chưa có: phản ánh chờ giao)"
    where = "" if found.unit_path == report.unit_path else f", {found.unit.name}"
    return f"Phụ trách “{kind.name}”: {titled(found)}{where}"


def _officials(report: Report) -> list[Any]:
    return posts_with(report.unit_path, "desk.use")


def _next(request: HttpRequest, report: Report, sentence: str) -> HttpResponseBase:
    """After a decision, the next report that waits."""
    told(request, sentence)
    waiting = following(request.actor, report) if request.POST.get("from") == "triage" else None
    if waiting is not None:
        return redirect("desk-feedback:triage", key=waiting.uuid)
    return redirect(PILE) if request.POST.get("from") == "triage" else redirect(report.get_absolute_url())


@require_POST
@declare("feedback.accept")
def accept(request: HttpRequest, key: UUID) -> HttpResponseBase:
    report = found(request.actor, key)
    posts = workers_of(report.unit_path, named_ids(report))
    form = AcceptForm(request.POST, posts=posts, villages=villages_of(report.unit), prefix="a")
    checked(form)
    report = actions.accept(request.actor, report, **form.given())
    whom = f", giao {report.lead_name}" if report.lead_name else ", chờ giao người xử lý"
    return _next(request, report, f"Đã tiếp nhận {report}{whom}.")


@require_POST
@declare("feedback.refuse")
def refuse(request: HttpRequest, key: UUID) -> HttpResponseBase:
    report = found(request.actor, key)
    data = checked(RefuseForm(request.POST, prefix="r"))
    actions.refuse(request.actor, report, why=data["why"], text=data["text"])
    return _next(request, report, f"Đã trả lời không tiếp nhận {report}.")


@require_POST
@declare("feedback.forward")
def forward(request: HttpRequest, key: UUID) -> HttpResponseBase:
    report = found(request.actor, key)
    data = checked(ForwardForm(request.POST, prefix="f"))
    actions.forward(request.actor, report, agency=data["agency"], text=data["text"])
    return _next(request, report, f"Đã chuyển {report} đến {report.agency}.")


@require_POST
@declare("feedback.merge")
def merge(request: HttpRequest, key: UUID) -> HttpResponseBase:
    report = found(request.actor, key)
    main = _chosen_twin(request, report)
    actions.merge(request.actor, report, into=main)
    return _next(request, report, f"Đã gộp {report} vào {report.merged_into}.")


def _chosen_twin(request: HttpRequest, report: Report) -> Report:
    """One of those suggested, or one by its number of the year."""
    rows = seen(request.actor, "feedback.merge").filter(unit_path=report.unit_path)
    number, _, year = request.POST.get("number", "").partition("/")
    if number_in(number.strip()):
        rows = rows.filter(number=number_in(number.strip()), year=number_in(year.strip()) or report.year)
    elif number_in(request.POST.get("twin", "").partition("/")[0]):
        number, _, year = request.POST["twin"].partition("/")
        rows = rows.filter(number=number_in(number), year=number_in(year))
    else:
        raise Refused(NO_TWIN)
    main = rows.select_related("merged_into", "unit").first()
    if main is None:
        raise Refused(NO_TWIN)
    return main


@require_POST
@declare("feedback.ask_more")
def ask_more(request: HttpRequest, key: UUID) -> HttpResponseBase:
    report = found(request.actor, key)
    question = checked(AskForm(request.POST, prefix="q"))["question"]
    actions.ask_more(request.actor, report, question=actions.Words(question))
    return _next(request, report, f"Đã hỏi lại người gửi {report}.")


@require_POST
@declare("feedback.confide")
def confide(request: HttpRequest, key: UUID) -> HttpResponseBase:
    report = found(request.actor, key)
    form = ConfideForm(request.POST, posts=_officials(report), prefix="c")
    picked = set(checked(form)["officials"])
    actions.confide(request.actor, report, officials=[one for one in form.posts if str(one.uuid) in picked])
    told(request, f"{report} đã chuyển sang xử lý kín. Chỉ người được giao mới xem được.")
    return redirect(PILE)


@screen("feedback/desk/intake.html", permission="feedback.take_in")
def intake(request: HttpRequest) -> Answer:
    """Somebody stands at the counter or is on the phone."""
    by = request.actor
    unit = own_unit(by, "feedback.take_in")
    form = IntakeForm(request.POST or None, villages=villages_of(unit))
    photos = photos_of_request(request, form) if request.method == "POST" and form.is_valid() else []
    if request.method == "POST" and form.is_valid():
        key = f"desk:{by.account_id}:{request.POST.get('idempotency_key', '')[:40]}"
        with refusals_on(form):
            made = actions.take_in(by, unit, given=form.given(photos=photos, key=key))
            return back_with_code(request, made)
    key = request.POST.get("idempotency_key") or uuid4().hex
    return {"form": form, "unit": unit, "idempotency_key": key} | kept_of(photos)


def back_with_code(request: HttpRequest, made: Report) -> HttpResponseBase:
    told(request, f"Đã nhận {made}. Đọc cho người dân mã theo dõi: {made.written_code}.")
    if made.is_confidential and not request.actor.may("feedback.view_confidential", on=made):
        return redirect("desk-feedback:listed")
    return redirect(made.get_absolute_url())


urlpatterns = [
    path("cho-phan-loai/", pile, name="inbox"),
    path("ghi-nhan/", intake, name="intake"),
    path("<uuid:key>/phan-loai/", triage, name="triage"),
    path("<uuid:key>/tiep-nhan/", accept, name="accept"),
    path("<uuid:key>/tu-choi/", refuse, name="refuse"),
    path("<uuid:key>/chuyen/", forward, name="forward"),
    path("<uuid:key>/gop/", merge, name="merge"),
    path("<uuid:key>/hoi-lai/", ask_more, name="ask_more"),
    path("<uuid:key>/xu-ly-kin/", confide, name="confide"),
]

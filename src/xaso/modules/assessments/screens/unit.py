"""One unit's assessment: the same pages for the unit, the appraiser and the council, each with its own buttons."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from xaso.core.forms import refusals_on
from xaso.core.screens import Answer, declare, screen, told
from xaso.modules.assessments import actions, queries, rules
from xaso.modules.assessments.actions.scoring import General, general_fault
from xaso.modules.assessments.forms import GeneralForm, ReasonForm, RejectForm
from xaso.modules.assessments.models import Assessment
from xaso.modules.assessments.rules import State
from xaso.modules.assessments.screens.form01 import workbook
from xaso.modules.figures import queries as figures
from xaso.modules.packs import queries as packs

TONES = {
    State.DRAFT: "neutral", State.SELF_SCORED: "info", State.SUBMITTED: "info", State.RETURNED: "warn",
    State.RESUBMITTED: "info", State.APPRAISING: "info", State.APPRAISED: "info", State.APPROVED: "good",
    State.REJECTED: "bad", State.PUBLISHED: "done", State.APPEALED: "warn", State.LOCKED: "done",
}  # fmt: skip
PREFILLED = {"officials": "officers", "enterprises": "enterprises", "inhabitants": "population"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def crumbs(found: Assessment, *more: str) -> list[dict[str, str]]:
    here = [{"label": label} for label in more]
    url = reverse("desk-assessments:assessment", args=[found.uuid])
    top = [{"label": "Đánh giá", "url": reverse("desk-assessments:index")}]
    return [*top, {"label": str(found.unit), "url": url}, *here]


@screen("assessments/desk/assessment.html", permission="assessments.view")
def assessment(request: HttpRequest, key: UUID) -> Answer:
    found = queries.assessment(request.actor, key)
    items = queries.shown_items(found)
    faults = dict(queries.faults_of(items)) if found.is_editable else {}
    for one in items:
        one.fault = faults.get(one.code, "")
    return {
        "found": found,
        "tone": TONES[State(found.state)],
        "groups": queries.groups_of(items),
        "faults": faults,
        "general_fault": general_fault(found) if found.is_editable else "",
        "computed_total": rules.total(one.computed for one in items if one.is_scored),
        "declined": [one for one in items if one.open_declines],
        "steps": _steps(found),
        "pack": packs.pack_about(f"{found._meta.label}:{found.pk}"),
        "lock": packs.lock_on(found.unit, queries.period_in(found.round)) if found.is_editable else None,
        "appeals": list(found.appeals.order_by("pk")),
        "may": _may(request, found),
        "return_form": ReasonForm(prefix="return"),
        "reject_form": RejectForm(prefix="reject"),
        "crumbs": crumbs(found),
    }


def _steps(found: Assessment) -> list[dict[str, Any]]:
    rows = found.steps.order_by("pk")
    return [
        {"at": one.at, "title": rules.TITLES[State(one.state)].capitalize(), "by": one.by_name, "text": one.note}
        for one in rows
    ]


def _may(request: HttpRequest, found: Assessment) -> dict[str, bool]:
    """Which buttons this reader gets: the state allows it and the role does."""
    actor, state = request.actor, found.state

    def on(permission: str, *states: State) -> bool:
        return state in states and actor.may(f"assessments.{permission}", on=found)

    sent = (State.SUBMITTED, State.RESUBMITTED)
    return {
        "edit": found.is_editable and actor.may("assessments.self_score_item", on=found),
        "submit": found.is_editable and state != State.DRAFT and actor.may("assessments.submit", on=found),
        "start": on("start_review", *sent),
        "give_back": on("return_to_unit", *sent, State.APPRAISING),
        "agree": on("agree_items", State.APPRAISING),
        "finish_review": on("finish_review", State.APPRAISING),
        "approve": on("approve", State.APPRAISED),
        "appeal": on("appeal", State.PUBLISHED),
        "answer": on("answer_appeal", State.APPEALED),
    }


@screen("assessments/desk/general.html", permission="assessments.describe_unit")
def general(request: HttpRequest, key: UUID) -> Answer:
    """Part A of Biểu mẫu 01; numbers that are known already are filled in."""
    found = queries.assessment(request.actor, key, "assessments.describe_unit")
    form = GeneralForm(request.POST or None, initial=_known(found))
    if request.method == "POST" and form.is_valid():
        given = General(**form.cleaned_data)
        with refusals_on(form):
            actions.describe_unit(request.actor, found, given=given)
            told(request, "Đã lưu thông tin chung.")
            return redirect("desk-assessments:assessment", key=key)
    return {"form": form, "found": found, "crumbs": crumbs(found, "Thông tin chung")}


def _known(found: Assessment) -> dict[str, Any]:
    initial = {name: getattr(found, name) for name in General.__dataclass_fields__}
    wanted = {name: key for name, key in PREFILLED.items() if initial[name] is None and key in figures.catalogue()}
    values = figures.values(wanted.values(), [found.unit], queries.period_in(found.round))
    for name, key in wanted.items():
        number = values[key, found.unit.path].number
        initial[name] = None if number is None else int(number)
    if not initial["contact_name"]:
        initial["address"] = initial["address"] or found.unit.full_name
    return initial


def _go(request: HttpRequest, found: Assessment, sentence: str) -> HttpResponseBase:
    told(request, sentence)
    return redirect("desk-assessments:assessment", key=found.uuid)


@require_POST
@declare("assessments.take_computed")
def take_computed(request: HttpRequest, key: UUID) -> HttpResponseBase:
    found = queries.assessment(request.actor, key)
    actions.take_computed(request.actor, found)
    return _go(
        request, found, "Đã lấy điểm máy tính cho các thành phần chưa chấm. Thành phần thiếu số liệu vẫn để trống."
    )


@require_POST
@declare("assessments.finish_self_score")
def finish(request: HttpRequest, key: UUID) -> HttpResponseBase:
    found = queries.assessment(request.actor, key)
    actions.finish_self_score(request.actor, found)
    return _go(request, found, "Đã hoàn thành tự chấm. Lãnh đạo xem và ký nộp.")


@require_POST
@declare("assessments.submit")
def submit(request: HttpRequest, key: UUID) -> HttpResponseBase:
    found = queries.assessment(request.actor, key)
    actions.submit(request.actor, found)
    return _go(request, found, "Đã ký và nộp bài đánh giá. Số liệu và minh chứng đã được niêm phong.")


@require_POST
@declare("assessments.start_review")
def start(request: HttpRequest, key: UUID) -> HttpResponseBase:
    found = queries.assessment(request.actor, key)
    actions.start_review(request.actor, found)
    return _go(request, found, "Đã bắt đầu thẩm định. Đơn vị không sửa được nữa.")


@require_POST
@declare("assessments.agree_items")
def agree(request: HttpRequest, key: UUID) -> HttpResponseBase:
    found = queries.assessment(request.actor, key)
    group = request.POST.get("group", "")
    codes = list(found.items.filter(group_code=group).values_list("code", flat=True))
    actions.agree_items(request.actor, found, codes=codes)
    return _go(request, found, "Đã đồng ý điểm tự chấm của các thành phần chưa xét trong nhóm.")


@require_POST
@declare("assessments.finish_review")
def finish_review(request: HttpRequest, key: UUID) -> HttpResponseBase:
    found = queries.assessment(request.actor, key)
    actions.finish_review(request.actor, found)
    return _go(request, found, "Đã hoàn thành thẩm định, chuyển hội đồng.")


@screen("assessments/desk/reason.html", permission="assessments.return_to_unit")
def give_back(request: HttpRequest, key: UUID) -> Answer:
    found = queries.assessment(request.actor, key)
    form = ReasonForm(request.POST or None, prefix="return")
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        with refusals_on(form):
            actions.return_to_unit(request.actor, found, reason=reason)
            return _go(request, found, "Đã trả lại đơn vị. Đơn vị được báo tin.")
    return {"form": form, "found": found, "title": "Trả lại đơn vị", "crumbs": crumbs(found, "Trả lại")}


@require_POST
@declare("assessments.approve")
def approve(request: HttpRequest, key: UUID) -> HttpResponseBase:
    found = queries.assessment(request.actor, key)
    actions.approve(request.actor, found)
    return _go(request, found, "Hội đồng đã duyệt.")


@screen("assessments/desk/reason.html", permission="assessments.reject")
def reject(request: HttpRequest, key: UUID) -> Answer:
    found = queries.assessment(request.actor, key)
    form = RejectForm(request.POST or None, prefix="reject")
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        with refusals_on(form):
            actions.reject(request.actor, found, reason=given["reason"], is_final=given["is_final"])
            return _go(request, found, "Hội đồng đã từ chối. Đơn vị được báo tin.")
    return {"form": form, "found": found, "title": "Từ chối", "crumbs": crumbs(found, "Từ chối")}


@screen("assessments/desk/reason.html", permission="assessments.reopen_review")
def reopen(request: HttpRequest, key: UUID) -> Answer:
    found = queries.assessment(request.actor, key)
    form = ReasonForm(request.POST or None, prefix="reopen")
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        with refusals_on(form):
            actions.reopen_review(request.actor, found, reason=reason)
            return _go(request, found, "Đã chuyển lại cho người thẩm định.")
    return {"form": form, "found": found, "title": "Yêu cầu thẩm định lại", "crumbs": crumbs(found, "Thẩm định lại")}


@declare("assessments.view")
def export(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """Biểu mẫu 01 as a spreadsheet."""
    found = queries.assessment(request.actor, key)
    answer = HttpResponse(workbook(found, queries.shown_items(found)), content_type=XLSX)
    name = f"bieu-mau-01-{found.unit.code}-{found.round.year}.xlsx"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer

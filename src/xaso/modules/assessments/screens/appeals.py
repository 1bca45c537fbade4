"""A unit appeals; somebody who did not appraise it answers."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import redirect

from xaso.core.files.actions import receive_upload
from xaso.core.forms import refusals_on
from xaso.core.screens import Answer, screen, told
from xaso.kit.errors import Refused
from xaso.modules.assessments import actions, queries, rules
from xaso.modules.assessments.forms import AnswerForm, AppealForm
from xaso.modules.assessments.screens.unit import crumbs


@screen("assessments/desk/appeal.html", permission="assessments.appeal")
def appeal(request: HttpRequest, key: UUID) -> Answer:
    found = queries.assessment(request.actor, key, "assessments.appeal")
    scored = [one for one in queries.items_of(found) if one.is_scored]
    choices = [(one.code, f"{one} ({rules.show(one.final_points)}/{rules.show(one.max)})") for one in scored]
    form = AppealForm(request.POST or None, request.FILES or None, choices=choices)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        with refusals_on(form):
            file = receive_upload(given["file"]) if given["file"] else None
            actions.appeal(request.actor, found, codes=given["codes"], reason=given["reason"], file=file)
            told(request, "Đã gửi khiếu nại. Kết quả trả lời sẽ được báo tin.")
            return redirect("desk-assessments:assessment", key=key)
    return {"form": form, "found": found, "crumbs": crumbs(found, "Khiếu nại")}


@screen("assessments/desk/answer.html", permission="assessments.answer_appeal")
def answer(request: HttpRequest, key: UUID) -> Answer:
    found = queries.assessment(request.actor, key, "assessments.answer_appeal")
    waiting = queries.appeal_waiting(found)
    if waiting is None:
        raise Refused("Bài đánh giá này không có khiếu nại nào đang chờ trả lời.")
    items = [one for one in queries.items_of(found) if one.code in waiting.codes]
    parts = [(one.code, f"{one.code} (đang {rules.show(one.final_points)}/{rules.show(one.max)})") for one in items]
    form = AnswerForm(request.POST or None, parts=parts)
    if request.method == "POST" and form.is_valid():
        points, text = form.points, form.cleaned_data["answer"]
        with refusals_on(form):
            actions.answer_appeal(request.actor, waiting, is_upheld=bool(points), answer=text, points=points)
            told(request, "Đã trả lời khiếu nại. Đơn vị được báo tin.")
            return redirect("desk-assessments:assessment", key=key)
    return {
        "form": form,
        "found": found,
        "appeal": waiting,
        "items": items,
        "crumbs": crumbs(found, "Trả lời khiếu nại"),
    }

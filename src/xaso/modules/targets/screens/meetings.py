"""Conclusions of meetings, and the money of a plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.forms import BaseFormSet, formset_factory
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import path, reverse

from xaso.core.accounts.models import Post
from xaso.core.accounts.queries import own_unit
from xaso.core.forms import refusals_on
from xaso.core.paging import page
from xaso.core.screens import Answer, screen, told, warned
from xaso.kit import clock
from xaso.modules.targets import actions
from xaso.modules.targets.forms import ConclusionForm, ConclusionTaskForm, LineForm, SpendingForm
from xaso.modules.targets.queries import conclusions_seen, plans_of, posts_to_choose
from xaso.modules.targets.queries.money import costs_of
from xaso.modules.targets.screens.finding import conclusion_named, files_shown, line_named, plan_named, received
from xaso.modules.targets.screens.plans import crumbs

ROWS, MOST_ROWS = 4, 30
MORE, COUNT = "them-dong", "viec-TOTAL_FORMS"


@screen("targets/desk/conclusions.html", permission="targets.view")
def conclusions(request: HttpRequest) -> Answer:
    rows, following = page(request, conclusions_seen(request.actor))
    return {"conclusions": rows, "next": following, "may_record": request.actor.may("targets.record_conclusion")}


@screen("targets/desk/conclusion_form.html", permission="targets.record_conclusion")
def new_conclusion(request: HttpRequest) -> Answer:
    """One line for each thing decided. "Thêm dòng" shows the same page with more lines and saves nothing."""
    by, unit = request.actor, own_unit(request.actor)
    form = ConclusionForm(request.POST or None, request.FILES or None, plans=plans_of(unit, clock.today().year))
    lines = _lines(request, posts_to_choose(unit))
    if MORE not in request.POST and form.is_valid() and lines.is_valid():
        tasks = [given for line in lines.forms if (given := line.given())]
        with refusals_on(form):
            made = actions.record_conclusion(
                by, unit, given=form.given(), tasks=tasks, plan=form.chosen_plan(), file=received(form)
            )
            told(request, f"Đã ghi kết luận với {len(tasks)} nhiệm vụ.")
            return redirect("desk-targets:conclusion", key=made.uuid)
    return {"form": form, "lines": lines, "may_grow": len(lines.forms) < MOST_ROWS}


def _lines(request: HttpRequest, posts: Sequence[Post]) -> BaseFormSet[Any]:
    rows = formset_factory(ConclusionTaskForm, extra=ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS)
    typed = request.POST.copy()
    count = typed.get(COUNT, "")
    if MORE in typed and count.isdecimal():
        typed[COUNT] = str(min(MOST_ROWS, int(count) + ROWS))
    return rows(typed or None, prefix="viec", form_kwargs={"posts": list(posts)})


@screen("targets/desk/conclusion.html", permission="targets.view")
def conclusion(request: HttpRequest, key: UUID) -> Answer:
    found = conclusion_named(request.actor, key)
    return {
        "crumbs": [{"label": "Kết luận", "url": reverse("desk-targets:conclusions")}, {"label": found.meeting}],
        "conclusion": found,
        "tasks": found.tasks.select_related("responsible__account__person", "unit", "plan").order_by("id"),
        "files": files_shown(found),
    }


@screen("targets/desk/budget.html", permission="targets.view")
def budget(request: HttpRequest, key: UUID) -> Answer:
    found = plan_named(request.actor, key)
    form = LineForm(request.POST or None)
    may_add = request.actor.may("targets.add_budget_line", on=found)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            actions.add_budget_line(request.actor, found, given=form.given())
            told(request, "Đã thêm khoản kinh phí.")
            return redirect("desk-targets:budget", key=found.uuid)
    lines = found.budget.select_related("task").order_by("id")
    return {"plan": found, "costs": costs_of(lines), "form": form, "may_add": may_add,
            "crumbs": crumbs(found, "Kinh phí")}  # fmt: skip


@screen("targets/desk/budget_line.html", permission="targets.view")
def line(request: HttpRequest, key: UUID) -> Answer:
    by, found = request.actor, line_named(request.actor, key)
    form = SpendingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            made = actions.record_spending(by, found, given=form.given())
            _say(request, made.over_reason)
            return redirect("desk-targets:line", key=found.uuid)
    rows, following = page(request, found.spendings.all())
    may_spend = by.may("targets.record_spending", on=found)
    return {"line": found, "form": form, "spendings": rows, "next": following, "may_spend": may_spend,
            "crumbs": _way(found)}  # fmt: skip


def _say(request: HttpRequest, over_reason: str) -> None:
    if over_reason:
        warned(request, "Đã ghi khoản chi. Khoản kinh phí này đã vượt kế hoạch; lý do được giữ cùng khoản chi.")
    else:
        told(request, "Đã ghi khoản chi.")


def _way(found: Any) -> list[dict[str, str]]:
    way = crumbs(found.plan, "Kinh phí")
    way[-1]["url"] = reverse("desk-targets:budget", args=[found.plan.uuid])
    return [*way, {"label": found.name}]


urlpatterns = [
    path("ket-luan/", conclusions, name="conclusions"),
    path("ket-luan/ghi/", new_conclusion, name="new_conclusion"),
    path("ket-luan/<uuid:key>/", conclusion, name="conclusion"),
    path("ke-hoach/<uuid:key>/kinh-phi/", budget, name="budget"),
    path("kinh-phi/<uuid:key>/", line, name="line"),
]

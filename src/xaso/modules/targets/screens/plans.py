"""Plans: the list, a new one, the page with every target and what came of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from xaso.core.accounts.queries import own_unit
from xaso.core.forms import refusals_on
from xaso.core.paging import page
from xaso.core.screens import Answer, declare, screen, told
from xaso.kit.errors import Refused
from xaso.modules.targets import actions
from xaso.modules.targets.definitions import national, packs
from xaso.modules.targets.forms import ApproveForm, PlanForm, ValuesForm
from xaso.modules.targets.models import Plan, Target
from xaso.modules.targets.queries import heads_of, lacking, plans_seen, results_for, summary
from xaso.modules.targets.rules import counted
from xaso.modules.targets.screens.finding import asked_year, files_shown, plan_named, received, years_around


@screen("targets/desk/plans.html", permission="targets.view")
def index(request: HttpRequest) -> Answer:
    by, unit, year = request.actor, own_unit(request.actor), asked_year(request)
    plans, following = page(request, plans_seen(by))
    return {
        "plans": plans,
        "next": following,
        "unit": unit,
        "year": year,
        "years": years_around(year),
        "summary": summary(unit, year),
        "may_make": by.may("targets.make_plan", on=unit),
    }


@screen("targets/desk/plan_form.html", permission="targets.make_plan")
def new_plan(request: HttpRequest) -> Answer:
    unit = own_unit(request.actor)
    offered = next(iter(packs()), "")
    form = PlanForm(request.POST or None, request.FILES or None, initial={"pack": offered})
    if form.is_valid():
        with refusals_on(form):
            made = actions.make_plan(request.actor, unit, given=form.given(), file=received(form))
            told(request, "Đã lập bản nháp kế hoạch. Hãy điền con số và người chịu trách nhiệm rồi trình duyệt.")
            return redirect("desk-targets:plan", key=made.uuid)
    return {"form": form, "unit": unit}


@screen("targets/desk/plan.html", permission="targets.view")
def plan(request: HttpRequest, key: UUID) -> Answer:
    by, found = request.actor, plan_named(request.actor, key)
    targets = list(
        found.targets.exclude(state=Target.State.REPLACED)
        .select_related("plan__unit", "head__account__person")
        .order_by("number", "id")
    )
    judged = results_for(targets)
    return {
        "crumbs": crumbs(found),
        "plan": found,
        "results": judged,
        "counts": counted(one.result for one in judged),
        "replaced": found.targets.filter(state=Target.State.REPLACED).select_related("replaced_by").order_by("id"),
        "lacks": lacking(found),
        "files": files_shown(found),
        "tasks_total": found.tasks.count(),
        **_rights(by, found),
    }


def _rights(by: Any, found: Plan) -> dict[str, Any]:
    may_add = by.may("targets.add_target", on=found)
    return {
        "may_fill": found.is_draft and by.may("targets.fill_values", on=found),
        "may_discard": found.is_draft and by.may("targets.discard_plan", on=found),
        "may_approve": found.is_draft and by.may("targets.approve_plan", on=found),
        "may_add": may_add and (found.is_draft or by.may("targets.approve_plan", on=found)),
        "may_add_task": by.may("targets.add_task", on=found),
        "approve_form": ApproveForm(plan=found) if found.is_draft else None,
    }


@screen("targets/desk/approve.html", permission="targets.approve_plan")
def approve(request: HttpRequest, key: UUID) -> Answer:
    found = plan_named(request.actor, key)
    form = ApproveForm(request.POST or None, request.FILES or None, plan=found)
    if form.is_valid():
        with refusals_on(form):
            actions.approve_plan(request.actor, found, paper=form.paper(), file=received(form))
            told(request, "Kế hoạch đã duyệt. Từ nay chỉ tiêu chỉ thay hoặc thôi thực hiện bằng văn bản.")
            return redirect("desk-targets:plan", key=found.uuid)
    return {"form": form, "plan": found, "lacks": lacking(found), "crumbs": crumbs(found, "Duyệt")}


@require_POST
@declare("targets.discard_plan")
def discard(request: HttpRequest, key: UUID) -> HttpResponseBase:
    found = plan_named(request.actor, key)
    actions.discard_plan(request.actor, found)
    told(request, f"Đã bỏ bản nháp “{found.title}”.")
    return redirect("desk-targets:index")


@screen("targets/desk/values.html", permission="targets.fill_values")
def fill_values(request: HttpRequest, key: UUID) -> Answer:
    found = plan_named(request.actor, key)
    if not found.is_draft:
        raise Refused("Kế hoạch đã duyệt nên không sửa được con số. Hãy mở từng chỉ tiêu để thay.")
    targets = found.targets.filter(state=Target.State.ACTIVE).exclude(direction=Target.Direction.YES_NO)
    form = ValuesForm(request.POST or None, targets=list(targets.order_by("number")))
    if form.is_valid():
        with refusals_on(form):
            actions.fill_values(request.actor, found, values=form.given())
            told(request, "Đã lưu con số của các chỉ tiêu.")
            return redirect("desk-targets:plan", key=found.uuid)
    return {"form": form, "plan": found, "crumbs": crumbs(found, "Con số phải đạt")}


@screen("targets/desk/national.html", permission="targets.view")
def national_targets(request: HttpRequest) -> Answer:
    """To read, and to start a target of one's own from."""
    by = request.actor
    drafts = plans_seen(by).filter(state=Plan.State.DRAFT, unit_id=by.unit_id).order_by("-id")
    may_add = by.may("targets.add_target")
    return {"documents": national(), "draft": drafts.first() if may_add else None}


@screen("targets/desk/heads.html", permission="targets.view")
def heads(request: HttpRequest) -> Answer:
    """Who answers for what: read at the yearly rating of officials."""
    unit, year = own_unit(request.actor), asked_year(request)
    rows = heads_of(unit, year)
    return {"unit": unit, "year": year, "rows": rows, "years": years_around(year)}


def crumbs(found: Plan, here: str = "") -> list[dict[str, str]]:
    way = [{"label": "Kế hoạch", "url": reverse("desk-targets:index")}]
    if not here:
        return [*way, {"label": found.title}]
    return [*way, {"label": found.title, "url": reverse("desk-targets:plan", args=[found.uuid])}, {"label": here}]


urlpatterns = [
    path("", index, name="index"),
    path("lap-ke-hoach/", new_plan, name="new_plan"),
    path("quoc-gia/", national_targets, name="national"),
    path("nguoi-dung-dau/", heads, name="heads"),
    path("ke-hoach/<uuid:key>/", plan, name="plan"),
    path("ke-hoach/<uuid:key>/duyet/", approve, name="approve"),
    path("ke-hoach/<uuid:key>/bo/", discard, name="discard"),
    path("ke-hoach/<uuid:key>/con-so/", fill_values, name="fill_values"),
]

"""One target: its page, and what may be done to it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from xaso.core.forms import refusals_on
from xaso.core.screens import Answer, declare, screen, told
from xaso.core.units.models import Unit
from xaso.kit.errors import Missing, Refused
from xaso.modules.figures import queries as figures
from xaso.modules.targets import actions
from xaso.modules.targets.definitions import national_target
from xaso.modules.targets.forms import CloseForm, ConfirmForm, HeadForm, TargetForm
from xaso.modules.targets.forms.promises import initial_of
from xaso.modules.targets.models import Target, last_day
from xaso.modules.targets.queries import TargetResult, posts_to_choose, result_now, timeline
from xaso.modules.targets.rules import Result
from xaso.modules.targets.screens.drawing import chart_of
from xaso.modules.targets.screens.finding import plan_named, target_named
from xaso.modules.targets.screens.plans import crumbs


@screen("targets/desk/target.html", permission="targets.view")
def target(request: HttpRequest, key: UUID) -> Answer:
    found = target_named(request.actor, key)
    now, moments = result_now(found), timeline(found)
    return {
        "crumbs": crumbs(found.plan, f"Chỉ tiêu {found.number}"),
        "target": found,
        "now": now,
        "figure": figures.catalogue().get(found.figure),
        "figure_url": _figure_url(request, now),
        "moments": moments,
        "chart": chart_of(moments, found.is_percent),
        "tasks": found.tasks.select_related("responsible__account__person", "plan", "unit").order_by("id"),
        "confirmations": found.confirmations.order_by("-id"),
        **_rights(request, found, now.by_figure),
    }


def _figure_url(request: HttpRequest, now: TargetResult) -> str:
    """The number's own page: where it comes from and the rows behind it."""
    found = now.target
    is_own = found.kind == Target.Kind.FIGURE and now.value is not None
    if not is_own or not request.actor.may("figures.view", on=found):
        return ""
    asked = {"unit": found.plan.unit.code, "period": now.value.period_key if now.value else ""}
    return f"{reverse('desk-figures:figure', args=[found.figure])}?{urlencode(asked)}"


def _rights(request: HttpRequest, found: Target, by_figure: Result) -> dict[str, Any]:
    by, is_open = request.actor, found.is_active
    may_confirm = found.is_active and not found.plan.is_draft and by.may("targets.confirm_result", on=found)
    is_word = by_figure == Result.TO_CONFIRM or (by_figure == Result.NO_FIGURE and found.direction == "yes_no")
    may_name = is_open and by.may("targets.name_head", on=found)
    return {
        "may_amend": is_open and found.plan.is_draft and by.may("targets.amend_target", on=found),
        "may_replace": is_open and not found.plan.is_draft and by.may("targets.replace_target", on=found),
        "may_drop": is_open and by.may("targets.drop_target", on=found),
        "may_add_task": is_open and by.may("targets.add_task", on=found),
        "confirm_form": ConfirmForm() if may_confirm and is_word else None,
        "head_form": HeadForm(posts=posts_to_choose(found.plan.unit)) if may_name else None,
        "drop_form": CloseForm(),
    }


@screen("targets/desk/target_form.html", permission="targets.add_target")
def new_target(request: HttpRequest, key: UUID) -> Answer:
    found = plan_named(request.actor, key)
    initial = _from_national(request.GET.get("tu", "")) or {"due_on": last_day(found.last_year)}
    form = _form(request, found.unit, initial)
    if form.is_valid():
        with refusals_on(form):
            made = actions.add_target(request.actor, found, given=form.given())
            told(request, "Đã thêm chỉ tiêu. Hãy thêm ít nhất một nhiệm vụ cho chỉ tiêu này.")
            return redirect("desk-targets:target", key=made.uuid)
    return {"form": form, "title": "Thêm chỉ tiêu", "plan": found, "crumbs": crumbs(found, "Thêm chỉ tiêu")}


def _from_national(key: str) -> dict[str, Any]:
    named = national_target(key)
    if named is None:
        return {}
    document, one = named
    return {
        "text": one.text,
        "figure": one.figure,
        "comparator": one.comparator,
        "value": one.value,
        "measure_unit": one.unit,
        "deadline_kind": Target.DeadlineKind.BY_YEAR,
        "due_on": last_day(one.year),
        "source_document": document.number + (f" ngày {document.dated:%d/%m/%Y}" if document.dated else ""),
    }


def _form(request: HttpRequest, unit: Unit, initial: dict[str, Any]) -> TargetForm:
    over_communes = unit.kind in {Unit.Kind.PROVINCE, Unit.Kind.CITY, Unit.Kind.DISTRICT, Unit.Kind.TOWN}
    return TargetForm(request.POST or None, initial=initial, posts=posts_to_choose(unit), counts_units=over_communes)


@screen("targets/desk/target_form.html", permission="targets.amend_target")
def amend(request: HttpRequest, key: UUID) -> Answer:
    found = target_named(request.actor, key)
    form = _form(request, found.plan.unit, initial_of(found))
    if form.is_valid():
        with refusals_on(form):
            actions.amend_target(request.actor, found, given=form.given())
            told(request, "Đã lưu chỉ tiêu.")
            return redirect("desk-targets:target", key=found.uuid)
    return {"form": form, "title": "Sửa chỉ tiêu", "plan": found.plan, "crumbs": crumbs(found.plan, "Sửa chỉ tiêu")}


@screen("targets/desk/target_replace.html", permission="targets.replace_target")
def replace(request: HttpRequest, key: UUID) -> Answer:
    """Two forms on one page: the new promise, and why the old one no longer counts."""
    found = target_named(request.actor, key)
    form = _form(request, found.plan.unit, initial_of(found))
    why = CloseForm(request.POST or None)
    if form.is_valid() and why.is_valid():
        with refusals_on(form):
            new = actions.replace_target(request.actor, found, given=form.given(), **why.cleaned_data)
            told(request, "Đã thay chỉ tiêu. Chỉ tiêu cũ vẫn còn trong lịch sử.")
            return redirect("desk-targets:target", key=new.uuid)
    return {"form": form, "why": why, "target": found, "crumbs": crumbs(found.plan, "Thay chỉ tiêu")}


@require_POST
@declare("targets.drop_target")
def drop(request: HttpRequest, key: UUID) -> Any:
    found = target_named(request.actor, key)
    form = CloseForm(request.POST)
    if not form.is_valid():
        raise Refused("Hãy ghi lý do và văn bản cho phép không thực hiện chỉ tiêu.")
    actions.drop_target(request.actor, found, **form.cleaned_data)
    told(request, "Đã ghi: chỉ tiêu không thực hiện.")
    return redirect("desk-targets:target", key=found.uuid)


@require_POST
@declare("targets.confirm_result")
def confirm(request: HttpRequest, key: UUID) -> Any:
    found = target_named(request.actor, key)
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        raise Refused("Hãy chọn kết quả và ghi lý do xác nhận.")
    actions.confirm_result(request.actor, found, **form.cleaned_data)
    told(request, "Đã xác nhận kết quả của chỉ tiêu.")
    return redirect("desk-targets:target", key=found.uuid)


@require_POST
@declare("targets.name_head")
def name_head(request: HttpRequest, key: UUID) -> Any:
    found = target_named(request.actor, key)
    form = HeadForm(request.POST, posts=posts_to_choose(found.plan.unit))
    if not form.is_valid() or form.cleaned_data["head"] is None:
        raise Missing("Hãy chọn người chịu trách nhiệm trong danh sách.")
    actions.name_head(request.actor, found, post=form.cleaned_data["head"])
    told(request, "Đã ghi người chịu trách nhiệm.")
    return redirect("desk-targets:target", key=found.uuid)


urlpatterns = [
    path("ke-hoach/<uuid:key>/them-chi-tieu/", new_target, name="new_target"),
    path("chi-tieu/<uuid:key>/", target, name="target"),
    path("chi-tieu/<uuid:key>/sua/", amend, name="amend"),
    path("chi-tieu/<uuid:key>/thay/", replace, name="replace"),
    path("chi-tieu/<uuid:key>/khong-thuc-hien/", drop, name="drop"),
    path("chi-tieu/<uuid:key>/xac-nhan/", confirm, name="confirm"),
    path("chi-tieu/<uuid:key>/nguoi-chiu-trach-nhiem/", name_head, name="name_head"),
]

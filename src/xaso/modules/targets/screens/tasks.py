"""Tasks: the list with its filters, a new one, its page and what may be done there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from xaso.core.files.queries import files_of_many
from xaso.core.forms import checked, refusals_on
from xaso.core.paging import page
from xaso.core.screens import Answer, declare, screen, told
from xaso.kit import subject
from xaso.modules.targets import actions
from xaso.modules.targets.forms import (
    AssignForm,
    CancelForm,
    FilterForm,
    LinkForm,
    ProgressForm,
    ReasonForm,
    TaskForm,
)
from xaso.modules.targets.models import Target, Task
from xaso.modules.targets.queries import TaskState, posts_to_choose, tasks_seen
from xaso.modules.targets.rules import may_move
from xaso.modules.targets.screens.finding import plan_named, received, target_named, task_named
from xaso.modules.targets.screens.plans import crumbs


@screen("targets/desk/tasks.html", permission="targets.view")
def listed(request: HttpRequest) -> Answer:
    form = FilterForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {"cua": "", "loc": ""}
    tasks, following = page(request, tasks_seen(request.actor, whose=asked["cua"], state=asked["loc"]))
    is_filtered = any(asked.values())
    return {"tasks": tasks, "next": following, "form": form, "is_filtered": is_filtered}


@screen("targets/desk/tasks_of_plan.html", permission="targets.view")
def of_plan(request: HttpRequest, key: UUID) -> Answer:
    found = plan_named(request.actor, key)
    tasks, following = page(request, tasks_seen(request.actor).filter(plan=found))
    may_add = request.actor.may("targets.add_task", on=found)
    return {"tasks": tasks, "next": following, "plan": found, "crumbs": crumbs(found, "Nhiệm vụ"), "may_add": may_add}


@screen("targets/desk/task_form.html", permission="targets.add_task")
def new_task(request: HttpRequest, key: UUID) -> Answer:
    found = plan_named(request.actor, key)
    initial = {"targets": [request.GET.get("chi-tieu", "")]}
    form = TaskForm(
        request.POST or None, initial=initial, posts=posts_to_choose(found.unit),
        targets=_targets(found), tasks=list(found.tasks.filter(parent=None).order_by("id")),
    )  # fmt: skip
    if form.is_valid():
        with refusals_on(form):
            made = actions.add_task(request.actor, found, given=form.given())
            told(request, f"Đã thêm nhiệm vụ {made.code}.")
            return redirect("desk-targets:task", key=made.uuid)
    return {"form": form, "plan": found, "crumbs": crumbs(found, "Thêm nhiệm vụ")}


@screen("targets/desk/task_form.html", permission="targets.add_task")
def new_task_of_target(request: HttpRequest, key: UUID) -> Answer:
    """From a target's page: the form opens with the target chosen."""
    found = target_named(request.actor, key)
    address = reverse("desk-targets:new_task", args=[found.plan.uuid])
    return redirect(f"{address}?chi-tieu={found.uuid}")


def _targets(plan: Any) -> list[Target]:
    return list(plan.targets.filter(state=Target.State.ACTIVE).order_by("number")) if plan else []


@screen("targets/desk/task.html", permission="targets.view")
def task(request: HttpRequest, key: UUID) -> Answer:
    found = task_named(request.actor, key)
    updates = list(found.updates.order_by("-id")[:50])
    files = files_of_many(subject.ref(one) for one in updates)
    told_of = [(one, files[subject.ref(one)]) for one in updates]
    return {
        "crumbs": _crumbs(found),
        "task": found,
        "updates": told_of,
        "people": found.people.select_related("account__person"),
        "serves": found.targets.order_by("number"),
        "parts": found.parts.select_related("responsible__account__person", "unit").order_by("id"),
        **_rights(request, found),
    }


def _crumbs(found: Task) -> list[dict[str, str]]:
    if found.plan:
        return crumbs(found.plan, found.code)
    return [{"label": "Nhiệm vụ", "url": reverse("desk-targets:tasks")}, {"label": found.code}]


def _rights(request: HttpRequest, found: Task) -> dict[str, Any]:
    """Which buttons stand on the page: the permission and the table of moves together."""
    by = request.actor

    def may(verb: str, then: TaskState) -> bool:
        return may_move(found.state, then) and by.may(f"targets.{verb}", on=found)

    posts = posts_to_choose(found.unit) if by.may("targets.assign", on=found) else []
    helpers = [str(post.uuid) for post in found.people.all()]
    asked = {"responsible": str(found.responsible.uuid) if found.responsible else "", "people": helpers,
             "due_on": found.due_on}  # fmt: skip
    may_link = by.may("targets.link_task", on=found) and found.plan is not None
    linked = {"targets": [str(one.uuid) for one in found.targets.all()], "is_condition": found.is_condition}
    may_report = may("report_progress", TaskState.KEEP_UP if found.state == TaskState.KEEP_UP else TaskState.DOING)
    return {
        "progress_form": ProgressForm(initial={"percent": found.progress}) if may_report else None,
        "finish_form": ReasonForm(prefix="xong") if may("finish", TaskState.DONE) else None,
        "keep_form": ReasonForm(prefix="giu") if may("keep_up", TaskState.KEEP_UP) else None,
        "pause_form": ReasonForm(prefix="dung") if may("pause", TaskState.PAUSED) else None,
        "cancel_form": CancelForm(prefix="huy") if may("cancel", TaskState.CANCELLED) else None,
        "assign_form": AssignForm(posts=posts, initial=asked) if posts and found.is_owed else None,
        "link_form": LinkForm(targets=_targets(found.plan), initial=linked) if may_link else None,
    }


@require_POST
@declare("targets.report_progress")
def report(request: HttpRequest, key: UUID) -> HttpResponseBase:
    found = task_named(request.actor, key)
    form = ProgressForm(request.POST, request.FILES)
    typed = checked(form)
    actions.report_progress(
        request.actor, found, text=typed["text"], percent=typed["percent"], on=typed["on"], evidence=received(form)
    )
    return _back(request, found, "Đã ghi tiến độ.")


@require_POST
@declare("targets.finish")
def finish(request: HttpRequest, key: UUID) -> HttpResponseBase:
    found = task_named(request.actor, key)
    form = ReasonForm(request.POST, request.FILES, prefix="xong")
    actions.finish(request.actor, found, text=checked(form)["text"], evidence=received(form))
    return _back(request, found, "Nhiệm vụ đã hoàn thành.")


def _said(prefix: str, verb: Callable[..., Any], sentence: str, word: str) -> Callable[..., HttpResponseBase]:
    """Pause and keep up differ only in their verb."""

    def run(request: HttpRequest, key: UUID) -> HttpResponseBase:
        found = task_named(request.actor, key)
        verb(request.actor, found, **{word: checked(ReasonForm(request.POST, prefix=prefix))["text"]})
        return _back(request, found, sentence)

    return run


keep_up = require_POST(
    declare("targets.keep_up")(_said("giu", actions.keep_up, "Nhiệm vụ chuyển sang tiếp tục duy trì.", "text"))
)
pause = require_POST(declare("targets.pause")(_said("dung", actions.pause, "Nhiệm vụ tạm dừng.", "reason")))


@require_POST
@declare("targets.cancel")
def cancel(request: HttpRequest, key: UUID) -> HttpResponseBase:
    found = task_named(request.actor, key)
    typed = checked(CancelForm(request.POST, prefix="huy"))
    actions.cancel(request.actor, found, reason=typed["text"], document=typed["document"])
    return _back(request, found, "Nhiệm vụ đã huỷ.")


@require_POST
@declare("targets.assign")
def assign(request: HttpRequest, key: UUID) -> HttpResponseBase:
    found = task_named(request.actor, key)
    typed = checked(AssignForm(request.POST, posts=posts_to_choose(found.unit)))
    actions.assign(request.actor, found, **typed)
    return _back(request, found, "Đã giao nhiệm vụ.")


@require_POST
@declare("targets.link_task")
def link(request: HttpRequest, key: UUID) -> HttpResponseBase:
    found = task_named(request.actor, key)
    form = LinkForm(request.POST, targets=_targets(found.plan))
    is_condition = checked(form)["is_condition"]
    actions.link_task(request.actor, found, targets=form.chosen(), is_condition=is_condition)
    return _back(request, found, "Đã gắn nhiệm vụ với chỉ tiêu.")


def _back(request: HttpRequest, found: Task, sentence: str) -> HttpResponseBase:
    told(request, sentence)
    return redirect("desk-targets:task", key=found.uuid)


urlpatterns = [
    path("nhiem-vu/", listed, name="tasks"),
    path("ke-hoach/<uuid:key>/nhiem-vu/", of_plan, name="tasks_of_plan"),
    path("ke-hoach/<uuid:key>/them-nhiem-vu/", new_task, name="new_task"),
    path("chi-tieu/<uuid:key>/them-nhiem-vu/", new_task_of_target, name="new_task_of_target"),
    path("nhiem-vu/<uuid:key>/", task, name="task"),
    path("nhiem-vu/<uuid:key>/tien-do/", report, name="report"),
    path("nhiem-vu/<uuid:key>/hoan-thanh/", finish, name="finish"),
    path("nhiem-vu/<uuid:key>/duy-tri/", keep_up, name="keep_up"),
    path("nhiem-vu/<uuid:key>/tam-dung/", pause, name="pause"),
    path("nhiem-vu/<uuid:key>/huy/", cancel, name="cancel"),
    path("nhiem-vu/<uuid:key>/giao/", assign, name="assign"),
    path("nhiem-vu/<uuid:key>/gan/", link, name="link"),
]

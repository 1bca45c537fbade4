"""Repair tickets: opened, given to somebody, closed with parts and cost."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Sum
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from xaso.core.forms import refusals_on
from xaso.core.paging import page
from xaso.core.screens import Answer, declare, screen, told
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.modules.speakers.actions import repairing
from xaso.modules.speakers.forms import AssignForm, CloseForm, RepairForm
from xaso.modules.speakers.models import Repair
from xaso.modules.speakers.queries import register as registered
from xaso.modules.speakers.rules.limits import length_words
from xaso.modules.speakers.screens.devices import CRUMB

TONES = {"open": "warn", "assigned": "info", "closed": "done"}
TABS = {"mo": ("Chưa xong", ["open", "assigned"]), "xong": ("Đã xong", ["closed"])}


@screen("speakers/desk/repairs.html", permission="speakers.view")
def repairs(request: HttpRequest) -> Answer:
    rows = registered.repairs(request.actor)
    asked = request.GET.get("tab", "")
    chosen = asked if asked in TABS else "mo"
    found, following = page(request, rows.filter(state__in=TABS[chosen][1]))
    year = clock.today().year
    spent = rows.filter(closed_at__year=year).values("budget_line").annotate(cost=Sum("cost")).exclude(cost=0)
    return {
        "rows": [{"repair": one, "tone": TONES[one.state], "down": _down(one)} for one in found],
        "next": following,
        "tabs": [{"label": label, "url": f"?tab={key}", "current": key == chosen} for key, (label, _) in TABS.items()],
        "spent": list(spent.order_by("budget_line")[:20]),
        "year": year,
        "crumbs": [CRUMB, {"label": "Sửa chữa"}],
    }


def _down(one: Repair) -> str:
    minutes = repairing.down_minutes(one, clock.now())
    return length_words(minutes * 60) if minutes else "dưới 1 phút"


@screen("speakers/desk/repair_form.html", permission="speakers.open_repair")
def new(request: HttpRequest, key: UUID) -> Answer:
    device = registered.device(request.actor, "speakers.open_repair", key)
    alarm = device.alarms.filter(cleared_at=None).order_by("since").first()
    words = f"{alarm.get_kind_display()}. {alarm.detail}".strip() if alarm else ""
    form = RepairForm(request.POST or None, initial={"problem": words})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            made = repairing.open_repair(request.actor, device, alarm=alarm, **form.cleaned_data)
            told(request, "Đã mở phiếu sửa loa.")
            return redirect("desk-speakers:repair", key=made.uuid)
    back = {"label": device.name, "url": reverse("desk-speakers:device", args=[device.uuid])}
    return {"form": form, "device": device, "crumbs": [CRUMB, back, {"label": "Mở phiếu sửa"}]}


@screen("speakers/desk/repair.html", permission="speakers.view")
def repair(request: HttpRequest, key: UUID) -> Answer:
    found = registered.repair(request.actor, "speakers.view", key)
    return _page(request, found, AssignForm(), CloseForm())


def _page(request: HttpRequest, found: Repair, assign: AssignForm, close: CloseForm) -> dict[str, Any]:
    by, is_open = request.actor, found.state != Repair.State.CLOSED
    crumbs = [CRUMB, {"label": "Sửa chữa", "url": reverse("desk-speakers:repairs")}, {"label": found.device.name}]
    return {
        "repair": found,
        "tone": TONES[found.state],
        "down": _down(found),
        "assign_form": assign if is_open and by.may("speakers.assign_repair", on=found) else None,
        "close_form": close if is_open and by.may("speakers.close_repair", on=found) else None,
        "crumbs": crumbs,
    }


@require_POST
@declare("speakers.assign_repair")
def assign(request: HttpRequest, key: UUID) -> HttpResponseBase:
    found = registered.repair(request.actor, "speakers.assign_repair", key)
    form = AssignForm(request.POST)
    if not form.is_valid():
        raise Refused("Hãy ghi người hoặc cơ sở nhận sửa.")
    repairing.assign_repair(request.actor, found, **form.cleaned_data)
    told(request, "Đã giao việc sửa loa.")
    return redirect("desk-speakers:repair", key=key)


@screen("speakers/desk/repair.html", permission="speakers.close_repair")
def close(request: HttpRequest, key: UUID) -> Answer:
    found = registered.repair(request.actor, "speakers.close_repair", key)
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            repairing.close_repair(request.actor, found, **form.cleaned_data)
            told(request, "Đã đóng phiếu. Loa dùng lại được.")
            return redirect("desk-speakers:repair", key=key)
    return _page(request, found, AssignForm(), form)


urlpatterns = [
    path("sua-chua/", repairs, name="repairs"),
    path("loa/<uuid:key>/bao-hong/", new, name="new_repair"),
    path("sua-chua/<uuid:key>/", repair, name="repair"),
    path("sua-chua/<uuid:key>/giao/", assign, name="assign_repair"),
    path("sua-chua/<uuid:key>/dong/", close, name="close_repair"),
]

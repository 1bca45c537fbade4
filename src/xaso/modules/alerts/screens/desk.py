"""The duty officer's pages: what came, what was done with it, and drills."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_POST

from xaso.core.accounts.queries import own_unit
from xaso.core.forms import refusals_on
from xaso.core.paging import page
from xaso.core.screens import Answer, declare, screen, told
from xaso.kit.errors import Refused
from xaso.modules.alerts import actions, queries
from xaso.modules.alerts.definitions import alerts
from xaso.modules.alerts.forms import ActForm, AlertFilter, DismissForm, DrillForm, TakeForm
from xaso.modules.alerts.models import Alert
from xaso.modules.alerts.rules import mapping, reading
from xaso.modules.bulletins import queries as bulletins


@screen("alerts/desk/listed.html", permission="alerts.view")
def listed(request: HttpRequest) -> Answer:
    form = AlertFilter(request.GET or None)
    chosen = form.cleaned_data if form.is_valid() else {}
    rows, after = page(request, queries.listed(request.actor, chosen.get("klass", ""), chosen.get("state", "")))
    return {
        "form": form,
        "rows": rows,
        "next": after,
        "filtered": any(chosen.values()),
        "drill": queries.drill_of(request.actor.unit_path),
        "may_take": request.actor.may("alerts.take_in"),
        "may_arm": request.actor.may("alerts.arm_drill"),
        "feeds": _feeds(),
        "geocodes": alerts().geocodes,
    }


def _feeds() -> list[dict[str, Any]]:
    states = queries.feed_states() if queries.feeds() else {}
    return [{"feed": feed, "state": states.get(feed.code)} for feed in queries.feeds()]


@screen("alerts/desk/take.html", permission="alerts.take_in")
def take(request: HttpRequest) -> Answer:
    form = TakeForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form, "upload" if form.cleaned_data["upload"] else "text"):
            content = _given(form)
            found = actions.take_in(request.actor, own_unit(request.actor), source=content)
            told(request, "Đã nhận cảnh báo.")
            return redirect(found)
    return {"form": form}


def _given(form: TakeForm) -> bytes:
    """Size first: a file beyond the limit is not even read."""
    upload = form.cleaned_data["upload"]
    if upload is None:
        return str(form.cleaned_data["text"]).strip().encode()
    if upload.size > reading.MOST_BYTES:
        raise Refused(reading.TOO_LARGE)
    content: bytes = upload.read()
    return content


@screen("alerts/desk/alert.html", permission="alerts.view", logs_reading=True)
def alert(request: HttpRequest, key: UUID) -> Answer:
    found = queries.alert_for(request.actor, key)
    may = request.actor.may
    is_open = found.is_waiting or (found.can_be_sent and queries.drill_of(found.unit.path) is not None)
    form = _act_form(None, found) if is_open and may("alerts.act", on=found) else None
    dismissing = DismissForm() if found.is_waiting and may("alerts.dismiss", on=found) else None
    return _shown(found, form, dismissing)


def _shown(found: Alert, form: ActForm | None, dismissing: DismissForm | None) -> dict[str, Any]:
    return {
        "subject": found,
        "alert": found,
        "deeds": [{"at": one.at, "title": one.text, "by": one.by_name} for one in found.deeds.order_by("pk")],
        "bulletins": bulletins.of_origin(found.ref),
        "act_form": form,
        "dismiss_form": dismissing,
        "drill": queries.drill_of(found.unit.path),
        "is_emergency": found.klass == mapping.EMERGENCY and not found.is_drill,
    }


def _act_form(data: Any, found: Alert) -> ActForm:
    initial = {"unit_paths": found.unit_paths, "channels": alerts().channels}
    is_emergency = found.klass == mapping.EMERGENCY and not found.is_drill
    places = queries.choices_under(found.unit, found.unit_paths)
    return ActForm(data, initial=initial, places=places, is_emergency=is_emergency)


@screen("alerts/desk/alert.html", permission="alerts.act")
def act(request: HttpRequest, key: UUID) -> Answer:
    found = queries.alert_for(request.actor, key, "alerts.act")
    form = _act_form(request.POST or None, found)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            actions.act(request.actor, found, **form.cleaned_data)
            told(request, "Đã chuyển đi.")
            return redirect(found)
    return _shown(found, form, None) if request.method == "POST" else redirect(found)


@screen("alerts/desk/alert.html", permission="alerts.dismiss")
def dismiss(request: HttpRequest, key: UUID) -> Answer:
    found = queries.alert_for(request.actor, key, "alerts.dismiss")
    form = DismissForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            actions.dismiss(request.actor, found, reason=form.cleaned_data["reason"])
            told(request, "Đã ghi: không dùng cảnh báo này.")
            return redirect(found)
    return _shown(found, None, form) if request.method == "POST" else redirect(found)


@declare("alerts.view")
def source(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """The message to the letter, to be saved: it is somebody else's content."""
    found = queries.alert_for(request.actor, key)
    answer = HttpResponse(found.source, content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = f'attachment; filename="cap-{found.uuid}.xml"'
    return answer


@screen("alerts/desk/drill.html", permission="alerts.arm_drill")
def drill(request: HttpRequest) -> Answer:
    unit = own_unit(request.actor)
    form = DrillForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            actions.arm_drill(request.actor, unit, **form.cleaned_data)
            told(request, "Đã mở diễn tập. Bản tin diễn tập và bản tin thử từ giờ được ra loa.")
            return redirect("desk-alerts:listed")
    return {"form": form, "unit": unit, "drill": queries.drill_of(unit.path)}


@require_POST
@declare("alerts.disarm_drill")
def disarm(request: HttpRequest, key: UUID) -> HttpResponseBase:
    actions.disarm_drill(request.actor, queries.drill_for(request.actor, key))
    told(request, "Đã kết thúc diễn tập.")
    return redirect("desk-alerts:listed")


def work_part(request: HttpRequest) -> dict[str, Any] | None:
    """Alerts that wait for a person, and a drill that is on."""
    if not request.actor.may("alerts.view"):
        return None
    waiting = list(queries.waiting_of(request.actor).order_by("-pk")[:5])
    running = queries.drill_of(request.actor.unit_path)
    if not waiting and running is None:
        return None
    return {"template": "alerts/parts/work.html", "waiting": waiting, "drill": running}


urlpatterns = [
    path("", listed, name="listed"),
    path("nhan/", take, name="take"),
    path("dien-tap/", drill, name="drill"),
    path("dien-tap/<uuid:key>/ket-thuc/", disarm, name="disarm"),
    path("<uuid:key>/", alert, name="alert"),
    path("<uuid:key>/phat/", act, name="act"),
    path("<uuid:key>/bo/", dismiss, name="dismiss"),
    path("<uuid:key>/goc.xml", source, name="source"),
]

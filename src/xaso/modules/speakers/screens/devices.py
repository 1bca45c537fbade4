"""The register of devices and the page of one device."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from xaso.core.accounts.queries import own_unit
from xaso.core.forms import refusals_on
from xaso.core.paging import page
from xaso.core.screens import Answer, declare, screen, told
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import tidy
from xaso.modules.speakers.actions import register
from xaso.modules.speakers.configured import key_file
from xaso.modules.speakers.forms import DeviceFilter, DeviceForm, StateForm
from xaso.modules.speakers.models import Alarm, Device, Run, Zone
from xaso.modules.speakers.queries import register as registered
from xaso.modules.speakers.rules.beats import heard
from xaso.modules.speakers.screens.board import RUN_TONES

STATE_TONES = {"in_use": "good", "repair": "warn", "lost": "bad", "retired": "neutral"}
CRUMB = {"label": "Loa truyền thanh", "url": "/desk/speakers/"}


@screen("speakers/desk/devices.html", permission="speakers.view")
def devices(request: HttpRequest) -> Answer:
    by = request.actor
    words, state = tidy(request.GET.get("q", ""))[:80], request.GET.get("tinh_trang", "")
    rows = registered.devices(by)
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(serial__icontains=words) | Q(unit__name__icontains=words))
    alarmed = Alarm.objects.filter(device=OuterRef("pk"), cleared_at=None)
    if state == "mat":
        rows = rows.filter(Exists(alarmed.filter(kind=Alarm.Kind.SILENT)))
    elif state == "bao":
        rows = rows.filter(Exists(alarmed))
    elif state in Device.State.values:
        rows = rows.filter(state=state)
    found, following = page(request, rows)
    return {
        "rows": [_row(one) for one in found],
        "next": following,
        "filter": DeviceFilter(request.GET or None),
        "is_filtered": bool(words or state),
        "may_register": by.may("speakers.register"),
        "may_import": by.may("speakers.preview_import"),
        "crumbs": [CRUMB, {"label": "Sổ loa"}],
    }


def _row(device: Device) -> dict[str, Any]:
    pulse = getattr(device, "pulse", None)
    return {"device": device, "pulse": pulse, "tone": STATE_TONES[device.state]}


@screen("speakers/desk/device.html", permission="speakers.view")
def device(request: HttpRequest, key: UUID) -> Answer:
    """One device: how it is, 24 hours of beats, what it played."""
    by = request.actor
    found = registered.device(by, "speakers.view", key)
    pulse = getattr(found, "pulse", None)
    runs, following = page(request, Run.objects.filter(device=found).select_related("play"), 20)
    hours = heard(pulse.history, pulse.history_hour, clock.now()) if pulse else []
    names = ("change_device", "issue_credential", "set_state", "set_volume", "ask_report", "open_repair")
    return {
        "device": found,
        "pulse": pulse,
        "tone": STATE_TONES[found.state],
        "hours": [_bar(number, moment, minutes) for number, (moment, minutes) in enumerate(hours)],
        "alarms": list(found.alarms.filter(cleared_at=None).order_by("since")),
        "runs": [{"run": run, "tone": RUN_TONES[run.state]} for run in runs],
        "next": following,
        "repairs": list(found.repairs.order_by("-pk")[:5]),
        "state_form": StateForm(initial={"state": found.state}),
        "may": {name: by.may(f"speakers.{name}", on=found) for name in names},
        "crumbs": [CRUMB, {"label": "Sổ loa", "url": reverse("desk-speakers:devices")}, {"label": found.name}],
    }


def _bar(number: int, moment: Any, minutes: int) -> dict[str, Any]:
    return {
        "x": number * 25,
        "y": 60 - minutes,
        "height": minutes,
        "hour": moment,
        "minutes": minutes,
    }


def _choices(request: HttpRequest, permission: str) -> tuple[Unit, list[tuple[int, str]], list[tuple[str, str]]]:
    unit = registered.commune_of(own_unit(request.actor))
    units = [(one.pk, one.name if one.pk != unit.pk else f"{one} (trụ sở)") for one in registered.villages_of(unit)]
    zones = registered.zones(request.actor, permission).filter(kind=Zone.Kind.ZONE)
    return unit, units, [(str(zone.uuid), zone.name) for zone in zones]


@screen("speakers/desk/device_form.html", permission="speakers.register")
def new(request: HttpRequest) -> Answer:
    _, units, zones = _choices(request, "speakers.view")
    form = DeviceForm(request.POST or None, units=units, zones=zones)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            home = Unit.objects.get(pk=form.cleaned_data["unit"])
            made = register.register_device(request.actor, home, entry=form.entry(), zone=_zone(request, form))
            told(request, "Đã ghi loa vào sổ. Hãy cấp mật khẩu để loa kết nối.")
            return redirect("desk-speakers:device", key=made.uuid)
    return {"form": form, "crumbs": [CRUMB, {"label": "Đăng ký loa"}]}


def _zone(request: HttpRequest, form: DeviceForm) -> Zone | None:
    chosen = form.cleaned_data["zone"]
    return registered.zone(request.actor, "speakers.view", UUID(chosen)) if chosen else None


@screen("speakers/desk/device_form.html", permission="speakers.change_device")
def change(request: HttpRequest, key: UUID) -> Answer:
    found = registered.device(request.actor, "speakers.change_device", key)
    _, units, zones = _choices(request, "speakers.view")
    form = DeviceForm(request.POST or None, initial=_initial(found), units=units, zones=zones)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            home = Unit.objects.get(pk=form.cleaned_data["unit"])
            register.change_device(request.actor, found, entry=form.entry(), unit=home, zone=_zone(request, form))
            told(request, "Đã sửa thông tin loa.")
            return redirect("desk-speakers:device", key=found.uuid)
    back = {"label": found.name, "url": reverse("desk-speakers:device", args=[found.uuid])}
    return {"form": form, "device": found, "crumbs": [CRUMB, back, {"label": "Sửa"}]}


def _initial(device: Device) -> dict[str, Any]:
    names = ("serial", "name", "place", "maker", "model", "sim", "sim_phone", "protocol", "installed_on")
    plain = {name: getattr(device, name) for name in names}
    numbers = {
        name: "" if (value := getattr(device, name)) is None else f"{value:f}" for name in ("latitude", "longitude")
    }
    return plain | numbers | {"unit": str(device.unit_id), "zone": str(device.zone.uuid) if device.zone else ""}


@require_POST
@declare("speakers.issue_credential")
def credential(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """The secret stands on this answer and nowhere else; loading the page anew does not bring it back."""
    found = registered.device(request.actor, "speakers.issue_credential", key)
    secret = register.issue_credential(request.actor, found)
    shown = {"device": found, "secret": secret, "key_file": key_file(found, secret)}
    answer = render(request, "speakers/desk/secret.html", shown)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@require_POST
@declare("speakers.set_state")
def set_state(request: HttpRequest, key: UUID) -> HttpResponseBase:
    found = registered.device(request.actor, "speakers.set_state", key)
    form = StateForm(request.POST)
    if not form.is_valid():
        raise Refused("Hãy chọn tình trạng mới và ghi lý do.")
    register.set_state(request.actor, found, **form.cleaned_data)
    told(request, "Đã đổi tình trạng loa.")
    return redirect("desk-speakers:device", key=key)


@require_POST
@declare("speakers.set_volume")
def set_volume(request: HttpRequest, key: UUID) -> HttpResponseBase:
    found = registered.device(request.actor, "speakers.set_volume", key)
    typed = request.POST.get("volume", "")
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= 3):
        raise Refused("Âm lượng từ 0 đến 100.")
    register.set_volume(request.actor, found, volume=int(typed))
    told(request, "Đã gửi lệnh chỉnh âm lượng.")
    return redirect("desk-speakers:device", key=key)


@require_POST
@declare("speakers.ask_report")
def ask_report(request: HttpRequest, key: UUID) -> HttpResponseBase:
    register.ask_report(request.actor, registered.device(request.actor, "speakers.ask_report", key))
    told(request, "Đã hỏi lại nhật ký. Loa trả lời khi có kết nối.")
    return redirect("desk-speakers:device", key=key)


urlpatterns = [
    path("so-loa/", devices, name="devices"),
    path("so-loa/moi/", new, name="new_device"),
    path("loa/<uuid:key>/", device, name="device"),
    path("loa/<uuid:key>/sua/", change, name="change_device"),
    path("loa/<uuid:key>/mat-khau/", credential, name="credential"),
    path("loa/<uuid:key>/tinh-trang/", set_state, name="set_state"),
    path("loa/<uuid:key>/am-luong/", set_volume, name="set_volume"),
    path("loa/<uuid:key>/nhat-ky/", ask_report, name="ask_report"),
]

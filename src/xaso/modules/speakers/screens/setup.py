"""The station's limits, drills, zones, and devices from a spreadsheet."""

from __future__ import annotations

import csv
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST, require_safe

from xaso.core.accounts.queries import own_unit
from xaso.core.files.tables import content_of
from xaso.core.forms import refusals_on
from xaso.core.screens import Answer, declare, screen, told
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.modules.speakers import sheet
from xaso.modules.speakers.actions import register
from xaso.modules.speakers.actions.station import (
    HouseRules,
    arm_drill,
    manage_zone,
    retire_zone,
    set_rules,
    station_row,
)
from xaso.modules.speakers.definitions import declared
from xaso.modules.speakers.forms import DrillForm, ImportForm, RulesForm, ZoneForm
from xaso.modules.speakers.models import Zone
from xaso.modules.speakers.queries import register as registered
from xaso.modules.speakers.screens.devices import CRUMB

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DEVICES_IN_A_ZONE = 500


def _commune(request: HttpRequest) -> Unit:
    return registered.commune_of(own_unit(request.actor))


@screen("speakers/desk/rules.html", permission="speakers.view")
def rules(request: HttpRequest) -> Answer:
    by, unit = request.actor, _commune(request)
    station = station_row(unit)
    may_set = by.may("speakers.set_rules", on=unit)
    form = RulesForm(request.POST if may_set and request.method == "POST" else None, initial=_initial(station))
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        house = HouseRules(said["quiet"], said["caps"], said["longest"] * 60, said["by_village"] * 60, said["first"])
        with refusals_on(form):
            set_rules(by, unit, rules=house)
            told(request, "Đã lưu quy định phát. Loa nhận trong ít phút.")
            return redirect("desk-speakers:rules")
    return {
        "unit": unit,
        "form": form if may_set else None,
        "station": station,
        "is_own": bool(station.pk),
        "to_verify": declared().to_verify,
        "drill_form": DrillForm(initial={"hours": 2}) if by.may("speakers.arm_drill", on=unit) else None,
        "is_drill": station.drill_until is not None and station.drill_until > clock.now(),
        "zones": list(registered.zones(by).prefetch_related("devices")[:100]),
        "may_zone": by.may("speakers.manage_zone", on=unit),
        "crumbs": [CRUMB, {"label": "Quy định phát"}],
    }


def _initial(station: Any) -> dict[str, Any]:
    return {
        "quiet": "\n".join(f"{start}-{end}" for start, end in station.quiet),
        "caps": "\n".join(f"{start}-{end} {volume}" for start, end, volume in station.caps),
        "longest": station.longest_seconds // 60,
        "by_village": max(1, station.longest_by_village // 60),
        "first": station.first,
    }


@require_POST
@declare("speakers.arm_drill")
def drill(request: HttpRequest) -> HttpResponseBase:
    form = DrillForm(request.POST)
    if not form.is_valid():
        raise Refused("Ghi số giờ diễn tập từ 0 đến 12.")
    station = arm_drill(request.actor, _commune(request), hours=form.cleaned_data["hours"])
    told(request, "Đã mở diễn tập." if station.drill_until else "Đã kết thúc diễn tập.")
    return redirect("desk-speakers:rules")


@screen("speakers/desk/zone_form.html", permission="speakers.manage_zone")
def new_zone(request: HttpRequest) -> Answer:
    unit = _commune(request)
    kind = Zone.Kind.GROUP if request.GET.get("loai") == "nhom" else Zone.Kind.ZONE
    return _zone_form(request, Zone(unit=unit, unit_path=unit.path, kind=kind))


@screen("speakers/desk/zone_form.html", permission="speakers.manage_zone")
def change_zone(request: HttpRequest, key: UUID) -> Answer:
    return _zone_form(request, registered.zone(request.actor, "speakers.manage_zone", key))


def _zone_form(request: HttpRequest, zone: Zone) -> Answer:
    rows = list(registered.devices(request.actor).exclude(state="retired").order_by("name", "pk")[:DEVICES_IN_A_ZONE])
    by_key = {str(one.uuid): one for one in rows}
    inside = [] if not zone.pk else zone.devices.all() if zone.kind == Zone.Kind.ZONE else zone.members.all()
    initial = {
        "name": zone.name,
        "code": zone.code,
        "caps": "\n".join(f"{start}-{end} {volume}" for start, end, volume in zone.caps),
        "devices": [str(one.uuid) for one in inside],
    }
    labels = [(key, f"{one.name} – {one.unit.name}") for key, one in by_key.items()]
    form = ZoneForm(request.POST or None, initial=initial, devices=labels)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        chosen = [by_key[key] for key in said["devices"]]
        with refusals_on(form):
            manage_zone(request.actor, zone, name=said["name"], code=said["code"], caps=said["caps"], devices=chosen)
            told(request, "Đã lưu.")
            return redirect("desk-speakers:rules")
    crumbs = [CRUMB, {"label": "Quy định phát", "url": reverse("desk-speakers:rules")}, {"label": zone.name or "Thêm"}]
    return {"form": form, "zone": zone, "crumbs": crumbs}


@require_POST
@declare("speakers.retire_zone")
def drop_zone(request: HttpRequest, key: UUID) -> HttpResponseBase:
    retire_zone(request.actor, registered.zone(request.actor, "speakers.retire_zone", key))
    told(request, "Đã bỏ cụm loa.")
    return redirect("desk-speakers:rules")


@screen("speakers/desk/import.html", permission="speakers.preview_import")
def import_devices(request: HttpRequest) -> Answer:
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        uploaded = form.cleaned_data["file"]
        with refusals_on(form):
            entries = sheet.read_sheet(uploaded.name, content_of(uploaded, sheet.SHAPE))
            made = register.preview_import(request.actor, _commune(request), name=uploaded.name, entries=entries)
            return redirect("desk-speakers:preview", key=made.uuid)
    return {"form": form, "crumbs": [CRUMB, {"label": "Nhập loa từ tệp"}]}


@require_safe
@declare("speakers.preview_import")
def template(request: HttpRequest) -> HttpResponseBase:
    del request
    headers = {"Content-Disposition": 'attachment; filename="mau-so-loa.xlsx"'}
    return HttpResponse(sheet.template(), content_type=XLSX, headers=headers)


@screen("speakers/desk/preview.html", permission="speakers.preview_import")
def preview(request: HttpRequest, key: UUID) -> Answer:
    found = registered.device_import(request.actor, key)
    right = sum(not row["faults"] for row in found.rows)
    return {
        "preview": found,
        "rows": found.rows[:200],
        "right": right,
        "wrong": len(found.rows) - right,
        "more": max(0, len(found.rows) - 200),
        "crumbs": [CRUMB, {"label": "Nhập loa từ tệp", "url": reverse("desk-speakers:import")}, {"label": found.name}],
    }


@require_POST
@declare("speakers.apply_import")
def apply(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """The answer is the list of secrets, this one time: nobody can ask for it again."""
    issued = register.apply_import(request.actor, registered.device_import(request.actor, key))
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="mat-khau-loa.csv"'
    answer.headers["Cache-Control"] = "no-store"
    answer.write("\ufeff")
    writer = csv.writer(answer, delimiter=";")
    writer.writerow(["Số máy", "Tên loa", "Mật khẩu (chỉ hiện một lần)"])
    writer.writerows([one.device.serial, one.device.name, one.secret] for one in issued)
    return answer


urlpatterns = [
    path("quy-dinh/", rules, name="rules"),
    path("quy-dinh/dien-tap/", drill, name="drill"),
    path("cum/moi/", new_zone, name="new_zone"),
    path("cum/<uuid:key>/", change_zone, name="change_zone"),
    path("cum/<uuid:key>/bo/", drop_zone, name="drop_zone"),
    path("nhap/", import_devices, name="import"),
    path("nhap/mau/", template, name="import_template"),
    path("nhap/<uuid:key>/", preview, name="preview"),
    path("nhap/<uuid:key>/ghi/", apply, name="apply_import"),
]

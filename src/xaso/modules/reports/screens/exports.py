"""Exports: what one has asked for, a new one, one with its checksum, its file."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path

from xaso.core.access import require
from xaso.core.audit.actions import record_reading
from xaso.core.files.stores import store
from xaso.core.forms import refusals_on
from xaso.core.measures.periods import find_period, period_of
from xaso.core.screens import Answer, declare, screen, told
from xaso.core.units.models import Unit
from xaso.kit import clock, subject
from xaso.kit.errors import Missing, Refused
from xaso.modules.reports.actions.exporting import KEPT_FOR, ask_export
from xaso.modules.reports.forms import ExportForm
from xaso.modules.reports.models import Export
from xaso.modules.reports.queries import exports as queries

TONES = {"waiting": "info", "collecting": "info", "done": "good", "failed": "bad", "removed": "neutral"}
NO_FILE = "Bản xuất này chưa có tệp, hoặc tệp đã hết hạn {days} ngày. Hãy xuất lại nếu cần."


@screen("reports/desk/exports.html", permission="reports.export")
def exports(request: HttpRequest) -> Answer:
    page = queries.listed(request.actor, request.GET.get("after", ""))
    rows = [{"export": one, "period": _label(one), "tone": TONES[one.state], "again": _again(one)} for one in page.rows]
    return {"rows": rows, "after": page.after}


def _label(export: Export) -> str:
    found = find_period(export.period_key)
    return found.label if found else export.period_key


def _again(export: Export) -> str:
    """What fills the form in with the same order."""
    asked = {"measure": export.measure, "period": export.period_key, "unit": export.unit.code, "form": export.form}
    return urlencode(asked)


@screen("reports/desk/new_export.html", permission="reports.export")
def new_export(request: HttpRequest) -> Answer:
    """`?measure=…&period=…&unit=…` fills the form in: the link beside a figure."""
    units = queries.units_for(request.actor)
    measures = queries.exportable(request.actor)
    if not units or not measures:
        raise Refused("Tài khoản của bạn chưa được xem danh sách nào nên chưa xuất được. Hãy liên hệ người quản trị.")
    initial = {"period": str(clock.today().year), "form": "csv"} | request.GET.dict()
    form = ExportForm(
        request.POST or None, initial=initial, units=[(one.code, str(one)) for one in units], measures=measures
    )
    if form.is_valid():
        asked = form.cleaned_data
        chosen: Unit = next(one for one in units if one.code == asked.pop("unit"))
        with refusals_on(form):
            made = ask_export(request.actor, chosen, **asked)
            told(request, "Đã nhận yêu cầu. Tệp được lập ở phần việc nền; trang này tự cập nhật.")
            return redirect("desk-reports:export", key=made.uuid)
    return {"form": form}


@screen("reports/desk/export.html", permission="reports.export")
def export(request: HttpRequest, key: UUID) -> Answer:
    found = queries.export(request.actor, key)
    until = found.finished_at + KEPT_FOR if found.finished_at else None
    values = {
        "export": found, "period": _label(found), "tone": TONES[found.state], "until": until,
        "parts": len(found.parts), "again": _again(found),
    }  # fmt: skip
    if found.is_running:
        # Without a script the browser itself asks again.
        answer = render(request, "reports/desk/export.html", values)
        answer.headers["Refresh"] = "5"
        return answer
    return values


@declare("reports.export")
def export_file(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """The door asks what core/files asks and once more who may see the rows today; the reason goes on record."""
    found = queries.export(request.actor, key)
    stored = found.file
    if stored is None or found.state != Export.State.DONE or stored.removed_at:
        raise Missing(NO_FILE.format(days=KEPT_FOR.days))
    require(request.actor, "files.view", stored)
    require(request.actor, queries.permission_of(found.measure), found.unit)
    if found.is_personal:
        require(request.actor, "dossiers.view", found.unit)
    try:
        content = store().open(stored.blob_id)
    except FileNotFoundError as lost:
        raise Missing("Không đọc được tệp đã xuất. Hãy xuất lại, và báo người quản trị.") from lost
    about = f"Xuất {found.label}, {period_of(found.period_key).label}: {found.reason}"
    record_reading(request.actor, subject.ref(found), found.unit_path, about[:500])
    response = FileResponse(content, as_attachment=True, filename=stored.name, content_type=stored.media_type)
    response.headers["Content-Length"] = str(stored.size)
    response.headers["Cache-Control"] = "private, no-store"
    return response


urlpatterns = [
    path("exports/", exports, name="exports"),
    path("exports/new/", new_export, name="new_export"),
    path("exports/<uuid:key>/", export, name="export"),
    path("exports/<uuid:key>/file/", export_file, name="export_file"),
]

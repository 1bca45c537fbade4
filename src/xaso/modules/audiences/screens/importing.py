"""Files of contacts: preview, take in, undo; lists of numbers that want no messages. Mounted by desk.py."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from xaso.core.accounts.queries import own_unit
from xaso.core.files.tables import content_of
from xaso.core.forms import refusals_on
from xaso.core.paging import page
from xaso.core.screens import Answer, declare, screen, told
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.modules.audiences import actions, sheet
from xaso.modules.audiences import queries as audiences
from xaso.modules.audiences.forms import ImportForm, RefusalListForm
from xaso.modules.audiences.rules import masked_phone

BOOK = "Người nhận tin"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 50


@screen("audiences/desk/imports.html", permission="audiences.preview_import")
def imports(request: HttpRequest) -> Answer:
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        uploaded = form.cleaned_data["file"]
        with refusals_on(form, "file"):
            data = content_of(uploaded, sheet.SHAPE)
            batch = actions.preview_import(request.actor, own_unit(request.actor), name=uploaded.name, data=data)
            return redirect(batch)
    found, following = page(request, audiences.imports(request.actor))
    crumbs = [{"label": BOOK, "url": reverse("desk-audiences:listed")}, {"label": "Nhập từ tệp"}]
    return {"form": form, "rows": found, "next": following, "crumbs": crumbs}


@declare("audiences.preview_import")
def template(request: HttpRequest) -> HttpResponseBase:
    unit = own_unit(request.actor)
    villages = Unit.objects.on(clock.today()).under(unit.path).exclude(pk=unit.pk).order_by("path")
    answer = HttpResponse(sheet.template(villages.values_list("name", flat=True)[:500]), content_type=XLSX)
    answer["Content-Disposition"] = 'attachment; filename="nguoi-nhan-tin.xlsx"'
    return answer


@screen("audiences/desk/import.html", permission="audiences.preview_import")
def one_import(request: HttpRequest, uuid: UUID) -> Answer:
    batch = audiences.import_of(request.actor, uuid)
    by = request.actor
    return {
        "batch": batch,
        "rows": [row | {"masked": masked_phone(row["phone"])} for row in batch.rows[:SHOWN]],
        "count": len(batch.rows),
        "may_apply": batch.may_apply and by.may("audiences.apply_import", on=batch),
        "may_undo": batch.may_undo and by.may("audiences.undo_import", on=batch),
        "crumbs": [
            {"label": BOOK, "url": reverse("desk-audiences:listed")},
            {"label": "Nhập từ tệp", "url": reverse("desk-audiences:imports")},
            {"label": batch.file_name},
        ],
    }


@require_POST
@declare("audiences.apply_import")
def apply_import(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    batch = actions.apply_import(request.actor, audiences.import_of(request.actor, uuid))
    told(request, f"Đã ghi {batch.added} người vào sổ.")
    return redirect(batch)


@require_POST
@declare("audiences.undo_import")
def undo_import(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    batch = actions.undo_import(request.actor, audiences.import_of(request.actor, uuid))
    kept = f" Giữ lại {batch.kept} người đã được sửa hoặc đã nói ý muốn." if batch.kept else ""
    told(request, f"Đã huỷ lần nhập này.{kept}")
    return redirect(batch)


@screen("audiences/desk/refusals.html", permission="audiences.take_refusal_list")
def refusals(request: HttpRequest) -> Answer:
    form = RefusalListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        with refusals_on(form, "file"):
            data = content_of(given["file"], sheet.NUMBERS)
            taken = actions.take_refusal_list(
                request.actor, own_unit(request.actor), name=given["file"].name, data=data, as_of=given["as_of"],
                title=given["title"],
            )  # fmt: skip
            told(request, f"Đã nhập {taken.numbers} số. Danh sách này thay danh sách cũ.")
            return redirect("desk-audiences:refusals")
    found, following = page(request, audiences.refusal_lists(request.actor))
    crumbs = [{"label": BOOK, "url": reverse("desk-audiences:listed")}, {"label": "Danh sách không nhận tin"}]
    return {"form": form, "rows": found, "next": following, "crumbs": crumbs}


urlpatterns = [
    path("nhap/", imports, name="imports"),
    path("nhap/mau/", template, name="template"),
    path("nhap/<uuid:uuid>/", one_import, name="one_import"),
    path("nhap/<uuid:uuid>/ghi/", apply_import, name="apply_import"),
    path("nhap/<uuid:uuid>/huy/", undo_import, name="undo_import"),
    path("khong-nhan/", refusals, name="refusals"),
]

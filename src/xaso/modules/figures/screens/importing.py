"""Spreadsheets: the empty form, the preview, taking it, taking it back. Mounted by desk.py."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from xaso.core.forms import refusals_on
from xaso.core.measures.periods import period_of
from xaso.core.paging import page
from xaso.core.screens import Answer, declare, screen, told
from xaso.modules.figures import actions
from xaso.modules.figures import queries as figures
from xaso.modules.figures.forms import ImportForm
from xaso.modules.figures.models import Declared, Import
from xaso.modules.figures.screens.showing import asked, periods_to_choose, place
from xaso.modules.figures.sheets import MAX_BYTES, template_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
VERDICTS = {
    "new": ("mới", "good", "plus"),
    "replaces": ("thay số cũ", "info", "refresh"),
    "same": ("đã có, bỏ qua", "neutral", "check"),
    "faulty": ("sai", "bad", "close"),
}
ROWS = 100


@screen("figures/desk/imports.html", permission="figures.view")
def imports(request: HttpRequest) -> Answer:
    unit, period = place(request)
    may = request.actor.may("figures.preview_import", on=unit)
    form = ImportForm(
        request.POST or None, request.FILES or None, periods=periods_to_choose(period), initial={"period": period.key}
    )
    if request.method == "POST" and form.is_valid():
        chosen, uploaded = form.cleaned_data["period"], form.cleaned_data["file"]
        with refusals_on(form, "file"):
            data = uploaded.read(MAX_BYTES + 1)
            batch = actions.preview_import(request.actor, unit, period=chosen, name=uploaded.name, data=data)
            return redirect(batch)
    found, following = page(request, figures.imports(request.actor).filter(unit_path=unit.path))
    template = reverse("desk-figures:template") + asked(unit, period)
    crumbs = [
        {"label": "Số liệu", "url": reverse("desk-figures:index") + asked(unit, period)},
        {"label": "Nhập từ tệp"},
    ]
    return {
        "unit": unit, "period": period, "form": form, "imports": found, "next": following, "may": may,
        "template": template, "crumbs": crumbs,
    }  # fmt: skip


@declare("figures.view")
def template(request: HttpRequest) -> HttpResponseBase:
    unit, period = place(request)
    lines = figures.form_lines(unit, period)
    content = template_of((unit.code, str(unit)), (period.key, period.label), lines)
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="so-lieu-{unit.code}-{period.key}.xlsx"'
    return answer


@screen("figures/desk/import.html", permission="figures.view")
def one(request: HttpRequest, uuid: UUID) -> Answer:
    batch = figures.import_of(request.actor, uuid)
    by, period = request.actor, period_of(batch.period_key)
    rows = sorted(batch.rows, key=lambda row: (row["verdict"] != "faulty", row["line"]))
    start = int(request.GET["from"]) if request.GET.get("from", "").isdecimal() and len(request.GET["from"]) < 6 else 0
    counts = {verdict: sum(row["verdict"] == verdict for row in rows) for verdict in VERDICTS}
    waiting = batch.declared.filter(state=Declared.State.WAITING).count()
    return {
        "batch": batch,
        "period": period,
        "rows": [_marked(row) for row in rows[start : start + ROWS]],
        "next": f"?from={start + ROWS}" if start + ROWS < len(rows) else "",
        "counts": [(count, *VERDICTS[verdict]) for verdict, count in counts.items() if count],
        "waiting": waiting,
        "may_apply": batch.may_apply and by.may("figures.apply_import", on=batch),
        "may_undo": batch.state != Import.State.UNDONE and by.may("figures.undo_import", on=batch),
        "may_approve": waiting and batch.by_id != by.account_id and by.may("figures.approve_import", on=batch),
        "crumbs": [
            {"label": "Nhập từ tệp", "url": reverse("desk-figures:imports") + asked(batch.unit, period)},
            {"label": batch.file_name},
        ],
    }


def _marked(row: dict[str, Any]) -> dict[str, Any]:
    word, tone, icon = VERDICTS[row["verdict"]]
    return row | {"word": word, "tone": tone, "icon": icon}


@require_POST
@declare("figures.apply_import")
def apply(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    batch = actions.apply_import(request.actor, figures.import_of(request.actor, uuid))
    told(request, "Đã nhập cả tệp. Số liệu được tính khi lãnh đạo duyệt.")
    return redirect(batch)


@require_POST
@declare("figures.undo_import")
def undo(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    batch = actions.undo_import(request.actor, figures.import_of(request.actor, uuid))
    told(request, "Đã huỷ lần nhập. Số liệu trước đó được tính lại.")
    return redirect(batch)


@require_POST
@declare("figures.approve_import")
def approve(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    batch = actions.approve_import(request.actor, figures.import_of(request.actor, uuid))
    told(request, "Đã duyệt cả tệp. Số liệu được tính từ bây giờ.")
    return redirect(batch)


urlpatterns = [
    path("nhap/", imports, name="imports"),
    path("nhap/mau/", template, name="template"),
    path("nhap/<uuid:uuid>/", one, name="import"),
    path("nhap/<uuid:uuid>/ghi/", apply, name="apply_import"),
    path("nhap/<uuid:uuid>/huy/", undo, name="undo_import"),
    path("nhap/<uuid:uuid>/duyet/", approve, name="approve_import"),
]

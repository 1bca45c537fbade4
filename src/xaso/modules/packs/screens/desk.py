"""Signed figures for officers: the list, one pack with what changed since, the sum over communes, locked periods."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from xaso.core.access import require
from xaso.core.accounts.queries import own_unit
from xaso.core.files.actions import receive_upload
from xaso.core.files.queries import files_of
from xaso.core.measures.periods import find_period, label_of, this
from xaso.core.paging import page
from xaso.core.screens import Answer, declare, screen, told
from xaso.kit import clock, subject
from xaso.kit.module import slot
from xaso.modules.packs import queries, rules
from xaso.modules.packs.actions import SHEET, lock_period, print_pack, unlock_period
from xaso.modules.packs.forms import FilterForm, LockForm, UnlockForm
from xaso.modules.packs.rules import Line
from xaso.modules.papers import queries as papers

TITLE = "Số liệu đã ký"


@screen("packs/desk/listed.html", permission="packs.view")
def listed(request: HttpRequest) -> Answer:
    form = FilterForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    rows = queries.packs_of(request.actor, kind=asked.get("kind", ""), period=asked.get("period", ""))
    found, following = page(request, rows.annotate(restated=Count("restatements")))
    return {"form": form, "rows": [(one, queries.kind_name(one.kind)) for one in found], "next": following}


@screen("packs/desk/pack.html", permission="packs.view")
def pack(request: HttpRequest, key: UUID) -> Answer:
    """One pack as it was signed, and beside it what its figures say today."""
    found = queries.pack(request.actor, key)
    fault = queries.check(found)
    sealed = queries.contents(found)
    panels = [part(request, found) for part in slot("panel:packs.Pack")]
    return {
        "pack": found,
        "fault": fault,
        "sheet": papers.latest_of(subject.ref(found), SHEET),
        "may_print": not fault and request.actor.may("packs.print", on=found),
        "panels": [panel for panel in panels if panel],
        "kind": queries.kind_name(found.kind),
        "head": sealed.head,
        "checksum": [found.sha256[start : start + 8] for start in range(0, 64, 8)],
        "lines": [_shown(line) for line in sealed.lines],
        "documents": sealed.documents,
        "restatements": [] if fault else queries.restatements(found),
        "crumbs": [{"label": TITLE, "url": reverse("desk-packs:listed")}, {"label": label_of(found.period_key)}],
    }


@require_POST
@declare("packs.print")
def print_sheet(request: HttpRequest, key: UUID) -> HttpResponseBase:
    sheet = print_pack(request.actor, queries.pack(request.actor, key))
    told(request, f"Đã lập {sheet}. Mở để in, hoặc trình ký số.")
    return redirect("desk-packs:pack", key=key)


def _shown(line: Line) -> dict[str, Any]:
    counted = ", ".join(f"{rules.decimal(Decimal(rows.count))} dòng" for rows in line.rows)
    return {
        "line": line,
        "value": rules.worded(line),
        "origin": rules.ORIGINS.get(line.origin, line.origin),
        "rows": counted,
    }


@declare("packs.view")
def download(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """The sealed bytes themselves: whoever has the checksum can prove them without us."""
    found = queries.pack(request.actor, key)
    answer = HttpResponse(found.body.encode(), content_type="application/json; charset=utf-8")
    name = f"goi-so-lieu-{found.unit.code}-{found.period_key}-{found.number}.json"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["X-Checksum-Sha256"] = found.sha256
    return answer


@screen("packs/desk/summed.html", permission="packs.view")
def summed(request: HttpRequest) -> Answer:
    """What the communes signed, added; who is silent and whose pack cannot be trusted."""
    period = find_period(request.GET.get("period", "")) or find_period(this("quarter").previous) or this("quarter")
    kinds = queries.kinds_signed()
    asked = request.GET.get("kind", "")
    kind = asked if asked in kinds else (kinds[0] if kinds else "report")
    total = queries.summed(request.actor.unit_path or "none.", period, kind)
    form = FilterForm({"kind": kind, "period": period.key}, kinds=[(one, queries.kind_name(one)) for one in kinds])
    values = [
        {
            "line": one,
            "value": rules.worded(
                Line(one.key, one.label, one.type, one.unit, one.comparator, one.number, one.numerator, one.denominator)
            ),
        }
        for one in total.values.values()
    ]
    return {"period": period, "kind": queries.kind_name(kind), "form": form, "total": total, "values": values}


@screen("packs/desk/locks.html", permission="packs.lock_period")
def locks(request: HttpRequest) -> Answer:
    unit = own_unit(request.actor)
    form = LockForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        received = receive_upload(given["file"]) if given["file"] else None
        lock_period(
            request.actor, unit, period=given["period"], reason=given["reason"], until=given["until"], file=received
        )
        told(request, f"Đã khoá {given['period'].label}. Số liệu của kỳ này không sửa được nữa.")
        return redirect("desk-packs:locks")
    found, following = page(request, queries.locks_of(request.actor))
    today = clock.today()
    return {"form": form, "unit": unit, "rows": [(one, one.is_on(today)) for one in found], "next": following}


@screen("packs/desk/lock.html", permission="packs.unlock_period")
def lock(request: HttpRequest, key: UUID) -> Answer:
    found = queries.lock(request.actor, key)
    require(request.actor, "packs.unlock_period", found)
    form = UnlockForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        unlock_period(request.actor, found, reason=form.cleaned_data["reason"])
        told(request, f"Đã mở khoá {label_of(found.period_key)}.")
        return redirect("desk-packs:locks")
    files = [{"name": one.name, "url": one.preview_url, "size": one.size} for one in files_of(subject.ref(found))]
    return {
        "lock": found, "form": form, "is_on": found.is_on(clock.today()), "files": files,
        "crumbs": [{"label": "Khoá kỳ", "url": reverse("desk-packs:locks")}, {"label": label_of(found.period_key)}],
    }  # fmt: skip


urlpatterns = [
    path("", listed, name="listed"),
    path("sum/", summed, name="summed"),
    path("locks/", locks, name="locks"),
    path("locks/<uuid:key>/", lock, name="lock"),
    path("<uuid:key>/", pack, name="pack"),
    path("<uuid:key>/json/", download, name="download"),
    path("<uuid:key>/print/", print_sheet, name="print"),
]

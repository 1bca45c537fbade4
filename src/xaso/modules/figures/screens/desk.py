"""Figures of a unit: the list, one figure with everything known of it, declaring, deciding."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from xaso.core.files.actions import receive_upload
from xaso.core.forms import refusals_on
from xaso.core.measures.periods import Period
from xaso.core.paging import page
from xaso.core.screens import Answer, declare, screen, told
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.modules.figures import actions
from xaso.modules.figures import queries as figures
from xaso.modules.figures.forms import DeclareForm
from xaso.modules.figures.models import Declared
from xaso.modules.figures.screens import importing
from xaso.modules.figures.screens.showing import asked, behind_url, described, periods_to_choose, place

SIZE = 40


@screen("figures/desk/index.html", permission="figures.view")
def index(request: HttpRequest) -> Answer:
    """One group at a time, in the order of content."""
    unit, period = place(request)
    kinds = figures.kinds_for(unit)
    groups = list(dict.fromkeys(kind.group for kind in kinds))
    chosen = request.GET.get("group", "")
    group = chosen if chosen in groups else next(iter(groups), "")
    shown, following = _page_of([kind for kind in kinds if kind.group == group], request.GET.get("after", ""))
    values = figures.values([kind.key for kind in shown], [unit], period)
    return {
        "unit": unit,
        "period": period,
        "periods": periods_to_choose(period),
        "units": figures.units_to_choose(request.actor, min(period.last, clock.today())),
        "groups": groups,
        "group": group,
        "rows": [described(kind, values[kind.key, unit.path], unit, period) for kind in shown],
        "next": asked(unit, period, group=group, after=following) if following else "",
        "may_declare": request.actor.may("figures.declare", on=unit),
        "import_url": reverse("desk-figures:imports") + asked(unit, period),
        "waiting": figures.waiting(request.actor).filter(unit_path=unit.path).count(),
        "may_approve": request.actor.may("figures.approve", on=unit),
    }


def _page_of(kinds: list[figures.FigureKind], after: str) -> tuple[list[figures.FigureKind], str]:
    """A page of the group and the key after which the next one begins."""
    keys = [kind.key for kind in kinds]
    start = keys.index(after) + 1 if after in keys else 0
    shown = kinds[start : start + SIZE]
    return shown, shown[-1].key if start + SIZE < len(kinds) else ""


@screen("figures/desk/figure.html", permission="figures.view")
def figure(request: HttpRequest, key: str) -> Answer:
    unit, period = place(request)
    kind = figures.kind_of(key)
    value = figures.value(key, unit, period)
    rows = figures.history(unit, key)
    files = figures.evidence_of(rows)
    back = reverse("desk-figures:index") + asked(unit, period, group=kind.group)
    return {
        "unit": unit,
        "period": period,
        "periods": periods_to_choose(period),
        "row": described(kind, value, unit, period),
        "parts": _parts(value, unit, period),
        "others": [described(kind, other, unit, period) for other in value.others],
        "behind": behind_url(request.actor, value, unit, period),
        "history": [{"row": one, "shown": figures.said(one), "files": files.get(one.pk, [])} for one in rows],
        "may_declare": request.actor.may("figures.declare", on=unit),
        "declare_url": reverse("desk-figures:declare", args=[key]) + asked(unit, period),
        "crumbs": [{"label": "Số liệu", "url": back}, {"label": kind.label}],
    }


def _parts(value: figures.Value, unit: Unit, period: Period) -> list[dict[str, Any]]:
    known = figures.catalogue()
    return [described(known[part.key], part, unit, period) for part in value.parts]


@screen("figures/desk/declare.html", permission="figures.declare")
def declare_one(request: HttpRequest, key: str) -> Answer:
    unit, period = place(request)
    kind = figures.kind_of(key)
    form = DeclareForm(request.POST or None, request.FILES or None, kind=kind)
    here = asked(unit, period)
    if form.is_valid() and (row := _declare(request, form, unit, period)):
        told(request, "Đã khai. Số liệu được tính khi lãnh đạo duyệt.")
        return redirect(reverse("desk-figures:figure", args=[row.key]) + here)
    back = reverse("desk-figures:figure", args=[key]) + here
    crumbs = [{"label": kind.label, "url": back}, {"label": "Khai báo"}]
    return {"form": form, "kind": kind, "unit": unit, "period": period, "back": back, "crumbs": crumbs}


def _declare(request: HttpRequest, form: DeclareForm, unit: Unit, period: Period) -> Declared | None:
    """None when it was refused: the sentence stands in the form, and what was typed stays."""
    uploaded = form.cleaned_data["evidence"]
    with refusals_on(form):
        received = receive_upload(uploaded) if uploaded else None
        given = actions.with_evidence(form.given, received)
        return actions.declare_figure(request.actor, unit, key=form.kind.key, period=period, given=given)
    return None


@screen("figures/desk/declared.html", permission="figures.view")
def declared(request: HttpRequest, uuid: UUID) -> Answer:
    row = figures.declared(request.actor, uuid)
    by = request.actor
    kind = figures.catalogue().get(row.key)
    label = kind.label if kind else row.key
    is_waiting = row.state == Declared.State.WAITING
    back = reverse("desk-figures:figure", args=[row.key]) if kind else reverse("desk-figures:index")
    query = f"?unit={row.unit.code}" + (f"&period={row.period_key}" if row.period_key else f"&period={row.as_of:%Y}")
    return {
        "row": row,
        "label": label,
        "shown": figures.said(row),
        "files": figures.evidence_of([row])[row.pk],
        "may_decide": is_waiting and row.entered_by_id != by.account_id and by.may("figures.approve", on=row),
        "may_withdraw": row.state in {Declared.State.WAITING, Declared.State.APPROVED}
        and by.may("figures.withdraw", on=row),
        "crumbs": [{"label": label, "url": back + query}, {"label": figures.said(row)}],
    }


@screen("figures/desk/waiting.html", permission="figures.approve")
def waiting(request: HttpRequest) -> Answer:
    """Of one's own unit and of those below, as far as the permission reaches; `?unit=` shows one of them."""
    units = figures.waiting_units(request.actor, "figures.approve")
    chosen = request.GET.get("unit", "")
    waiting_rows = figures.waiting(request.actor, "figures.approve")
    rows, following = page(request, waiting_rows.filter(unit__code=chosen) if chosen else waiting_rows)
    files = figures.evidence_of(rows)
    known = figures.catalogue()
    return {
        "rows": [
            {
                "row": row,
                "kind": known.get(row.key),
                "shown": figures.said(row),
                "files": files.get(row.pk, []),
                "may_decide": row.entered_by_id != request.actor.account_id,
            }
            for row in rows
        ],
        "next": following,
        "units": units,
        "chosen": chosen,
        "total": sum(count for _, _, count in units),
    }


def work_part(request: HttpRequest) -> dict[str, Any] | None:
    """On the leader's first page: figures that wait for approval."""
    if not request.actor.may("figures.approve"):
        return None
    count = figures.waiting(request.actor, "figures.approve").count()
    return {"template": "figures/parts/work.html", "count": count} if count else None


@require_POST
@declare("figures.approve")
def approve(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    actions.approve_figure(request.actor, figures.declared(request.actor, uuid))
    told(request, "Đã duyệt. Số liệu được tính từ bây giờ.")
    return redirect("desk-figures:waiting")


@require_POST
@declare("figures.refuse")
def refuse(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    actions.refuse_figure(request.actor, figures.declared(request.actor, uuid), reason=request.POST.get("reason", ""))
    told(request, "Đã ghi là không duyệt. Người khai sẽ thấy lý do.")
    return redirect("desk-figures:waiting")


@require_POST
@declare("figures.withdraw")
def withdraw(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    row = figures.declared(request.actor, uuid)
    actions.withdraw_figure(request.actor, row, reason=request.POST.get("reason", ""))
    told(request, "Đã rút số liệu. Số khai trước đó, nếu có, được tính lại.")
    return redirect(row.get_absolute_url())


urlpatterns = [
    path("", index, name="index"),
    path("cho-duyet/", waiting, name="waiting"),
    path("so/<slug:key>/", figure, name="figure"),
    path("so/<slug:key>/khai/", declare_one, name="declare"),
    path("khai/<uuid:uuid>/", declared, name="declared"),
    path("khai/<uuid:uuid>/duyet/", approve, name="approve"),
    path("khai/<uuid:uuid>/khong-duyet/", refuse, name="refuse"),
    path("khai/<uuid:uuid>/rut/", withdraw, name="withdraw"),
    *importing.urlpatterns,
]

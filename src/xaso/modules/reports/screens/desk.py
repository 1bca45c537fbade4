"""The officer's side: what is due, the list of reports. A report's own page is in `report`, exports in `exports`."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from xaso.core.measures.periods import find_period
from xaso.core.screens import Answer, declare, screen
from xaso.core.units.models import Unit
from xaso.core.units.queries import unit as unit_with
from xaso.kit import clock
from xaso.modules.reports import rules
from xaso.modules.reports.actions.writing import begin_report
from xaso.modules.reports.definitions import report_kinds
from xaso.modules.reports.forms import FilterForm
from xaso.modules.reports.queries.calendar import counts, owed_in, pressing
from xaso.modules.reports.queries.reports import listed as listed_of
from xaso.modules.reports.queries.reports import unit_of
from xaso.modules.reports.screens import exports, report

TONES = {"done": "done", "signed": "good", "late": "bad", "due": "warn", "open": "info", "ahead": "neutral"}
STATE_TONES = {rules.WRITING: "info", rules.WAITING: "warn", rules.SIGNED: "good", rules.SENT: "done"}
FIRST_YEAR = 2020


@screen("reports/desk/calendar.html", permission="reports.view")
def calendar(request: HttpRequest) -> Answer:
    """A year of the own commune by deadline. Who works above communes reads the list instead."""
    actor = request.actor
    own = unit_with(actor.unit_id) if actor.unit_id else None
    if own is None or own.kind not in Unit.COMMUNE_KINDS:
        return redirect("desk-reports:listed")
    year = _year(request)
    items = owed_in(own, year)
    numbers = counts(items)
    return {
        "unit": own,
        "year": year,
        "years": {"before": year - 1 if year > FIRST_YEAR else 0, "after": year + 1 if year < _now() else 0},
        "rows": [{"item": one, "tone": TONES[one.standing]} for one in items],
        "tiles": [
            {"label": rules.STANDINGS[name], "figure": numbers[name], "tone": TONES[name]}
            for name in ("late", "due", "open", "signed", "done")
        ],
        "may_begin": actor.may("reports.begin", on=own),
        "unverified": [kind.short for kind in report_kinds().values() if kind.to_verify],
    }


def _now() -> int:
    return clock.today().year


def _year(request: HttpRequest) -> int:
    """What is still owed of last year is due in this one, so January opens the year before."""
    asked = request.GET.get("year", "")
    if len(asked) == 4 and asked.isdecimal() and FIRST_YEAR <= int(asked) <= _now():
        return int(asked)
    return _now() - 1 if clock.today().month == 1 else _now()


@screen("reports/desk/listed.html", permission="reports.view")
def listed(request: HttpRequest) -> Answer:
    """Every report the actor may see, newest first."""
    form = FilterForm(request.GET)
    form.is_valid()
    page = listed_of(request.actor, form.cleaned_data, request.GET.get("after", ""))
    kept = request.GET.copy()
    kept.pop("after", None)
    kinds = report_kinds()
    return {
        "form": form,
        "rows": [
            {
                "report": one,
                "kind": kinds[one.kind].short if one.kind in kinds else one.kind,
                "period": _label(one.period_key),
                "tone": STATE_TONES[one.state],
            }
            for one in page.rows
        ],
        "after": page.after,
        "keep": kept.urlencode(),
        "filtered": any(form.cleaned_data.values()),
    }


def _label(key: str) -> str:
    found = find_period(key)
    return found.label if found else key


@require_POST
@declare("reports.begin")
def begin(request: HttpRequest) -> HttpResponseBase:
    unit = unit_of(request.actor)
    made = begin_report(request.actor, unit, kind=request.POST.get("kind", ""), period=request.POST.get("period", ""))
    return redirect("desk-reports:show", key=made.uuid)


def work_part(request: HttpRequest) -> dict[str, Any] | None:
    """Reports that wait for this officer, on the desk's first page: to write, or to sign."""
    actor = request.actor
    own = unit_with(actor.unit_id) if actor.unit_id else None
    if own is None or own.kind not in Unit.COMMUNE_KINDS:
        return None
    writes, signs = actor.may("reports.write", on=own), actor.may("reports.sign", on=own)
    if not (writes or signs):
        return None
    items = [one for one in pressing(own) if _waits_for(one, writes=writes, signs=signs)]
    if not items:
        return None
    return {
        "template": "reports/parts/work.html",
        "rows": [{"item": one, "tone": TONES[one.standing]} for one in items[:5]],
        "url": reverse("desk-reports:calendar"),
    }


def _waits_for(one: Any, *, writes: bool, signs: bool) -> bool:
    waits_for_signature = one.report is not None and one.report.state == rules.WAITING
    return (signs and waits_for_signature) or (writes and not waits_for_signature)


urlpatterns = [
    path("", calendar, name="calendar"),
    path("all/", listed, name="listed"),
    path("begin/", begin, name="begin"),
    *exports.urlpatterns,
    *report.urlpatterns,
]

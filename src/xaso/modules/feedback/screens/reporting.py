"""A resident reports: where, what kind, the words and pictures; then the code. Nothing needs JavaScript."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.http import urlencode

from xaso.core.access import PUBLIC
from xaso.core.accounts.queries import guarded
from xaso.core.forms import refusals_on
from xaso.core.screens import Answer, screen
from xaso.core.units.models import Unit
from xaso.core.units.queries import communes
from xaso.kit import clock
from xaso.modules.feedback import actions
from xaso.modules.feedback.definitions import Category, desk
from xaso.modules.feedback.forms import ReportForm
from xaso.modules.feedback.models import Report
from xaso.modules.feedback.queries.reports import villages_of
from xaso.modules.feedback.rules.moves import State
from xaso.modules.feedback.screens.shared import kept_of, photos_of_request

STEPS = ["Nơi", "Loại việc", "Nội dung", "Mã theo dõi"]
TEMPLATE = "feedback/portal/report.html"
KEPT = "feedback"
MOST_KEPT = 20
HOUR = timedelta(hours=1)


@screen("feedback/portal/home.html", permission=PUBLIC)
def home(request: HttpRequest) -> Answer:
    return {"last": request.session.get("last_unit_code", ""), "is_signed_in": request.actor.is_signed_in}


def commune_asked(request: HttpRequest) -> Unit | None:
    """`?xa=<code>`; with a single commune in the system nobody is asked."""
    known = communes(clock.today())
    if len(known) == 1:
        return known[0]
    asked = request.GET.get("xa", "")
    return next((one for one in known if one.code == asked), None)


@screen(TEMPLATE, permission="feedback.report")
def report(request: HttpRequest) -> Answer:
    """Three short pages at one address: the commune, the kind, the words. What was chosen stands in the address."""
    unit = commune_asked(request)
    if unit is None:
        return {"step": 1, "steps": STEPS, "communes": communes(clock.today()), "last": _last(request)}
    category = desk().category(request.GET.get("loai", ""))
    if category is None:
        options = [
            {"label": one.name, "text": one.help, "url": f"?{urlencode({'xa': unit.code, 'loai': one.code})}"}
            for one in desk().categories
        ]
        return {"step": 2, "steps": STEPS, "unit": unit, "options": options}
    return _written(request, unit, category)


def _last(request: HttpRequest) -> str:
    return request.session.get("last_unit_code", "")


def _written(request: HttpRequest, unit: Unit, category: Category) -> Answer:
    by = request.actor
    is_known = by.kind == "person" and by.person_id is not None
    form = ReportForm(request.POST or None, villages=villages_of(unit), category=category, is_known=is_known)
    photos = []
    if request.method == "POST":
        form.is_valid()
        photos = photos_of_request(request, form)
        if form.is_valid():
            with refusals_on(form):
                made = _send(request, unit, form.given(photos=photos, key=_key(request)))
                return _thanks(request, made)
    key = request.POST.get("idempotency_key") or uuid4().hex
    page: dict[str, Any] = {
        "step": 3, "steps": STEPS, "unit": unit, "category": category, "form": form, "idempotency_key": key,
        "back": f"?{urlencode({'xa': unit.code})}", "is_known": is_known,
    }  # fmt: skip
    response = render(request, TEMPLATE, page | kept_of(photos))
    response.headers["Permissions-Policy"] = "geolocation=(self), microphone=(), camera=(self)"
    return response


def _key(request: HttpRequest) -> str:
    typed = request.POST.get("idempotency_key", "")[:60]
    return f"web:{typed}" if len(typed) >= 20 else ""


def _send(request: HttpRequest, unit: Unit, given: Any) -> Report:
    """Counted by address, so that one computer cannot drown a commune."""
    with guarded("feedback.address", request.META["REMOTE_ADDR"], desk().limits.address_hour, HOUR):
        return actions.send_report(request.actor, unit, given=given)


def _thanks(request: HttpRequest, made: Report) -> HttpResponseBase:
    request.session["last_unit_code"] = made.unit.code
    remember(request, made)
    return redirect(f"{reverse('portal-feedback:own', args=[made.uuid])}?moi=1")


def remember(request: HttpRequest, report: Report) -> None:
    """This browser has shown the code, or has just sent it: it may open the page of the report."""
    kept = [str(report.uuid), *request.session.get(KEPT, [])]
    request.session[KEPT] = list(dict.fromkeys(kept))[:MOST_KEPT]


def needs_confirming(report: Report) -> bool:
    return report.state == State.UNCONFIRMED


urlpatterns = [path("", home, name="home"), path("gui/", report, name="report")]

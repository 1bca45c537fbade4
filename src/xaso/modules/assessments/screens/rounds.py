"""Rounds: open one, see its units and where each stands, publish with ranking, lock."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from xaso.core.accounts.queries import own_unit
from xaso.core.forms import refusals_on
from xaso.core.screens import Answer, declare, screen, told
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.modules.assessments import actions, queries, rules
from xaso.modules.assessments.actions.rounds import Plan
from xaso.modules.assessments.forms import ReasonForm, RoundForm
from xaso.modules.assessments.models import Round
from xaso.modules.assessments.rules import State
from xaso.modules.assessments.screens.unit import TONES
from xaso.modules.indicators import queries as indicators


@screen("assessments/desk/index.html", permission="assessments.view")
def index(request: HttpRequest) -> Answer:
    """The unit's own assessments, and the rounds the reader may look into."""
    own = queries.assessments_of_unit(request.actor)
    return {
        "own": [(one, TONES[State(one.state)]) for one in own],
        "rounds": [] if own else list(queries.rounds_of(request.actor)[:30]),
        "can_open": request.actor.may("assessments.open_round"),
    }


@screen("assessments/desk/open_round.html", permission="assessments.open_round")
def open_round(request: HttpRequest) -> Answer:
    unit = own_unit(request.actor)
    year = _year_to_judge()
    units = list(Unit.objects.on(clock.today()).under(unit.path).communes().order_by("path"))
    form = RoundForm(request.POST or None, sets=_sets(year), units=[(str(one.pk), str(one)) for one in units],
                     initial=_usual(year))  # fmt: skip
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        chosen, _, of_year = given["chosen_set"].partition("@")
        plan = Plan(
            int(of_year), UUID(chosen), given["title"], given["self_score_until"], given["review_until"],
            given["publish_on"], given["appeal_days"],
        )  # fmt: skip
        excluded = {int(pk): given["exclusion_reason"] for pk in given["excluded"]}
        with refusals_on(form):
            actions.open_round(request.actor, unit, plan=plan, excluded=excluded)
            told(request, f"Đã mở {plan.title}.")
            return redirect("desk-assessments:index")
    return {"form": form, "unit": unit, "crumbs": _crumbs("Mở kỳ đánh giá")}


def _year_to_judge() -> int:
    """In the first half of a year people judge the one before."""
    today = clock.today()
    return today.year if today.month > 6 else today.year - 1


def _sets(year: int) -> list[tuple[str, str]]:
    """Every set in force at the end of that year, of the one before and of the one after."""
    return [
        (f"{view.uuid}@{one}", f"{view.title} – năm {one}")
        for one in (year, year - 1, year + 1)
        for view in indicators.sets_on(date(one, 12, 31))
    ]


def _usual(year: int) -> dict[str, Any]:
    return {
        "title": f"Đánh giá chuyển đổi số cấp xã năm {year}",
        "self_score_until": date(year + 1, 1, 20),
        "review_until": date(year + 1, 2, 28),
        "publish_on": date(year + 1, 3, 31),
        "appeal_days": 10,
    }


def _crumbs(*more: str) -> list[dict[str, str]]:
    return [{"label": "Đánh giá", "url": reverse("desk-assessments:index")}, *({"label": one} for one in more)]


@screen("assessments/desk/round.html", permission="assessments.view")
def cycle(request: HttpRequest, key: UUID) -> Answer:
    """The units of a round by state."""
    found = _round(request, key)
    asked = request.GET.get("state", "")
    state = asked if asked in set(State) else ""
    page = queries.assessments_in(request.actor, found, state=state, after=request.GET.get("sau", ""))
    counts = queries.state_counts(request.actor, found)
    tabs = [{"label": "Tất cả", "url": "?", "count": sum(counts.values()), "current": not state}]
    tabs += [
        {"label": rules.TITLES[one].capitalize(), "url": f"?state={one}", "count": counts[one], "current": state == one}
        for one in State
        if counts.get(one)
    ]
    return {
        "round": found,
        "tabs": tabs,
        "rows": [(one, TONES[State(one.state)]) for one in page.rows],
        "next": "?" + urlencode({"state": state, "sau": page.after}) if page.after else "",
        "exclusions": queries.exclusions_of(found),
        "may": _may(request, found),
        "unlock_form": ReasonForm(prefix="unlock"),
        "ready": counts.get(State.APPROVED, 0),
        "crumbs": _crumbs(found.title),
    }


def _round(request: HttpRequest, key: UUID) -> Round:
    """A round the reader's units take part in."""
    found = queries.rounds_of(request.actor).filter(uuid=key).first()
    if found is None:
        return queries.cycle(request.actor, "assessments.view", key)
    return found


def _may(request: HttpRequest, found: Round) -> dict[str, bool]:
    def on(permission: str, state: str) -> bool:
        return found.state == state and request.actor.may(f"assessments.{permission}", on=found)

    return {
        "publish": on("publish_round", Round.State.OPEN),
        "lock": on("lock_round", Round.State.PUBLISHED),
        "unlock": on("unlock_round", Round.State.LOCKED),
    }


@require_POST
@declare("assessments.publish_round")
def publish(request: HttpRequest, key: UUID) -> HttpResponseBase:
    found = actions.publish_round(request.actor, queries.cycle(request.actor, "assessments.publish_round", key))
    told(request, f"Đã công bố. Đơn vị khiếu nại được đến hết ngày {found.appeal_until:%d/%m/%Y}.")
    return redirect("portal-assessments:result", key=key)


@require_POST
@declare("assessments.lock_round")
def lock(request: HttpRequest, key: UUID) -> HttpResponseBase:
    actions.lock_round(request.actor, queries.cycle(request.actor, "assessments.lock_round", key))
    told(request, "Đã khoá kỳ đánh giá.")
    return redirect("desk-assessments:round", key=key)


@screen("assessments/desk/unlock.html", permission="assessments.unlock_round")
def unlock(request: HttpRequest, key: UUID) -> Answer:
    found = queries.cycle(request.actor, "assessments.unlock_round", key)
    form = ReasonForm(request.POST or None, prefix="unlock")
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        with refusals_on(form):
            actions.unlock_round(request.actor, found, reason=reason)
            told(request, "Đã mở khoá kỳ đánh giá.")
            return redirect("desk-assessments:round", key=key)
    return {"form": form, "round": found, "crumbs": _crumbs("Mở khoá")}

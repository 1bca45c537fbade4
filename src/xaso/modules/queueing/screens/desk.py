"""The officer's side of the queue: counters, calling, today's numbers, waiting times."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_POST

from xaso.core.screens import Answer, declare, screen, told, warned
from xaso.kit import clock, subject
from xaso.kit.pages import number_in
from xaso.kit.sure import sure
from xaso.modules.queueing import actions, rules
from xaso.modules.queueing.forms import DayForm
from xaso.modules.queueing.models import Counter, Ticket
from xaso.modules.queueing.queries import (
    FieldWait,
    counters_of,
    current_of,
    day_of,
    history,
    today_of,
    waits_by_field,
)
from xaso.modules.queueing.queries import counter as counter_of
from xaso.modules.queueing.queries import ticket as ticket_of
from xaso.modules.queueing.screens import issuing, setup

PAGE = 50
TONES = {"waiting": "info", "called": "warn", "served": "good", "missed": "bad", "cancelled": "neutral"}
TABS: dict[str, tuple[str, Callable[[Ticket], bool]]] = {
    "cho": ("Đang chờ", lambda one: one.state == "waiting"),
    "quay": ("Đang ở quầy", lambda one: one.is_with_officer),
    "xong": ("Đã xong", lambda one: one.state == "served" and one.finished_at is not None),
    "vang": ("Vắng, huỷ", lambda one: one.state in {"missed", "cancelled"}),
}


@screen("queueing/desk/index.html", permission="queueing.call")
def index(request: HttpRequest) -> Answer:
    """Choose a counter; the one where this officer sits comes first."""
    counters = counters_of(request.actor.unit_path)
    tickets = today_of(request.actor.unit_path)
    there = {one.counter_id: one for one in tickets if one.is_with_officer}
    queue = [one for one in tickets if one.state == Ticket.State.WAITING]
    rows: list[dict[str, Any]] = [
        {
            "counter": one,
            "ticket": there.get(one.pk),
            "waiting": sum(rules.takes(one.fields, ticket.field) for ticket in queue),
            "is_mine": one.is_open and one.officer_id == request.actor.account_id,
        }
        for one in counters
    ]
    rows.sort(key=lambda row: (not row["is_mine"], row["counter"].number))
    code = request.actor.unit_path.rstrip(".").rpartition(".")[2]
    return {"rows": rows, "waiting": len(queue), "display_code": code, "orphans": _orphans(queue, counters)}


def _orphans(queue: list[Ticket], counters: list[Counter]) -> list[str]:
    """Numbers that no open counter would call."""
    open_now = [one for one in counters if one.is_open]
    return [one.code for one in queue if not any(rules.takes(place.fields, one.field) for place in open_now)]


@screen("queueing/desk/counter.html", permission="queueing.call", partials=("line",))
def counter(request: HttpRequest, key: UUID) -> Answer:
    """One counter: the number there, what to do with it, who comes next."""
    place = counter_of(request.actor, "queueing.call", key)
    tickets = [one for one in today_of(place.unit_path) if rules.takes(place.fields, one.field)]
    queue = sorted(
        (one for one in tickets if one.state == Ticket.State.WAITING), key=lambda one: (not one.is_priority, one.number)
    )
    current = current_of(place)
    missed = [one for one in tickets if one.state == Ticket.State.MISSED]
    return {
        "counter": place,
        "ticket": current,
        "dossier": subject.resolve(current.dossier) if current and current.dossier else None,
        "next": queue[:10],
        "waiting": len(queue),
        "longest": _longest(queue),
        "missed": missed[-10:],
    }


def _longest(queue: list[Ticket]) -> str:
    now = clock.now()
    waits = [int((now - one.issued_at).total_seconds()) for one in queue]
    return rules.wait_words(max(waits)) if waits else ""


@require_POST
@declare("queueing.call")
def call(request: HttpRequest, key: UUID) -> HttpResponseBase:
    found = actions.call_next(request.actor, counter_of(request.actor, "queueing.call", key))
    if found is None:
        warned(request, "Chưa có ai chờ ở quầy này. Trang tự cập nhật khi có người lấy số.")
    return redirect("desk-queueing:counter", key=key)


@require_POST
@declare("queueing.open_counter")
def open_counter(request: HttpRequest, key: UUID) -> HttpResponseBase:
    actions.open_counter(request.actor, counter_of(request.actor, "queueing.open_counter", key))
    return redirect("desk-queueing:counter", key=key)


@require_POST
@declare("queueing.close_counter")
def close_counter(request: HttpRequest, key: UUID) -> HttpResponseBase:
    place = actions.close_counter(request.actor, counter_of(request.actor, "queueing.close_counter", key))
    told(request, f"Đã đóng quầy {place.number}.")
    return redirect("desk-queueing:index")


@require_POST
@declare("queueing.call_again")
def call_again(request: HttpRequest, key: UUID, at: UUID) -> HttpResponseBase:
    found = ticket_of(request.actor, "queueing.call_again", key)
    actions.call_again(request.actor, found, counter=counter_of(request.actor, "queueing.call", at))
    return redirect("desk-queueing:counter", key=at)


@require_POST
@declare("queueing.serve")
def serve(request: HttpRequest, key: UUID) -> HttpResponseBase:
    return _at_counter(actions.serve(request.actor, ticket_of(request.actor, "queueing.serve", key)))


@require_POST
@declare("queueing.miss")
def miss(request: HttpRequest, key: UUID) -> HttpResponseBase:
    return _at_counter(actions.mark_missed(request.actor, ticket_of(request.actor, "queueing.miss", key)))


@require_POST
@declare("queueing.finish")
def finish(request: HttpRequest, key: UUID) -> HttpResponseBase:
    return _at_counter(actions.finish(request.actor, ticket_of(request.actor, "queueing.finish", key)))


def _at_counter(ticket: Ticket) -> HttpResponseBase:
    return redirect("desk-queueing:counter", key=sure(ticket.counter).uuid)


@require_POST
@declare("queueing.cancel")
def cancel(request: HttpRequest, key: UUID) -> HttpResponseBase:
    found = actions.cancel(request.actor, ticket_of(request.actor, "queueing.cancel", key))
    told(request, f"Đã huỷ số {found.code}.")
    return redirect("desk-queueing:today")


COLUMNS = ["Số", "Lĩnh vực", "Lấy lúc", "Chờ", "Tình trạng", "Quầy"]


@screen("queueing/desk/today.html", permission="queueing.view")
def today(request: HttpRequest) -> Answer:
    """Today's numbers by what became of them."""
    tickets = today_of(request.actor.unit_path)
    asked = request.GET.get("tab", "")
    chosen = asked if asked in TABS else "cho"
    tabs = [
        {"label": label, "url": f"?tab={key}", "count": sum(map(test, tickets)), "current": key == chosen}
        for key, (label, test) in TABS.items()
    ]
    after = number_in(request.GET.get("sau", ""))
    rows = [one for one in tickets if TABS[chosen][1](one) and one.number > after]
    following = f"?tab={chosen}&sau={rows[PAGE - 1].number}" if len(rows) > PAGE else ""
    may_cancel = request.actor.may("queueing.cancel")
    return {
        "tabs": tabs,
        "head": [*COLUMNS, "Việc"] if may_cancel else COLUMNS,
        "rows": [_row(one) for one in rows[:PAGE]],
        "next": following,
        "day": clock.today(),
        "may_cancel": may_cancel,
    }


def _row(ticket: Ticket) -> dict[str, Any]:
    until = ticket.called_at or clock.now()
    waited = int((until - ticket.issued_at).total_seconds())
    return {"ticket": ticket, "tone": TONES[ticket.state], "waited": rules.wait_words(max(waited, 0))}


@screen("queueing/desk/report.html", permission="queueing.view")
def report(request: HttpRequest) -> Answer:
    """How long people waited, field by field, on a day; and the days before it."""
    day = _day(request.GET.get("ngay", ""))
    tickets = day_of(request.actor, day)
    fields = [_wait_row(one) for one in waits_by_field(tickets)]
    past = history(request.actor, day)
    return {"day": day, "fields": fields, "days": past, "bars": _bars(past)}


def _wait_row(one: FieldWait) -> dict[str, Any]:
    return {
        "field": one.field,
        "issued": one.issued,
        "waiting": one.waiting,
        "missed": one.missed,
        "median": rules.wait_words(one.spread.median if one.spread else None),
        "longest": rules.wait_words(one.spread.longest if one.spread else None),
        "service": rules.wait_words(one.service.median if one.service else None),
    }


def _bars(days: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Bars of the last days for a drawing 100 wide and 40 high, oldest at the left."""
    most = max((row["issued"] for row in days), default=0)
    if len(days) < 2 or not most:
        return []
    width = 100 / max(len(days), 14)
    return [
        {
            "x": round(number * width + width * 0.15, 2),
            "width": round(width * 0.7, 2),
            "y": round(40 - 40 * row["issued"] / most, 2),
            "height": round(40 * row["issued"] / most, 2),
        }
        for number, row in enumerate(reversed(days))
    ]


def _day(text: str) -> date:
    """The day asked for, or today when the text is no day or lies ahead."""
    form = DayForm({"ngay": text})
    today = clock.today()
    return min(form.cleaned_data["ngay"], today) if form.is_valid() else today


def work_part(request: HttpRequest) -> dict[str, Any] | None:
    """People waiting now, for the officer's first page. Nothing where no number was taken today."""
    if not request.actor.may("queueing.view") or not request.actor.unit_path:
        return None
    tickets = today_of(request.actor.unit_path)
    if not tickets:
        return None
    queue = [one for one in tickets if one.state == Ticket.State.WAITING]
    return {
        "template": "queueing/parts/work.html",
        "waiting": len(queue),
        "longest": _longest(queue),
        "issued": len(tickets),
        "may_call": request.actor.may("queueing.call"),
    }


urlpatterns = [
    path("", index, name="index"),
    path("counter/<uuid:key>/", counter, name="counter"),
    path("counter/<uuid:key>/next/", call, name="call"),
    path("counter/<uuid:key>/open/", open_counter, name="open_counter"),
    path("counter/<uuid:key>/close/", close_counter, name="close_counter"),
    path("number/<uuid:key>/again/<uuid:at>/", call_again, name="call_again"),
    path("number/<uuid:key>/serve/", serve, name="serve"),
    path("number/<uuid:key>/miss/", miss, name="miss"),
    path("number/<uuid:key>/finish/", finish, name="finish"),
    path("number/<uuid:key>/cancel/", cancel, name="cancel"),
    path("today/", today, name="today"),
    path("report/", report, name="report"),
    path("issue/", issuing.issue, name="issue"),
    path("kiosk/", issuing.kiosk, name="kiosk"),
    path("ticket/<uuid:key>/", issuing.ticket, name="ticket"),
    path("counters/", setup.counters, name="counters"),
    path("counters/new/", setup.new_counter, name="new_counter"),
    path("counters/<uuid:key>/", setup.edit_counter, name="edit_counter"),
    path("counters/<uuid:key>/retire/", setup.retire, name="retire"),
]

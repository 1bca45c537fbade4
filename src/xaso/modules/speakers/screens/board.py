"""Today's board: which speakers are alive, what plays now, what comes next, what went wrong."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import path, reverse

from xaso.core.access import visible
from xaso.core.screens import Answer, screen
from xaso.kit import clock
from xaso.modules.speakers.models import Alarm, Device
from xaso.modules.speakers.queries import playing
from xaso.modules.speakers.queries.playing import places_of
from xaso.modules.speakers.queries.register import open_alarms
from xaso.modules.speakers.rules.priority import CLASS_WORDS
from xaso.modules.speakers.rules.scheduling import DAY_NAMES

AHEAD = timedelta(hours=24)
SHOWN = 10
SHOWN_A_DAY = 20
TONES = {"normal": "neutral", "priority": "info", "emergency": "bad"}
RUN_TONES = {
    "expected": "neutral", "playing": "info", "played": "good", "partly": "warn", "interrupted": "warn",
    "silent": "bad", "refused": "bad", "offline": "bad", "cancelled": "neutral", "unproven": "warn",
}  # fmt: skip


@screen("speakers/desk/board.html", permission="speakers.view", partials=("now",))
def index(request: HttpRequest) -> Answer:
    by, now = request.actor, clock.now()
    alarms = list(open_alarms(by).order_by("since", "pk")[: SHOWN + 1])
    due = playing.due_between(by, now, now + AHEAD)
    wrong = list(playing.gone_wrong(by, now - AHEAD).order_by("-scheduled_at", "-pk")[: SHOWN + 1])
    names = places_of([one.play for one in due[:SHOWN]])
    return {
        "counts": counts_of(request),
        "on_air": playing.on_air(by),
        "due": [due_row(request, one, names) for one in due[:SHOWN]],
        "more_due": len(due) > SHOWN,
        "alarms": alarms[:SHOWN],
        "more_alarms": len(alarms) > SHOWN,
        "wrong": [{"run": run, "tone": RUN_TONES[run.state]} for run in wrong[:SHOWN]],
        "more_wrong": len(wrong) > SHOWN,
        "now": now,
        "may": {
            name: by.may(f"speakers.{name}") for name in ("order_play", "start_live", "village_notice", "register")
        },
    }


def counts_of(request: HttpRequest) -> dict[str, int]:
    """Alive means heard and without an alarm of silence."""
    rows = visible(request.actor, "speakers.view", Device.objects.filter(state=Device.State.IN_USE))
    silent = Q(alarms__kind=Alarm.Kind.SILENT, alarms__cleared_at=None)
    found = rows.aggregate(
        devices=Count("pk", distinct=True),
        silent=Count("pk", filter=silent | Q(pulse__seen_at=None), distinct=True),
        playing=Count("pk", filter=~Q(pulse__playing="") & Q(pulse__is_online=True), distinct=True),
    )
    return found | {"alive": found["devices"] - found["silent"]}


def due_row(request: HttpRequest, due: playing.Due, names: dict[int, str]) -> dict[str, Any]:
    return {
        "at": due.at,
        "play": due.play,
        "where": names[due.play.pk],
        "may_open": request.actor.may("speakers.view", on=due.play),
        "tone": TONES[due.play.klass],
        "klass": CLASS_WORDS[due.play.klass],
    }


@screen("speakers/desk/week.html", permission="speakers.view")
def week(request: HttpRequest) -> Answer:
    """The schedule of a week, day by day."""
    first = _monday(request.GET.get("tuan", ""))
    start = datetime.combine(first, time(), clock.VIETNAM)
    due = playing.due_between(request.actor, start, start + timedelta(days=7))
    names = places_of([one.play for one in due])
    days: list[dict[str, Any]] = [
        {"day": first + timedelta(days=number), "name": DAY_NAMES[number], "rows": [], "more": 0} for number in range(7)
    ]
    for one in due:
        day = days[(clock.local(one.at).date() - first).days]
        if len(day["rows"]) < SHOWN_A_DAY:
            day["rows"].append(due_row(request, one, names))
        else:
            day["more"] += 1
    return {
        "days": days,
        "first": first,
        "last": first + timedelta(days=6),
        "before": first - timedelta(days=7),
        "after": first + timedelta(days=7),
        "may_order": request.actor.may("speakers.order_play"),
        "crumbs": [{"label": "Loa truyền thanh", "url": reverse("desk-speakers:index")}, {"label": "Lịch tuần"}],
    }


def _monday(text: str) -> date:
    """The Monday of the week asked for, this week's when the text is no day of this century."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = clock.today()
    if not 2020 <= day.year <= 2100:
        day = clock.today()
    return day - timedelta(days=day.weekday())


def work_part(request: HttpRequest) -> dict[str, Any] | None:
    """On the officer's first page: speakers that need somebody, and the way to the village's own."""
    may_tell = request.actor.may("speakers.village_notice")
    if not may_tell and not request.actor.may("speakers.open_repair"):
        return None
    alarms = list(open_alarms(request.actor).order_by("since", "pk")[:4])
    if not alarms and not may_tell:
        return None
    shown = {"alarms": alarms[:3], "more": len(alarms) > 3, "may_tell": may_tell}
    return {"template": "speakers/parts/work.html", **shown}


urlpatterns = [path("", index, name="index"), path("tuan/", week, name="week")]

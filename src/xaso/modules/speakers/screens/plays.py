"""Order a play, see what became of it device by device, stop it; the microphone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST, require_safe

from xaso.core.accounts.queries import own_unit
from xaso.core.files.stores import store
from xaso.core.forms import refusals_on
from xaso.core.paging import page
from xaso.core.screens import Answer, declare, screen, told
from xaso.core.units.models import Unit
from xaso.kit.errors import Missing, Refused
from xaso.modules.audio import queries as audio
from xaso.modules.speakers.actions import order_play, start_live, stop_live, stop_play
from xaso.modules.speakers.forms import LiveForm, OrderForm, StopForm
from xaso.modules.speakers.models import Play, Run
from xaso.modules.speakers.queries import playing
from xaso.modules.speakers.queries import register as registered
from xaso.modules.speakers.queries.playing import outcome_of, places_of
from xaso.modules.speakers.queries.timing import timing_of, wanted_seconds
from xaso.modules.speakers.rules.limits import length_words
from xaso.modules.speakers.rules.priority import CLASS_WORDS
from xaso.modules.speakers.rules.settling import INTERRUPTED, OFFLINE, PARTLY, REFUSED, SILENT, UNPROVEN
from xaso.modules.speakers.screens.board import RUN_TONES, TONES
from xaso.modules.speakers.screens.devices import CRUMB

RECORDINGS = 60
STATE_TONES = {"planned": "info", "stopped": "warn", "ended": "done"}
LOST = (SILENT, REFUSED, OFFLINE, INTERRUPTED, PARTLY, UNPROVEN)


def places(request: HttpRequest) -> tuple[Unit, list[tuple[str, str]]]:
    """The actor's unit, and what a form offers as places to play at."""
    unit = own_unit(request.actor)
    first = [(unit.path, f"Cả {str(unit)[0].lower()}{str(unit)[1:]}")]
    return unit, [*first, *((one.path, one.name) for one in registered.villages_of(unit)[1:])]


@screen("speakers/desk/plays.html", permission="speakers.view")
def plays(request: HttpRequest) -> Answer:
    found, following = page(request, playing.plays(request.actor))
    names = places_of(found)
    rows = [
        {"play": one, "where": names[one.pk], "tone": STATE_TONES[one.state], "klass_tone": TONES[one.klass],
         "klass": CLASS_WORDS[one.klass], "when": when_words(one)}
        for one in found
    ]  # fmt: skip
    crumbs = [CRUMB, {"label": "Các lượt phát"}]
    return {"rows": rows, "next": following, "may_order": request.actor.may("speakers.order_play"), "crumbs": crumbs}


def when_words(play: Play) -> str:
    weekly = timing_of(play).weekly
    return weekly.words() if weekly else ""


@screen("speakers/desk/order.html", permission="speakers.order_play")
def order(request: HttpRequest) -> Answer:
    unit, units = places(request)
    found = list(audio.usable(request.actor).order_by("-pk")[:RECORDINGS])
    zones = [
        (str(one.uuid), f"{one.name} ({one.get_kind_display().lower()})") for one in registered.zones(request.actor)
    ]
    chosen = [(str(one.uuid), f"{one.title} ({length_words(float(one.seconds or 0))})") for one in found]
    initial = {"recording": request.GET.get("ban-thu", ""), "units": [unit.path]}
    form = OrderForm(request.POST or None, initial=initial, recordings=chosen, units=units, zones=zones)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            made = order_play(request.actor, unit, **_wish(request, form))
            told(request, "Đã gửi lệnh phát." if made.at_once else "Đã lên lịch phát.")
            return redirect("desk-speakers:play", key=made.uuid)
    return {"form": form, "unit": unit, "has_recordings": bool(found), "crumbs": [CRUMB, {"label": "Phát loa"}]}


def _wish(request: HttpRequest, form: OrderForm) -> Any:
    said, wish = form.cleaned_data, form.wish()
    if said["recording"]:
        wish["recording"] = audio.recording_for(request.actor, UUID(said["recording"]))
    if said["zone"]:
        wish["zone"] = registered.zone(request.actor, "speakers.view", UUID(said["zone"]))
    return wish


@screen("speakers/desk/play.html", permission="speakers.view")
def play(request: HttpRequest, key: UUID) -> Answer:
    """đã phát / tổng cụm loa, and every device's row."""
    by = request.actor
    found = registered.play(by, "speakers.view", key)
    rows = Run.objects.filter(play=found).select_related("device__unit")
    only = request.GET.get("chi", "")
    shown, following = page(request, rows.filter(state__in=LOST) if only == "loi" else rows)
    outcome = outcome_of(found)
    is_open = found.state == Play.State.PLANNED
    stop = "speakers.stop_live" if found.kind == Play.Kind.LIVE else "speakers.stop_play"
    return {
        "play": found,
        "tone": STATE_TONES[found.state],
        "klass": CLASS_WORDS[found.klass],
        "klass_tone": TONES[found.klass],
        "where": places_of([found])[found.pk],
        "when": when_words(found),
        "length": length_words(wanted_seconds(found)) if wanted_seconds(found) else "đến khi dừng",
        "outcome": outcome,
        "lost": outcome.silent + outcome.failed + outcome.interrupted + outcome.unproven,
        "rows": [{"run": run, "tone": RUN_TONES[run.state]} for run in shown],
        "next": following,
        "tabs": _tabs(only, outcome),
        "stop_form": StopForm() if is_open and by.may(stop, on=found) else None,
        "microphone": reverse("desk-audio:live", args=[found.recording]) if _has_microphone(found) else "",
        "crumbs": [CRUMB, {"label": found.title}],
    }


def _has_microphone(found: Play) -> bool:
    return found.kind == Play.Kind.LIVE and found.state == Play.State.PLANNED


def _tabs(only: str, outcome: playing.Outcome) -> list[dict[str, Any]]:
    lost = outcome.silent + outcome.failed + outcome.interrupted + outcome.unproven
    return [
        {"label": "Mọi loa", "url": "?", "current": only != "loi", "count": outcome.parts},
        {"label": "Chưa phát trọn", "url": "?chi=loi", "current": only == "loi", "count": lost},
    ]


@require_safe
@declare("speakers.view")
def listen(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """What is or was played, for the ear of whoever may see it."""
    found = registered.play(request.actor, "speakers.view", key)
    if found.file is None:
        raise Missing("Lượt phát này không có bản thu để nghe lại.")
    return FileResponse(store().open(found.sha256), content_type=found.file.media_type)


@require_POST
@declare("speakers.view")
def stop(request: HttpRequest, key: UUID) -> HttpResponseBase:
    found = registered.play(request.actor, "speakers.view", key)
    form = StopForm(request.POST)
    if not form.is_valid():
        raise Refused("Hãy ghi lý do dừng phát.")
    verb = stop_live if found.kind == Play.Kind.LIVE else stop_play
    verb(request.actor, found, reason=form.cleaned_data["reason"])
    told(request, "Đã gửi lệnh dừng đến các loa.")
    return redirect("desk-speakers:play", key=key)


@screen("speakers/desk/live.html", permission="speakers.start_live")
def live(request: HttpRequest) -> Answer:
    unit, units = places(request)
    form = LiveForm(request.POST or None, units=units, initial={"units": [unit.path]})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        with refusals_on(form):
            made = start_live(
                request.actor, unit, title=said["title"], unit_paths=tuple(said["units"]), minutes=said["minutes"],
                klass=said["klass"],
            )  # fmt: skip
            told(request, "Loa chờ tiếng đầu tiên rồi mới phát. Hãy bấm “Bắt đầu nói”.")
            return redirect("desk-audio:live", made.recording)
    return {"form": form, "unit": unit, "crumbs": [CRUMB, {"label": "Phát trực tiếp"}]}


urlpatterns = [
    path("phat/", plays, name="plays"),
    path("phat/moi/", order, name="order"),
    path("phat/<uuid:key>/", play, name="play"),
    path("phat/<uuid:key>/nghe/", listen, name="listen"),
    path("phat/<uuid:key>/dung/", stop, name="stop"),
    path("truc-tiep/", live, name="live"),
]

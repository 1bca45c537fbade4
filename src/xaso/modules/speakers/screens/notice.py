"""The page for the village head: say it, hear it, send it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_safe

from xaso.core.accounts.queries import own_unit
from xaso.core.forms import refusals_on
from xaso.core.screens import Answer, declare, screen, told
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Missing, Refused
from xaso.modules.audio import actions as audio
from xaso.modules.audio import queries as sounds
from xaso.modules.speakers.actions.notices import record_notice, send_village_notice
from xaso.modules.speakers.definitions import declared
from xaso.modules.speakers.forms import NoticeForm, SendForm
from xaso.modules.speakers.queries import playing
from xaso.modules.speakers.queries.notices import notice_recording, notice_recordings
from xaso.modules.speakers.queries.playing import outcome_of
from xaso.modules.speakers.rules.limits import length_words
from xaso.modules.speakers.rules.scheduling import clock_words, minute_of
from xaso.modules.speakers.screens.board import RUN_TONES

NOT_A_VILLAGE = "Trang này dành cho trưởng thôn. Ở xã, hãy dùng trang “Phát loa”."
STEP = 15
SECONDS_TO_WAIT = 2


def _village(request: HttpRequest) -> Unit:
    found = own_unit(request.actor)
    if found.kind not in (Unit.Kind.VILLAGE, Unit.Kind.QUARTER):
        raise Refused(NOT_A_VILLAGE)
    return found


def _days() -> list[tuple[str, str]]:
    """Today only while an hour of it is left."""
    today, now = clock.today(), clock.local(clock.now())
    days = [
        (f"{today}", f"Hôm nay, {today:%d/%m}"),
        (f"{today + timedelta(1)}", f"Ngày mai, {today + timedelta(1):%d/%m}"),
    ]
    return days if now.hour * 60 + now.minute < minute_of(declared().village.latest) else days[1:]


def _times() -> list[str]:
    village = declared().village
    return [clock_words(at) for at in range(minute_of(village.earliest), minute_of(village.latest) + 1, STEP)]


def _next() -> tuple[str, str]:
    """The first usual hour from ten minutes on: day and time."""
    soon = clock.local(clock.now() + timedelta(minutes=10))
    today = clock.today()
    for text in declared().village.times:
        if minute_of(text) >= soon.hour * 60 + soon.minute and soon.date() == today:
            return f"{today}", text
    return f"{today + timedelta(1)}", declared().village.times[0]


@screen("speakers/desk/notice.html", permission="speakers.village_notice")
def begin(request: HttpRequest) -> Answer:
    """What shall be heard, and when."""
    village = _village(request)
    chosen = [(str(one.uuid), one.title) for one in notice_recordings(village)]
    day, at = _next()
    form = NoticeForm(
        request.POST or None, request.FILES or None, recordings=chosen, days=_days(), times=_times(),
        initial={"day": day, "time": at},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            return redirect(_second_step(_recorded(request, village, form), form.cleaned_data))
    recent = list(playing.plays(request.actor).order_by("-pk")[:5])
    return {"form": form, "place": _named(village), "recent": recent}


def _named(village: Unit) -> str:
    """“thôn Đông”; some names say already what they are."""
    kind = village.get_kind_display()
    return village.name if village.name.casefold().startswith(kind) else f"{kind} {village.name}"


def _recorded(request: HttpRequest, village: Unit, form: NoticeForm) -> Any:
    said = form.cleaned_data
    if said["recording"]:
        return notice_recording(village, UUID(said["recording"]))
    received = audio.receive_sound(said["file"]) if said["file"] else None
    return record_notice(request.actor, village, text=said["text"], received=received)


def _second_step(recording: Any, said: dict[str, Any]) -> str:
    when = urlencode({"ngay": said["day"], "gio": said["time"], "lan": said["loops"]})
    return f"{reverse('desk-speakers:hear', args=[recording.uuid])}?{when}"


@screen("speakers/desk/hear.html", permission="speakers.village_notice")
def hear(request: HttpRequest, key: UUID) -> Answer:
    """Hear what was made, then send it."""
    village = _village(request)
    recording = notice_recording(village, key)
    day, at = _next()
    initial = {
        "day": request.GET.get("ngay", day),
        "time": request.GET.get("gio", at),
        "loops": request.GET.get("lan", "2"),
    }
    form = SendForm(request.POST or None, days=_days(), times=_times(), initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            made = send_village_notice(
                request.actor, village, recording=recording, starts_at=form.starts_at(),
                loops=int(form.cleaned_data["loops"]),
            )  # fmt: skip
            told(request, f"Xong. Loa {_named(village)} sẽ phát lúc {clock.local(form.starts_at()):%H:%M ngày %d/%m}.")
            return redirect("desk-speakers:sent", key=made.uuid)
    return _heard(request, village, recording, form)


def _heard(request: HttpRequest, village: Unit, recording: Any, form: SendForm) -> Answer:
    shown = {
        "recording": recording,
        "place": _named(village),
        "form": form,
        "length": length_words(float(recording.seconds)) if recording.seconds else "",
        "crumbs": [{"label": "Phát loa thôn", "url": reverse("desk-speakers:notice")}, {"label": "Nghe và gửi"}],
    }
    if recording.state != "making":
        return shown
    answer = render(request, "speakers/desk/hear.html", shown)
    answer.headers["Refresh"] = str(SECONDS_TO_WAIT)  # works without scripts; a machine reads a notice in a second
    return answer


@require_safe
@declare("speakers.village_notice")
def sound(request: HttpRequest, key: UUID) -> HttpResponseBase:
    recording = notice_recording(_village(request), key)
    if recording.file is None:
        raise Missing("Bản thu này chưa nghe được. Hãy đợi máy đọc xong.")
    return FileResponse(sounds.opened(recording), content_type=recording.file.media_type)


@screen("speakers/desk/sent.html", permission="speakers.village_notice")
def sent(request: HttpRequest, key: UUID) -> Answer:
    """What the village head has sent, and what became of it."""
    found = playing.own_play(request.actor, key)
    runs = list(found.runs.select_related("device").order_by("pk")[:50])
    return {
        "play": found,
        "outcome": outcome_of(found),
        "rows": [{"run": run, "tone": RUN_TONES[run.state]} for run in runs],
        "may_stop": found.state == "planned" and request.actor.may("speakers.stop_play", on=found),
        "crumbs": [{"label": "Phát loa thôn", "url": reverse("desk-speakers:notice")}, {"label": found.title}],
    }


urlpatterns = [
    path("thon/", begin, name="notice"),
    path("thon/nghe/<uuid:key>/", hear, name="hear"),
    path("thon/tieng/<uuid:key>/", sound, name="sound"),
    path("thon/da-gui/<uuid:key>/", sent, name="sent"),
]

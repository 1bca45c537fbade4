"""Recordings of a unit: listed, made from text, taken in, listened to."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from xaso.core.accounts.queries import own_unit
from xaso.core.forms import refusals_on
from xaso.core.paging import page
from xaso.core.screens import CONTENT_POLICY, Answer, declare, screen, told
from xaso.modules.audio import actions, queries
from xaso.modules.audio.forms import RecordingFilter, SpeechForm, UploadForm
from xaso.modules.audio.screens import live
from xaso.modules.audio.screens.sounding import sound_answer

STILL_MAKING = 3


@screen("audio/desk/listed.html", permission="audio.view")
def listed(request: HttpRequest) -> Answer:
    form = RecordingFilter(request.GET or None)
    chosen = form.cleaned_data if form.is_valid() else {}
    rows = queries.recordings(request.actor, chosen.get("words", ""), chosen.get("state", ""))
    found, after = page(request, rows)
    may = request.actor.may
    return {
        "form": form,
        "rows": found,
        "next": after,
        "filtered": any(chosen.values()),
        "may_say": may("audio.say"),
        "may_keep": may("audio.keep_recording"),
        "may_speak": may("audio.view_live"),
    }


@screen("audio/desk/say.html", permission="audio.say")
def say(request: HttpRequest) -> Answer:
    """Two steps on one page: what will be read is shown and corrected before a recording is made of it."""
    data = request.POST.copy() if request.method == "POST" else None
    form = SpeechForm(data, asks_spoken=bool(data and data.get("step") == "make"))
    if data is None or not form.is_valid():
        return {"form": form, "shown": "spoken" in form.fields}
    chosen = form.cleaned_data
    # Words that were read from another text than the one typed now are read anew.
    if "spoken" not in form.fields or chosen["read_from"] != chosen["text"]:
        return _shown(data, chosen["text"])
    return _said(request, form)


def _shown(data: object, text: str) -> Answer:
    data["spoken"], data["read_from"], data["step"] = queries.spoken(text), text, "make"  # type: ignore[index]
    return {"form": SpeechForm(data, asks_spoken=True), "shown": True, "seconds": queries.seconds_of(text)}


def _said(request: HttpRequest, form: SpeechForm) -> Answer:
    chosen = form.cleaned_data
    with refusals_on(form):
        made = actions.say(
            request.actor,
            own_unit(request.actor),
            text=chosen["text"],
            voice=chosen["voice"],
            spoken=chosen["spoken"],
            title=chosen["title"],
        )
        return redirect(made)
    return {"form": form, "shown": True}


@screen("audio/desk/upload.html", permission="audio.keep_recording")
def upload(request: HttpRequest) -> Answer:
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form, "sound"):
            received = actions.receive_sound(form.cleaned_data["sound"])
            made = actions.keep_recording(
                request.actor,
                own_unit(request.actor),
                file=received,
                title=form.cleaned_data["title"],
                text=form.cleaned_data["text"],
            )
            told(request, "Đã nhận bản thu.")
            return redirect(made)
    return _with_microphone(render(request, "audio/desk/upload.html", {"form": form}))


def _with_microphone(response: HttpResponseBase) -> HttpResponseBase:
    """This page may use the microphone and play what it has just recorded."""
    response.headers["Permissions-Policy"] = "microphone=(self), geolocation=(), camera=()"
    response.headers["Content-Security-Policy"] = f"{CONTENT_POLICY}; media-src 'self' blob:"
    return response


@screen("audio/desk/recording.html", permission="audio.view")
def recording(request: HttpRequest, key: UUID) -> Answer:
    found = queries.recording_for(request.actor, key)
    may_retire = found.retired_at is None and request.actor.may("audio.retire_recording", on=found)
    shown = render(request, "audio/desk/recording.html", {"recording": found, "may_retire": may_retire})
    if found.state == "making":
        shown.headers["Refresh"] = str(STILL_MAKING)
    return shown


@require_safe
@declare("audio.view")
def listen(request: HttpRequest, key: UUID) -> HttpResponseBase:
    return sound_answer(request, queries.recording_for(request.actor, key))


@require_POST
@declare("audio.retire_recording")
def retire(request: HttpRequest, key: UUID) -> HttpResponseBase:
    found = queries.recording_for(request.actor, key, "audio.retire_recording")
    actions.retire_recording(request.actor, found)
    told(request, f"Đã cất “{found.title}”. Bản thu đã phát vẫn được giữ.")
    return redirect("desk-audio:listed")


urlpatterns = [
    path("", listed, name="listed"),
    path("doc/", say, name="say"),
    path("thu/", upload, name="upload"),
    path("ban-thu/<uuid:key>/", recording, name="recording"),
    path("ban-thu/<uuid:key>/nghe.mp3", listen, name="listen"),
    path("ban-thu/<uuid:key>/cat/", retire, name="retire"),
    path("truc-tiep/", live.lives, name="lives"),
    path("truc-tiep/micro/", live.open_microphone, name="open_live"),
    path("truc-tiep/tiep-song/", live.open_relay, name="open_relay"),
    path("truc-tiep/<uuid:key>/", live.live, name="live"),
    path("truc-tiep/<uuid:key>/dong/", live.close, name="close_live"),
    path("truc-tiep/<uuid:key>/tieng/<int:number>/", live.chunk, name="chunk"),
]

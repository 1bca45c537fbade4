"""Live sound: a microphone opened in the browser, or the stream of an upper level."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from xaso.core.access import SYSTEM
from xaso.core.accounts.queries import own_unit
from xaso.core.forms import refusals_on
from xaso.core.paging import page
from xaso.core.screens import CONTENT_POLICY, Answer, declare, screen, told
from xaso.kit.errors import Forbidden
from xaso.modules.audio import actions, queries
from xaso.modules.audio.actions.live import hear_live
from xaso.modules.audio.definitions import audio
from xaso.modules.audio.forms import LiveForm, RelayForm
from xaso.modules.audio.live import door
from xaso.modules.audio.models import Live

LARGEST_CHUNK = 256 * 1024
NOT_YOURS = "Micrô này do người khác mở. Hãy mở micrô của bạn."


@screen("audio/desk/lives.html", permission="audio.view_live")
def lives(request: HttpRequest) -> Answer:
    rows, after = page(request, queries.lives(request.actor))
    may = request.actor.may
    return {"rows": rows, "next": after, "may_open": may("audio.open_live"), "may_relay": may("audio.open_relay")}


@screen("audio/desk/open_live.html", permission="audio.open_live")
def open_microphone(request: HttpRequest) -> Answer:
    form = LiveForm(request.POST or None, initial={"minutes": min(10, audio().limits.live_minutes)})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            return redirect(actions.open_live(request.actor, own_unit(request.actor), **form.cleaned_data))
    return {"form": form, "is_relay": False}


@screen("audio/desk/open_live.html", permission="audio.open_relay")
def open_relay(request: HttpRequest) -> Answer:
    form = RelayForm(request.POST or None, initial={"minutes": audio().limits.live_minutes})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            return redirect(actions.open_relay(request.actor, own_unit(request.actor), **form.cleaned_data))
    return {"form": form, "is_relay": True, "known": audio().relay_hosts}


@screen("audio/desk/live.html", permission="audio.view_live")
def live(request: HttpRequest, key: UUID) -> Answer:
    found = queries.live_for(request.actor, key)
    speaks = found.is_open and found.kind == Live.Kind.MICROPHONE and found.opened_by_id == request.actor.account_id
    may_close = found.is_open and request.actor.may("audio.close_live", on=found)
    shown = render(request, "audio/desk/live.html", {"live": found, "speaks": speaks, "may_close": may_close})
    shown.headers["Permissions-Policy"] = "microphone=(self), geolocation=(), camera=()"
    shown.headers["Content-Security-Policy"] = f"{CONTENT_POLICY}; media-src 'self' {queries.origin_of(found)}"
    return shown


@require_POST
@declare("audio.open_live")
def chunk(request: HttpRequest, key: UUID, number: int) -> HttpResponseBase:
    """One piece of the browser's sound, in its order; passed on, never kept."""
    found = queries.live_for(request.actor, key, "audio.open_live")
    if found.opened_by_id != request.actor.account_id:
        raise Forbidden(NOT_YOURS)
    if not found.is_open:
        return JsonResponse({"open": False, "why": found.why}, status=410)
    if int(request.headers.get("Content-Length") or 0) > LARGEST_CHUNK:
        return JsonResponse({"open": True}, status=413)
    heard = door.pass_on(str(found.uuid), number, request.body[:LARGEST_CHUNK])
    if heard and found.heard_at is None:
        hear_live(SYSTEM, found)
    return JsonResponse({"open": True, "heard": heard}, status=200 if heard else 503)


@require_POST
@declare("audio.close_live")
def close(request: HttpRequest, key: UUID) -> HttpResponse:
    found = queries.live_for(request.actor, key, "audio.close_live")
    actions.close_live(request.actor, found)
    told(request, "Đã đóng. Loa trở lại chương trình bình thường.")
    return redirect(found)

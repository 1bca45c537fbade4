"""What the pages share: sound and pictures taken in, where an officer writes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from xaso.core.files.actions import Received
from xaso.core.files.receiving import receive_upload
from xaso.core.screens import told
from xaso.modules.audio.actions import receive_sound
from xaso.modules.bulletins.models import Bulletin


def picture_in(request: HttpRequest) -> Received | None:
    uploaded = request.FILES.get("picture")
    return receive_upload(uploaded, ("image",)) if uploaded else None


def sound_in(request: HttpRequest) -> Received | None:
    uploaded = request.FILES.get("recording")
    return receive_sound(uploaded) if uploaded else None


def to_page(request: HttpRequest, bulletin: Bulletin, sentence: str) -> HttpResponseBase:
    told(request, sentence)
    return redirect("desk-bulletins:show", key=bulletin.uuid)

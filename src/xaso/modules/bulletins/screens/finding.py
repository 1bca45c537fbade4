"""What the pages share: forms whose mistakes are told, sound and pictures taken in, where an officer writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from xaso.core.files.actions import Received
from xaso.core.files.receiving import receive_upload
from xaso.core.screens import told
from xaso.kit.errors import Forbidden, Refused
from xaso.modules.audio.actions import receive_sound
from xaso.modules.bulletins.models import Bulletin

R = TypeVar("R")


def tried(form: forms.Form, act: Callable[[], R], field: str | None = None) -> R | None:
    """What it gives, or None with its sentence on the form: nothing typed is lost."""
    try:
        return act()
    except Forbidden:
        raise
    except Refused as refusal:
        form.add_error(field, refusal.message)
        return None


def checked(form: forms.Form) -> dict[str, Any]:
    """A form of a fold: what is wrong is told as a refusal, one sentence."""
    if form.is_valid():
        return form.cleaned_data
    name, problems = next(iter(form.errors.items()))
    label = form.fields[name].label if name in form.fields else ""
    raise Refused(f"{label}: {problems[0]}" if label else str(problems[0]))


def picture_in(request: HttpRequest) -> Received | None:
    uploaded = request.FILES.get("picture")
    return receive_upload(uploaded, ("image",)) if uploaded else None


def sound_in(request: HttpRequest) -> Received | None:
    uploaded = request.FILES.get("recording")
    return receive_sound(uploaded) if uploaded else None


def to_page(request: HttpRequest, bulletin: Bulletin, sentence: str) -> HttpResponseBase:
    told(request, sentence)
    return redirect("desk-bulletins:show", key=bulletin.uuid)

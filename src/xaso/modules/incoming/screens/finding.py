"""What the pages share: the unit one works in, forms whose mistakes are told, files kept while a form is filled in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from xaso.core.access import Actor
from xaso.core.files import actions as files
from xaso.core.files.models import StoredFile
from xaso.core.files.queries import waiting_of
from xaso.core.screens import told
from xaso.core.units.models import Unit
from xaso.core.units.queries import unit as unit_of
from xaso.kit.errors import Forbidden, Refused
from xaso.modules.incoming.models import Document

R = TypeVar("R")
ACCEPTED = ("pdf", "image", "docx", "xlsx")
UPLOAD_KIND = "van-ban-den"
MOST_FILES = 20
NO_UNIT = "Tài khoản của bạn chưa giữ chức danh ở đơn vị nào. Hãy liên hệ người quản trị."


def own_unit(by: Actor, permission: str) -> Unit:
    """Where the reader may do this."""
    held = next((grant.unit_id for _, grant in by.scopes_of(permission) if grant.unit_id), None)
    if held is None:
        raise Refused(NO_UNIT)
    return unit_of(held)


def checked(form: forms.Form) -> dict[str, Any]:
    """A form of a fold: what is wrong is told as a refusal, one sentence."""
    if form.is_valid():
        return form.cleaned_data
    name, problems = next(iter(form.errors.items()))
    label = form.fields[name].label if name in form.fields else ""
    raise Refused(f"{label}: {problems[0]}" if label else str(problems[0]))


def tried(form: forms.Form, act: Callable[[], R]) -> R | None:
    """What the action gives, or None with its sentence on the form: nothing typed is lost."""
    try:
        return act()
    except Forbidden:
        raise
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return None


def back(request: HttpRequest, document: Document, sentence: str) -> HttpResponseBase:
    told(request, sentence)
    return redirect("desk-incoming:document", key=document.uuid)


def keep_uploads(request: HttpRequest, form: forms.Form | None = None) -> list[UUID]:
    """Files of this request, stored ahead, and those kept by an earlier try of the same form."""
    kept = [UUID(one) for one in request.POST.getlist("upload")[:MOST_FILES] if is_uuid(one)]
    for uploaded in request.FILES.getlist("file")[:MOST_FILES]:
        try:
            kept.append(files.upload_ahead(request.actor, uploaded, kind=UPLOAD_KIND, accept=ACCEPTED).uuid)
        except Refused as refusal:
            if form is None:
                raise
            form.add_error(None, refusal.message)
    return list(dict.fromkeys(kept))


def kept_files(request: HttpRequest, uploads: Sequence[UUID]) -> list[StoredFile]:
    """Those of the uploads that still wait for this account's form."""
    return [stored for stored in waiting_of(request.actor) if stored.uuid in uploads] if uploads else []


def is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True

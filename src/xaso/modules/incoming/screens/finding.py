"""What the pages share: files kept while a form is filled in."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from xaso.core.files import actions as files
from xaso.core.files.models import StoredFile
from xaso.core.files.queries import waiting_of
from xaso.core.forms import refusals_on
from xaso.core.screens import told
from xaso.modules.incoming.models import Document

ACCEPTED = ("pdf", "image", "docx", "xlsx")
UPLOAD_KIND = "van-ban-den"
MOST_FILES = 20


def back(request: HttpRequest, document: Document, sentence: str) -> HttpResponseBase:
    told(request, sentence)
    return redirect("desk-incoming:document", key=document.uuid)


def keep_uploads(request: HttpRequest, form: forms.Form | None = None) -> list[UUID]:
    """Files of this request, stored ahead, and those kept by an earlier try of the same form."""
    kept = [UUID(one) for one in request.POST.getlist("upload")[:MOST_FILES] if is_uuid(one)]
    for uploaded in request.FILES.getlist("file")[:MOST_FILES]:
        with nullcontext() if form is None else refusals_on(form):
            kept.append(files.upload_ahead(request.actor, uploaded, kind=UPLOAD_KIND, accept=ACCEPTED).uuid)
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

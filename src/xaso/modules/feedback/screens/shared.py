"""What the pages share: photos kept while a form is filled in."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any
from uuid import UUID

from django import forms
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from xaso.core.files.actions import Received
from xaso.core.files.screens import SANDBOX
from xaso.core.files.stores import store
from xaso.core.forms import refusals_on
from xaso.core.screens import told
from xaso.kit.errors import Missing
from xaso.modules.feedback.definitions import desk
from xaso.modules.feedback.models import Photo, Report
from xaso.modules.feedback.photos import receive_photo, sealed, unsealed

NO_PHOTO = "Không có ảnh này."


def back(request: HttpRequest, report: Report, sentence: str) -> HttpResponseBase:
    told(request, sentence)
    return redirect("desk-feedback:report", key=report.uuid)


def photos_of_request(request: HttpRequest, form: forms.Form | None) -> list[Received]:
    """Photos of this try, and those of earlier tries of the same form. A bad one is told and the others are kept."""
    most = desk().photos.most
    kept = list(unsealed(request.POST.get("sealed", ""), most))
    for uploaded in request.FILES.getlist("photo")[: most + 1]:
        with nullcontext() if form is None else refusals_on(form):
            kept.append(receive_photo(uploaded))
    once = list({one.saved.sha256: one for one in kept}.values())
    if len(once) > most and form is not None:
        form.add_error(None, f"Nhiều nhất {most} ảnh cho một phản ánh. Các ảnh đầu được giữ lại.")
    return once[:most]


def kept_of(photos: Sequence[Received]) -> dict[str, Any]:
    """For the page that shows the form again."""
    return {"sealed": sealed(photos), "kept": len(photos), "most_photos": desk().photos.most}


def photo_answer(photo: Photo, *, public: bool) -> HttpResponseBase:
    """The picture itself. It may run nothing, load nothing."""
    try:
        content = store().open(photo.file.blob_id)
    except FileNotFoundError as error:
        raise Missing(NO_PHOTO) from error
    response = FileResponse(content, content_type="image/jpeg", filename="anh.jpg")
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "public, max-age=300" if public else "private, no-store"
    response.headers["Content-Length"] = str(photo.file.size)
    return response


def photo_in(report: Report, key: UUID) -> Photo:
    """Raises Missing for another report's."""
    found = report.photos.select_related("file__blob").filter(uuid=key).first()
    if found is None:
        raise Missing(NO_PHOTO)
    return found

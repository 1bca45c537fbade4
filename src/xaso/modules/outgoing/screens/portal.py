"""What everybody may read: published documents; and the letter behind the link of an e-mail."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_POST

from xaso.core.access import PUBLIC, SYSTEM
from xaso.core.files.models import StoredFile
from xaso.core.files.stores import store
from xaso.core.screens import Answer, declare, screen, told
from xaso.kit import clock
from xaso.kit.errors import Missing
from xaso.kit.fold import tidy
from xaso.modules.layouts import queries as layouts
from xaso.modules.outgoing.actions.issuing import record_follow
from xaso.modules.outgoing.models import Document
from xaso.modules.outgoing.queries import documents
from xaso.modules.outgoing.rules import moves


@screen("outgoing/portal/listed.html", permission=PUBLIC)
def listed(request: HttpRequest) -> Answer:
    """Newest first, of one unit or of all."""
    units = documents.publishing_units()
    chosen = next((one for one in units if one.code == request.GET.get("unit", "")), None)
    words = tidy(request.GET.get("q", ""))[:100]
    page = documents.published(chosen.path if chosen else "", words, request.GET.get("after", ""))
    kinds = layouts.kinds()
    kept = request.GET.copy()
    kept.pop("after", None)
    return {
        "units": units,
        "chosen": chosen,
        "words": words,
        "rows": [{"document": one, "kind": kinds[one.kind].title if one.kind in kinds else ""} for one in page.rows],
        "after": page.after,
        "keep": kept.urlencode(),
    }


@screen("outgoing/portal/show.html", permission=PUBLIC)
def show(request: HttpRequest, key: UUID) -> Answer:
    del request
    document = documents.published_one(key)
    return {"document": document, "kind": _kind(document), "steps_away": document.state == moves.CORRECTED}


def _kind(document: Document) -> str:
    found = layouts.kinds().get(document.kind)
    return found.title if found else ""


@declare(PUBLIC)
def download(request: HttpRequest, key: UUID) -> HttpResponseBase:
    del request
    return _handed_out(documents.published_one(key).file)


def _handed_out(stored: StoredFile | None) -> HttpResponseBase:
    if stored is None:
        raise Missing("Văn bản này không có tệp. Hãy liên hệ cơ quan ban hành.")
    try:
        content = store().open(stored.blob_id)
    except FileNotFoundError as lost:
        raise Missing("Không đọc được tệp. Hãy thử lại sau hoặc liên hệ cơ quan ban hành.") from lost
    response = FileResponse(content, as_attachment=True, filename=stored.name, content_type=stored.media_type)
    response.headers["Content-Length"] = str(stored.size)
    return response


@screen("outgoing/portal/letter.html", permission=PUBLIC)
def letter(request: HttpRequest, copy: UUID) -> Answer:
    """For whoever got the link. A recalled document is not shown; that it was recalled is."""
    del request
    found = documents.letter_for(copy)
    return {
        "copy": found,
        "document": found.document,
        "kind": _kind(found.document),
        "is_recalled": found.document.state == moves.RECALLED,
    }


@require_POST
@declare(PUBLIC)
def confirm(request: HttpRequest, copy: UUID) -> HttpResponseBase:
    """“Đã nhận”, or after a recall “đã gỡ”. Pressed twice it is told once."""
    found = documents.letter_for(copy)
    state = "15" if found.document.state == moves.RECALLED else "03"
    record_follow(SYSTEM, found, state=state, at=clock.now(), note="Xác nhận qua đường dẫn trong thư")
    told(request, "Đã ghi nhận. Cảm ơn bạn.")
    return redirect("portal-outgoing:letter", copy=copy)


@declare(PUBLIC)
def letter_file(request: HttpRequest, copy: UUID) -> HttpResponseBase:
    del request
    found = documents.letter_for(copy)
    if found.document.state == moves.RECALLED:
        raise Missing("Văn bản này đã được thu hồi nên không tải được nữa.")
    return _handed_out(found.document.file)


urlpatterns = [
    path("", listed, name="listed"),
    path("<uuid:key>/", show, name="show"),
    path("<uuid:key>/file/", download, name="download"),
    path("letters/<uuid:copy>/", letter, name="letter"),
    path("letters/<uuid:copy>/confirm/", confirm, name="confirm"),
    path("letters/<uuid:copy>/file/", letter_file, name="letter_file"),
]

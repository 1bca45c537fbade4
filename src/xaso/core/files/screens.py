"""Files handed out and taken in. One door for every file: the permission is asked on the file itself."""

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from xaso.core import access
from xaso.core.audit import actions as audit
from xaso.core.files import actions, queries, rules
from xaso.core.files.models import StoredFile
from xaso.core.files.stores import store
from xaso.core.screens import declare, told
from xaso.kit.errors import Missing, Refused
from xaso.kit.subject import ref

# A file is somebody else's content on our address: it may run nothing, load nothing, send nothing.
_NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
SANDBOX = f"{_NOTHING}; sandbox"
# Browsers refuse to open their own PDF viewer inside `sandbox`; the viewer itself isolates the document.
PDF_POLICY = f"{_NOTHING}; object-src 'self'; img-src 'self' data:; style-src 'unsafe-inline'"
SHOWN_INLINE = {rules.PDF.media_type, rules.JPEG.media_type, rules.PNG.media_type, rules.WEBP.media_type}


@require_GET
@declare("files.view")
def download(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """The file, to be saved."""
    return _hand_out(request, _readable(request, uuid), inline=False)


@require_GET
@declare("files.view")
def preview(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """To be looked at: the photo as it was taken when the browser can show it, else the PDF."""
    stored = _readable(request, uuid)
    if stored.made_from and stored.made_from.media_type in SHOWN_INLINE:
        stored = stored.made_from
    return _hand_out(request, stored, inline=stored.media_type in SHOWN_INLINE)


def _readable(request: HttpRequest, uuid: UUID) -> StoredFile:
    stored = queries.file(uuid)
    access.require(request.actor, "files.view", stored)
    return stored


def _hand_out(request: HttpRequest, stored: StoredFile, *, inline: bool) -> HttpResponseBase:
    try:
        content = store().open(stored.blob_id)
    except FileNotFoundError as error:
        raise Missing(rules.missing_content(stored.name, str(stored.uuid))) from error
    audit.record_reading(request.actor, ref(stored), stored.unit_path, request.path)
    response = FileResponse(
        content, as_attachment=not inline, filename=stored.name, content_type=_content_type(stored.media_type)
    )
    response.headers["Content-Length"] = str(stored.size)
    is_pdf = stored.media_type == rules.PDF.media_type
    response.headers["Content-Security-Policy"] = PDF_POLICY if inline and is_pdf else SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _content_type(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


@require_POST
@declare("files.upload")
def upload(request: HttpRequest) -> HttpResponseBase:
    """One file ahead of its form (`file`, `kind`). Programs get JSON, htmx a part of a page, a plain form goes back."""
    try:
        if "file" not in request.FILES:
            raise Refused(rules.NO_FILE)
        stored = actions.upload_ahead(request.actor, request.FILES["file"], kind=request.POST.get("kind", "")[:60])
    except Refused as refusal:
        return _refuse(request, refusal)
    if _wants_json(request):
        return JsonResponse(_as_json(stored), status=201)
    if request.headers.get("HX-Request"):
        return render(request, "files/uploaded.html", {"stored": stored, "files": [_line(stored)]})
    told(request, f"Đã nhận tệp “{stored.name}”.")
    return _back(request)


def _refuse(request: HttpRequest, refusal: Refused) -> HttpResponseBase:
    if _wants_json(request):
        return JsonResponse({"error": refusal.message}, status=409)
    if request.headers.get("HX-Request"):
        # 200, because htmx throws the body of an error away and the sentence with it.
        return render(request, "files/uploaded.html", {"sentence": refusal.message})
    raise refusal


@require_POST
@declare("files.upload")
def discard(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Take back a file that still waits for its form."""
    stored = actions.discard_waiting(request.actor, queries.file(uuid))
    if _wants_json(request):
        return JsonResponse({"uuid": str(stored.uuid)})
    told(request, f"Đã bỏ tệp “{stored.name}”.")
    return _back(request)


def _back(request: HttpRequest) -> HttpResponseBase:
    target = request.POST.get("next") or request.headers.get("Referer", "/")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return redirect(target if safe else "/")


def _wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _as_json(stored: StoredFile) -> dict[str, object]:
    return {
        "uuid": str(stored.uuid),
        "name": stored.name,
        "size": stored.size,
        "pages": stored.pages,
        "url": stored.get_absolute_url(),
        "preview_url": stored.preview_url,
    }


def _line(stored: StoredFile) -> dict[str, object]:
    return {"name": stored.name, "url": stored.preview_url, "size": stored.size, "note": "đã nhận"}

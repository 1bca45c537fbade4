"""What devices fetch over HTTP with their own credential, or by an address sealed for them. No page for people."""

import base64
import binascii
from typing import BinaryIO

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import path
from django.views.decorators.http import require_safe

from xaso.core.access import PUBLIC
from xaso.core.files.stores import store
from xaso.core.screens import declare
from xaso.kit.errors import Missing
from xaso.modules.speakers.models import Device
from xaso.modules.speakers.queries.door import device_with, file_for
from xaso.modules.speakers.queries.sealed import device_sealed
from xaso.modules.speakers.rules.ranges import Unsatisfiable, asked_range

NEEDED = {"WWW-Authenticate": 'Basic realm="loa", charset="UTF-8"'}
LONGEST_HEADER = 400


@require_safe
@declare(PUBLIC)
def device_file(request: HttpRequest, sha256: str) -> HttpResponseBase:
    """A recording for the device that shall play it. Its name is its checksum, so it never changes: parts and ETag."""
    device = _device(request) or _device_of_address(request, sha256)
    if device is None:
        return HttpResponse(status=401, headers=NEEDED)
    try:
        stored = file_for(device, sha256)
        content = store().open(stored.blob_id)
    except (Missing, FileNotFoundError):
        return HttpResponse(status=404)
    tag = f'"{sha256}"'
    headers = {"ETag": tag, "Accept-Ranges": "bytes", "Cache-Control": "private, max-age=31536000, immutable"}
    if tag in request.headers.get("If-None-Match", ""):
        content.close()
        return HttpResponse(status=304, headers=headers)
    return _part(request, content, stored.blob.size, stored.blob.media_type, headers)


def _device(request: HttpRequest) -> Device | None:
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic" or len(given) > LONGEST_HEADER:
        return None
    try:
        serial, _, secret = base64.b64decode(given, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return device_with(serial[:40], secret) if secret else None


def _device_of_address(request: HttpRequest, sha256: str) -> Device | None:
    """A speaker of the vendor's shape comes with the address that was sealed for it."""
    given = request.GET
    return device_sealed(given.get("loa", "")[:40], sha256, given.get("den", ""), given.get("dau", "")[:80])


def _part(
    request: HttpRequest, content: BinaryIO, size: int, media_type: str, headers: dict[str, str]
) -> HttpResponseBase:
    wanted = (
        "" if request.headers.get("If-Range", headers["ETag"]) != headers["ETag"] else request.headers.get("Range", "")
    )
    try:
        span = asked_range(wanted, size)
    except Unsatisfiable:
        content.close()
        return HttpResponse(status=416, headers=headers | {"Content-Range": f"bytes */{size}"})
    if span is None:
        return FileResponse(content, content_type=media_type, headers=headers | {"Content-Length": str(size)})
    first, last = span
    content.seek(first)
    body = content.read(last - first + 1)
    content.close()
    return HttpResponse(
        body, status=206, content_type=media_type, headers=headers | {"Content-Range": f"bytes {first}-{last}/{size}"}
    )


urlpatterns = [path("device/files/<str:sha256>/", device_file, name="device_file")]

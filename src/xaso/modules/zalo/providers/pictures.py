"""A picture somebody sent, fetched from hosts we know: address first, then size, then type, then content."""

from __future__ import annotations

import io
from functools import cache
from urllib.parse import urlsplit

import httpx
from PIL import Image, UnidentifiedImageError

from xaso.modules.zalo import rules
from xaso.modules.zalo.definitions import zalo
from xaso.modules.zalo.providers import LOOPBACK, picture_hosts

TIMEOUT = httpx.Timeout(20, connect=5)
FORMATS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
MOST_PIXELS = 50_000_000

WRONG_HOST = "Ảnh nằm ở máy chủ lạ nên không tải về."
GONE = "Zalo không còn giữ ảnh này."
TOO_LARGE = "Ảnh lớn hơn {limit} MB nên không tải về."
NO_PICTURE = "Tệp gửi đến không phải ảnh JPEG, PNG hoặc WebP."
LATER = "Chưa tải được ảnh ({reason})."


class PictureRefused(ValueError):
    """This picture is not taken; the message says why, to an officer."""


class PictureLater(ConnectionError):
    """Not reached now; ask again."""


@cache
def _client() -> httpx.Client:
    return httpx.Client(timeout=TIMEOUT, follow_redirects=False)


def fetch(url: str) -> tuple[bytes, str]:
    """(content, name). Raises PictureRefused, PictureLater."""
    if not _is_allowed(url):
        raise PictureRefused(WRONG_HOST)
    content = _limited(url)
    try:
        with Image.open(io.BytesIO(content)) as picture:
            kind = FORMATS.get(picture.format or "")
            if kind is None or picture.width * picture.height > MOST_PIXELS:
                raise PictureRefused(NO_PICTURE)
            picture.verify()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise PictureRefused(NO_PICTURE) from error
    return content, f"anh-zalo.{kind}"


def _is_allowed(url: str) -> bool:
    """https at a host of Zalo's; plain http only on this machine, where the operator named it."""
    try:
        parts = urlsplit(url)
        host, extra = parts.hostname or "", picture_hosts()
    except ValueError:
        return False
    if parts.username or parts.password:
        return False
    if parts.scheme == "http":
        return host in LOOPBACK and host in extra
    return parts.scheme == "https" and rules.host_is_known(host, (*zalo().picture_hosts, *extra))


def _limited(url: str) -> bytes:
    limit = zalo().picture_bytes
    too_large = TOO_LARGE.format(limit=limit // 1024 // 1024)
    parts: list[bytes] = []
    try:
        with _client().stream("GET", url) as response:
            if response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
                raise PictureLater(LATER.format(reason=f"HTTP {response.status_code}"))
            if response.status_code != httpx.codes.OK:
                raise PictureRefused(GONE)
            size = 0
            for part in response.iter_bytes():
                size += len(part)
                if size > limit:
                    raise PictureRefused(too_large)
                parts.append(part)
    except httpx.TransportError as error:
        raise PictureLater(LATER.format(reason=type(error).__name__)) from error
    return b"".join(parts)

"""Photos made anew: decoded, made small, turned upright, written as plain JPEG. Nothing of the camera's data survives.

`receive_photo` runs outside any transaction. Between two tries of a form the content waits in the store without a row
(`sealed`, `unsealed`); what is never sent is swept away with other content nobody refers to.
"""

from __future__ import annotations

import io
import struct
import threading
import warnings
import zlib
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.core import signing
from PIL import Image, ImageOps

from xaso.core.files import convert
from xaso.core.files import rules as files
from xaso.core.files.actions import Received, receive_bytes
from xaso.core.files.models import StoredFile
from xaso.core.files.receiving import Saved
from xaso.core.files.stores import store
from xaso.kit.errors import Refused

LONG_EDGE = 1600
QUALITY = 78
MOST_PIXELS = files.MAX_PIXELS
SEALED_FOR = 2 * 60 * 60
_SALT = "feedback.photos"
# A decoded photo takes up to 200 MB: an old PC bears two at a time.
_ROOM = threading.BoundedSemaphore(2)
_FAULTS = (
    OSError, EOFError, ValueError, TypeError, KeyError, IndexError, AttributeError, SyntaxError, ArithmeticError,
    RecursionError, NotImplementedError, AssertionError, struct.error, zlib.error, Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)  # fmt: skip


def receive_photo(uploaded: Any) -> Received:
    """Size first, then type, then content. Raises Refused with a sentence that names the file."""
    name = files.clean_name(uploaded.name or "")
    size = uploaded.seek(0, io.SEEK_END)
    uploaded.seek(0)
    if size == 0:
        raise Refused(files.empty(name))
    if size > settings.MAX_FILE_BYTES:
        raise Refused(files.too_large(name, size, settings.MAX_FILE_BYTES))
    kind = files.sniff(uploaded.read(files.HEAD))
    uploaded.seek(0)
    if kind.accept != "image":
        raise Refused(files.wrong_kind(name, kind, ("image",)))
    return receive_bytes(remade(uploaded, name), name="anh.jpg")


def receive_stored(stored: StoredFile) -> Received:
    """A picture that another module took in, as it was sent. Raises Refused."""
    source = stored.made_from or stored
    try:
        with store().open(source.blob_id) as content:
            return receive_bytes(remade(content, source.name), name="anh.jpg")
    except FileNotFoundError as error:
        raise Refused(files.broken(source.name)) from error


def remade(stream: Any, name: str) -> bytes:
    """The picture as a new JPEG of at most LONG_EDGE."""
    try:
        with _ROOM, warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(stream, formats=convert.DECODERS) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise Refused(files.too_many_pixels(name))
                opened.draft("RGB", (LONG_EDGE, LONG_EDGE))
                upright = ImageOps.exif_transpose(opened)
                return _written(upright)
    except _FAULTS as error:
        raise Refused(files.broken(name)) from error


def _written(picture: Image.Image) -> bytes:
    picture.thumbnail((LONG_EDGE, LONG_EDGE), Image.Resampling.LANCZOS)
    layered = picture.convert("RGBA") if picture.has_transparency_data else picture.convert("RGB")
    plain = Image.new("RGB", layered.size, "white")
    plain.paste(layered, mask=layered.getchannel("A") if layered.mode == "RGBA" else None)
    written = io.BytesIO()
    plain.save(written, "JPEG", quality=QUALITY, optimize=True)
    return written.getvalue()


def sealed(photos: Iterable[Received]) -> str:
    """A hidden field that brings photos back with the next try of a form, and nothing else."""
    found = [[one.saved.sha256, one.saved.size] for one in photos]
    return signing.dumps(found, salt=_SALT) if found else ""


def unsealed(typed: str, most: int) -> Sequence[Received]:
    """Those that still lie in the store. Anything made up, or too old, is nothing."""
    if not typed or len(typed) > 4000:
        return []
    try:
        known = signing.loads(typed, salt=_SALT, max_age=SEALED_FOR)
    except signing.BadSignature:
        return []
    here = [(sha256, size) for sha256, size in known[:most] if store().exists(sha256)]
    return [Received(Saved(sha256, size, files.JPEG.media_type, "anh.jpg")) for sha256, size in here]

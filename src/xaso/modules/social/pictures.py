"""A picture for a page: upright JPEG without the camera's data, whatever it came as. Slow work, never in an action."""

from __future__ import annotations

import io
from typing import Any, BinaryIO, cast

from PIL import Image
from pypdf import PdfReader

from xaso.core.files import convert
from xaso.core.files.models import StoredFile
from xaso.core.files.receiving import Received, receive_bytes, receive_upload
from xaso.core.files.stores import store

LONGEST_SIDE = 2048


def of_upload(uploaded: Any) -> Received:
    """Raises Refused with the sentence for what is no picture."""
    received = receive_upload(uploaded, ("image",))
    with store().open(received.saved.sha256) as sheet:
        content = _jpeg(_on(sheet))
    return receive_bytes(content, name=f"{received.name.rpartition('.')[0] or 'anh'}.jpg")


def jpeg_of(stored: StoredFile) -> bytes:
    """Of a file somebody else keeps: a photo as it came, or the sheet made of it. Raises FileNotFoundError."""
    with store().open(stored.blob_id) as kept:
        if stored.blob.media_type == "application/pdf":
            return _jpeg(_on(kept))
        sheet = io.BytesIO()
        convert.image_to_pdf(kept, cast("BinaryIO", sheet))
    return _jpeg(_on(sheet))


def _on(sheet: Any) -> Image.Image:
    """The one photo on a sheet that `core.files` made: already upright and without anybody's data."""
    sheet.seek(0)
    photo: Any = PdfReader(sheet).pages[0].images[0].image
    return cast("Image.Image", photo.convert("RGB"))


def _jpeg(picture: Image.Image) -> bytes:
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=82, optimize=True)
    return target.getvalue()

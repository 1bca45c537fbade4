"""One picture in three sizes, made by us of what was sent: upright, without the camera's data, light enough for phones.

Slow work, outside any transaction: screens and handlers make the sizes first, an action hangs them.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from PIL import Image
from pypdf import PdfReader

from xaso.core.files import convert
from xaso.core.files.models import StoredFile
from xaso.core.files.receiving import Received, receive_bytes, receive_upload
from xaso.core.files.stores import store

WIDTHS = {"small": 320, "middle": 800, "large": 1280}
MOST_BYTES = {"small": 22_000, "middle": 90_000, "large": 200_000}
QUALITIES = (74, 60, 46, 34)


@dataclass(frozen=True, slots=True)
class Sizes:
    """The three files in the store and how wide each is."""

    files: dict[str, Received]
    widths: dict[str, int]
    height: int
    """Of the largest."""


def of_upload(uploaded: Any) -> Sizes:
    """Of a stranger's file. Raises Refused with the sentence for what is no picture."""
    received = receive_upload(uploaded, ("image",))
    with store().open(received.saved.sha256) as sheet:
        return _sized(_picture_on(sheet), received.name)


def of_stored(stored: StoredFile) -> Sizes:
    """Of a picture somebody sent elsewhere: files keep a photo as the sheet made of it."""
    with store().open(stored.blob_id) as kept:
        if stored.media_type == "application/pdf":
            return _sized(_picture_on(kept), stored.name)
        sheet = io.BytesIO()
        convert.image_to_pdf(kept, cast("BinaryIO", sheet))
    return _sized(_picture_on(sheet), stored.name)


def _picture_on(sheet: Any) -> Image.Image:
    """The one photo on a sheet that `core.files` made: already upright, plain and without anybody's data."""
    sheet.seek(0)
    photo: Any = PdfReader(sheet).pages[0].images[0].image
    return cast("Image.Image", photo.convert("RGB"))


def _sized(picture: Image.Image, name: str) -> Sizes:
    files, widths, height = {}, {}, picture.height
    stem = name.rpartition(".")[0] or "anh"
    for size, width in WIDTHS.items():
        made = picture.copy()
        # A tall picture must not fill a phone's whole screen twice.
        made.thumbnail((width, width * 5 // 4), Image.Resampling.LANCZOS)
        files[size] = receive_bytes(_jpeg(made, MOST_BYTES[size]), name=f"{stem}-{made.width}.jpg")
        widths[size], height = made.width, made.height
    return Sizes(files, widths, height)


def _jpeg(picture: Image.Image, most: int) -> bytes:
    target = io.BytesIO()
    for quality in QUALITIES:
        target = io.BytesIO()
        picture.save(target, "JPEG", quality=quality, progressive=True, optimize=True)
        if target.tell() <= most:
            break
    return target.getvalue()

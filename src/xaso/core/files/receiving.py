"""Content taken in: judged, converted and safely stored, before and outside any transaction.

What comes out is a `Received`: proof that the content lies in the store. Rows are made of it by `actions`. A power cut
in between leaves content without a row, which `jobs.sweep_orphans` takes away a day later.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Sequence
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

from django.conf import settings

from xaso.core.files import convert, rules
from xaso.core.files.stores import chunks_of, sha256_of, store
from xaso.kit.errors import Refused

IN_MEMORY = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Saved:
    """Content that lies in the store."""

    sha256: str
    size: int
    media_type: str
    name: str


@dataclass(frozen=True, slots=True)
class Received:
    """A file ready to be attached. `original` is the photo when `saved` is the PDF made of it."""

    saved: Saved
    pages: int | None = None
    original: Saved | None = None
    is_signed: bool = False

    @property
    def name(self) -> str:
        return self.saved.name


def receive_upload(uploaded: Any, accept: Sequence[str] = ("pdf", "image")) -> Received:
    """Take in what a stranger sent. Raises Refused with the sentence for everything we cannot take.

    `uploaded`: Django's UploadedFile or anything with `name`, `read`, `seek`, `tell`. `accept`: names of
    `rules.ACCEPT_TITLES`.
    """
    name = rules.clean_name(uploaded.name or "")
    stream = cast("BinaryIO", uploaded)
    kind = _judge(stream, name, accept)
    if kind.accept == "image":
        return _receive_image(stream, name, kind)
    pages = _pages(stream, name) if kind is rules.PDF else None
    return Received(_save(stream, rules.name_as(name, kind), kind), pages, is_signed=_is_signed(stream, kind))


def receive_bytes(content: bytes, *, name: str) -> Received:
    """Take in content the product made itself: nothing is judged, nothing converted."""
    kind = rules.sniff(content[: rules.HEAD])
    stream = io.BytesIO(content)
    if kind is rules.ZIP:
        kind = rules.look_into_zip(stream)
    if kind is rules.TEXT and name.lower().endswith(".csv"):
        kind = rules.CSV
    return Received(_save(stream, rules.clean_name(name), kind), is_signed=_is_signed(stream, kind))


def _is_signed(stream: BinaryIO, kind: rules.Kind) -> bool:
    """Whether a PDF carries a signature. The range it covers stands in the file as it is, never packed."""
    if kind is not rules.PDF:
        return False
    stream.seek(0)
    before = b""
    for chunk in chunks_of(stream):
        if rules.SIGNED_RANGE in before + chunk:
            return True
        before = chunk[-len(rules.SIGNED_RANGE) :]
    return False


def _judge(stream: BinaryIO, name: str, accept: Sequence[str]) -> rules.Kind:
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    if size == 0:
        raise Refused(rules.empty(name))
    if size > settings.MAX_FILE_BYTES:
        raise Refused(rules.too_large(name, size, settings.MAX_FILE_BYTES))
    kind = _kind_of(stream, name)
    if kind.accept not in accept:
        raise Refused(rules.wrong_kind(name, kind, accept))
    return kind


def _kind_of(stream: BinaryIO, name: str) -> rules.Kind:
    kind = rules.sniff(stream.read(rules.HEAD))
    stream.seek(0)
    if kind is rules.ZIP:
        try:
            return rules.look_into_zip(stream)
        except rules.Bomb as bomb:
            raise Refused(rules.bomb(name)) from bomb
        except rules.Locked as locked:
            raise Refused(rules.locked(name)) from locked
        except rules.Broken as broken:
            raise Refused(rules.broken(name)) from broken
    if kind is rules.TEXT:
        return _kind_of_text(stream, name)
    return kind


def _kind_of_text(stream: BinaryIO, name: str) -> rules.Kind:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for chunk in chunks_of(stream):
            if "\0" in decoder.decode(chunk):
                return rules.UNKNOWN
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return rules.UNKNOWN
    return rules.CSV if name.lower().endswith(".csv") else rules.TEXT


def _pages(stream: BinaryIO, name: str) -> int:
    stream.seek(0)
    try:
        pages = convert.pages_of(stream)
    except rules.Locked as locked:
        raise Refused(rules.locked(name)) from locked
    except rules.Broken as broken:
        raise Refused(rules.broken(name)) from broken
    if pages > rules.MAX_PAGES:
        raise Refused(rules.too_many_pages(name))
    return pages


def _receive_image(stream: BinaryIO, name: str, kind: rules.Kind) -> Received:
    stream.seek(0)
    with SpooledTemporaryFile(max_size=IN_MEMORY) as spooled:
        made = cast("BinaryIO", spooled)
        try:
            convert.image_to_pdf(stream, made)
        except convert.TooManyPixels as pixels:
            raise Refused(rules.too_many_pixels(name)) from pixels
        except rules.Broken as broken:
            raise Refused(rules.broken(name)) from broken
        saved = _save(made, rules.name_as(name, rules.PDF), rules.PDF)
    return Received(saved, 1, _save(stream, rules.name_as(name, kind), kind))


def _save(stream: BinaryIO, name: str, kind: rules.Kind) -> Saved:
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    sha256 = sha256_of(stream)
    stream.seek(0)
    store().put(sha256, stream)
    return Saved(sha256, size, kind.media_type, name)

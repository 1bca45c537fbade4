"""A sound somebody sent: judged and stored, before and outside any action.

Size first, then what it is (in a process of its own), then its length. The decoding comes later, in the background.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, BinaryIO, cast

from xaso.core.files.actions import Received
from xaso.core.files.receiving import Saved
from xaso.core.files.rules import clean_name, in_megabytes
from xaso.core.files.stores import chunks_of, sha256_of, store
from xaso.kit.errors import Refused
from xaso.modules.audio.definitions import Limits, audio
from xaso.modules.audio.engine import processes
from xaso.modules.audio.rules.faults import sentence

MEDIA_TYPES = {
    "mp3": "audio/mpeg", "wav": "audio/wav", "ogg": "audio/ogg", "matroska": "audio/webm", "mov": "audio/mp4",
    "aac": "audio/aac", "flac": "audio/flac",
}  # fmt: skip
MEGABYTE = 1024 * 1024


def receive_sound(uploaded: Any) -> Received:
    """MP3, M4A, WAV, OGG or WEBM, whatever its name says. Raises Refused with the sentence for everything else."""
    name = clean_name(uploaded.name or "")
    stream = cast("BinaryIO", uploaded)
    limits = audio().limits
    size = stream.seek(0, 2)
    if size == 0:
        raise Refused(f"Tệp “{name}” rỗng (0 byte). Hãy thu lại hoặc chọn lại tệp.")
    if size > limits.upload_megabytes * MEGABYTE:
        raise Refused(
            f"Tệp “{name}” nặng {in_megabytes(size)}, quá mức {limits.upload_megabytes} MB cho một bản thu. "
            "Hãy cắt ngắn hoặc xuất lại thành MP3 rồi tải lên lại."
        )
    found = _judged(stream, name, limits)
    stream.seek(0)
    sha256 = sha256_of(stream)
    stream.seek(0)
    store().put(sha256, stream)
    return Received(Saved(sha256, size, _media_type(found["format"]), name))


def _judged(stream: BinaryIO, name: str, limits: Limits) -> dict[str, Any]:
    with NamedTemporaryFile(prefix="xaso-", suffix=".sound") as copy:
        stream.seek(0)
        for chunk in chunks_of(stream):
            copy.write(chunk)
        copy.flush()
        try:
            found = processes.probe(Path(copy.name), limits.upload_seconds)
        except processes.Trouble as trouble:
            raise Refused(sentence(trouble.fault, f"Tệp “{name}”", limits.upload_seconds)) from trouble
    if 0 < found["seconds"] < limits.shortest_seconds:
        raise Refused(sentence("short", f"Tệp “{name}”", limits.upload_seconds))
    return found


def _media_type(name: str) -> str:
    return next((MEDIA_TYPES[one] for one in name.split(",") if one in MEDIA_TYPES), "application/octet-stream")

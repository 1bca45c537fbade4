"""A recording handed to a browser's player, whole or the part it asks for."""

import re

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase

from xaso.kit.sure import sure
from xaso.modules.audio import queries
from xaso.modules.audio.models import Recording

_PART = re.compile(r"bytes=(\d{0,12})-(\d{0,12})")


def sound_answer(request: HttpRequest, recording: Recording) -> HttpResponseBase:
    """Players ask for parts, and phones play nothing without them."""
    sound = queries.opened(recording)
    size = sure(recording.file).size
    wanted = _range(request.headers.get("Range", ""), size)
    if wanted is None:
        answer: HttpResponseBase = FileResponse(sound, content_type="audio/mpeg")
        answer.headers["Content-Length"] = str(size)
    else:
        first, last = wanted
        with sound:
            sound.seek(first)
            answer = HttpResponse(sound.read(last - first + 1), status=206, content_type="audio/mpeg")
        answer.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    answer.headers["Accept-Ranges"] = "bytes"
    answer.headers["Cache-Control"] = "private, max-age=300"
    answer.headers["Content-Disposition"] = f'inline; filename="ban-thu-{str(recording.uuid)[:8]}.mp3"'
    return answer


def _range(asked: str, size: int) -> tuple[int, int] | None:
    """First and last byte; None for the whole. What lies outside is answered with the whole, as the standard allows."""
    found = _PART.fullmatch(asked.strip())
    if found is None or (not found[1] and not found[2]):
        return None
    if not found[1]:
        first, last = max(0, size - int(found[2])), size - 1
    else:
        first, last = int(found[1]), min(int(found[2] or size - 1), size - 1)
    return (first, last) if first <= last else None

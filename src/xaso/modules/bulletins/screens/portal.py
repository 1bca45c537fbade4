"""What residents see: the bulletins of a commune, and one of them with its sound."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.urls import path

from xaso.core.access import PUBLIC
from xaso.core.screens import Answer, declare, screen
from xaso.core.units.queries import unit_by_code
from xaso.kit import clock
from xaso.kit.errors import Missing
from xaso.modules.audiences import queries as audiences
from xaso.modules.audio import queries as audio
from xaso.modules.bulletins.actions.counting import opened
from xaso.modules.bulletins.models import Bulletin
from xaso.modules.bulletins.queries import listing
from xaso.modules.bulletins.rules import states, texts


@screen("bulletins/portal/listed.html", permission=PUBLIC)
def listed(request: HttpRequest) -> Answer:
    """Newest first, of one commune or of all."""
    code = request.GET.get("xa", "")[:20]
    unit = unit_by_code(code, clock.today()) if code else None
    page = listing.published(unit.path if unit else "", request.GET.get("after", ""))
    return {
        "unit": unit,
        "code": code,
        "rows": [{"bulletin": one, "lead": texts.lead(one.text)} for one in page.rows],
        "after": page.after,
    }


@screen("bulletins/portal/show.html", permission=PUBLIC)
def show(request: HttpRequest, key: UUID) -> Answer:
    """Also after it was cancelled or replaced: whoever kept the link is told so."""
    bulletin = listing.published_one(key)
    if request.method == "GET":
        opened(bulletin)
    after = bulletin.replacements.filter(published_at__isnull=False).order_by("-pk").first()
    return {
        "bulletin": bulletin,
        "paragraphs": [line for line in bulletin.text.splitlines() if line.strip()],
        "topic": audiences.topic_named(bulletin.topic).label,
        "is_cancelled": bulletin.state == states.CANCELLED,
        "replaced_by": after,
        "sound": _sound(bulletin),
    }


def _sound(bulletin: Bulletin) -> bool:
    return bulletin.recording is not None and audio.recording(bulletin.recording).is_ready


@declare(PUBLIC)
def listen(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """What the loudspeakers played, for whoever did not hear it."""
    del request
    bulletin = listing.published_one(key)
    if bulletin.recording is None or bulletin.state == states.CANCELLED:
        raise Missing("Bản tin này không có âm thanh.")
    sound = audio.recording(bulletin.recording)
    response = FileResponse(audio.opened(sound), content_type="audio/mpeg", filename="ban-tin.mp3")
    response.headers["Content-Length"] = str(sound.file.size if sound.file else 0)
    return response


urlpatterns = [
    path("", listed, name="listed"),
    path("<uuid:key>/", show, name="show"),
    path("<uuid:key>/nghe/", listen, name="listen"),
]

"""Recordings and live sound, for those above and for our pages."""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from xaso.core.access import Actor, visible
from xaso.core.files.stores import store
from xaso.kit import clock
from xaso.kit.errors import Missing, Refused
from xaso.modules.audio.configured import icecast, live_listen_url, speech_command
from xaso.modules.audio.definitions import Voice, audio, speech
from xaso.modules.audio.models import Live, Recording
from xaso.modules.audio.rules.addresses import station_of
from xaso.modules.audio.rules.spoken import Lexicon, normalised

GONE = "Không tìm thấy bản thu này. Có thể đường dẫn đã cũ; hãy quay lại danh sách và chọn lại."
NO_LIVE = "Không tìm thấy buổi phát trực tiếp này. Hãy quay lại danh sách và chọn lại."
UNDECLARED = (
    "Đài {host} không có trong danh sách được tiếp sóng. "
    "Nhờ người quản trị hệ thống thêm vào mục relay_hosts của content/audio.yaml."
)
SYLLABLES_A_SECOND = 3.4


def need_declared(url: str) -> None:
    """A station of an upper level that content names. Raises Refused with the sentence of what to do."""
    host = station_of(url).host
    if not audio().relay_hosts.allows(host):
        raise Refused(UNDECLARED.format(host=host))


def need_known_stream(url: str) -> None:
    """What loudspeakers may be told to play: our own live sound, our Icecast, or a declared station. Raises Refused."""
    server = icecast()
    own = [settings.PUBLIC_URL, live_listen_url(), *([server.listen] if server else [])]
    if station_of(url) not in [station_of(one) for one in own]:
        need_declared(url)


def recording(uuid: UUID | str) -> Recording:
    """Asks no permission. Raises Missing."""
    found = Recording.objects.select_related("unit", "file__blob", "source__blob").filter(uuid=uuid).first()
    if found is None:
        raise Missing(GONE)
    return found


def recording_for(by: Actor, uuid: UUID, permission: str = "audio.view") -> Recording:
    """One the actor may use. Raises Missing for others."""
    rows = Recording.objects.select_related("unit", "file__blob", "source__blob")
    found = visible(by, permission, rows).filter(uuid=uuid).first()
    if found is None:
        raise Missing(GONE)
    return found


def recordings(by: Actor, words: str = "", state: str = "") -> QuerySet[Recording]:
    """What the actor may see and nobody put away."""
    rows = visible(by, "audio.view", Recording.objects.select_related("unit").filter(retired_at=None))
    if words:
        rows = rows.filter(title__icontains=words)
    return rows.filter(state=state) if state else rows


def usable(by: Actor) -> QuerySet[Recording]:
    """Ready to be played, for a form in which one is chosen."""
    return recordings(by, state=Recording.State.READY)


def stale_making(before: datetime) -> list[Recording]:
    """Asked for before that moment and still not made."""
    rows = Recording.objects.select_related("unit", "file__blob", "source__blob")
    rows = rows.filter(state=Recording.State.MAKING, created_at__lt=before)
    return list(rows.order_by("created_at")[:20])


def opened(recording: Recording) -> BinaryIO:
    """The sound itself, MP3. Raises Missing when there is none yet, or it left the store."""
    if recording.file is None:
        raise Missing("Bản thu này chưa nghe được. Hãy đợi máy làm xong rồi thử lại.")
    try:
        return store().open(recording.file.blob_id)
    except FileNotFoundError as error:
        raise Missing("Bản thu này không còn nội dung trong kho. Hãy khôi phục từ bản sao lưu gần nhất.") from error


def voices() -> tuple[Voice, ...]:
    """The voices that can be chosen here; the first is the one taken when nobody chooses."""
    return tuple(one for one in audio().voices if not one.command or speech_command())


def lexicon() -> Lexicon:
    known = speech()
    return Lexicon(known.abbreviations, known.document_kinds, known.units, known.letters, known.roads)


def spoken(text: str) -> str:
    """The words the machine would read for a written text."""
    return normalised(text, lexicon())


def seconds_of(text: str) -> int:
    """How long reading it would take, roughly; at least one."""
    return max(1, round(len(spoken(text).split()) / SYLLABLES_A_SECOND))


def live(uuid: UUID | str) -> Live:
    """Asks no permission. Raises Missing."""
    found = Live.objects.select_related("unit").filter(uuid=uuid).first()
    if found is None:
        raise Missing(NO_LIVE)
    return found


def live_for(by: Actor, uuid: UUID, permission: str = "audio.view_live") -> Live:
    found = visible(by, permission, Live.objects.select_related("unit")).filter(uuid=uuid).first()
    if found is None:
        raise Missing(NO_LIVE)
    return found


def origin_of(live: Live) -> str:
    """The place on the network where it is heard, for the page's policy."""
    parts = urlsplit(live.listen_url)
    return f"{parts.scheme}://{parts.netloc}"


def lives(by: Actor) -> QuerySet[Live]:
    return visible(by, "audio.view_live", Live.objects.select_related("unit"))


def unheard_microphones(opened_before: datetime) -> list[Live]:
    """Open for a while, and no sound has come."""
    rows = Live.objects.filter(state=Live.State.OPEN, kind=Live.Kind.MICROPHONE, heard_at=None)
    return list(rows.filter(opened_at__lt=opened_before, until__gt=clock.now()).order_by("pk")[:50])


def overdue_lives(now: datetime) -> list[Live]:
    return list(Live.objects.select_related("unit").filter(state=Live.State.OPEN, until__lt=now)[:50])


def open_lives() -> list[Live]:
    """Everything open now, for the process that carries the sound."""
    return list(Live.objects.filter(state=Live.State.OPEN).order_by("id"))

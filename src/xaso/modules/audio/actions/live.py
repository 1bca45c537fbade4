"""Live sound opened and closed. The sound itself goes through `live/`; here are only rows."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from django.db import IntegrityError, transaction

from xaso.core.access import Actor
from xaso.core.actions import action
from xaso.core.outbox.actions import announce
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.modules.audio.configured import icecast, live_listen_url
from xaso.modules.audio.definitions import audio
from xaso.modules.audio.events import LiveClosed, LiveHeard
from xaso.modules.audio.models import Live
from xaso.modules.audio.queries import need_declared

TAKEN = "Đơn vị đang có một micrô mở. Hãy đóng micrô đó trước khi mở micrô mới."
NO_SOUND = (
    "Micrô đã mở mà không có tiếng nào tới, nên loa chưa phát gì. "
    "Hãy cho phép trình duyệt dùng micrô, rồi mở lại và bấm “Bắt đầu nói”."
)
NO_TITLE = "Hãy ghi buổi phát trực tiếp này nói về việc gì."


@action("audio.open_live", "Mở micrô trực tiếp")
def open_live(by: Actor, unit: Unit, /, *, title: str, minutes: int | None = None) -> Live:
    """A microphone of the unit, heard at `listen_url` as soon as its first sound comes. One at a time."""
    return _opened(by, unit, Live.Kind.MICROPHONE, title, minutes)


@action("audio.open_relay", "Tiếp sóng đài cấp trên")
def open_relay(by: Actor, unit: Unit, /, *, url: str, title: str, minutes: int | None = None) -> Live:
    """The stream of an upper level, heard at our `listen_url`. Only hosts that content names."""
    need_declared(url.strip())
    return _opened(by, unit, Live.Kind.RELAY, title, minutes, url.strip())


def _opened(by: Actor, unit: Unit, kind: str, title: str, minutes: int | None, source: str = "") -> Live:
    longest = audio().limits.live_minutes
    if not title.strip():
        raise Refused(NO_TITLE)
    if minutes is not None and not 1 <= minutes <= longest:
        raise Refused(f"Một buổi phát trực tiếp dài từ 1 đến {longest} phút. Hãy ghi lại số phút.")
    key, now = uuid4(), clock.now()
    row = Live(
        uuid=key,
        unit=unit,
        unit_path=unit.path,
        kind=kind,
        title=title.strip()[:200],
        source_url=source,
        listen_url=address_of(str(key)),
        opened_by_id=by.account_id,
        opened_by_name=by.name,
        opened_at=now,
        until=now + timedelta(minutes=minutes or longest),
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as taken:
        raise Refused(TAKEN) from taken
    return row


def address_of(key: str) -> str:
    """Where loudspeakers listen. The key cannot be guessed, and it is good for this one time only."""
    server = icecast()
    return f"{server.listen}/live-{key}.mp3" if server else f"{live_listen_url()}/live/{key}.mp3"


@action("audio.hear_live", "Tiếng đầu tiên của micrô")
def hear_live(by: Actor, live: Live, /) -> bool:
    """True for the first piece of sound, once: whoever waits for it is told."""
    del by
    if not Live.objects.filter(pk=live.pk, state=Live.State.OPEN, heard_at=None).update(heard_at=clock.now()):
        return False
    announce(LiveHeard(live=str(live.uuid)))
    return True


@action("audio.close_live", "Đóng phát trực tiếp")
def close_live(by: Actor, live: Live, /, *, why: str = "") -> Live:
    """By hand, by the limit, or because the source fell silent. Closed twice, the first counts."""
    row = Live.objects.select_for_update().get(pk=live.pk)
    if row.state == Live.State.OPEN:
        row.state, row.closed_at = Live.State.CLOSED, clock.now()
        row.why = (why or f"{by.name} đóng")[:300]
        row.save(update_fields=["state", "closed_at", "why"])
        announce(LiveClosed(live=str(row.uuid), why=row.why))
    return row

"""Handed in, approved or refused, cancelled. What was approved is exactly what is sent."""

from __future__ import annotations

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.core.outbox.actions import announce
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import tidy
from xaso.modules.audio import queries as audio
from xaso.modules.bulletins.actions.drafting import sound_for
from xaso.modules.bulletins.actions.moving import locked, move
from xaso.modules.bulletins.events import BulletinApproved, BulletinCancelled
from xaso.modules.bulletins.models import Area, Bulletin, Sending
from xaso.modules.bulletins.queries.places import sender_of
from xaso.modules.bulletins.rules import content as contents
from xaso.modules.bulletins.rules import states

OWN_WORK = "Bạn đã viết bản tin này nên người khác phải duyệt. Hãy chuyển cho lãnh đạo khác."
CHANGED = "Bản tin đã được sửa sau khi bạn mở trang. Hãy tải lại, xem bản mới rồi duyệt."
STILL_MADE = "Lời đọc đang được tạo, thường mất vài giây. Hãy tải lại trang, nghe thử rồi duyệt."
NO_SOUND = "Chưa tạo được lời đọc: {why} Hãy sửa lời đọc hoặc tải lên bản ghi âm."


def digest_of(bulletin: Bulletin) -> str:
    """The checksum of everything that would be sent."""
    picture = bulletin.picture.blob_id if bulletin.picture else ""
    return contents.digest(bulletin.content, recording=str(bulletin.recording or ""), picture=picture)


def faults_of(bulletin: Bulletin) -> list[str]:
    """Every sentence that stands between this draft and its approval."""
    return contents.faults(bulletin.content, now=clock.now(), has_recording=bulletin.own_recording is not None)


@action("bulletins.submit", "Trình duyệt bản tin")
def submit(by: Actor, bulletin: Bulletin, /) -> Bulletin:
    """Handed in, with the sound it would play. Raises Refused with everything that is missing."""
    row = locked(bulletin)
    if faults := faults_of(row):
        raise Refused(" ".join(faults))
    sound = sound_for(by, row)
    if sound is not None and sound.state == "failed":
        raise Refused(NO_SOUND.format(why=sound.why))
    row.recording = sound.uuid if sound is not None else None
    note(content=digest_of(row))
    return move(
        row, "submit", recording=row.recording, content_hash=digest_of(row), submitted_at=clock.now(),
        submitted_by=by.name[:200], refusal="", writers=sorted({*row.writers, by.account_id}, key=str),
    )  # fmt: skip


@action("bulletins.approve", "Duyệt bản tin")
def approve(by: Actor, bulletin: Bulletin, /, *, content_hash: str) -> Bulletin:
    """One approval for all channels. `content_hash` is of what the leader saw."""
    row = locked(bulletin)
    if by.account_id is not None and by.account_id in row.writers:
        raise Refused(OWN_WORK)
    if row.state == states.SUBMITTED and (content_hash != row.content_hash or digest_of(row) != row.content_hash):
        raise Refused(CHANGED)
    sound = _ready_sound(row)
    move(row, "approve", decided_at=clock.now(), decided_by_id=by.account_id, decided_by=by.name[:200], sound=sound)
    open_channels(row)
    if row.replaces is not None and row.replaces.state in states.LIVE:
        cancel(by, row.replaces, reason=f"Thay bằng bản tin “{row.title}”.")
    announce(BulletinApproved(uuid=str(row.uuid)))
    note(content=row.content_hash)
    return row


def _ready_sound(bulletin: Bulletin) -> str:
    """The checksum of the sound. What a leader cannot hear yet, a leader cannot approve."""
    if bulletin.recording is None:
        return ""
    found = audio.recording(bulletin.recording)
    if found.state == "failed":
        raise Refused(NO_SOUND.format(why=found.why))
    if not found.is_ready:
        raise Refused(STILL_MADE)
    return found.sha256


def open_channels(bulletin: Bulletin) -> None:
    """A row for every channel, and the places by which residents find the bulletin. Inside the caller's action."""
    unit = sender_of(bulletin.unit)
    Sending.objects.bulk_create(
        [
            Sending(bulletin=bulletin, unit=unit, unit_path=bulletin.unit_path, channel=channel)
            for channel in bulletin.channels
        ]
    )
    if contents.INBOX in bulletin.channels:
        Area.objects.bulk_create([Area(bulletin=bulletin, path=path) for path in bulletin.unit_paths])


@action("bulletins.refuse", "Không duyệt bản tin")
def refuse(by: Actor, bulletin: Bulletin, /, *, reason: str) -> Bulletin:
    if not tidy(reason):
        raise Refused("Hãy ghi lý do để người soạn biết cần sửa gì.")
    return move(
        bulletin, "refuse", refusal=tidy(reason)[:1000], decided_at=clock.now(), decided_by_id=by.account_id,
        decided_by=by.name[:200],
    )  # fmt: skip


@action("bulletins.cancel", "Huỷ bản tin")
def cancel(by: Actor, bulletin: Bulletin, /, *, reason: str) -> Bulletin:
    """What has not gone out does not go out; what plays stops. What has arrived stays where it is."""
    if not tidy(reason):
        raise Refused("Hãy ghi lý do huỷ.")
    was_live = bulletin.state in states.LIVE
    move(bulletin, "cancel", cancel_reason=tidy(reason)[:1000], cancelled_by=by.name[:200], ended_at=clock.now())
    if was_live:
        announce(BulletinCancelled(uuid=str(bulletin.uuid), reason=bulletin.cancel_reason))
    return bulletin

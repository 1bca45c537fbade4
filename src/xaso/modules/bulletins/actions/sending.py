"""From approved to sent: each channel on its own, begun once, tried again only by a person."""

from __future__ import annotations

from typing import Any

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.core.outbox.actions import announce
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.modules.bulletins.actions.channels import WAYS
from xaso.modules.bulletins.actions.deciding import digest_of
from xaso.modules.bulletins.actions.moving import locked, tried_move
from xaso.modules.bulletins.events import BulletinPublished, ChannelRetried
from xaso.modules.bulletins.models import Bulletin, Sending
from xaso.modules.bulletins.rules import content as contents
from xaso.modules.bulletins.rules import states

NOT_AS_APPROVED = "Nội dung không còn là bản đã duyệt nên không gửi. Hãy báo người quản trị."
NOT_BROKEN = "Kênh này không có lỗi cần gửi lại. Hãy tải lại trang."
OVER_NOW = "Bản tin đã huỷ nên không gửi lại được. Hãy soạn từ bản cũ."


@action("bulletins.take_up", "Lên lịch hoặc bắt đầu phát")
def take_up(by: Actor, bulletin: Bulletin, /) -> Bulletin:
    """After the approval: now, or scheduled. Told again, it changes nothing."""
    if bulletin.starts_at is not None and bulletin.starts_at > clock.now():
        tried_move(bulletin, "schedule")
        return bulletin
    return begin(by, bulletin)


@action("bulletins.begin", "Bắt đầu phát")
def begin(by: Actor, bulletin: Bulletin, /) -> Bulletin:
    """Its time has come. A second worker finds it begun."""
    if tried_move(bulletin, "begin", published_at=clock.now()):
        announce(BulletinPublished(uuid=str(bulletin.uuid)))
    return bulletin


@action("bulletins.carry_out", "Gửi bản tin qua một kênh")
def carry_out(by: Actor, bulletin: Bulletin, /, *, channel: str) -> Sending | None:
    """Begin one channel, once: only while it waits and the bulletin is alive. None when there is nothing to do.

    The bulletin's row is held, so that a cancellation comes before all of it or after all of it.
    """
    row = locked(bulletin)
    if row.state not in states.LIVE:
        return None
    sending = row.sendings.filter(channel=channel, state=states.WAITING).first()
    if sending is None:
        return None
    if digest_of(row) != row.content_hash:
        raise Refused(NOT_AS_APPROVED)
    # Counted before the work, which may ask whether it is the first time.
    Sending.objects.filter(pk=sending.pk).update(attempts=sending.attempts + 1)
    made = WAYS[channel](by, row)
    if made is None:
        Sending.objects.filter(pk=sending.pk).update(attempts=sending.attempts)
        return None
    note(channel=channel, attempt=sending.attempts + 1)
    return _begun(sending, made)


def _begun(sending: Sending, made: dict[str, Any]) -> Sending:
    now = clock.now()
    is_out = made.pop("is_out", False)
    values = {"state": states.SENDING, "begun_at": now, "error": ""} | made
    if is_out:
        values |= {"state": states.SENT, "ended_at": now, "heard_at": now, "total": 1, "done": 1}
    Sending.objects.filter(pk=sending.pk).update(**values)
    for name, value in values.items():
        setattr(sending, name, value)
    return sending


@action("bulletins.record_failure", "Ghi lỗi một kênh")
def record_failure(by: Actor, bulletin: Bulletin, /, *, channel: str, why: str) -> bool:
    """The channel says no. The others go on; a person may try it again."""
    waiting = bulletin.sendings.filter(channel=channel, state__in=states.STILL_OPEN)
    now = clock.now()
    note(channel=channel, why=why)
    return bool(waiting.update(state=states.BROKEN, error=why[:500], ended_at=now))


@action("bulletins.retry", "Gửi lại một kênh")
def retry_channel(by: Actor, bulletin: Bulletin, /, *, channel: str) -> Bulletin:
    """A person mended the cause. What has gone out already is not sent twice."""
    row = locked(bulletin)
    if row.state == states.CANCELLED:
        raise Refused(OVER_NOW)
    broken = row.sendings.filter(channel=channel, state=states.BROKEN)
    if not broken.update(state=states.WAITING, error="", ended_at=None):
        raise Refused(NOT_BROKEN)
    if row.state in {states.DONE, states.FAILED}:
        tried_move(row, "resume", ended_at=None)
    announce(ChannelRetried(uuid=str(row.uuid), channel=channel))
    note(channel=channel)
    return row


@action("bulletins.stop_channels", "Dừng các kênh của bản tin đã huỷ")
def stop_channels(by: Actor, bulletin: Bulletin, /) -> Bulletin:
    """Marks every channel that was not through. What a channel itself has to call off is done beside, one by one."""
    open_ones = bulletin.sendings.filter(state__in=states.STILL_OPEN)
    open_ones.update(state=states.STOPPED, ended_at=clock.now())
    return bulletin


def begins_at_approval(channel: str) -> bool:
    """Loudspeakers and the page's draft keep a plan of their own; the others wait for the hour."""
    return channel in contents.ON_APPROVAL

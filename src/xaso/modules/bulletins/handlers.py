"""After an approval, at the hour, after a cancellation: one handler a channel, so that none waits for another.

Every handler works on our own rows in one transaction with its done mark; run twice, the second finds nothing to do.
"""

from __future__ import annotations

from xaso.core.access import SYSTEM
from xaso.kit.errors import Refused
from xaso.kit.events import on
from xaso.modules.audio.events import RecordingFailed, RecordingReady
from xaso.modules.bulletins.actions import calling_off, reaching, sending
from xaso.modules.bulletins.events import BulletinApproved, BulletinCancelled, BulletinPublished, ChannelRetried
from xaso.modules.bulletins.models import Bulletin
from xaso.modules.bulletins.queries import listing
from xaso.modules.bulletins.rules import content as contents
from xaso.modules.bulletins.rules import states
from xaso.modules.speakers.events import PlayEnded

NO_SOUND = "Không tạo được lời đọc: {why} Hãy tải lên bản ghi âm rồi gửi lại."


def _carry(bulletin: Bulletin, channel: str) -> None:
    """A channel that says no gets its sentence; the others never hear of it."""
    try:
        sending.carry_out(SYSTEM, bulletin, channel=channel)
    except Refused as refusal:
        sending.record_failure(SYSTEM, bulletin, channel=channel, why=refusal.message)


@on(BulletinApproved)
def take_up(fact: BulletinApproved) -> None:
    sending.take_up(SYSTEM, listing.bulletin(fact.uuid))


@on(BulletinApproved)
def give_to_speakers(fact: BulletinApproved) -> None:
    _carry(listing.bulletin(fact.uuid), contents.SPEAKERS)


@on(BulletinApproved)
def draft_on_facebook(fact: BulletinApproved) -> None:
    _carry(listing.bulletin(fact.uuid), contents.FACEBOOK)


@on(BulletinPublished)
def send_sms(fact: BulletinPublished) -> None:
    _carry(listing.bulletin(fact.uuid), contents.SMS)


@on(BulletinPublished)
def send_zalo(fact: BulletinPublished) -> None:
    _carry(listing.bulletin(fact.uuid), contents.ZALO)


@on(BulletinPublished)
def put_on_web(fact: BulletinPublished) -> None:
    _carry(listing.bulletin(fact.uuid), contents.WEB)


@on(BulletinPublished)
def show_in_inbox(fact: BulletinPublished) -> None:
    _carry(listing.bulletin(fact.uuid), contents.INBOX)


@on(ChannelRetried)
def try_again(fact: ChannelRetried) -> None:
    bulletin = listing.bulletin(fact.uuid)
    if bulletin.published_at is not None or sending.begins_at_approval(fact.channel):
        _carry(bulletin, fact.channel)


@on(RecordingReady)
def sound_is_there(fact: RecordingReady) -> None:
    """An emergency does not wait for the sound to be approved; its loudspeakers wait for the sound."""
    for bulletin in listing.of_recording(fact.recording):
        if bulletin.state in states.LIVE:
            _carry(bulletin, contents.SPEAKERS)


@on(RecordingFailed)
def sound_failed(fact: RecordingFailed) -> None:
    for bulletin in listing.of_recording(fact.recording):
        if bulletin.state in states.LIVE:
            why = NO_SOUND.format(why=fact.why)
            sending.record_failure(SYSTEM, bulletin, channel=contents.SPEAKERS, why=why)


@on(BulletinCancelled)
def stop_speakers(fact: BulletinCancelled) -> None:
    calling_off.stop_plays(SYSTEM, listing.bulletin(fact.uuid), reason=fact.reason)


@on(BulletinCancelled)
def stop_sms(fact: BulletinCancelled) -> None:
    calling_off.stop_messages(SYSTEM, listing.bulletin(fact.uuid), reason=fact.reason)


@on(BulletinCancelled)
def drop_posts(fact: BulletinCancelled) -> None:
    calling_off.drop_posts(SYSTEM, listing.bulletin(fact.uuid))


@on(BulletinCancelled)
def take_off_web(fact: BulletinCancelled) -> None:
    calling_off.take_off(SYSTEM, listing.bulletin(fact.uuid), reason=fact.reason)


@on(BulletinCancelled)
def mark_stopped(fact: BulletinCancelled) -> None:
    sending.stop_channels(SYSTEM, listing.bulletin(fact.uuid))


@on(PlayEnded)
def loudspeakers_are_done(fact: PlayEnded) -> None:
    """The report is as of the end, without waiting for the next round."""
    if fact.purpose.startswith("bulletins."):
        reaching.look_at_purpose(SYSTEM, fact.purpose)

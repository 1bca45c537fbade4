"""What Zalo tells: stored at once, understood afterwards. Told twice, it counts once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.core.files import actions as files
from xaso.core.files.receiving import Received as ReceivedFile
from xaso.core.outbox.actions import announce
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import plain
from xaso.kit.subject import ref
from xaso.modules.audiences import actions as consents
from xaso.modules.audiences import queries as audiences
from xaso.modules.zalo import queries, rules
from xaso.modules.zalo.actions.sending import record_report
from xaso.modules.zalo.events import PictureWaits, ZaloFollowed, ZaloReceived, ZaloTold, ZaloUnfollowed
from xaso.modules.zalo.models import Account, Follower, Message, Notice, Received

LONGEST = 4000
FOLLOWS, LEAVES, SHARES = "follow", "unfollow", "user_submit_info"
SAYS = ("user_send_text", "user_send_image", "user_send_link", "user_send_location")
ARRIVED, READ = "user_received_message", "user_seen_message"


@dataclass(frozen=True, slots=True)
class Told:
    """A notice whose signature was right. Its body is data of people, so the audit chain keeps the checksum only."""

    name: str
    fingerprint: str
    body: dict[str, Any]
    at: datetime

    def for_audit(self) -> str:
        return self.fingerprint


@action("zalo.receive_notice", "Nhận báo của Zalo")
def receive_notice(by: Actor, account: Account, /, *, told: Told) -> bool:
    """True the first time. Nothing is done with it here: Zalo waits for our 200."""
    notice, is_new = Notice.objects.get_or_create(
        fingerprint=told.fingerprint,
        defaults={
            "name": told.name[:60], "body": told.body | {"account": account.pk}, "told_at": told.at,
            "received_at": clock.now(),
        },
    )  # fmt: skip
    if is_new:
        announce(ZaloTold(notice=str(notice.uuid)))
    note(is_new=is_new)
    return is_new


@action("zalo.understand", "Xử lý báo của Zalo")
def understand(by: Actor, notice: Notice, /) -> None:
    """Move what it is about. What we have no use for stays as told."""
    if notice.state != Notice.State.WAITING:
        return
    account, body = queries.account_with(notice.body["account"]), notice.body
    used = True
    if notice.name == FOLLOWS:
        user = rules.text_of(body, "follower", "id", longest=40)
        _follows(by, account, user, notice.told_at)
        _shares(by, account, user, _phone(body), notice.told_at)
    elif notice.name == LEAVES:
        _leaves(by, account, rules.text_of(body, "follower", "id", longest=40), notice.told_at)
    elif notice.name == SHARES:
        used = _shares(by, account, rules.text_of(body, "sender", "id", longest=40), _phone(body), notice.told_at)
    elif notice.name in SAYS:
        _says(account, body, notice.told_at)
    elif notice.name == ARRIVED:
        used = _arrived(by, body)
    elif notice.name == READ:
        used = _read(by, body)
    else:
        used = False
    notice.state = Notice.State.DONE if used else Notice.State.IGNORED
    notice.body = {}
    notice.save(update_fields=["state", "body"])


def _follower(account: Account, user: str) -> Follower:
    return Follower.objects.get_or_create(account=account, user=user, defaults={"is_following": False})[0]


def _follows(by: Actor, account: Account, user: str, at: datetime) -> None:
    """A late notice of following does not undo a later leaving."""
    if not user:
        return
    one = _follower(account, user)
    if one.unfollowed_at is not None and one.unfollowed_at > at:
        return
    one.is_following, one.followed_at = True, at
    one.wrote_at = max(at, one.wrote_at or at)
    one.save()
    contact = audiences.contact_by_zalo(user)
    if contact is not None:
        consents.give_consent(
            by, contact, topic="", channel="zalo", how="zalo", evidence=f"Quan tâm trang Zalo OA {account.oa_id}"
        )
    announce(ZaloFollowed(user=user, unit_path=account.unit_path))


def _leaves(by: Actor, account: Account, user: str, at: datetime) -> None:
    if not user:
        return
    one = _follower(account, user)
    if one.followed_at is not None and one.followed_at > at:
        return
    one.is_following, one.unfollowed_at = False, at
    one.save()
    consents.unlink_zalo(
        by, account.unit, share=consents.ZaloShare(user, ""), evidence=f"Bỏ quan tâm trang Zalo OA {account.oa_id}"
    )
    announce(ZaloUnfollowed(user=user, unit_path=account.unit_path))


def _phone(body: dict[str, Any]) -> str:
    """The number somebody shared: in a form of the chat, or with the notice of following."""
    return rules.text_of(body, "info", "phone") or rules.text_of(body, "follower", "phone")


def _shares(by: Actor, account: Account, user: str, phone: str, at: datetime) -> bool:
    """The book learns whom Zalo means. What was shared before leaving, or before something newer, changes nothing."""
    try:
        number = audiences.phone_of(phone) if user and phone else ""
    except Refused:
        return False
    if not number:
        return False
    one = _follower(account, user)
    later = [moment for moment in (one.unfollowed_at, one.shared_at) if moment is not None and moment > at]
    if later:
        return False
    one.shared_at = at
    one.save(update_fields=["shared_at"])
    consents.link_zalo(
        by, account.unit, share=consents.ZaloShare(user, number), agrees=one.is_following,
        evidence=f"Chia sẻ số điện thoại với trang Zalo OA {account.oa_id}",
    )  # fmt: skip
    return True


def _says(account: Account, body: dict[str, Any], at: datetime) -> None:
    """A picture is fetched first; whoever listens hears of both together."""
    user, msg_id = rules.text_of(body, "sender", "id", longest=40), rules.text_of(body, "message", "msg_id")
    if not user:
        return
    one = _follower(account, user)
    one.wrote_at = max(at, one.wrote_at or at)
    one.save(update_fields=["wrote_at"])
    made = Received.objects.create(
        account=account, unit_path=account.unit_path, user=user, msg_id=msg_id, at=at,
        text=plain(rules.text_of(body, "message", "text", longest=LONGEST)).strip(), picture_url=_picture(body),
    )  # fmt: skip
    if made.picture_url:
        announce(PictureWaits(received=str(made.uuid)))
    elif made.text:
        announce(_heard(made))


def _picture(body: dict[str, Any]) -> str:
    attached = rules.part(body, "message", "attachments")
    for one in attached if isinstance(attached, list) else []:
        if rules.text_of(one, "type") in {"image", "photo"} and (
            url := rules.text_of(one, "payload", "url", longest=1001)
        ):
            return url if len(url) <= 1000 else ""
    return ""


def _heard(made: Received) -> ZaloReceived:
    picture = str(made.picture.uuid) if made.picture else ""
    return ZaloReceived(uuid=str(made.uuid), user=made.user, text=made.text, picture=picture, at=made.at.isoformat())


@action("zalo.keep_picture", "Giữ ảnh người dân gửi qua Zalo")
def keep_picture(by: Actor, received: Received, /, *, file: ReceivedFile | None, why: str = "") -> Received:
    """The picture, or why there is none. Once: whoever comes second changes nothing."""
    held = Received.objects.select_for_update().get(pk=received.pk)
    if held.picture_id or held.picture_error:
        return held
    if file is not None:
        held.picture = files.attach(by, file, subject=ref(held), unit_path=held.unit_path, kind="zalo")
    held.picture_error = why[:300]
    held.save(update_fields=["picture", "picture_error"])
    announce(_heard(held))
    return held


def _arrived(by: Actor, body: dict[str, Any]) -> bool:
    """With a time of delivery it reports on a template; without, an answer reached the chat. Both name our message."""
    found = Message.objects.filter(msg_id=rules.text_of(body, "message", "msg_id") or "-").first()
    if found is None:
        found = _tracked(rules.text_of(body, "message", "tracking_id"))
    return found is not None and (record_report(by, found, state="delivered") or True)


def _tracked(tracking: str) -> Message | None:
    """A report may come before Zalo's own answer is on record; our tracking id names the message too."""
    return queries.message_with(tracking) if rules.is_uuid(tracking) else None


def _read(by: Actor, body: dict[str, Any]) -> bool:
    listed = rules.part(body, "message", "msg_ids")
    ids = [str(one)[:80] for one in listed[:50]] if isinstance(listed, list) else []
    ids = [one for one in [*ids, rules.text_of(body, "message", "msg_id")] if one]
    found = list(Message.objects.filter(msg_id__in=ids))
    for one in found:
        record_report(by, one, state="seen")
    return bool(found)


@action("zalo.forget_notices", "Xoá báo cũ của Zalo")
def forget_notices(by: Actor, /, *, before: datetime) -> int:
    """Those understood long ago; a repetition that old is refused by its time."""
    return Notice.objects.filter(received_at__lt=before).exclude(state=Notice.State.WAITING).delete()[0]

"""What each channel is asked for. Every function runs inside `carry_out` and gives what to remember of it.

None: not yet (the sound is still made); whoever makes it ready asks again. `Refused` is a fault of this channel alone.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from xaso.core.access import Actor
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.modules.audiences import queries as audiences
from xaso.modules.audio import queries as audio
from xaso.modules.bulletins.actions.playing import play
from xaso.modules.bulletins.actions.relaying import open_relays
from xaso.modules.bulletins.models import Bulletin
from xaso.modules.bulletins.queries import wording
from xaso.modules.bulletins.queries.outcomes import DRAFT_WAITS
from xaso.modules.bulletins.queries.places import sender_of
from xaso.modules.bulletins.rules import content as contents
from xaso.modules.bulletins.rules import texts
from xaso.modules.news.actions import publish_article
from xaso.modules.sms.actions import queue_many
from xaso.modules.social import queries as social
from xaso.modules.social.actions import draft_post
from xaso.modules.zalo.actions import Said
from xaso.modules.zalo.actions import queue_many as queue_on_zalo

Made = dict[str, Any]
FACEBOOK_AHEAD = timedelta(minutes=30)
"""What is nearer than this goes as a draft: Facebook takes no appointment so soon."""
NO_SOUND = "Không tạo được lời đọc: {why}"
SOUND_CHANGED = "Âm thanh không còn là bản đã duyệt nên không phát. Hãy soạn bản thay thế."
NOBODY = "Không có ai trong danh bạ nhận được qua kênh này ở nơi đã chọn."
NO_PAGE = "Đơn vị chưa khai báo trang Facebook. Hãy thêm ở mục Trang, nhóm mạng xã hội."


def on_speakers(by: Actor, bulletin: Bulletin) -> Made | None:
    """The devices get their plan now. What comes from above a commune, its communes put into their order."""
    if bulletin.recording is None:
        raise Refused("Bản tin không có âm thanh. Hãy soạn bản thay thế.")
    sound = audio.recording(bulletin.recording)
    if sound.state == "failed":
        raise Refused(NO_SOUND.format(why=sound.why))
    if not sound.is_ready:
        return None
    if bulletin.sound and sound.sha256 != bulletin.sound:
        raise Refused(SOUND_CHANGED)
    if bulletin.level != "commune" and not bulletin.is_emergency:
        count = open_relays(by, bulletin)
        return {"note": f"Chuyển tới {count} xã để xếp giờ", "total": 0}
    made = play(
        by, bulletin, bulletin.unit, unit_paths=bulletin.unit_paths, starts_at=bulletin.starts_at, purpose=bulletin.ref
    )
    return {"made": str(made.uuid)}


def by_sms(by: Actor, bulletin: Bulletin) -> Made | None:
    """One message a number; the audience is read anew, so that who refused since the approval is left out."""
    unit = sender_of(bulletin.unit)
    people = audiences.recipients(bulletin.unit_paths, bulletin.topic, "sms", emergency=bulletin.is_emergency)
    kind = "emergency" if bulletin.is_emergency else "notice"
    count = queue_many(
        by, unit, people, text=wording.sms_of(bulletin), purpose=bulletin.ref, kind=kind, topic=bulletin.topic,
        budget_line=bulletin.budget_line,
    )  # fmt: skip
    if not count and not bulletin.sendings.filter(channel=contents.SMS, attempts__gt=1).exists():
        raise Refused(NOBODY)
    return {"total": count}


def by_zalo(by: Actor, bulletin: Bulletin) -> Made | None:
    """A template to every number, or without one a text to those who follow. No fall-back where SMS goes too."""
    unit = sender_of(bulletin.unit)
    said = Said(
        template=bulletin.zalo_template, values=wording.zalo_values_of(bulletin), text=wording.zalo_text_of(bulletin),
        fallback_text="" if contents.SMS in bulletin.channels else wording.sms_of(bulletin),
        sms_kind="emergency" if bulletin.is_emergency else "notice", topic=bulletin.topic,
    )  # fmt: skip
    people = audiences.recipients(bulletin.unit_paths, bulletin.topic, "zalo", emergency=bulletin.is_emergency)
    count = queue_on_zalo(by, unit, people, said=said, purpose=bulletin.ref)
    if not count and not bulletin.sendings.filter(channel=contents.ZALO, attempts__gt=1).exists():
        raise Refused(NOBODY)
    return {"total": count}


def on_facebook(by: Actor, bulletin: Bulletin) -> Made | None:
    """A draft, which a person publishes there."""
    page = social.facebook_page(sender_of(bulletin.unit))
    if page is None:
        raise Refused(NO_PAGE)
    starts_at = bulletin.starts_at
    post = draft_post(
        by, sender_of(bulletin.unit), page=page, text=wording.post_of(bulletin), picture=bulletin.picture,
        publish_at=starts_at if starts_at is not None and starts_at > clock.now() + FACEBOOK_AHEAD else None,
        purpose=bulletin.ref, key=bulletin.ref,
    )  # fmt: skip
    return {"made": str(post.uuid), "note": DRAFT_WAITS}


def on_web(by: Actor, bulletin: Bulletin) -> Made | None:
    article = publish_article(
        by, sender_of(bulletin.unit), title=bulletin.title, lead=texts.lead(bulletin.text), text=bulletin.text,
        category="notice", picture=bulletin.picture, purpose=bulletin.ref,
    )  # fmt: skip
    return {"made": str(article.uuid), "is_out": True}


def in_inbox(by: Actor, bulletin: Bulletin) -> Made | None:
    """The places were written down at the approval: from now on the bulletin is found by them."""
    del by, bulletin
    return {"is_out": True}


WAYS: dict[str, Callable[[Actor, Bulletin], Made | None]] = {
    contents.SPEAKERS: on_speakers,
    contents.SMS: by_sms,
    contents.ZALO: by_zalo,
    contents.FACEBOOK: on_facebook,
    contents.WEB: on_web,
    contents.INBOX: in_inbox,
}

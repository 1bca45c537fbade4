"""A cancelled bulletin: what plays stops, what waits does not leave, what stands on the page says so."""

from __future__ import annotations

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.modules.bulletins.actions.relaying import stop_relays
from xaso.modules.bulletins.models import Bulletin
from xaso.modules.bulletins.queries.outcomes import plays_of
from xaso.modules.bulletins.queries.places import sender_of
from xaso.modules.news import queries as news
from xaso.modules.news.actions import withdraw_article
from xaso.modules.sms import actions as sms
from xaso.modules.social import queries as social
from xaso.modules.social.actions.posting import cancel
from xaso.modules.speakers.actions import stop_play
from xaso.modules.zalo import actions as zalo


@action("bulletins.stop_plays", "Dừng loa của bản tin đã huỷ")
def stop_plays(by: Actor, bulletin: Bulletin, /, *, reason: str) -> int:
    """Every order of this bulletin, its communes' too."""
    planned = [one for one in plays_of(bulletin) if one.state == "planned"]
    for one in planned:
        stop_play(by, one, reason=reason)
    stop_relays(by, bulletin)
    return len(planned)


@action("bulletins.stop_messages", "Dừng tin nhắn chưa gửi của bản tin đã huỷ")
def stop_messages(by: Actor, bulletin: Bulletin, /, *, reason: str) -> int:
    """What no gateway has taken yet does not leave any more."""
    unit, why = sender_of(bulletin.unit), f"Bản tin đã huỷ: {reason}"
    count = sms.call_off(by, unit, purpose=bulletin.ref, reason=why)
    count += zalo.call_off(by, unit, purpose=bulletin.ref, reason=why)
    note(messages=count)
    return count


@action("bulletins.drop_posts", "Huỷ bài nháp của bản tin đã huỷ")
def drop_posts(by: Actor, bulletin: Bulletin, /) -> int:
    """Drafts nobody has published. What the public has seen stays to a person."""
    found = [post for post in social.rows(bulletin.ref).rows if post.state in {"drafted", "failed", "on_facebook"}]
    waiting = [post for post in found if post.facebook_as != "published"]
    for post in waiting:
        cancel(by, post)
    return len(waiting)


@action("bulletins.take_off", "Gỡ bài của bản tin đã huỷ")
def take_off(by: Actor, bulletin: Bulletin, /, *, reason: str) -> bool:
    """The article leaves the lists; its address says why."""
    article = news.by_purpose(bulletin.ref)
    if article is None or article.state != "published":
        return False
    withdraw_article(by, article, reason=reason)
    return True

"""A post from draft to what became of it. Nothing here talks to Facebook: whoever does records the outcome here.

A person always decides what the public sees: what XãSố puts at Facebook is a draft or a scheduled post.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from xaso.core.access import Actor
from xaso.core.actions import action
from xaso.core.files import actions as files
from xaso.core.files.models import StoredFile
from xaso.core.files.receiving import Received
from xaso.core.outbox.actions import announce
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import plain
from xaso.kit.subject import ref
from xaso.modules.social import queries, rules
from xaso.modules.social.definitions import facebook
from xaso.modules.social.events import PostWaits
from xaso.modules.social.models import Page, Post

State, As, Step = Post.State, Post.As, Post.Step
LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 8

NO_TEXT = "Hãy viết nội dung bài đăng."
TOO_LONG = f"Bài dài quá {rules.LONGEST_TEXT} ký tự. Hãy viết ngắn lại."
BAD_LINK = "Đường dẫn kèm theo phải bắt đầu bằng https:// và viết liền, không dấu cách."
BAD_TIME = "Facebook chỉ nhận giờ hẹn từ {minutes} phút đến {days} ngày kể từ bây giờ. Hãy chọn lại, hoặc để trống."
CLOSED = "Kênh này đã đóng nên không đăng bài được. Hãy chọn kênh khác."
NOT_CONNECTED = "Chưa nối Facebook cho trang này. Hãy chép bài, đăng ở Facebook rồi bấm “Đã đăng tay”."
MOVED_ON = "Bài đã chuyển tình trạng trong lúc này. Hãy tải lại trang."
NO_ADDRESS = "Hãy dán địa chỉ bài đã đăng, bắt đầu bằng https://."
TOO_OFTEN = "Đã thử {count} lần mà chưa được. Lần cuối: {why}"


def draft_post(
    by: Actor, unit: Unit, /, *, page: Page, text: str, link: str = "", picture: StoredFile | None = None,
    publish_at: datetime | None = None, purpose: str, key: str,
) -> Post:  # fmt: skip
    """A post for one page. The same key twice: the first. Inside an action.

    Where the page is connected it goes to Facebook as a draft, or scheduled for `publish_at`; else a person copies it.
    """
    if known := Post.objects.filter(key=key[:160]).first():
        return known
    text, link = plain(text).strip(), link.strip()
    if fault := _fault(page, text, link, publish_at):
        raise Refused(fault)
    goes = queries.is_connected(page)
    post = Post.objects.create(
        unit=unit, unit_path=unit.path, page=page, key=key[:160], purpose=purpose[:80], text=text, link=link,
        picture=picture, publish_at=publish_at, state=State.WAITING if goes else State.DRAFTED,
        step=Step.PUT if goes else "", drafted_by=by.name[:120], created_at=clock.now(), retry_at=clock.now(),
    )  # fmt: skip
    if goes:
        announce(PostWaits(post=str(post.uuid)))
    return post


def _fault(page: Page, text: str, link: str, publish_at: datetime | None) -> str:
    limits = facebook()
    if page.closed_on is not None:
        return CLOSED
    if not text:
        return NO_TEXT
    if len(text) > rules.LONGEST_TEXT:
        return TOO_LONG
    if link and not rules.is_address(link):
        return BAD_LINK
    span = limits.schedule_minutes, limits.schedule_days
    if publish_at is not None and not rules.may_schedule(publish_at, clock.now(), *span):
        return BAD_TIME.format(minutes=span[0], days=span[1])
    return ""


@dataclass(frozen=True, slots=True)
class Words:
    """A post as typed on the page."""

    text: str
    link: str = ""
    publish_at: datetime | None = None


@action("social.draft", "Soạn bài đăng")
def draft(by: Actor, page: Page, /, *, words: Words, picture: Received | None, key: str) -> Post:
    """From the page. A second click of the same form gives the first post."""
    post = draft_post(
        by, page.unit, page=page, text=words.text, link=words.link, publish_at=words.publish_at, purpose="", key=key
    )
    if picture is not None and post.picture is None:
        post.picture = files.attach(by, picture, subject=ref(post), unit_path=post.unit_path, kind="social")
        post.save(update_fields=["picture"])
    return post


@action("social.send_to_facebook", "Đưa bài lên Facebook")
def send_to_facebook(by: Actor, post: Post, /) -> Post:
    """After the page was connected, or after a person mended what was wrong."""
    if not queries.is_connected(post.page):
        raise Refused(NOT_CONNECTED)
    if fault := _fault(post.page, post.text, post.link, post.publish_at):
        raise Refused(fault)
    return _wait(post, Step.PUT, [State.DRAFTED, State.FAILED], facebook_id="")


@action("social.publish", "Đăng bài đang chờ ở Facebook")
def publish(by: Actor, post: Post, /) -> Post:
    """What lies at Facebook as a draft or scheduled, now for everybody."""
    if post.facebook_as == As.PUBLISHED or not post.facebook_id:
        raise Refused(MOVED_ON)
    return _wait(post, Step.PUBLISH, [State.ON_FACEBOOK], settled_by=by.name[:120])


@action("social.cancel", "Huỷ bài đăng")
def cancel(by: Actor, post: Post, /) -> Post:
    """Before anybody saw it. What already lies at Facebook is taken away there too."""
    if post.state == State.ON_FACEBOOK and post.facebook_as != As.PUBLISHED:
        return _wait(post, Step.REMOVE, [State.ON_FACEBOOK], settled_by=by.name[:120])
    rows = Post.objects.filter(pk=post.pk, state__in=[State.DRAFTED, State.FAILED])
    if not rows.update(state=State.CANCELLED, settled_by=by.name[:120], moved_at=clock.now()):
        raise Refused(MOVED_ON)
    post.refresh_from_db()
    return post


@action("social.post_by_hand", "Ghi bài đã đăng tay")
def post_by_hand(by: Actor, post: Post, /, *, address: str) -> Post:
    """Somebody copied it to the page; the address proves it."""
    address = address.strip()
    if not rules.is_address(address) or len(address) > 300:
        raise Refused(NO_ADDRESS)
    now = clock.now()
    rows = Post.objects.filter(pk=post.pk, state__in=[State.DRAFTED, State.FAILED])
    values = {"state": State.BY_HAND, "address": address, "settled_by": by.name[:120], "error": ""}
    if not rows.update(**values, moved_at=now, published_at=now):
        raise Refused(MOVED_ON)
    post.refresh_from_db()
    return post


def _wait(post: Post, step: str, states: list[str], **more: Any) -> Post:
    now = clock.now()
    values = {"state": State.WAITING, "step": step, "attempts": 0, "error": "", "code": None, "retry_at": now}
    if not Post.objects.filter(pk=post.pk, state__in=states).update(**values, moved_at=now, **more):
        raise Refused(MOVED_ON)
    post.refresh_from_db()
    announce(PostWaits(post=str(post.uuid)))
    return post


# What the worker records


@action("social.begin_step", "Bắt đầu một bước ở Facebook")
def begin_step(by: Actor, post: Post, /) -> bool:
    """True for the one worker that may do it now. If that worker dies, another may after the lease."""
    now = clock.now()
    seen = {"pk": post.pk, "state": State.WAITING, "attempts": post.attempts, "retry_at__lte": now}
    won = Post.objects.filter(**seen).update(attempts=post.attempts + 1, retry_at=now + LEASE)
    post.refresh_from_db()
    return bool(won)


@action("social.record_put", "Ghi bài đã ở Facebook")
def record_put(by: Actor, post: Post, /, *, facebook_id: str, facebook_as: str) -> Post:
    Post.objects.filter(pk=post.pk, state=State.WAITING).update(
        state=State.ON_FACEBOOK, facebook_id=facebook_id[:80], facebook_as=facebook_as, error="", code=None,
        moved_at=clock.now(),
    )  # fmt: skip
    post.refresh_from_db()
    return post


@action("social.record_published", "Ghi bài đã đăng ở Facebook")
def record_published(by: Actor, post: Post, /, *, address: str = "") -> Post:
    """By a person here, by the clock of Facebook, or by somebody at Facebook."""
    now = clock.now()
    values: dict[str, Any] = {"state": State.ON_FACEBOOK, "facebook_as": As.PUBLISHED, "error": "", "code": None}
    if rules.is_address(address):
        values["address"] = address[:300]
    rows = Post.objects.filter(pk=post.pk, state__in=[State.WAITING, State.ON_FACEBOOK])
    rows.exclude(facebook_as=As.PUBLISHED).update(**values, moved_at=now, published_at=now)
    post.refresh_from_db()
    return post


@action("social.record_removed", "Ghi bài đã gỡ khỏi Facebook")
def record_removed(by: Actor, post: Post, /) -> Post:
    rows = Post.objects.filter(pk=post.pk, state__in=[State.WAITING, State.ON_FACEBOOK])
    rows.update(state=State.CANCELLED, facebook_as="", moved_at=clock.now())
    post.refresh_from_db()
    return post


@action("social.record_failure", "Ghi bước ở Facebook chưa được")
def record_failure(by: Actor, post: Post, /, *, error: str, code: int | None, again: bool) -> Post:
    """`again`: later; else a person looks. What lies at Facebook stays known as such."""
    post.refresh_from_db()
    if post.state != State.WAITING:
        return post
    if again and post.attempts >= MOST_ATTEMPTS:
        again, error = False, TOO_OFTEN.format(count=post.attempts, why=error)
    post.error, post.code = error[:500], code
    post.retry_at = clock.now() + rules.wait_after(post.attempts)
    if not again:
        post.state = State.ON_FACEBOOK if post.facebook_id else State.FAILED
        post.moved_at = clock.now()
    post.save(update_fields=["error", "code", "retry_at", "state", "moved_at"])
    return post

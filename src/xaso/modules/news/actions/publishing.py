"""What residents read: published, corrected with its versions, pinned, withdrawn with a reason."""

from __future__ import annotations

from datetime import datetime

from xaso.core.access import Actor
from xaso.core.actions import action
from xaso.core.files.models import StoredFile
from xaso.core.outbox.actions import announce
from xaso.core.search.actions import index_many
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Forbidden, Refused
from xaso.kit.fold import plain, tidy
from xaso.modules.news.actions.writing import MOVED_ON, hang, move
from xaso.modules.news.events import ArticlePictureGiven
from xaso.modules.news.finding import item_of
from xaso.modules.news.models import Article, ArticleVersion
from xaso.modules.news.pictures import Sizes
from xaso.modules.news.rules import markup, steps

State, Version = Article.State, ArticleVersion.State
OWN = "Bạn là người viết bài này. Người khác phải duyệt; hãy nhờ lãnh đạo hoặc người được giao duyệt bài."
MOST_PINNED = 3


@action("news.publish", "Đăng bài đã duyệt ở nơi khác")
def publish_article(
    by: Actor,
    unit: Unit,
    /,
    *,
    title: str,
    lead: str,
    text: str,
    category: str,
    picture: StoredFile | None = None,
    purpose: str = "",
    publish_at: datetime | None = None,
) -> Article:
    """Publish what was approved elsewhere, as a bulletin was. `purpose` points at it; the same one twice is the first.

    Where the text came from decides nothing about how it is shown: what is no link of ours stays plain words.
    """
    if not purpose:
        raise Refused("Bài không đi cùng một bản tin đã duyệt. Hãy viết bài ở mục Tin bài và trình duyệt.")
    if category not in Article.Category.values:
        raise Refused("Hãy chọn mục đăng bài: tin tức, tuyên truyền pháp luật hoặc thông báo.")
    if before := Article.objects.filter(purpose=purpose[:80]).first():
        return before
    words = {
        "title": steps.shortened(tidy(title), steps.TITLE_MOST),
        "lead": steps.shortened(tidy(lead), steps.LEAD_MOST),
        "text": plain(text).strip()[: steps.TEXT_MOST],
    }
    article = _fresh(by, unit, words, publish_at)
    article.category, article.purpose = category, purpose[:80]
    article.save(force_insert=True)
    _keep_first(article)
    index_many([item_of(article)])
    if picture is not None:
        announce(ArticlePictureGiven(str(article.uuid), str(picture.uuid)))
    return article


def _fresh(by: Actor, unit: Unit, words: dict[str, str], publish_at: datetime | None) -> Article:
    now = clock.now()
    return Article(
        unit=unit,
        unit_path=unit.path,
        state=State.PUBLISHED,
        author_id=by.account_id,
        author_name=by.name[:120],
        approver_name=by.name[:120],
        picture_alt=words["title"],
        version=1,
        written_at=now,
        published_at=max(publish_at or now, now),
        changed_at=now,
        **words,
    )


@action("news.set_picture", "Gắn ảnh đã xử lý vào bài")
def set_picture(by: Actor, article: Article, /, *, sizes: Sizes) -> Article:
    """Told again, the picture that hangs there stays."""
    if not article.picture:
        hang(by, article, sizes)
        Article.objects.filter(pk=article.pk).update(changed_at=clock.now())
    return article


@action("news.approve", "Duyệt và đăng bài")
def approve_article(by: Actor, article: Article, /, *, publish_at: datetime | None = None) -> Article:
    """Author and approver are two people. A later moment: the article appears by itself when it comes."""
    _another(by, article.author_id)
    now = clock.now()
    move(
        article,
        State.SUBMITTED,
        state=State.PUBLISHED,
        version=1,
        approver_name=by.name[:120],
        published_at=max(publish_at or now, now),
    )
    _keep_first(article)
    return article


@action("news.correct", "Đề nghị đính chính")
def correct_article(by: Actor, article: Article, /, *, title: str, lead: str, text: str, reason: str) -> ArticleVersion:
    """Propose other words for a published article; the old ones stand until somebody else approves."""
    title, lead, text, reason = tidy(title), tidy(lead), plain(text).strip(), tidy(reason)
    if why := steps.fault_of(title, lead, text) or markup.fault_of(text):
        raise Refused(why)
    if not reason:
        raise Refused("Hãy ghi lý do đính chính; người đọc sẽ thấy lý do này dưới bài.")
    if (title, lead, text) == (article.title, article.lead, article.text):
        raise Refused("Nội dung chưa có gì khác bản đang đăng. Hãy sửa chỗ cần đính chính.")
    # Writing the article's row first makes two proposals take turns.
    move(article, State.PUBLISHED)
    if article.versions.filter(state=Version.PROPOSED).exists():
        raise Refused("Bài đang có một đề nghị đính chính chờ duyệt. Hãy chờ duyệt hoặc bỏ đề nghị đó trước.")
    return ArticleVersion.objects.create(
        article=article,
        number=article.version + 1,
        state=Version.PROPOSED,
        title=title,
        lead=lead,
        text=text,
        reason=reason[:500],
        author_id=by.account_id,
        author_name=by.name[:120],
        written_at=clock.now(),
    )


@action("news.approve_correction", "Duyệt đính chính")
def approve_correction(by: Actor, article: Article, /) -> Article:
    proposed = _proposed(article)
    _another(by, proposed.author_id)
    now = clock.now()
    values = {"state": Version.PUBLISHED, "approver_name": by.name[:120], "published_at": now}
    if not ArticleVersion.objects.filter(pk=proposed.pk, state=Version.PROPOSED).update(**values):
        raise Refused(MOVED_ON)
    words = {"title": proposed.title, "lead": proposed.lead, "text": proposed.text}
    move(article, State.PUBLISHED, version=proposed.number, corrected_at=now, **words)
    return article


@action("news.drop_correction", "Không dùng đề nghị đính chính")
def drop_correction(by: Actor, article: Article, /) -> Article:
    del by
    proposed = _proposed(article)
    if not ArticleVersion.objects.filter(pk=proposed.pk, state=Version.PROPOSED).update(state=Version.DROPPED):
        raise Refused(MOVED_ON)
    return article


@action("news.pin", "Ghim hoặc bỏ ghim bài")
def pin_article(by: Actor, article: Article, /, *, is_pinned: bool) -> Article:
    del by
    move(article, State.PUBLISHED, is_pinned=is_pinned)
    pinned = Article.objects.filter(unit_path=article.unit_path, state=State.PUBLISHED, is_pinned=True)
    if pinned.count() > MOST_PINNED:
        raise Refused(f"Mỗi đơn vị ghim nhiều nhất {MOST_PINNED} bài. Hãy bỏ ghim một bài cũ trước.")
    return article


@action("news.withdraw", "Gỡ bài")
def withdraw_article(by: Actor, article: Article, /, *, reason: str) -> Article:
    """Out of every list. Its address says why, so that whoever kept the link is not left guessing."""
    del by
    said = tidy(reason)
    if not said:
        raise Refused("Hãy ghi lý do gỡ bài; người mở lại đường dẫn cũ sẽ thấy lý do này.")
    values = {"withdrawn_at": clock.now(), "withdrawn_reason": said[:500], "is_pinned": False}
    move(article, State.PUBLISHED, state=State.WITHDRAWN, **values)
    return article


def _another(by: Actor, author_id: int | None) -> None:
    if by.account_id is not None and by.account_id == author_id:
        raise Forbidden(OWN)


def _proposed(article: Article) -> ArticleVersion:
    found = article.versions.filter(state=Version.PROPOSED).first()
    if found is None:
        raise Refused("Bài không có đề nghị đính chính nào chờ duyệt. Hãy tải lại trang.")
    return found


def _keep_first(article: Article) -> None:
    ArticleVersion.objects.create(
        article=article,
        number=1,
        state=Version.PUBLISHED,
        title=article.title,
        lead=article.lead,
        text=article.text,
        author_id=article.author_id,
        author_name=article.author_name,
        approver_name=article.approver_name,
        written_at=article.written_at,
        published_at=article.published_at,
    )

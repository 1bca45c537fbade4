"""Drafts: written, rewritten, handed in, given back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from xaso.core.access import Actor
from xaso.core.actions import action
from xaso.core.files.actions import Attachment, Place, attach_many
from xaso.core.search.actions import index_many
from xaso.core.units.models import Unit
from xaso.kit import clock, subject
from xaso.kit.errors import Refused
from xaso.kit.fold import plain, tidy
from xaso.modules.news.finding import item_of
from xaso.modules.news.models import Article
from xaso.modules.news.pictures import Sizes
from xaso.modules.news.rules import markup, steps

State = Article.State
PICTURE = "news.picture"
MOVED_ON = "Bài này vừa được người khác xử lý. Hãy tải lại trang để xem tình trạng mới."


@dataclass(frozen=True, slots=True)
class Draft:
    """An article as somebody wrote it. `picture`: sizes made before, None leaves the one there is."""

    category: str
    title: str
    lead: str
    text: str
    source: str = ""
    valid_until: date | None = None
    picture: Sizes | None = None
    picture_alt: str = ""

    def columns(self) -> dict[str, Any]:
        """Checked and tidied. Raises Refused."""
        title, lead, text = tidy(self.title), tidy(self.lead), plain(self.text).strip()
        if why := steps.fault_of(title, lead, text) or markup.fault_of(text):
            raise Refused(why)
        if self.category not in Article.Category.values:
            raise Refused("Hãy chọn mục đăng bài: tin tức, tuyên truyền pháp luật hoặc thông báo.")
        alt = tidy(self.picture_alt)[:200]
        if self.picture and not alt:
            raise Refused("Hãy mô tả ảnh bằng một câu, để người không nhìn thấy ảnh cũng biết ảnh nói gì.")
        return {
            "category": self.category,
            "title": title,
            "lead": lead,
            "text": text,
            "source": tidy(self.source)[:160],
            "valid_until": self.valid_until,
            "picture_alt": alt,
        }

    def for_audit(self) -> str:
        return f"{self.category} {self.title} {self.text}"


@action("news.write", "Viết bài")
def write_article(by: Actor, unit: Unit, /, *, draft: Draft) -> Article:
    now = clock.now()
    article = Article.objects.create(
        unit=unit,
        unit_path=unit.path,
        author_id=by.account_id,
        author_name=by.name[:120],
        written_at=now,
        changed_at=now,
        **draft.columns(),
    )
    if draft.picture is not None:
        hang(by, article, draft.picture)
    index_many([item_of(article)])
    return article


@action("news.rewrite", "Sửa bản nháp")
def rewrite_article(by: Actor, article: Article, /, *, draft: Draft) -> Article:
    """Whoever changes the words is their author from then on, so that nobody approves what he or she wrote."""
    values = draft.columns() | {"author_id": by.account_id, "author_name": by.name[:120]}
    move(article, State.DRAFT, **values)
    if draft.picture is not None:
        hang(by, article, draft.picture)
    return article


@action("news.submit", "Trình duyệt bài")
def submit_article(by: Actor, article: Article, /) -> Article:
    del by
    if article.picture and not article.picture_alt:
        raise Refused("Ảnh chưa có lời mô tả. Hãy ghi một câu rồi trình lại.")
    move(article, State.DRAFT, state=State.SUBMITTED, remark="")
    return article


@action("news.return", "Trả lại bài")
def return_article(by: Actor, article: Article, /, *, remark: str) -> Article:
    del by
    said = tidy(remark)
    if not said:
        raise Refused("Hãy ghi điều cần sửa để người viết biết.")
    move(article, State.SUBMITTED, state=State.DRAFT, remark=said[:500])
    return article


def move(article: Article, was: str, **values: Any) -> None:
    """One step along the table, by compare-and-set. Inside an action of news."""
    after = values.get("state", was)
    values["changed_at"] = clock.now()
    allowed = after == was or steps.follows(was, after)
    if not allowed or not Article.objects.filter(pk=article.pk, state=was).update(**values):
        raise Refused(MOVED_ON)
    for name, value in values.items():
        setattr(article, name, value)
    index_many([item_of(article)])


def hang(by: Actor, article: Article, sizes: Sizes) -> None:
    """The picture in its sizes becomes the article's. Inside an action of news."""
    place = Place(subject.ref(article), article.unit_path)
    names = list(sizes.files)
    stored = attach_many(by, [Attachment(sizes.files[name], place, PICTURE) for name in names])
    kept = {name: str(file.uuid) for name, file in zip(names, stored, strict=True)}
    article.picture = {"files": kept, "widths": sizes.widths, "height": sizes.height}
    Article.objects.filter(pk=article.pk).update(picture=article.picture)

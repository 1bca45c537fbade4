"""What everybody may read: only what an officer approved, and only what tells of nobody."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import tidy
from xaso.modules.feedback.actions.moving import change, happened, need_standing, paragraph
from xaso.modules.feedback.models import Report
from xaso.modules.feedback.queries.reports import photos_of
from xaso.modules.feedback.rules import moves, words

NO_CONSENT = "Người gửi không đồng ý công khai, nên phản ánh này chỉ trả lời riêng."
CONFIDENTIAL = "Phản ánh được xử lý kín thì không công khai."
NOT_NOW = "Chỉ công khai được sau khi đã tiếp nhận."
NO_TEXT = "Hãy viết nội dung công khai: việc gì, ở đâu, không nêu tên người."
WHY_KEPT = "Hãy ghi lý do không công khai."


def why_not_publish(report: Report) -> str:
    """Empty when the report may be published at all."""
    if report.is_confidential:
        return CONFIDENTIAL
    if not report.may_publish:
        return NO_CONSENT
    return "" if report.state in moves.PUBLISHABLE else NOT_NOW


def personal_words(report: Report, *texts: str) -> list[words.Personal]:
    """Personal data in what is about to be published; the sender's and the named officials' names count too."""
    names = [report.sender_name, *report.named.values_list("name", flat=True)]
    return words.personal_data_in("\n".join(texts), [name for name in names if name])


def need_nobody_in(report: Report, *texts: str) -> None:
    if found := personal_words(report, *texts):
        listed = "; ".join(f"{one.what} “{one.excerpt}”" for one in found[:4])
        raise Refused(f"Nội dung công khai còn dữ liệu cá nhân: {listed}. Hãy bỏ đi rồi công khai.")


@action("feedback.publish", "Công khai phản ánh và trả lời")
def publish(
    by: Actor, report: Report, /, *, text: str, answer: str = "", photos: Sequence[UUID] = (), shows_place: bool = False
) -> Report:
    """The approved words and pictures, in place of whatever was public before."""
    need_standing(by, report)
    if sentence := why_not_publish(report):
        raise Refused(sentence)
    said = paragraph(text, NO_TEXT)
    answered = paragraph(answer, NO_TEXT) if answer.strip() and report.state in moves.DONE else ""
    need_nobody_in(report, said, answered, report.place_words if shows_place else "")
    now = clock.now()
    values: dict[str, Any] = {"public_text": said, "public_answer": answered, "shows_place": shows_place}
    due = {"publish_due_at": None} if report.state in moves.DONE else {}
    change(report, shown=Report.Shown.PUBLIC, published_at=report.published_at or now, **values, **due)
    approved = {photo.pk for photo in photos_of(report) if photo.uuid in set(photos)}
    report.photos.update(is_public=False)
    report.photos.filter(pk__in=approved).update(is_public=True)
    happened(by, report, "publish", "Công khai trên trang của xã", told=True)
    note(photos=len(approved))
    return report


@action("feedback.keep_private", "Không công khai phản ánh")
def keep_private(by: Actor, report: Report, /, *, reason: str) -> Report:
    """A decision too: it ends the clock of publication, and takes down what was public."""
    need_standing(by, report)
    text = tidy(reason)[:500]
    if not text:
        raise Refused(WHY_KEPT)
    hidden = {"public_text": "", "public_answer": "", "published_at": None, "publish_due_at": None}
    change(report, shown=Report.Shown.KEPT, **hidden)
    report.photos.update(is_public=False)
    happened(by, report, "keep_private", "Không công khai", text)
    return report

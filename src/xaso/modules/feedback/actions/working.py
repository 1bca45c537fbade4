"""The work itself: given to somebody, taken up, helped with, answered; more time asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xaso.core.access import Actor
from xaso.core.accounts.models import Post
from xaso.core.actions import action, note
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import tidy
from xaso.modules.feedback.actions.moving import (
    Words,
    change,
    end_parts,
    happened,
    move,
    need_standing,
    paragraph,
    put_in_search,
)
from xaso.modules.feedback.actions.telling import tell, tell_officers
from xaso.modules.feedback.actions.timing import due_after, end, limits
from xaso.modules.feedback.actions.timing import extend as extend_clock
from xaso.modules.feedback.models import Part, Report
from xaso.modules.feedback.queries.people import workers_of
from xaso.modules.feedback.queries.reports import named_ids
from xaso.modules.feedback.rules import moves
from xaso.modules.feedback.rules.moves import State

NOT_A_WORKER = "Người được chọn không nhận việc được ở đơn vị này, hoặc là người bị phản ánh. Hãy chọn người khác."
NOT_YOURS = "Việc này đang giao cho người khác. Hãy tải lại trang để xem ai đang chủ trì."
NO_ANSWER = "Hãy viết trả lời: đã xem xét gì, kết quả thế nào, khi nào xong."
PART_OVER = "Phần việc này đã kết thúc. Hãy tải lại trang để xem tình trạng mới."
NO_REASON = "Hãy ghi lý do gia hạn; người dân sẽ đọc lý do này."


@action("feedback.assign", "Giao xử lý phản ánh")
def assign(by: Actor, report: Report, /, *, lead: Post, support: Sequence[Post] = (), text: str = "") -> Report:
    """To somebody, or to somebody else."""
    need_standing(by, report)
    give_to(by, report, lead, support, tidy(text)[:1000])
    put_in_search(report)
    return report


def give_to(by: Actor, report: Report, lead: Post, support: Sequence[Post], text: str = "") -> None:
    """Inside the caller's action."""
    able = {post.pk: post for post in workers_of(report.unit_path, named_ids(report))}
    helpers = [post for post in support if post.account.person_id != lead.account.person_id]
    if lead.pk not in able or any(post.pk not in able for post in helpers):
        raise Refused(NOT_A_WORKER)
    person = lead.account.person
    move(report, "assign", lead=lead, lead_person_id=person.pk, lead_name=person.full_name)
    end_parts(report)
    now = clock.now()
    given: dict[str, Any] = {
        "report": report,
        "unit_path": report.unit_path,
        "given_at": now,
        "given_by": by.name[:120],
    }
    rows = [_part(lead, Part.Role.LEAD, given), *(_part(post, Part.Role.SUPPORT, given) for post in helpers)]
    Part.objects.bulk_create(rows)
    names = ", ".join(row.name for row in rows[1:])
    happened(by, report, "assign", f"Giao {person.full_name}{f', phối hợp: {names}' if names else ''}", text)
    tell_officers(by, report, [person, *(post.account.person for post in helpers)], "feedback.given")


def _part(post: Post, role: str, given: dict[str, Any]) -> Part:
    person = post.account.person
    return Part(role=role, post=post, person_id=person.pk, name=person.full_name, **given)


def _need_lead(by: Actor, report: Report) -> None:
    need_standing(by, report)
    if by.person_id != report.lead_person_id:
        raise Refused(NOT_YOURS)


@action("feedback.take", "Nhận xử lý phản ánh")
def take(by: Actor, report: Report, /) -> Report:
    _need_lead(by, report)
    move(report, "take")
    happened(by, report, "take", "Bắt đầu xử lý", told=True)
    return report


@action("feedback.contribute", "Gửi ý kiến phối hợp xử lý phản ánh")
def contribute(by: Actor, part: Part, /, *, opinion: Words) -> Part:
    """What a supporting officer has to say; with it this part of the work is done."""
    need_standing(by, part.report)
    text = paragraph(opinion.text, "Hãy ghi ý kiến phối hợp.", 2000)
    if part.role == Part.Role.LEAD:
        raise Refused("Hãy trả lời trong phần việc chủ trì.")
    if not Part.objects.filter(pk=part.pk, ended_at=None).update(opinion=text, ended_at=clock.now()):
        raise Refused(PART_OVER)
    part.refresh_from_db()
    happened(by, part.report, "contribute", "Ý kiến phối hợp", text)
    return part


@action("feedback.answer", "Trả lời phản ánh")
def answer(by: Actor, report: Report, /, *, said: Words) -> Report:
    """What the sender reads. The clock of this round ends; that of publication begins."""
    _need_lead(by, report)
    text = paragraph(said.text, NO_ANSWER)
    now = clock.now()
    on_time = end(report, now, "finished") if report.state in moves.WITH_SOMEBODY else None
    until = due_after(report.unit_path, limits(now).publish, now) if _may_be_published(report) else None
    values: dict[str, Any] = {"answer": text, "answered_at": now, "answered_by": by.name[:120], "ended_at": now}
    move(report, "answer", **values, on_time=on_time, publish_due_at=until, publish_told_at=None)
    end_parts(report)
    happened(by, report, "answer", "Trả lời người dân", text, told=True)
    note(on_time=on_time)
    put_in_search(report)
    tell(by, report, "feedback.answered", text)
    return report


def _may_be_published(report: Report) -> bool:
    return report.may_publish and not report.is_confidential and report.shown != Report.Shown.KEPT


@action("feedback.extend", "Gia hạn xử lý phản ánh")
def extend(by: Actor, report: Report, /, *, days: int, reason: str) -> Report:
    """Once, with a reason the sender reads together with an apology. The legal date does not move."""
    need_standing(by, report)
    text = paragraph(reason, NO_REASON, 500)
    if report.state not in moves.OPEN or report.state == State.WAITING:
        raise Refused("Chỉ gia hạn được khi phản ánh đang được xử lý.")
    due_at = extend_clock(report, days, text)
    change(report, due_at=due_at, extended_at=clock.now())
    happened(by, report, "extend", f"Gia hạn đến {clock.local(due_at):%d/%m/%Y}", text, told=True)
    tell(by, report, "feedback.extended", text)
    return report


@action("feedback.close", "Kết thúc phản ánh")
def close(by: Actor, report: Report, /) -> Report:
    """The days in which it could be opened again have passed, or the sender is content."""
    need_standing(by, report)
    move(report, "close")
    happened(by, report, "close", "Kết thúc", told=True)
    return report

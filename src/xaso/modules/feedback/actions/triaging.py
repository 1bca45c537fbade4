"""Three decisions on a new report: it is ours, it is not, or it is one we have. Or the sender is asked first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xaso.core.access import Actor
from xaso.core.accounts.models import Post
from xaso.core.actions import action, note
from xaso.core.units.models import Unit
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
from xaso.modules.feedback.actions.telling import tell, tell_officers, tell_sender
from xaso.modules.feedback.actions.timing import due_after, end, hold, limits
from xaso.modules.feedback.actions.working import give_to
from xaso.modules.feedback.definitions import desk
from xaso.modules.feedback.models import Named, Report
from xaso.modules.feedback.queries.people import CONFIDENTIAL, owner_in, watchers_of, workers_of
from xaso.modules.feedback.queries.reports import named_ids
from xaso.modules.feedback.rules import moves
from xaso.modules.feedback.rules.moves import State

NO_CATEGORY = "Hãy chọn loại việc."
NO_REASON = "Hãy chọn lý do từ chối và ghi rõ cho người dân hiểu."
NO_AGENCY = "Hãy chọn nơi chuyển đến."
NO_QUESTION = "Hãy ghi điều cần người dân bổ sung."
SAME = "Không gộp một phản ánh vào chính nó. Hãy chọn phản ánh khác."
ELSEWHERE = "Chỉ gộp hai phản ánh của cùng một đơn vị."
BOTH_KINDS = "Không gộp phản ánh về cán bộ với phản ánh khác. Hãy xử lý riêng."
MAIN_ENDED = "Phản ánh được chọn đã bị từ chối, chuyển đi hoặc gộp. Hãy chọn phản ánh khác."


def _triaged(report: Report) -> dict[str, Any]:
    """The columns of the first decision; later ones leave them as they are."""
    if report.triaged_at is not None:
        return {}
    now = clock.now()
    in_time = None if report.triage_due_at is None else now <= report.triage_due_at
    return {"triaged_at": now, "triaged_on_time": in_time}


@action("feedback.accept", "Tiếp nhận phản ánh")
def accept(
    by: Actor, report: Report, /, *, category: str = "", village: Unit | None = None, lead: Post | None = None,
    support: Sequence[Post] = (),
) -> Report:  # fmt: skip
    """Ours. Given to the chosen officer, or to who owns the category; with nobody there it waits to be given."""
    need_standing(by, report)
    kind = desk().category(category or report.category)
    if kind is None:
        raise Refused(NO_CATEGORY)
    values: dict[str, Any] = {"category": kind.code, "village": village or report.village}
    if kind.confidential and not report.is_confidential:
        values |= {"is_confidential": True, "may_publish": False}
    move(report, "accept", **_triaged(report), **values)
    happened(by, report, "accept", f"Tiếp nhận: {kind.name}", told=True)
    chosen = lead or owner_in(report.unit, kind, workers_of(report.unit_path, named_ids(report)))
    if chosen is not None:
        give_to(by, report, chosen, support)
    put_in_search(report)
    note(category=kind.code, lead=report.lead_name)
    return report


@action("feedback.refuse", "Từ chối tiếp nhận phản ánh")
def refuse(by: Actor, report: Report, /, *, why: str, text: str = "") -> Report:
    """Not to be handled; the sender reads why."""
    need_standing(by, report)
    declared = next((one.text for one in desk().refusals if one.code == why), "")
    if not declared:
        raise Refused(NO_REASON)
    reason = " ".join(part for part in (declared, tidy(text)) if part)[:1000]
    _end(by, report, "refuse", "Không tiếp nhận", reason, reason=reason)
    tell(by, report, "feedback.refused", reason)
    return report


@action("feedback.forward", "Chuyển phản ánh đến cơ quan có thẩm quyền")
def forward(by: Actor, report: Report, /, *, agency: str, text: str = "") -> Report:
    """Not our competence: to whom it goes, and what the sender does next."""
    need_standing(by, report)
    name = next((one.name for one in desk().agencies if one.code == agency), "")
    if not name:
        raise Refused(NO_AGENCY)
    reason = tidy(text)[:1000] or f"Việc này thuộc thẩm quyền của {name}."
    _end(by, report, "forward", f"Chuyển {name}", reason, reason=reason, agency=name)
    tell(by, report, "feedback.forwarded", f"{name}. {reason}")
    return report


def _end(by: Actor, report: Report, verb: str, label: str, text: str, **values: Any) -> None:
    now = clock.now()
    move(report, verb, **_triaged(report), ended_at=now, **values)
    end(report, now, "returned" if verb == "refuse" else "stopped")
    end_parts(report)
    happened(by, report, verb, label, text, told=True)
    put_in_search(report)


@action("feedback.merge", "Gộp vào phản ánh đã có")
def merge(by: Actor, report: Report, /, *, into: Report) -> Report:
    """The same thing. Its sender follows the other report from now on, and is told of its answer."""
    need_standing(by, report)
    need_standing(by, into)
    main = into.merged_into or into
    if main.pk == report.pk:
        raise Refused(SAME)
    if main.unit_path != report.unit_path:
        raise Refused(ELSEWHERE)
    if main.is_confidential != report.is_confidential:
        raise Refused(BOTH_KINDS)
    if main.state not in moves.OPEN | moves.DONE:
        raise Refused(MAIN_ENDED)
    Report.objects.filter(merged_into=report).update(merged_into=main)
    _end(by, report, "merge", f"Gộp vào {main}", "", merged_into=main)
    happened(by, main, "merged", f"Gộp thêm {report}")
    tell_sender(by, report, "feedback.merged", str(main))
    if main.state in moves.DONE:
        tell_sender(by, report, "feedback.answered", main.answer)
    return report


@action("feedback.ask_more", "Đề nghị người dân bổ sung")
def ask_more(by: Actor, report: Report, /, *, question: Words) -> Report:
    """One clear question. The clock stands still until it is answered or the days for it have passed."""
    need_standing(by, report)
    text = paragraph(question.text, NO_QUESTION, 1000)
    now = clock.now()
    move(report, "ask_more", asked=text, supplement_due_at=due_after(report.unit_path, limits(now).supplement, now))
    hold(report, now, text)
    happened(by, report, "ask_more", "Đề nghị bổ sung", text, told=True)
    until = f"{clock.local(report.supplement_due_at):%d/%m/%Y}" if report.supplement_due_at else "sớm nhất có thể"
    tell_sender(by, report, "feedback.asked", f"{text} (bổ sung đến {until})")
    return report


@action("feedback.confide", "Chuyển sang xử lý kín")
def confide(by: Actor, report: Report, /, *, officials: Sequence[Post]) -> Report:
    """It turns out to be about somebody of the office: closed to them, and to everybody without the permission."""
    need_standing(by, report)
    if report.state not in moves.OPEN:
        raise Refused("Phản ánh đã kết thúc nên không chuyển sang xử lý kín được.")
    people = {post.account.person_id: post.account.person for post in officials}
    rows = [Named(report=report, person_id=pk, name=one.full_name) for pk, one in people.items()]
    Named.objects.bulk_create(rows, ignore_conflicts=True)
    values: dict[str, Any] = {"is_confidential": True, "may_publish": False}
    values |= {"shown": "", "public_text": "", "public_answer": "", "published_at": None}
    if report.lead_id is not None:
        values |= {"lead": None, "lead_person_id": None, "lead_name": ""}
        values |= {} if report.state == State.WAITING else {"state": State.ACCEPTED.value}
    change(report, **values)
    end_parts(report)
    report.photos.update(is_public=False)
    happened(by, report, "confide", "Chuyển sang xử lý kín")
    put_in_search(report)
    tell_officers(by, report, watchers_of(report.unit_path, CONFIDENTIAL, list(people)), "feedback.confided")
    return report

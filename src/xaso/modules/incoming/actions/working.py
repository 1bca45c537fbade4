"""The work itself: taken up, helped with, answered, done; opened again by a leader."""

from __future__ import annotations

from typing import Any

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import tidy
from xaso.modules.incoming import rules
from xaso.modules.incoming.actions.finding import put_in_search
from xaso.modules.incoming.actions.moving import change, end_parts, happened, move, reason_of, tell_sender
from xaso.modules.incoming.models import Assignment, Document
from xaso.modules.outgoing import actions as outgoing

PART_OVER = "Phần việc này đã kết thúc. Hãy tải lại trang để xem tình trạng mới."
NOT_YOURS = "Hãy trả lời hoặc kết thúc trong phần việc chủ trì."
HAS_DRAFT = "Văn bản này đã có dự thảo trả lời. Hãy mở dự thảo đó để sửa."
NO_DRAFT_NOW = "Chỉ dự thảo trả lời khi văn bản đang có người chủ trì."


@action("incoming.take", "Nhận việc")
def take(by: Actor, document: Document, /) -> Document:
    """The lead begins."""
    move(document, "take")
    Assignment.objects.filter(document=document, role="lead", ended_at=None).update(read_at=clock.now())
    happened(by, document, "take", "Nhận việc")
    tell_sender(document)
    return document


@action("incoming.contribute", "Gửi ý kiến phối hợp")
def contribute(by: Actor, part: Assignment, /, *, opinion: str) -> Assignment:
    """What a supporting officer has to say; with it this part of the work is done."""
    text = reason_of(opinion, "Hãy ghi ý kiến phối hợp.")
    if part.role == Assignment.Role.LEAD:
        raise Refused(NOT_YOURS)
    now = clock.now()
    values: dict[str, Any] = {"opinion": text[:2000], "ended_at": now, "read_at": part.read_at or now}
    if not Assignment.objects.filter(pk=part.pk, ended_at=None).update(**values):
        raise Refused(PART_OVER)
    part.refresh_from_db()
    happened(by, part.document, "contribute", "Ý kiến phối hợp", text)
    return part


@action("incoming.acknowledge", "Đã xem văn bản để biết")
def acknowledge(by: Actor, part: Assignment, /) -> Assignment:
    """Read by somebody who only had to know."""
    if part.role != Assignment.Role.KNOW:
        raise Refused("Việc này cần xử lý, không chỉ để biết. Hãy gửi ý kiến hoặc kết thúc.")
    now = clock.now()
    if not Assignment.objects.filter(pk=part.pk, ended_at=None).update(read_at=now, ended_at=now):
        raise Refused(PART_OVER)
    part.refresh_from_db()
    return part


@action("incoming.draft_answer", "Dự thảo văn bản trả lời")
def draft_answer(by: Actor, document: Document, /, *, kind: str, subject: str) -> Any:
    """A draft in `outgoing` that knows what it answers; the work counts as taken up."""
    if document.state not in rules.WITH_SOMEBODY:
        raise Refused(NO_DRAFT_NOW)
    if document.answer:
        raise Refused(HAS_DRAFT)
    about = tidy(subject) or f"Trả lời văn bản {document.signed_as}"
    draft = outgoing.begin_draft(
        by, document.unit, kind=kind, subject=about[:500], addressees=(document.issuer or document.sender,),
        answers=document.ref,
    )  # fmt: skip
    values: dict[str, Any] = {"answer": str(draft.uuid)}
    if document.state == rules.State.ASSIGNED:
        move(document, "take", **values)
        tell_sender(document)
    else:
        change(document, **values)
    happened(by, document, "draft_answer", "Dự thảo văn bản trả lời", about)
    return draft


@action("incoming.finish", "Kết thúc xử lý văn bản")
def finish(by: Actor, document: Document, /, *, outcome: str, note_text: str = "") -> Document:
    """Done: answered on paper or elsewhere, handled, or nothing to answer; with a sentence for whoever asks later."""
    if outcome not in {"answered", "handled", "no_answer"}:
        raise Refused("Hãy chọn cách kết thúc: đã trả lời, đã xử lý xong, hay không phải trả lời.")
    text = tidy(note_text)[:1000]
    if sentence := rules.may_finish(outcome, text, has_answer=False):
        raise Refused(sentence)
    return _end(by, document, "finish", outcome, text)


@action("incoming.record_answer", "Ghi nhận văn bản trả lời đã phát hành")
def record_answer(by: Actor, document: Document, /, *, label: str) -> Document:
    """Our answer was issued: the document is done. One that had ended meanwhile only remembers the answer."""
    if document.state not in rules.MOVES["answer"][0]:
        happened(by, document, "answer", "Văn bản trả lời đã phát hành", label)
        return document
    return _end(by, document, "answer", Document.Outcome.ANSWERED, label)


def _end(by: Actor, document: Document, verb: str, outcome: str, text: str) -> Document:
    now = clock.now()
    ended: dict[str, Any] = {"outcome": outcome, "outcome_note": text, "ended_at": now}
    move(document, verb, **ended, on_time=rules.on_time(now, document.due_at))
    end_parts(document)
    happened(by, document, verb, f"Hoàn thành: {document.get_outcome_display().lower()}", text)
    note(outcome=outcome, on_time=document.on_time)
    put_in_search(document)
    tell_sender(document)
    return document


@action("incoming.reopen", "Mở lại văn bản đã hoàn thành")
def reopen(by: Actor, document: Document, /, *, reason: str) -> Document:
    """Not done after all: it comes back to the leader."""
    text = reason_of(reason, "Hãy ghi lý do mở lại.")
    cleared: dict[str, Any] = {"outcome": "", "outcome_note": "", "ended_at": None, "on_time": None, "answer": ""}
    move(document, "reopen", **cleared, lead=None, lead_person_id=None, lead_name="")
    happened(by, document, "reopen", "Mở lại để xử lý tiếp", text)
    return document

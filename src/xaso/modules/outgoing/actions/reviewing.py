"""From the writer's hand to the signer's: submit, pass on, approve, send back, check the format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.core.files import actions as files
from xaso.core.files.rules import DOCX
from xaso.kit import subject
from xaso.kit.errors import Refused
from xaso.kit.fold import plain, tidy
from xaso.modules.layouts import queries as layouts
from xaso.modules.outgoing.actions.drafting import renewed_block
from xaso.modules.outgoing.actions.moving import MOVED, change, move, need
from xaso.modules.outgoing.models import Document
from xaso.modules.outgoing.queries import sheets
from xaso.modules.outgoing.queries.sheets import Checked
from xaso.modules.outgoing.rules import moves
from xaso.modules.signing import queries as signing

SHEET = "outgoing.sheet"
EMPTY = "Dự thảo chưa có nội dung. Hãy gõ nội dung hoặc tải tệp dự thảo lên."
NO_SIGNER = "Chưa chọn người ký. Hãy chọn người ký ở trang sửa dự thảo."
FAULTS = (
    "Thể thức còn {count} điểm phải sửa: {faults}. Hãy sửa rồi trình lại; "
    "nếu văn bản buộc phải trình bày như vậy, nhờ văn thư ghi lý do bỏ qua."
)
NO_REASON = "Hãy ghi lý do để người soạn biết cần sửa gì."
IS_WORD = "Dự thảo là tệp Word nên chưa ký được. Hãy mở bằng Word, lưu thành PDF rồi tải tệp PDF lên thay."


@action("outgoing.submit", "Trình duyệt")
def submit(by: Actor, document: Document, /, *, to: str, checked: Checked) -> Document:
    """Hand the draft to the head of the office or to the leader. What must be mended in its layout comes first."""
    verb = {"head": "submit_to_head", "leader": "submit_to_leader"}.get(to)
    if verb is None:
        raise Refused("Hãy chọn trình phụ trách bộ phận hay trình lãnh đạo.")
    need(document, verb)
    if not document.text and document.draft_file_id is None:
        raise Refused(EMPTY)
    if document.signer_id is None:
        raise Refused(NO_SIGNER)
    need_no_faults(document, checked)
    title = "Trình phụ trách bộ phận" if to == "head" else "Trình lãnh đạo duyệt"
    return move(by, document, verb, title, return_reason="", **renewed_block(document))


def need_no_faults(document: Document, checked: Checked) -> None:
    """Raises Refused while something must be mended and the clerk has not overruled it."""
    if checked.revision != document.revision:
        raise Refused(MOVED)
    if checked.musts and not document.format_reason:
        listed = "; ".join(fault.sentence.rstrip(".") for fault in checked.musts[:5])
        raise Refused(FAULTS.format(count=len(checked.musts), faults=listed))


@action("outgoing.override_format", "Bỏ qua lỗi thể thức")
def override_format(by: Actor, document: Document, /, *, reason: str) -> Document:
    """The clerk answers for a layout that has to be as it is. Good for this text only."""
    if document.state not in {moves.DRAFT, moves.CHECKING}:
        raise Refused(moves.WRONG_STEP.format(label=moves.LABELS[document.state]))
    if not tidy(reason):
        raise Refused("Hãy ghi lý do bỏ qua lỗi thể thức.")
    return change(document, format_reason=tidy(reason)[:500])


@action("outgoing.pass_on", "Chuyển lãnh đạo duyệt")
def pass_on(by: Actor, document: Document, /, *, note_text: str = "") -> Document:
    """The head has read it; the leader decides."""
    need(document, "pass_on")
    return move(by, document, "pass_on", "Phụ trách bộ phận chuyển lãnh đạo", note=plain(note_text).strip())


@action("outgoing.approve", "Duyệt nội dung")
def approve(by: Actor, document: Document, /, *, note_text: str = "") -> Document:
    """The content is good; the clerk checks the form. A head's word does where the head is asked."""
    need(document, "approve")
    if document.state == moves.AT_LEADER and not by.may("outgoing.decide", on=document):
        raise Refused("Văn bản đang chờ lãnh đạo duyệt. Hãy để lãnh đạo quyết định.")
    return move(by, document, "approve", "Duyệt nội dung", note=plain(note_text).strip())


@action("outgoing.return", "Trả lại dự thảo")
def return_draft(by: Actor, document: Document, /, *, reason: str) -> Document:
    """Back to the writer, with the reason."""
    need(document, "return")
    said = plain(reason).strip()
    if not said:
        raise Refused(NO_REASON)
    return move(
        by, document, "return", "Trả lại dự thảo", note=said, return_reason=said[:1000], sheet=None, boxes={},
        sign_error="",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Prepared:
    """The sheet to be signed, drawn and stored before the action that keeps it."""

    checked: Checked
    received: files.Received
    boxes: dict[str, Any]
    pages: int

    def for_audit(self) -> str:
        return self.received.saved.sha256


def prepare(document: Document) -> Prepared:
    """Draw the sheet with free places for number, day and signatures. Slow: NOT inside an action."""
    if document.draft_file is not None and document.draft_file.media_type == DOCX.media_type:
        raise Refused(IS_WORD)
    boxes: dict[str, Any] = {}
    if document.draft_file is None:
        drawn = layouts.pdf_of(sheets.sheet_of(document))
        content, boxes, pages = drawn.content, dict(drawn.boxes), drawn.pages
        content = signing.with_fields(content, {name: signing.Box(*place) for name, place in boxes.items()})
    else:
        content, pages = sheets.content_of(document.draft_file), document.draft_file.pages or 1
    received = files.receive_bytes(content, name=f"{document.kind}-du-thao.pdf")
    return Prepared(sheets.checked(document), received, boxes, pages)


@action("outgoing.check", "Kiểm tra thể thức")
def pass_check(by: Actor, document: Document, /, *, prepared: Prepared, reason: str = "") -> Document:
    """The clerk has looked at the form. A reason overrules what must be mended."""
    need(document, "pass_check")
    if tidy(reason):
        change(document, format_reason=tidy(reason)[:500])
    need_no_faults(document, prepared.checked)
    stored = files.attach(
        by, prepared.received, subject=subject.ref(document), unit_path=document.unit_path, kind=SHEET
    )
    note(faults=prepared.checked.for_audit())
    return move(
        by, document, "pass_check", "Thể thức đạt, trình ký", note=document.format_reason,
        sheet=stored, boxes=prepared.boxes, pages=prepared.pages, **renewed_block(document),
    )  # fmt: skip

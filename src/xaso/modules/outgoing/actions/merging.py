"""What a unit that ended had not issued yet goes to its successor."""

from __future__ import annotations

from typing import Any

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.core.files import actions as files
from xaso.core.units.models import Unit
from xaso.kit import subject
from xaso.modules.outgoing.actions.moving import file_in_search, step
from xaso.modules.outgoing.models import Document, Recipient
from xaso.modules.outgoing.rules import moves

NEW_NAME = "Đơn vị đã sáp nhập: dự thảo cần người ký và thể thức của đơn vị mới."
OLD_NUMBER = "Số đã cấp trong sổ của {unit}. Hãy phát hành nốt hoặc huỷ kèm lý do."
# A signature in the name of an office that is gone says nothing any more: it is drawn and signed anew.
ANEW: dict[str, Any] = {
    "state": moves.DRAFT, "signer": None, "signer_name": "", "signer_title": "", "authority": [], "delegation": None,
    "sheet": None, "boxes": {}, "request": "", "sign_error": "", "signed_at": None, "is_person_signed": False,
    "return_reason": NEW_NAME,
}  # fmt: skip


@action("outgoing.hand_over", "Bàn giao văn bản đi cho đơn vị kế thừa")
def hand_over(by: Actor, predecessor: Unit, /, *, successor: Unit) -> int:
    """Everything before issue. Under an unchanged path only the name is new and people go on where they were; else a
    draft begins again with the successor, and a number that was given stays in the old book until somebody ends it."""
    waiting = Document.objects.select_for_update(no_key=True, of=("self",)).filter(
        unit=predecessor, unit_path=predecessor.path, state__in=moves.BEFORE_ISSUE
    )
    moved = list(waiting.order_by("pk"))
    for document in moved:
        _move(by, document, predecessor, successor)
    Recipient.objects.filter(document__in=moved).update(unit_path=successor.path)
    files.hand_over([subject.ref(one) for one in moved], successor.path)
    note(predecessor=predecessor, successor=successor, count=len(moved))
    return len(moved)


def _move(by: Actor, document: Document, predecessor: Unit, successor: Unit) -> None:
    values: dict[str, Any] = {"unit": successor, "unit_path": successor.path}
    remark = ""
    if predecessor.path != successor.path:
        is_numbered = document.state == moves.NUMBERED
        values = {"unit_path": successor.path} if is_numbered else values | (ANEW if not document.is_secret else {})
        remark = OLD_NUMBER.format(unit=predecessor.full_name) if is_numbered else NEW_NAME
    Document.objects.filter(pk=document.pk).update(**values)
    for name, value in values.items():
        setattr(document, name, value)
    step(by, document, f"Bàn giao cho {successor.full_name}"[:120], remark)
    file_in_search(document)

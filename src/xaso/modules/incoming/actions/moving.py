"""The one way a document changes state: compare and set, a step on its timeline, a word to its sender."""

from __future__ import annotations

from typing import Any

from xaso.core.access import Actor
from xaso.core.outbox.actions import announce
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import tidy
from xaso.modules.incoming import rules
from xaso.modules.incoming.events import IncomingStateChanged
from xaso.modules.incoming.models import Assignment, Document, Step

CHANGED = "Văn bản này vừa được người khác xử lý. Hãy tải lại trang để xem tình trạng mới rồi làm tiếp."


def move(document: Document, verb: str, **fields: Any) -> Document:
    """Change the state by a verb of the table of moves, with other fields in the same statement. Raises Refused."""
    if sentence := rules.why_not(verb, document.state):
        raise Refused(sentence)
    return change(document, state=rules.MOVES[verb][1].value, **fields)


def change(document: Document, **fields: Any) -> Document:
    """Set fields if the document is still in the state and with the person this caller saw."""
    seen = {"pk": document.pk, "state": document.state, "lead_id": document.lead_id}
    if not Document.objects.filter(**seen).update(**fields):
        raise Refused(CHANGED)
    for name, value in fields.items():
        setattr(document, name, value)
    return document


def happened(by: Actor, document: Document, verb: str, label: str, text: str = "") -> Step:
    """A line of the timeline, in the state the document has now."""
    return Step.objects.create(
        document=document,
        verb=verb,
        label=label,
        at=clock.now(),
        account_id=by.account_id,
        who=by.name[:120],
        text=text[:2000],
        state_after=document.state,
    )


def tell_sender(document: Document, note: str = "") -> None:
    """Announce the state reached, once, so that whoever brought the document in can answer its sender."""
    code = rules.to_tell(document.state, document.told)
    if code and Document.objects.filter(pk=document.pk, told=document.told).update(told=code):
        document.told = code
        announce(IncomingStateChanged(document=str(document.uuid), state=f"{code:02d}", note=note[:500]))


def end_parts(document: Document, *roles: str) -> None:
    """Whoever has a part has it no longer; with roles, only those."""
    parts = Assignment.objects.filter(document=document, ended_at=None)
    (parts.filter(role__in=roles) if roles else parts).update(ended_at=clock.now())


def need_open(document: Document) -> None:
    if not document.is_open:
        raise Refused(f"Văn bản đang ở trạng thái “{document.get_state_display()}” nên không sửa được nữa.")


def reason_of(typed: str, missing: str) -> str:
    """The reason, tidied. Raises Refused with the sentence when there is none."""
    text = tidy(typed)
    if not text:
        raise Refused(missing)
    return text

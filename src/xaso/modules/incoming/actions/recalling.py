"""A sender wants a document back. People of the receiver decide; the sender is told 15 or 16."""

from __future__ import annotations

from xaso.core.access import Actor
from xaso.core.actions import action
from xaso.core.outbox.actions import announce
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import tidy
from xaso.modules.incoming.actions.moving import change, end_parts, happened, move, reason_of
from xaso.modules.incoming.actions.telling import tell_those
from xaso.modules.incoming.events import IncomingStateChanged
from xaso.modules.incoming.models import Document

NOT_ASKED = "Nơi gửi chưa đề nghị thu hồi văn bản này."
ACCEPTED, REFUSED = "15", "16"


@action("incoming.ask_recall", "Ghi đề nghị thu hồi của nơi gửi")
def ask_recall(by: Actor, document: Document, /, *, reason: str = "") -> Document:
    """Kept once; asked again before it is answered, nothing changes."""
    if document.recall_asked_at is None:
        text = tidy(reason)[:500]
        change(document, recall_asked_at=clock.now(), recall_reason=text)
        happened(by, document, "ask_recall", "Nơi gửi đề nghị thu hồi", text)
        tell_those(by, document, "incoming.accept_recall", "incoming.recall", note=text or "không ghi lý do")
    return document


@action("incoming.accept_recall", "Đồng ý thu hồi văn bản")
def accept_recall(by: Actor, document: Document, /) -> Document:
    """Nobody works on it any more; its line in the book stays and says so."""
    _need_asked(document)
    move(document, "accept_recall", ended_at=clock.now(), recall_asked_at=None)
    end_parts(document)
    happened(by, document, "accept_recall", "Đồng ý thu hồi", document.recall_reason)
    announce(IncomingStateChanged(document=str(document.uuid), state=ACCEPTED))
    return document


@action("incoming.refuse_recall", "Không đồng ý thu hồi văn bản")
def refuse_recall(by: Actor, document: Document, /, *, reason: str) -> Document:
    text = reason_of(reason, "Hãy ghi lý do không đồng ý thu hồi để nơi gửi biết.")
    _need_asked(document)
    change(document, recall_asked_at=None)
    happened(by, document, "refuse_recall", "Không đồng ý thu hồi", text)
    announce(IncomingStateChanged(document=str(document.uuid), state=REFUSED, note=text[:500]))
    return document


def _need_asked(document: Document) -> None:
    if document.recall_asked_at is None:
        raise Refused(NOT_ASKED)

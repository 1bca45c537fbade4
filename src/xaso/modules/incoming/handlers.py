"""What an incoming document does after an event: its files are read for searching; our answer ends it."""

from __future__ import annotations

from xaso.core.access import SYSTEM
from xaso.core.files.queries import files_of
from xaso.core.search.reading import text_of
from xaso.kit import subject
from xaso.kit.events import on
from xaso.modules.incoming.actions.finding import Text, keep_text
from xaso.modules.incoming.actions.working import record_answer, reopen
from xaso.modules.incoming.events import IncomingFilesAdded, IncomingRegistered
from xaso.modules.incoming.models import Document
from xaso.modules.incoming.queries.documents import document as document_with
from xaso.modules.outgoing import queries as outgoing
from xaso.modules.outgoing.events import DocumentIssued, DocumentRecalled

MOST_LETTERS = 1_000_000


# Reading may take minutes of OCR: no transaction is open meanwhile. Read twice, it is kept once.
@on(IncomingRegistered, reaches_out=True)
def a_document_was_registered(fact: IncomingRegistered) -> None:
    _read(document_with(fact.document))


@on(IncomingFilesAdded, reaches_out=True)
def files_were_added(fact: IncomingFilesAdded) -> None:
    _read(document_with(fact.document))


def _read(document: Document) -> None:
    if document.is_secret:
        return
    found = [text_of(stored) for stored in files_of(document.ref)]
    whys = dict.fromkeys(one.why for one in found if one.why)
    origins = [one.origin for one in found]
    origin = next((kind for kind in ("ocr", "text") if kind in origins), "none")
    text = "\n".join(one.text for one in found)[:MOST_LETTERS]
    keep_text(SYSTEM, document, read=Text(text, origin, sum(one.pages for one in found), " ".join(whys)))


@on(DocumentIssued)
def an_answer_was_issued(fact: DocumentIssued) -> None:
    if fact.answers.startswith("incoming.Document:"):
        answer = outgoing.document(fact.document)
        record_answer(SYSTEM, subject.resolve(fact.answers), label=_label(answer))


@on(DocumentRecalled)
def an_answer_was_recalled(fact: DocumentRecalled) -> None:
    """What was done only by that answer is not done: the leader has it again."""
    answer = outgoing.document(fact.document)
    if not answer.answers.startswith("incoming.Document:"):
        return
    document: Document = subject.resolve(answer.answers)
    if document.outcome == Document.Outcome.ANSWERED and document.outcome_note == _label(answer):
        reopen(SYSTEM, document, reason=f"{_label(answer)} đã thu hồi: {fact.reason}"[:1000])


def _label(answer: object) -> str:
    return f"Văn bản {answer}"[:300]

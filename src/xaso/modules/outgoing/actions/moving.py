"""How a document takes a step: compare and set, with a line in its timeline. Inside an action."""

from __future__ import annotations

from typing import Any

from xaso.core.access import Actor
from xaso.core.search.actions import index_many
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.modules.outgoing.models import Document, Step
from xaso.modules.outgoing.queries.searching import item_of
from xaso.modules.outgoing.rules import moves

MOVED = "Văn bản vừa được người khác chuyển bước hoặc sửa. Hãy tải lại trang để xem tình trạng mới."


def need(document: Document, verb: str) -> None:
    """Raises Refused when the step does not follow from where the document is, or the document is a secret stub."""
    need_open(document)
    if sentence := moves.refusal(verb, document.state):
        raise Refused(sentence)


def need_open(document: Document) -> None:
    if document.is_secret:
        raise Refused(moves.KEPT_ON_PAPER)


def move(by: Actor, document: Document, verb: str, title: str, *, note: str = "", **values: Any) -> Document:
    """To the state the verb leads to, if the document is still what this caller saw."""
    if sentence := moves.refusal(verb, document.state):
        raise Refused(sentence)
    to = moves.target(verb, document.state)
    here = Document.objects.filter(pk=document.pk, state=document.state, revision=document.revision)
    if not here.update(state=to, **values):
        raise Refused(MOVED)
    for name, value in {"state": to, **values}.items():
        setattr(document, name, value)
    step(by, document, title, note)
    file_in_search(document)
    return document


def file_in_search(document: Document) -> None:
    """Found from now on as it is now."""
    index_many([item_of(document)])


def change(document: Document, **values: Any) -> Document:
    """Values without a step, under the same condition."""
    here = Document.objects.filter(pk=document.pk, state=document.state, revision=document.revision)
    if not here.update(**values):
        raise Refused(MOVED)
    for name, value in values.items():
        setattr(document, name, value)
    return document


def step(by: Actor, document: Document, title: str, note: str = "") -> None:
    """A line in the timeline."""
    Step.objects.create(
        document=document,
        at=clock.now(),
        by_name=by.name[:120],
        state=document.state,
        title=title,
        note=note[:1000],
    )

"""What happens when a document leaves, is taken back, or moves on."""

from xaso.core.access import SYSTEM
from xaso.kit.errors import Missing
from xaso.kit.events import on
from xaso.modules.exchange import queries
from xaso.modules.exchange.actions import sending, telling
from xaso.modules.exchange.carrying import deliver, tell_waiting
from xaso.modules.exchange.events import ParcelQueued, StatusQueued
from xaso.modules.exchange.rules import statuses
from xaso.modules.incoming.events import IncomingStateChanged
from xaso.modules.outgoing import queries as outgoing
from xaso.modules.outgoing.events import DocumentIssued, DocumentRecalled


@on(DocumentIssued)
def a_document_was_issued(fact: DocumentIssued) -> None:
    """A secret one goes nowhere: not even a row."""
    document = outgoing.document(fact.document)
    if not document.is_secret:
        sending.queue_document(SYSTEM, document.unit, document=document)


@on(DocumentRecalled)
def a_document_was_recalled(fact: DocumentRecalled) -> None:
    document = outgoing.document(fact.document)
    sending.queue_recall(SYSTEM, document.unit, document=document, reason=fact.reason)


@on(ParcelQueued, reaches_out=True)
def a_parcel_waits(fact: ParcelQueued) -> None:
    """Tried at once; what fails is tried again by the clock, for as long as it takes."""
    parcel = queries.parcel_with(fact.parcel)
    if parcel is None:
        raise Missing(queries.GONE)
    deliver(parcel)


@on(IncomingStateChanged)
def an_incoming_document_moved(fact: IncomingStateChanged) -> None:
    """Its sender is told, if it came over the axis. The answer to a recall goes to the message that asked."""
    parcel = queries.came_with(fact.document)
    if parcel is None:
        return
    if fact.state in {statuses.RECALL_ACCEPTED, statuses.RECALL_REFUSED}:
        parcel = queries.recall_of(parcel) or parcel
    telling.tell(SYSTEM, parcel, code=fact.state, note=fact.note)


@on(StatusQueued, reaches_out=True)
def a_status_waits(fact: StatusQueued) -> None:
    parcel = queries.parcel_with(fact.parcel)
    if parcel is None:
        raise Missing(queries.GONE)
    tell_waiting(parcel)

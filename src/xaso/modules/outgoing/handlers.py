"""The worker's part: number and day into the signed file; what the signing module tells."""

from uuid import UUID

from xaso.core.access import SYSTEM
from xaso.core.files.queries import file as file_with
from xaso.kit import subject
from xaso.kit.events import on
from xaso.modules.outgoing import queries
from xaso.modules.outgoing.actions.numbering import fill_number
from xaso.modules.outgoing.actions.sealing import miss_signature, take_signature
from xaso.modules.outgoing.events import NumberGiven
from xaso.modules.outgoing.models import Document
from xaso.modules.signing.events import SignatureGiven, SignatureRefused

OURS = "outgoing.Document:"


# Reaches no outside; it stands outside the transaction because it takes a while and writes content.
@on(NumberGiven, reaches_out=True)
def a_number_was_given(fact: NumberGiven) -> None:
    fill_number(queries.document(fact.document))


@on(SignatureGiven)
def a_signature_was_given(fact: SignatureGiven) -> None:
    if fact.subject.startswith(OURS):
        take_signature(SYSTEM, _document(fact.subject), request=fact.request, file=file_with(UUID(fact.file)))


@on(SignatureRefused)
def a_signature_was_refused(fact: SignatureRefused) -> None:
    if fact.subject.startswith(OURS):
        miss_signature(SYSTEM, _document(fact.subject), request=fact.request, why=fact.why)


def _document(reference: str) -> Document:
    found: Document = subject.resolve(reference)
    return found

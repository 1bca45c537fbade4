"""A document of ours as a message to one organisation. Slow (reads files): outside every transaction."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from xaso.core.files.models import StoredFile
from xaso.kit import clock
from xaso.modules.exchange import queries
from xaso.modules.exchange.models import Parcel
from xaso.modules.exchange.rules import checks, message
from xaso.modules.exchange.rules.message import Answered, Attachment, Letter, Organ, Staff, Trace
from xaso.modules.layouts import queries as layouts
from xaso.modules.outgoing import queries as outgoing


def letter_of(parcel: Parcel) -> Letter:
    """Raises Refused when a file of the document is lost."""
    document = outgoing.document(str(parcel.document_uuid))
    unit = document.unit
    number, _, notation = parcel.notation.partition("/")
    kind = layouts.kind_of(document.kind).title
    return Letter(
        sender=Organ(unit.agency_code, outgoing.agency_of(document)),
        receivers=(Organ(parcel.organ_code, parcel.organ_name),),
        number=number,
        notation=notation,
        subject=parcel.subject,
        place=unit.name,
        dated_on=parcel.dated_on,
        type_code=message.type_code_of(kind),
        type_name=kind,
        competence=next(iter(document.authority), ""),
        position=document.signer_title,
        signer=document.signer_name,
        due_on=document.reply_on,
        to_places=tuple(_places(document)),
        priority=outgoing.PRIORITIES.get(document.urgency, 0),
        pages=document.pages or 1,
        answers=tuple(_answers(parcel, document)),
        document_id=parcel.document_id,
        business=parcel.business,
        reason=parcel.reason,
        staff=Staff(name=document.issued_by),
        traces=(Trace(unit.agency_code, clock.local(parcel.created_at).replace(tzinfo=None, microsecond=0)),),
        attachments=() if parcel.business == message.RECALL else tuple(_attachments(document)),
    )


def _places(document: Any) -> Iterator[str]:
    """Who else gets it, as the sheet names them, no longer than the axis takes."""
    names = dict.fromkeys(copy.name for copy in document.recipients.all() if copy.channel != "portal")
    yield from (name[: checks.LONGEST_PLACE] for name in names)
    yield "Lưu: VT"


def _answers(parcel: Parcel, document: Any) -> Iterator[Answered]:
    """What this answers at the receiver, or what of ours it takes back, mends or replaces."""
    if came := queries.came_as(document.answers):
        yield Answered(came.organ_code, came.notation, came.dated_on, came.document_id)
    if about := parcel.about:
        yield Answered(parcel.unit.agency_code, about.notation, about.dated_on, about.document_id)


def _attachments(document: Any) -> Iterator[Attachment]:
    for place, stored in enumerate([document.file, *outgoing.annexes_of(document)]):
        if stored is not None:
            yield _attachment(stored, "Văn bản" if place == 0 else f"Phụ lục {place}", f"{document.uuid}-{place}")


def _attachment(stored: StoredFile, description: str, cid: str) -> Attachment:
    return Attachment(stored.name, outgoing.content_of(stored), stored.media_type, description, cid)

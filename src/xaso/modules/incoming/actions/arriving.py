"""Arrival: from the axis, by e-mail, scanned or uploaded; one arrival is one row however often it is handed over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, TypedDict, Unpack
from uuid import UUID

from django.db import IntegrityError, transaction

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.core.files import actions as files
from xaso.core.files.receiving import Received
from xaso.core.outbox.actions import announce
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import tidy
from xaso.modules.incoming import rules
from xaso.modules.incoming.actions.moving import happened, move, need_open, reason_of, tell_sender
from xaso.modules.incoming.actions.telling import tell_urgent
from xaso.modules.incoming.actions.timing import register_by
from xaso.modules.incoming.events import IncomingFilesAdded
from xaso.modules.incoming.models import Document

FILE_KIND = "van-ban-den"
NO_SENDER = "Hãy ghi nơi gửi văn bản."
NO_ORIGIN = "Không rõ văn bản đến bằng đường nào: phải là edxml, email, scan hoặc upload."
NO_URGENCY = "Không rõ độ khẩn “{given}”: dùng thường, khẩn, thượng khẩn hoặc hoả tốc."
REFUSE_WHY = "Hãy ghi lý do từ chối để nơi gửi biết (gửi nhầm, trùng, thiếu tệp …)."
STUB_ONLY = "Văn bản mật chỉ có một dòng trong sổ, không kèm tệp. " + rules.NOT_ON_THE_NET


class Told(TypedDict, total=False):
    """What is known of a document when it comes. Only `origin` and `sender` are always known."""

    origin: str
    sender: str
    sender_code: str
    external_id: str
    number: str
    symbol: str
    dated_on: date | None
    kind: str
    subject: str
    issuer: str
    signer: str
    signer_title: str
    urgency: str | int
    secrecy: str
    due_on: date | None
    pages: int | None
    is_paper: bool
    answers: str


LENGTHS = {
    "sender": 200, "sender_code": 40, "external_id": 200, "symbol": 60, "kind": 20, "subject": 1000, "issuer": 200,
    "signer": 120, "signer_title": 120,
}  # fmt: skip


@action("incoming.arrive", "Nhận văn bản đến")
def arrive(
    by: Actor, unit: Unit, /, *, files: Sequence[Received] = (), uploads: Sequence[UUID] = (), **told: Unpack[Told]
) -> Document:
    """A document waits to be registered. Handed over again by the same sender under the same id, it is the first one.

    `files`: content already taken in; `uploads`: files the same account uploaded ahead.
    """
    if rules.is_secret(told.get("secrecy", "")):
        raise Refused(rules.NOT_ON_THE_NET)
    document = _row(by, unit, told)
    if before := _already(document.arrival_key):
        note(again=str(before.uuid))
        return before
    try:
        with transaction.atomic():
            document.save(force_insert=True)
    except IntegrityError:
        # Somebody handed in the same one a moment ago: theirs is ours.
        if before := _already(document.arrival_key):
            return before
        raise
    document.is_new = True
    attach_all(by, document, files, uploads)
    happened(by, document, "arrive", f"Đến qua {document.get_origin_display().lower()}", document.sender)
    tell_urgent(by, document)
    return document


def _already(key: str | None) -> Document | None:
    return Document.objects.select_related("unit").filter(arrival_key=key).first() if key else None


def _row(by: Actor, unit: Unit, told: Told) -> Document:
    origin = told.get("origin", "")
    if origin not in Document.Origin.values:
        raise Refused(NO_ORIGIN)
    text = {name: tidy(str(told.get(name) or ""))[:length] for name, length in LENGTHS.items()}
    if not text["sender"]:
        raise Refused(NO_SENDER)
    urgency = rules.urgency_of(told.get("urgency", ""))
    if urgency is None:
        raise Refused(NO_URGENCY.format(given=str(told.get("urgency"))[:40]))
    now = clock.now()
    number = tidy(str(told.get("number") or ""))[:40]
    dated_on = told.get("dated_on")
    text["issuer"] = text["issuer"] or text["sender"]
    return Document(
        unit=unit,
        unit_path=unit.path,
        origin=origin,
        arrival_key=rules.arrival_key(unit.path, origin, text["sender_code"] or text["sender"], text["external_id"]),
        arrived_at=now,
        created_by_id=by.account_id,
        register_by_at=register_by(unit.path, now, urgency),
        doc_number=number,
        dated_on=dated_on,
        urgency=urgency,
        pages=told.get("pages"),
        is_paper=bool(told.get("is_paper", False)),
        asked_due_on=told.get("due_on"),
        answers_to=tidy(told.get("answers", ""))[:120],
        twin_key=rules.twin_key(text["issuer"], number, text["symbol"], dated_on),
        **text,
    )


def attach_all(by: Actor, document: Document, received: Sequence[Received], uploads: Sequence[UUID]) -> int:
    """Files of the document: taken in already, or uploaded ahead. Never for one under secrecy."""
    if not received and not uploads:
        return 0
    if document.is_secret:
        raise Refused(STUB_ONLY)
    place = files.Place(document.ref, document.unit_path)
    files.attach_many(by, [files.Attachment(one, place, FILE_KIND) for one in received])
    kinds = dict.fromkeys(uploads, FILE_KIND)
    files.claim(by, list(uploads), subject=document.ref, unit_path=document.unit_path, kinds=kinds)
    return len(received) + len(uploads)


@action("incoming.add_files", "Thêm tệp vào văn bản đến")
def add_files(by: Actor, document: Document, /, *, uploads: Sequence[UUID]) -> Document:
    """A scan that came after the registration, an annex that was forgotten."""
    if document.is_secret:
        raise Refused(STUB_ONLY)
    need_open(document)
    if not uploads:
        raise Refused("Hãy chọn tệp để thêm.")
    count = attach_all(by, document, (), uploads)
    happened(by, document, "add_files", f"Thêm {count} tệp")
    if document.number is not None:
        announce(IncomingFilesAdded(document=str(document.uuid)))
    return document


@action("incoming.refuse", "Từ chối tiếp nhận văn bản")
def refuse(by: Actor, document: Document, /, *, reason: str) -> Document:
    """Sent to the wrong place, sent twice, unreadable: the sender is told why (02)."""
    text = reason_of(reason, REFUSE_WHY)
    values: dict[str, Any] = {"ended_at": clock.now(), "outcome_note": text[:1000]}
    move(document, "refuse", **values)
    happened(by, document, "refuse", "Từ chối tiếp nhận", text)
    tell_sender(document, text)
    return document

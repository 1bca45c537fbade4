"""What came in: kept as it was, and handed to the registry of incoming documents."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.core.files import actions as files
from xaso.core.files.receiving import Received
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.subject import ref, resolve
from xaso.modules.exchange import queries
from xaso.modules.exchange.actions.organisations import note_sender
from xaso.modules.exchange.actions.telling import tell
from xaso.modules.exchange.models import Connection, Parcel, Seen
from xaso.modules.exchange.rules import message, statuses
from xaso.modules.exchange.rules.message import Letter
from xaso.modules.incoming import actions as incoming

RECALL_BEFORE = "Nơi gửi đã thu hồi văn bản này trước khi nó đến. Hãy hỏi nơi gửi trước khi vào sổ."
RECALL_OF_NOTHING = "Đơn vị chưa nhận được văn bản mà nơi gửi muốn thu hồi."
REPLACED_BY = "Nơi gửi thay thế bằng văn bản {notation}."


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message as it came. `letter` is empty and `error` says why when it could not be read."""

    channel: str
    account: str
    carrier_ref: str
    raw: Received
    letter: Letter | None
    files: Sequence[Received] = ()
    remarks: Sequence[str] = ()
    error: str = ""
    kind: str = ""

    def for_audit(self) -> list[str]:
        return [self.channel, self.carrier_ref, self.raw.saved.sha256]


@action("exchange.take_in", "Nhận gói liên thông")
def take_in(by: Actor, unit: Unit, /, *, arrival: Arrival) -> Parcel | None:
    """Once per sender and document, however often the carrier hands it over. None: known already."""
    connection = _connection(unit, arrival.channel, arrival.account)
    if not _is_first(connection, arrival.carrier_ref):
        return None
    parcel = _parcel(unit, arrival)
    if twin := Parcel.objects.filter(unit_path=unit.path, twin_key=parcel.twin_key).first():
        note(twin=str(twin.uuid))
        return None
    parcel.save(force_insert=True)
    parcel.raw = files.attach(by, arrival.raw, subject=ref(parcel), unit_path=unit.path, kind=arrival.channel)
    if arrival.letter is not None:
        _hand_on(by, unit, parcel, arrival, arrival.letter)
    parcel.save()
    return parcel


def _connection(unit: Unit, channel: str, account: str) -> Connection:
    values = {"unit": unit, "unit_path": unit.path}
    return Connection.objects.get_or_create(channel=channel, account=account, defaults=values)[0]


def _is_first(connection: Connection, carrier_ref: str) -> bool:
    seen, made = Seen.objects.get_or_create(connection=connection, ref=carrier_ref, defaults={"at": clock.now()})
    del seen
    return made


def _parcel(unit: Unit, arrival: Arrival) -> Parcel:
    letter = arrival.letter
    parcel = Parcel(
        unit=unit,
        unit_path=unit.path,
        direction=Parcel.Direction.IN,
        channel=arrival.channel,
        state=Parcel.State.RECEIVED if letter else Parcel.State.REFUSED,
        axis_ref=arrival.carrier_ref,
        remarks=list(arrival.remarks),
        error=arrival.error[:500],
        created_at=clock.now(),
        moved_at=clock.now(),
    )
    if letter is not None:
        parcel.business = letter.business if letter.business in message.BUSINESS_TITLES else message.NEW
        parcel.organ_code, parcel.organ_name = letter.sender.code[:35], letter.sender.name[:200]
        parcel.subject, parcel.notation = letter.subject[:500], letter.code[:100]
        parcel.dated_on, parcel.reason = letter.dated_on, letter.reason[:500]
        parcel.document_id = letter.document_id[:200]
        parcel.twin_key = twin_key(letter, arrival)
    return parcel


def twin_key(letter: Letter, arrival: Arrival) -> str:
    """Sender and DocumentId, and what is done with it; updates come several times and differ by their moment."""
    stamp = max((f"{trace.at:%Y%m%d%H%M%S}" for trace in letter.traces if trace.at), default="")
    parts = [arrival.channel, letter.sender.code, letter.document_id or arrival.carrier_ref, str(letter.business)]
    if letter.business not in {message.NEW, message.RECALL}:
        parts.append(stamp)
    return hashlib.sha256("|".join(parts).encode()).hexdigest()


def _hand_on(by: Actor, unit: Unit, parcel: Parcel, arrival: Arrival, letter: Letter) -> None:
    if arrival.channel == Parcel.Channel.EDXML:
        note_sender(letter.sender)
    named = [letter.document_id, *(answered.document_id for answered in letter.answers)]
    if parcel.business == message.RECALL:
        parcel.about = _earlier(unit, named, letter.sender.code)
        _ask_back(by, parcel, letter.reason)
        return
    if parcel.business in {message.UPDATE, message.REPLACE}:
        parcel.about = _earlier(unit, named[1:] or named, letter.sender.code)
    try:
        with transaction.atomic():
            document = _arrive(by, unit, arrival, letter)
    except Refused as refusal:
        parcel.state, parcel.error = Parcel.State.REFUSED, refusal.message[:500]
        return
    parcel.document_ref, parcel.document_uuid = ref(document), document.uuid
    parcel.save()
    if arrival.channel == Parcel.Channel.EDXML:
        tell(by, parcel, code=statuses.ARRIVED)
    if parcel.business == message.REPLACE:
        _ask_back(by, parcel, REPLACED_BY.format(notation=letter.code))
    _meet_recall(by, unit, parcel)


def _earlier(unit: Unit, document_ids: Sequence[str], sender: str) -> Parcel | None:
    found = (queries.first_with(unit, one, sender) for one in document_ids)
    return next((parcel for parcel in found if parcel is not None), None)


def _ask_back(by: Actor, parcel: Parcel, reason: str) -> None:
    """People of the receiver decide; here the wish of the sender is only handed on."""
    about = parcel.about
    if about is None or not about.document_ref:
        parcel.remarks = [*parcel.remarks, RECALL_OF_NOTHING]
        return
    if parcel.business == message.RECALL:
        parcel.document_ref, parcel.document_uuid = about.document_ref, about.document_uuid
    incoming.ask_recall(by, resolve(about.document_ref), reason=reason)


def _meet_recall(by: Actor, unit: Unit, parcel: Parcel) -> None:
    """A recall that overtook its document on the way."""
    same = {"unit_path": unit.path, "direction": "in", "business": message.RECALL, "about": None}
    early = Parcel.objects.filter(document_id=parcel.document_id, organ_code=parcel.organ_code, **same).first()
    if early is None or not parcel.document_id:
        return
    early.about, early.document_ref, early.document_uuid = parcel, parcel.document_ref, parcel.document_uuid
    early.remarks = [one for one in early.remarks if one != RECALL_OF_NOTHING]
    early.save()
    parcel.remarks = [*parcel.remarks, RECALL_BEFORE]
    incoming.ask_recall(by, resolve(parcel.document_ref), reason=early.reason)


def _arrive(by: Actor, unit: Unit, arrival: Arrival, letter: Letter) -> Any:
    ours = queries.ours_with([answered.document_id for answered in letter.answers], unit)
    is_again = letter.business not in {message.NEW, message.RECALL}
    external = letter.document_id or arrival.carrier_ref
    return incoming.arrive(
        by,
        unit,
        origin=arrival.channel,
        sender=letter.sender.name or letter.sender.code,
        sender_code=letter.sender.code,
        external_id=f"{external}#{letter.business}.{arrival.carrier_ref}"[:200] if is_again else external[:200],
        number=letter.number,
        symbol=letter.notation,
        dated_on=letter.dated_on,
        kind=arrival.kind,
        subject=letter.subject,
        signer=letter.signer,
        signer_title=letter.position,
        urgency=letter.priority if 0 <= letter.priority <= 3 else 0,
        due_on=letter.due_on,
        pages=letter.pages or None,
        answers=ours.document_ref if ours else "",
        files=tuple(arrival.files),
    )

"""The rounds between our rows and the outside: one parcel sent, the states of one parcel told, one account asked.

Never in a transaction. Each step asks the outside first and then calls an action with the outcome, so that a worker
that dies in between repeats the question: receivers know a document by its id, and so do we.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from xaso.core.access import SYSTEM
from xaso.core.files.receiving import receive_bytes
from xaso.core.files.stores import store
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.modules.exchange import queries
from xaso.modules.exchange.actions import organisations, receiving, sending, telling
from xaso.modules.exchange.composing import letter_of
from xaso.modules.exchange.models import Parcel
from xaso.modules.exchange.opening import opened, opened_mail
from xaso.modules.exchange.providers import Axis, AxisFailed, Listed
from xaso.modules.exchange.providers.accounts import axis_of
from xaso.modules.exchange.providers.mailbox import Mailbox
from xaso.modules.exchange.rules.checks import faults
from xaso.modules.exchange.rules.mail import read_mail
from xaso.modules.exchange.rules.statuses import TITLES
from xaso.modules.exchange.rules.writing import edxml_of

NO_ACCOUNT = "Đơn vị chưa có tài khoản trên trục liên thông. Nhờ người quản trị hệ thống cấu hình kết nối."
LOST = "Không đọc được gói đã lập. Hãy bấm gửi lại để lập gói mới."


def deliver(parcel: Parcel) -> None:
    """Send one parcel that waits. Of several workers one does it."""
    if parcel.state != Parcel.State.QUEUED or not sending.begin_sending(SYSTEM, parcel):
        return
    try:
        axis = axis_of(parcel.unit.agency_code)
        if axis is None:
            raise AxisFailed(NO_ACCOUNT, again=True)
        axis_ref = axis.send(_envelope(parcel), f"{parcel.uuid}.edxml")
    except Refused as refusal:
        sending.record_failure(SYSTEM, parcel, error=refusal.message, again=False)
    except AxisFailed as failure:
        sending.record_failure(SYSTEM, parcel, error=str(failure), again=failure.again)
    else:
        sending.record_sent(SYSTEM, parcel, axis_ref=axis_ref)


def _envelope(parcel: Parcel) -> bytes:
    """The bytes of the parcel: made and kept once. Raises Refused with everything the axis would not take."""
    if parcel.raw is not None:
        try:
            with store().open(parcel.raw.blob_id) as kept:
                return kept.read()
        except FileNotFoundError as lost:
            raise Refused(LOST) from lost
    letter = letter_of(parcel)
    if wrong := faults(letter):
        raise Refused(" ".join(one.sentence for one in wrong))
    raw = edxml_of(letter)
    sending.keep_envelope(SYSTEM, parcel, received=receive_bytes(raw, name=f"{parcel.uuid}.edxml"))
    return raw


def tell_waiting(parcel: Parcel) -> None:
    """Tell the states of one parcel in their order; the first that does not get through holds up those after it."""
    axis = axis_of(parcel.unit.agency_code)
    for status in queries.waiting_statuses(parcel):
        if status.retry_at and status.retry_at > clock.now():
            return
        try:
            if axis is None:
                raise AxisFailed(NO_ACCOUNT, again=True)
            axis.update_status(parcel.axis_ref, status.code)
        except AxisFailed as failure:
            telling.record_told(SYSTEM, parcel, status=status, error=str(failure), again=failure.again)
            if failure.again:
                return
        else:
            telling.record_told(SYSTEM, parcel, status=status)


def ask_axis(axis: Axis, organ_code: str, unit: Unit) -> str:
    """One round for one account: new messages, then states. Returns the first thing that went wrong, or nothing.

    A message that fails stays unseen and is asked for again; the others are not held up by it.
    """
    connection = queries.connection_of("edxml", organ_code)
    since, until = clock.local(queries.since(connection)).date(), clock.today()
    wrong: list[str] = []
    try:
        listed = axis.received_since(since, until)
        seen = queries.seen_among(connection, [one.doc_id for one in listed])
        for one in listed:
            if one.doc_id not in seen and one.sender != organ_code:
                _guarded(wrong, partial(_fetch, axis, organ_code, unit, one))
        _hear(unit, [*axis.statuses_since(since, until), *(one for one in listed if one.sender == organ_code)])
    except AxisFailed as failure:
        wrong.append(str(failure))
    organisations.record_asking(SYSTEM, unit, channel="edxml", account=organ_code, error=next(iter(wrong), ""))
    return next(iter(wrong), "")


def _guarded(wrong: list[str], step: Callable[[], None]) -> None:
    try:
        step()
    except AxisFailed as failure:
        wrong.append(str(failure))


def _fetch(axis: Axis, organ_code: str, unit: Unit, listed: Listed) -> None:
    receiving.take_in(SYSTEM, unit, arrival=opened(organ_code, listed.doc_id, axis.fetch(listed.doc_id)))


def _hear(unit: Unit, told: list[Listed]) -> None:
    """What receivers say of what we sent; what is known already is not written again."""
    ours = queries.out_with_axis_ref(unit, {one.doc_id for one in told})
    known = queries.heard_of(ours.values())
    for one in sorted(told, key=lambda one: (one.at or clock.now(), one.status)):
        parcel = ours.get(one.doc_id)
        if parcel and one.status in TITLES and one.status not in known[parcel.pk]:
            telling.hear(SYSTEM, parcel, code=one.status, at=one.at or clock.now(), note=one.note)
            known[parcel.pk].add(one.status)


def learn_register(axis: Axis, unit: Unit) -> int:
    """Who is on the axis. Raises AxisFailed: the job's row shows it, and the next night asks again."""
    agencies = [(agency.code, agency.name) for agency in axis.agencies()]
    return organisations.sync_organisations(SYSTEM, unit, agencies=agencies)


def ask_mailbox(mailbox: Mailbox, unit: Unit) -> str:
    """One round for the mailbox. Letters stay in it untouched: what is known is skipped by its number there."""
    connection = queries.connection_of("email", mailbox.account)
    error = ""
    try:
        with mailbox.opened() as box:
            refs = box.listed_since(clock.local(queries.since(connection)).date())
            seen = queries.seen_among(connection, refs)
            for ref in refs:
                if ref not in seen:
                    _take_mail(mailbox.account, unit, ref, box.fetch(ref))
    except AxisFailed as failure:
        error = str(failure)
    organisations.record_asking(SYSTEM, unit, channel="email", account=mailbox.account, error=error)
    return error


def _take_mail(account: str, unit: Unit, ref: str, raw: bytes) -> None:
    try:
        arrival = opened_mail(account, ref, raw, read_mail(raw))
    except Refused as refusal:
        kept = receive_bytes(raw, name="thu-goc.eml")
        arrival = receiving.Arrival("email", account, ref, kept, None, error=refusal.message)
    receiving.take_in(SYSTEM, unit, arrival=arrival)

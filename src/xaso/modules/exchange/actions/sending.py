"""Parcels on their way out. Nothing here talks to the axis: whoever does records the outcome here."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from xaso.core.access import Actor
from xaso.core.actions import action, entry_for
from xaso.core.files import actions as files
from xaso.core.files.receiving import Received
from xaso.core.outbox.actions import announce
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import tidy
from xaso.kit.subject import ref
from xaso.modules.exchange import queries
from xaso.modules.exchange.events import ParcelQueued
from xaso.modules.exchange.models import Parcel
from xaso.modules.exchange.rules import message, statuses

State = Parcel.State
LEASE = timedelta(minutes=5)
EDXML = "edxml"

NOT_BY_NET = "Văn bản mật không gửi qua trục liên thông. Hãy gửi bản giấy theo quy định bảo vệ bí mật nhà nước."
NO_CODE = "Nơi nhận “{name}” chưa có mã định danh cơ quan. Hãy chọn lại nơi nhận từ danh bạ, hoặc gửi bằng đường khác."
NOT_CONFIRMED = (
    "Cơ quan {code} chưa được xác nhận trong danh bạ liên thông. Nhờ người quản trị đơn vị xác nhận rồi bấm gửi lại."
)
NOT_FAILED = "Gói này không ở trạng thái chưa gửi được. Hãy tải lại trang."
WITHDRAWN = "Văn bản đã được thu hồi trước khi gói này rời đơn vị."


@action("exchange.queue_document", "Đưa văn bản vào hàng gửi liên thông")
def queue_document(by: Actor, unit: Unit, /, *, document: Any) -> list[Parcel]:
    """One parcel for every copy that goes by edXML. Called again, it makes only what is missing."""
    if document.is_secret:
        raise Refused(NOT_BY_NET)
    made: list[Parcel] = []
    business, about = _business(document)
    for recipient in document.recipients.all():
        if recipient.channel == EDXML:
            parcel = _out(unit, document, recipient, business)
            parcel.about = about.get(recipient.organ_code)
            made += _stored(by, parcel)
    return made


def _business(document: Any) -> tuple[int, dict[str, Parcel]]:
    """What the document is to those who have an earlier one, and the parcels that brought them that."""
    for business, earlier in ((message.REPLACE, document.replaces), (message.UPDATE, document.corrects)):
        if earlier is not None:
            return business, {parcel.organ_code: parcel for parcel in queries.sent_of(earlier.uuid)}
    return message.NEW, {}


def _out(unit: Unit, document: Any, recipient: Any, business: int) -> Parcel:
    code = recipient.organ_code.strip()
    parcel = Parcel(
        unit=unit,
        unit_path=unit.path,
        direction=Parcel.Direction.OUT,
        state=State.QUEUED,
        business=business,
        organ_code=code[:35],
        organ_name=recipient.name[:200],
        subject=tidy(document.subject)[:500],
        notation=document.code[:100],
        dated_on=document.dated_on,
        document_id=message.document_id_of(unit.agency_code, document.dated_on, document.code)[:200],
        document_ref=ref(document),
        document_uuid=document.uuid,
        recipient_ref=ref(recipient),
        created_at=clock.now(),
        retry_at=clock.now(),
    )
    if business == message.REPLACE:
        parcel.reason = f"Thay thế văn bản {document.replaces.code}"
    elif business == message.UPDATE:
        parcel.reason = f"Đính chính văn bản {document.corrects.code}"
    return parcel


def _stored(by: Actor, parcel: Parcel) -> list[Parcel]:
    """The parcel, unless this copy has had one; a receiver we cannot reach is said at once."""
    if Parcel.objects.filter(recipient_ref=parcel.recipient_ref, business=parcel.business).exists():
        return []
    parcel.error = _fault(parcel)
    if parcel.error:
        parcel.state = State.FAILED
    parcel.save(force_insert=True)
    entry_for(parcel, to=parcel.organ_code, business=parcel.business)
    if parcel.state == State.QUEUED:
        announce(ParcelQueued(parcel=str(parcel.uuid)))
    return [parcel]


def _fault(parcel: Parcel) -> str:
    if not parcel.organ_code:
        return NO_CODE.format(name=parcel.organ_name)
    known = queries.organisation_coded(parcel.organ_code)
    return NOT_CONFIRMED.format(code=parcel.organ_code) if known and not known.is_active else ""


@action("exchange.queue_recall", "Đưa yêu cầu thu hồi vào hàng gửi")
def queue_recall(by: Actor, unit: Unit, /, *, document: Any, reason: str) -> list[Parcel]:
    """Whoever got the document is asked to give it back; whoever has not yet got it never will."""
    made: list[Parcel] = []
    for parcel in queries.sent_of(document.uuid):
        if parcel.state in {State.QUEUED, State.FAILED}:
            _withdraw(parcel)
        if parcel.state == State.SENT:
            made += _stored(by, _recall(parcel, reason))
        else:
            Parcel.objects.filter(pk=parcel.pk).update(reason=tidy(reason)[:500])
    return made


def _withdraw(parcel: Parcel) -> None:
    """Unless it went out this very moment: then the row says so."""
    waiting = Parcel.objects.filter(pk=parcel.pk, state__in=[State.QUEUED, State.FAILED])
    waiting.update(state=State.WITHDRAWN, error=WITHDRAWN, moved_at=clock.now())
    parcel.refresh_from_db()


def _recall(parcel: Parcel, reason: str) -> Parcel:
    return Parcel(
        unit=parcel.unit,
        unit_path=parcel.unit_path,
        direction=Parcel.Direction.OUT,
        state=State.QUEUED,
        business=message.RECALL,
        organ_code=parcel.organ_code,
        organ_name=parcel.organ_name,
        subject=parcel.subject,
        notation=parcel.notation,
        dated_on=parcel.dated_on,
        document_id=parcel.document_id,
        document_ref=parcel.document_ref,
        document_uuid=parcel.document_uuid,
        recipient_ref=parcel.recipient_ref,
        about=parcel,
        reason=tidy(reason)[:500],
        created_at=clock.now(),
        retry_at=clock.now(),
    )


@action("exchange.begin_sending", "Bắt đầu gửi gói liên thông")
def begin_sending(by: Actor, parcel: Parcel, /) -> bool:
    """True for the one worker that may send it now. If that worker dies, another may after the lease."""
    now = clock.now()
    seen = {"pk": parcel.pk, "state": State.QUEUED, "attempts": parcel.attempts, "retry_at__lte": now}
    won = Parcel.objects.filter(**seen).update(attempts=parcel.attempts + 1, retry_at=now + LEASE)
    parcel.refresh_from_db()
    return bool(won)


@action("exchange.keep_envelope", "Giữ gói edXML đã lập")
def keep_envelope(by: Actor, parcel: Parcel, /, *, received: Received) -> Parcel:
    """The bytes that go out, kept before they go: sent again, they are the same."""
    parcel.raw = files.attach(by, received, subject=ref(parcel), unit_path=parcel.unit_path, kind=EDXML)
    parcel.save(update_fields=["raw"])
    return parcel


@action("exchange.record_sent", "Ghi gói đã gửi")
def record_sent(by: Actor, parcel: Parcel, /, *, axis_ref: str) -> Parcel:
    """The axis has it. Recalled while it was on its way, the recall follows it at once."""
    before = parcel.state
    held = Parcel.objects.select_for_update().get(pk=parcel.pk)
    Parcel.objects.filter(pk=parcel.pk).exclude(state=State.SENT).update(
        state=State.SENT, axis_ref=axis_ref, error="", moved_at=clock.now()
    )
    parcel.refresh_from_db()
    if held.state == State.WITHDRAWN and before == State.QUEUED:
        _stored(by, _recall(parcel, held.reason or WITHDRAWN))
    return parcel


@action("exchange.record_failure", "Ghi gói chưa gửi được")
def record_failure(by: Actor, parcel: Parcel, /, *, error: str, again: bool) -> Parcel:
    """`again`: it is tried once more, later and later; else it waits for a person."""
    values = {"error": error[:500], "retry_at": clock.now() + statuses.wait_after(parcel.attempts)}
    if not again:
        values |= {"state": State.FAILED, "moved_at": clock.now()}
    Parcel.objects.filter(pk=parcel.pk, state=State.QUEUED).update(**values)
    parcel.refresh_from_db()
    return parcel


@action("exchange.retry", "Gửi lại gói liên thông")
def retry(by: Actor, parcel: Parcel, /) -> Parcel:
    """After a person mended the cause. A gói that could not be put together is put together anew."""
    if fault := _fault(parcel):
        raise Refused(fault)
    waiting = Parcel.objects.filter(pk=parcel.pk, direction="out", state__in=[State.FAILED, State.QUEUED])
    if not waiting.update(state=State.QUEUED, error="", attempts=0, retry_at=clock.now(), raw=None):
        raise Refused(NOT_FAILED)
    parcel.refresh_from_db()
    announce(ParcelQueued(parcel=str(parcel.uuid)))
    return parcel

"""The two signatures, digital or by hand: asked for here, given or missed when the signing module tells."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from xaso.core.access import Actor
from xaso.core.actions import action
from xaso.core.files import actions as files
from xaso.core.files.models import StoredFile
from xaso.kit import clock, subject
from xaso.kit.errors import Forbidden, Refused
from xaso.kit.sure import sure
from xaso.modules.outgoing.actions.drafting import renewed_block
from xaso.modules.outgoing.actions.issuing import finish
from xaso.modules.outgoing.actions.moving import change, move, need, step
from xaso.modules.outgoing.models import Document
from xaso.modules.outgoing.rules import moves
from xaso.modules.signing.actions import cancel_request, request_signature

SCAN = "outgoing.scan"
NOT_YOU = "Văn bản này do {name} ký. Nếu đổi người ký, hãy trả lại dự thảo để chọn lại."
NO_PLACE = (
    "Tệp PDF tải lên không có chỗ ghi số và ngày theo thể thức nên không ký số được. "
    "Hãy gõ nội dung vào hệ thống, hoặc in ra ký tay rồi tải bản quét lên."
)
NOT_SEALED = "Chữ ký số của cơ quan chỉ đóng lên văn bản đã có chữ ký số của người ký và đã ghi số, ngày."
IN_FUTURE = "Ngày ký {day:%d/%m/%Y} chưa đến. Hãy ghi ngày đã ký thật."
TOO_EARLY = "Văn bản được soạn ngày {day:%d/%m/%Y} nên không thể ký trước ngày đó."


@action("outgoing.sign", "Ký số văn bản")
def ask_signature(by: Actor, document: Document, /, *, certificate: Any, batch: UUID | None = None) -> Document:
    """The signer starts signing: the provider asks for the PIN or the phone; the answer comes later."""
    need(document, "ask_signature")
    if by.account_id != document.signer_id:
        raise Forbidden(NOT_YOU.format(name=document.signer_name))
    if not document.boxes:
        raise Refused(NO_PLACE)
    renewed_block(document)
    request = request_signature(
        by,
        document.unit,
        file=sure(document.sheet),
        role="person",
        certificate=certificate,
        subject=subject.ref(document),
        reason=document.signer_title,
        batch=batch,
    )
    return move(by, document, "ask_signature", "Bắt đầu ký số", request=str(request.uuid), sign_error="")


@action("outgoing.withdraw_request", "Dừng ký số")
def withdraw_request(by: Actor, document: Document, /, *, request: Any) -> Document:
    """The confirmation does not come: take the request back and choose another way."""
    if str(request.uuid) != document.request:
        raise Refused("Yêu cầu ký này đã xong. Hãy tải lại trang.")
    cancel_request(by, request)
    return _missed(by, document, "Đã dừng yêu cầu ký số. Có thể ký lại hoặc ký tay trên giấy.")


@action("outgoing.take_signature", "Nhận chữ ký số")
def take_signature(by: Actor, document: Document, /, *, request: str, file: StoredFile) -> Document:
    """The signed file has come. Told twice, or after a withdrawal, it changes nothing."""
    if not request or document.request != request:
        return document
    if document.state == moves.SIGNING:
        return move(
            by, document, "take_signature", "Đã ký số", note=document.signer_name, sheet=file, request="",
            is_person_signed=True, signed_at=clock.now(), sign_error="",
        )  # fmt: skip
    if document.state == moves.NUMBERED:
        change(document, sheet=file, request="", is_agency_signed=True, sign_error="")
        step(by, document, "Đã ký số của cơ quan")
        return finish(by, document, file)
    return document


@action("outgoing.miss_signature", "Ghi việc chưa ký được")
def miss_signature(by: Actor, document: Document, /, *, request: str, why: str) -> Document:
    """No signature came: back to where one is asked for."""
    return _missed(by, document, why) if request and document.request == request else document


def _missed(by: Actor, document: Document, why: str) -> Document:
    values = {"request": "", "sign_error": why[:500]}
    if document.state == moves.SIGNING:
        return move(by, document, "miss_signature", "Chưa ký số được", note=why, **values)
    step(by, document, "Chưa ký số được của cơ quan", why)
    return change(document, **values)


@action("outgoing.sign_on_paper", "Ghi đã ký tay trên giấy")
def sign_on_paper(
    by: Actor, document: Document, /, *, signed_on: date, scan: files.Received | None = None
) -> Document:  # fmt: skip
    """The signer has no token, or prefers a pen: the clerk notes the day. The document is marked as not digital."""
    need(document, "sign_on_paper")
    if signed_on > clock.today():
        raise Refused(IN_FUTURE.format(day=signed_on))
    begun = clock.local(document.begun_at).date()
    if signed_on < begun:
        raise Refused(TOO_EARLY.format(day=begun))
    now = clock.now()
    noon = datetime.combine(signed_on, time(12), clock.VIETNAM)
    values: dict[str, Any] = {"signed_at": now if signed_on == clock.today() else noon, "sign_error": ""}
    if scan is not None:
        values["sheet"] = attach_scan(by, document, scan)
    return move(
        by, document, "sign_on_paper", "Ký tay trên giấy", note=f"{document.signer_name}, {signed_on:%d/%m/%Y}",
        is_person_signed=False, **values, **renewed_block(document),
    )  # fmt: skip


def attach_scan(by: Actor, document: Document, scan: files.Received) -> StoredFile:
    """Inside an action."""
    return files.attach(by, scan, subject=subject.ref(document), unit_path=document.unit_path, kind=SCAN)


@action("outgoing.seal", "Ký số của cơ quan")
def ask_seal(by: Actor, document: Document, /, *, certificate: Any) -> Document:
    """The clerk seals; when the signature comes, the document is issued by itself."""
    need(document, "issue")
    if not document.is_person_signed or document.sheet is None or document.sheet.kind != "outgoing.numbered":
        raise Refused(NOT_SEALED)
    if document.request:
        raise Refused("Đang chờ chữ ký số của cơ quan. Hãy tải lại trang sau ít phút.")
    request = request_signature(
        by,
        document.unit,
        file=document.sheet,
        role="agency",
        certificate=certificate,
        subject=subject.ref(document),
    )
    step(by, document, "Bắt đầu ký số của cơ quan")
    return change(document, request=str(request.uuid), sign_error="")

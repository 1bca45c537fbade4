"""The turns of a dossier for machines: each one an action, answered with the dossier as it is then."""

from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from ninja import Router

from xaso.core.api import answer, operation
from xaso.modules.dossiers import queries
from xaso.modules.dossiers.actions import closing, payment, processing, reception
from xaso.modules.dossiers.models import Dossier
from xaso.modules.dossiers.screens import machine
from xaso.modules.dossiers.screens.shapes import (
    AcceptIn,
    DossierRow,
    FeeIn,
    HandOverIn,
    ReasonIn,
    RemarkIn,
    ResultIn,
    SupplementIn,
)
from xaso.modules.dossiers.screens.taking import price_of

router = Router(tags=["dossiers"])
NOTHING = RemarkIn()


def _found(request: HttpRequest, uuid: UUID) -> Dossier:
    return queries.dossier_to_turn(request.actor, uuid)


def _now(dossier: Dossier) -> HttpResponseBase:
    return answer(machine.row(dossier))


@router.post("/{uuid}/accept", response=DossierRow, summary="Tiếp nhận hồ sơ")
@operation(permission="dossiers.accept")
def accept(request: HttpRequest, uuid: UUID, data: AcceptIn = AcceptIn()) -> HttpResponseBase:  # noqa: B008
    """1 → 2, or → 4 with `forward`: number, due date, fee."""
    found = _found(request, uuid)
    return _now(reception.accept_dossier(request.actor, found, price=price_of(data), forward=data.forward))


@router.post("/{uuid}/forward", response=DossierRow, summary="Chuyển xử lý")
@operation(permission="dossiers.forward")
def forward(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """2 → 4."""
    return _now(reception.forward_dossier(request.actor, _found(request, uuid)))


@router.post("/{uuid}/finish-step", response=DossierRow, summary="Hoàn thành bước")
@operation(permission="dossiers.finish_step")
def finish_step(request: HttpRequest, uuid: UUID, data: RemarkIn = NOTHING) -> HttpResponseBase:
    """The present step is done; after the last one the dossier is finished (9)."""
    return _now(processing.finish_step(request.actor, _found(request, uuid), remark=data.remark))


@router.post("/{uuid}/sign", response=DossierRow, summary="Ký duyệt kết quả")
@operation(permission="dossiers.sign_result")
def sign(request: HttpRequest, uuid: UUID, data: RemarkIn = NOTHING) -> HttpResponseBase:
    """The decision of the competent person."""
    return _now(processing.sign_result(request.actor, _found(request, uuid), remark=data.remark))


@router.post("/{uuid}/request-supplement", response=DossierRow, summary="Yêu cầu bổ sung")
@operation(permission="dossiers.request_supplement")
def request_supplement(request: HttpRequest, uuid: UUID, data: SupplementIn) -> HttpResponseBase:
    """4 → 5 with Mẫu 02; before acceptance 1 → 5."""
    by, found = request.actor, _found(request, uuid)
    ask = reception.request_supplement_before if found.number is None else processing.request_supplement
    return _now(ask(by, found, items=data.items, reason=data.reason, answer_by=data.answer_by))


@router.post("/{uuid}/resume", response=DossierRow, summary="Nhận đủ giấy tờ bổ sung")
@operation(permission="dossiers.resume")
def resume(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """5 → 4: the limit counts again from zero."""
    return _now(processing.resume_dossier(request.actor, _found(request, uuid)))


@router.post("/{uuid}/decline", response=DossierRow, summary="Từ chối tiếp nhận")
@operation(permission="dossiers.decline")
def decline(request: HttpRequest, uuid: UUID, data: ReasonIn) -> HttpResponseBase:
    """1 → 3 with Mẫu 03."""
    return _now(reception.decline_dossier(request.actor, _found(request, uuid), reason=data.reason))


@router.post("/{uuid}/stop", response=DossierRow, summary="Dừng xử lý")
@operation(permission="dossiers.stop")
def stop(request: HttpRequest, uuid: UUID, data: ReasonIn) -> HttpResponseBase:
    """4, 5 or 6 → 8."""
    return _now(closing.stop_dossier(request.actor, _found(request, uuid), reason=data.reason))


@router.post("/{uuid}/withdraw", response=DossierRow, summary="Rút hồ sơ")
@operation(permission="dossiers.withdraw")
def withdraw(request: HttpRequest, uuid: UUID, data: RemarkIn = NOTHING) -> HttpResponseBase:
    """Any open state before a result is signed → 7."""
    return _now(closing.withdraw_dossier(request.actor, _found(request, uuid), reason=data.remark))


@router.post("/{uuid}/attach-result", response=DossierRow, summary="Đính kèm kết quả")
@operation(permission="dossiers.attach_result")
def attach_result(request: HttpRequest, uuid: UUID, data: ResultIn) -> HttpResponseBase:
    """The file was sent ahead to `/files` by the same account."""
    found = _found(request, uuid)
    return _now(processing.attach_result(request.actor, found, upload=data.upload, number=data.number))


@router.post("/{uuid}/set-fee", response=DossierRow, summary="Xác định mức phí")
@operation(permission="dossiers.set_fee")
def set_fee(request: HttpRequest, uuid: UUID, data: FeeIn) -> HttpResponseBase:
    """Settle a fee the catalogue does not know; 0 with the basis for taking nothing."""
    found = _found(request, uuid)
    return _now(payment.set_fee(request.actor, found, amount=data.amount, basis=data.basis))


@router.post("/{uuid}/return-result", response=DossierRow, summary="Trả kết quả")
@operation(permission="dossiers.return_result")
def return_result(request: HttpRequest, uuid: UUID, data: HandOverIn = HandOverIn()) -> HttpResponseBase:  # noqa: B008
    """9 → 10."""
    found = _found(request, uuid)
    return _now(closing.return_result(request.actor, found, handed_to=data.handed_to, handed_how=data.handed_how))

"""The payer's pages: what is due, how to pay it, the receipt."""

from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.urls import path

from xaso.core.access import visible
from xaso.core.screens import Answer, declare, screen
from xaso.kit import clock
from xaso.kit.errors import Missing, Refused
from xaso.modules.payments.models import Charge, Receipt
from xaso.modules.payments.queries import account_of, holder_line, payments_of, qr_of, receipts_of
from xaso.modules.payments.screens.drawing import svg

NO_CHARGE = "Không tìm thấy khoản phí này trong tài khoản của ông/bà. Hãy mở lại từ trang hồ sơ."
CHECKED = "kiem_tra"


def _own_charge(request: HttpRequest, charge: UUID) -> Charge:
    """Of a stranger's charge nothing is said, not even that it exists."""
    found = visible(request.actor, "payments.view", Charge.objects.select_related("unit")).filter(uuid=charge).first()
    if found is None:
        raise Missing(NO_CHARGE)
    return found


@screen("payments/portal/list.html", permission="payments.pay")
def mine(request: HttpRequest) -> Answer:
    charges = Charge.objects.filter(owner_person_id=request.actor.person_id).exclude(state="cancelled")
    return {"charges": list(charges.order_by("-id")[:50]) if request.actor.person_id else []}


@screen("payments/portal/charge.html", permission="payments.view", partials=("trang-thai",))
def charge(request: HttpRequest, charge: UUID) -> Answer:
    found = _own_charge(request, charge)
    account = account_of(found.unit_id, clock.today()) if found.is_open else None
    return {
        "charge": found,
        "account": account,
        "holder": holder_line(account) if account else "",
        "payments": payments_of(found) if found.paid else [],
        "receipts": [receipt for receipt in receipts_of(found) if not receipt.cancelled_at],
        "checked": CHECKED in request.GET,
        "checked_at": clock.now(),
    }


@declare("payments.view")
def qr(request: HttpRequest, charge: UUID) -> HttpResponseBase:
    found = _own_charge(request, charge)
    account = account_of(found.unit_id, clock.today())
    if not found.is_open or account is None:
        raise Refused("Khoản này không có mã QR để chuyển khoản. Hãy tải lại trang khoản phí.")
    return svg(qr_of(found, account))


@screen("payments/parts/receipt.html", permission="payments.view")
def receipt(request: HttpRequest, receipt: UUID) -> Answer:
    found = Receipt.objects.select_related("charge", "unit", "replaced_by").filter(uuid=receipt).first()
    if found is None or not request.actor.may("payments.view", on=found):
        raise Missing("Không tìm thấy biên lai này trong tài khoản của ông/bà.")
    return {"receipt": found, "back": "portal-payments:charge"}


urlpatterns = [
    path("", mine, name="mine"),
    path("<uuid:charge>/", charge, name="charge"),
    path("<uuid:charge>/qr.svg", qr, name="qr"),
    path("bien-lai/<uuid:receipt>/", receipt, name="receipt"),
]

"""The counter: charges, cash, receipts."""

import uuid
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from xaso.core.access import visible
from xaso.core.paging import page
from xaso.core.screens import Answer, declare, screen, told
from xaso.kit import clock
from xaso.kit.errors import Missing, Refused
from xaso.kit.fold import tidy
from xaso.modules.payments import actions
from xaso.modules.payments.forms import ReasonForm, RefundForm, SearchForm
from xaso.modules.payments.models import Charge, Receipt
from xaso.modules.payments.queries import account_of, payments_of, qr_of, receipts_of
from xaso.modules.payments.screens import books
from xaso.modules.payments.screens.drawing import svg

NO_CHARGE = "Không tìm thấy khoản phí này ở đơn vị của bạn."
NO_RECEIPT = "Không tìm thấy biên lai này ở đơn vị của bạn."


def _charge(request: HttpRequest, charge: UUID) -> Charge:
    found = visible(request.actor, "payments.view", Charge.objects.select_related("unit")).filter(uuid=charge).first()
    if found is None:
        raise Missing(NO_CHARGE)
    return found


def _receipt(request: HttpRequest, receipt: UUID) -> Receipt:
    rows = Receipt.objects.select_related("charge", "unit", "replaced_by")
    found = visible(request.actor, "payments.view", rows).filter(uuid=receipt).first()
    if found is None:
        raise Missing(NO_RECEIPT)
    return found


@screen("payments/desk/charges.html", permission="desk.use")
def index(request: HttpRequest) -> Answer:
    """Open charges; a search looks at all of them."""
    charges = visible(request.actor, "payments.view", Charge.objects.all())
    q = tidy(request.GET.get("q", ""))[:120]
    if q.upper().startswith("XS"):
        charges = charges.filter(reference=q.upper().replace(" ", ""))
    elif q:
        charges = charges.filter(payer_name__icontains=q)
    else:
        charges = charges.filter(state__in=["open", "part_paid"])
    rows, following = page(request, charges)
    return {"charges": rows, "next": following, "form": SearchForm(request.GET if q else None), "q": q}


@screen("payments/desk/charge.html", permission="desk.use", logs_reading=True)
def charge(request: HttpRequest, charge: UUID) -> Answer:
    found = _charge(request, charge)
    by = request.actor
    return {
        "subject": found,
        "crumbs": [{"label": "Thu phí", "url": reverse("desk-payments:index")}, {"label": found.reference}],
        "charge": found,
        "payments": payments_of(found),
        "receipts": receipts_of(found),
        "refunds": list(found.refunds.order_by("id")),
        "key": uuid.uuid4().hex,
        "has_account": found.is_open and account_of(found.unit_id, clock.today()) is not None,
        "may_take": found.is_open and by.may("payments.take_cash", on=found),
        "may_waive": found.is_open and by.may("payments.waive", on=found),
        "may_refund": found.paid > 0 and by.may("payments.ask_refund", on=found),
        "waive_form": ReasonForm(),
        "refund_form": RefundForm(initial={"amount": found.paid}),
    }


@declare("desk.use")
def qr(request: HttpRequest, charge: UUID) -> HttpResponseBase:
    found = _charge(request, charge)
    account = account_of(found.unit_id, clock.today())
    if not found.is_open or account is None:
        raise Refused("Khoản này không có mã QR để chuyển khoản.")
    return svg(qr_of(found, account))


@require_POST
@declare("payments.take_cash")
def take_cash(request: HttpRequest, charge: UUID) -> HttpResponseBase:
    found = _charge(request, charge)
    amount = request.POST.get("amount", "")
    key = request.POST.get("idempotency_key", "")[:80]
    if not amount.isdecimal() or not key:
        raise Refused("Trang thu tiền không đầy đủ. Hãy tải lại trang rồi thu lại.")
    payment = actions.take_cash(request.actor, found, amount=int(amount), idempotency_key=key)
    receipt = payment.charge.receipts.filter(cancelled_at=None).order_by("-id").first()
    told(request, f"Đã thu tiền mặt của {found.payer_name}.")
    if receipt is not None:
        return redirect("desk-payments:receipt", receipt=receipt.uuid)
    return redirect("desk-payments:charge", charge=found.uuid)


@require_POST
@declare("payments.waive")
def waive(request: HttpRequest, charge: UUID) -> HttpResponseBase:
    found = _charge(request, charge)
    actions.waive(request.actor, found, reason=tidy(request.POST.get("reason", "")))
    told(request, "Đã miễn phần còn lại của khoản này.")
    return redirect("desk-payments:charge", charge=found.uuid)


@require_POST
@declare("payments.ask_refund")
def ask_refund(request: HttpRequest, charge: UUID) -> HttpResponseBase:
    found = _charge(request, charge)
    form = RefundForm(request.POST)
    if not form.is_valid():
        raise Refused("Hãy ghi số tiền và lý do hoàn.")
    actions.ask_refund(request.actor, found, amount=form.cleaned_data["amount"], reason=form.cleaned_data["reason"])
    told(request, "Đã gửi đề nghị hoàn phí. Người có quyền duyệt sẽ thấy ở mục Hoàn phí.")
    return redirect("desk-payments:charge", charge=found.uuid)


@screen("payments/desk/receipts.html", permission="desk.use")
def receipts(request: HttpRequest) -> Answer:
    rows = visible(request.actor, "payments.view", Receipt.objects.select_related("charge"))
    found, following = page(request, rows)
    return {"receipts": found, "next": following}


@screen("payments/desk/receipt.html", permission="desk.use")
def receipt(request: HttpRequest, receipt: UUID) -> Answer:
    found = _receipt(request, receipt)
    may_cancel = not found.cancelled_at and request.actor.may("payments.cancel_receipt", on=found)
    return {"receipt": found, "may_cancel": may_cancel, "form": ReasonForm()}


@screen("payments/parts/receipt.html", permission="desk.use")
def print_receipt(request: HttpRequest, receipt: UUID) -> Answer:
    return {"receipt": _receipt(request, receipt), "back": "desk-payments:charge"}


@require_POST
@declare("payments.cancel_receipt")
def cancel_receipt(request: HttpRequest, receipt: UUID) -> HttpResponseBase:
    found = _receipt(request, receipt)
    actions.cancel_receipt(request.actor, found, reason=tidy(request.POST.get("reason", "")))
    told(request, f"Đã huỷ biên lai {found.number}. Số này vẫn giữ trong sổ.")
    return redirect("desk-payments:receipt", receipt=found.uuid)


urlpatterns = [
    path("", index, name="index"),
    path("khoan/<uuid:charge>/", charge, name="charge"),
    path("khoan/<uuid:charge>/qr.svg", qr, name="qr"),
    path("khoan/<uuid:charge>/thu/", take_cash, name="take_cash"),
    path("khoan/<uuid:charge>/mien/", waive, name="waive"),
    path("khoan/<uuid:charge>/hoan/", ask_refund, name="ask_refund"),
    path("bien-lai/", receipts, name="receipts"),
    path("bien-lai/<uuid:receipt>/", receipt, name="receipt"),
    path("bien-lai/<uuid:receipt>/in/", print_receipt, name="print_receipt"),
    path("bien-lai/<uuid:receipt>/huy/", cancel_receipt, name="cancel_receipt"),
    *books.urlpatterns,
]

"""The cashier's books: movements to settle, statements, refunds, the day's sheet, accounts. Mounted by desk.py."""

from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from xaso.core.access import visible
from xaso.core.accounts.queries import own_unit
from xaso.core.paging import page
from xaso.core.screens import Answer, declare, screen, told
from xaso.kit import clock
from xaso.kit.errors import Missing
from xaso.kit.fold import tidy
from xaso.modules.payments import actions
from xaso.modules.payments.forms import AccountForm, CloseDayForm, SettleForm, StatementForm
from xaso.modules.payments.models import BankTransaction, Charge, RefundTask
from xaso.modules.payments.queries import accounts_of, day_sheet, last_closes, suspense_of, unsettled, waiting_refunds


@screen("payments/desk/to_settle.html", permission="payments.settle")
def to_settle(request: HttpRequest) -> Answer:
    rows = visible(request.actor, "payments.settle", BankTransaction.objects.all())
    found, following = page(request, unsettled(rows))
    return {"transactions": found, "next": following, "suspense": suspense_of(own_unit(request.actor))}


@screen("payments/desk/transaction.html", permission="payments.settle")
def transaction(request: HttpRequest, transaction: UUID) -> Answer:
    rows = visible(request.actor, "payments.settle", BankTransaction.objects.select_related("charge"))
    found = rows.filter(uuid=transaction).first()
    if found is None:
        raise Missing("Không tìm thấy giao dịch này ở đơn vị của bạn.")
    form = SettleForm(
        request.POST or None,
        transaction=found,
        initial={"reference": found.charge.reference if found.charge and found.charge.is_open else ""},
    )
    if request.method == "POST" and form.is_valid():
        _settle(request, found, form.cleaned_data)
        return redirect("desk-payments:to_settle")
    return {
        "transaction": found,
        "crumbs": [{"label": "Đối soát", "url": reverse("desk-payments:to_settle")}, {"label": found.bank_ref}],
        "form": form,
        "payments": list(found.payments.select_related("charge")),
        "refunds": list(found.refunds.order_by("id")),
    }


def _settle(request: HttpRequest, found: BankTransaction, given: dict) -> None:
    charge = None
    if given["reference"]:
        charges = visible(request.actor, "payments.view", Charge.objects.all())
        charge = charges.filter(reference=given["reference"]).first()
    actions.settle_transaction(
        request.actor,
        found,
        how=given["how"],
        reason=tidy(given["reason"]),
        charge=charge,
        refund=given.get("refund"),
    )
    asked = given["how"] == BankTransaction.How.REFUND
    told(request, "Đã gửi đề nghị hoàn, chờ người khác duyệt." if asked else "Đã xử lý giao dịch.")


@screen("payments/desk/statement.html", permission="payments.import_statement")
def import_statement(request: HttpRequest) -> Answer:
    accounts = accounts_of(request.actor, "payments.import_statement")
    form = StatementForm(request.POST or None, request.FILES or None, accounts=accounts)
    report = None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data["file"].read(2 * 1024 * 1024 + 1)
        report = actions.import_statement(request.actor, form.cleaned_data["account"], data=data)
    labels = dict(BankTransaction.Outcome.choices)
    outcomes = [(labels[key], count) for key, count in report.outcomes.items()] if report else []
    return {"form": form, "accounts": accounts, "report": report, "outcomes": outcomes}


@screen("payments/desk/refunds.html", permission="desk.use")
def refunds(request: HttpRequest) -> Answer:
    by = request.actor
    tasks = waiting_refunds(by)
    rows = [
        {
            "task": task,
            "may_decide": task.state == RefundTask.State.ASKED
            and task.asked_by_id != by.account_id
            and by.may("payments.approve_refund", on=task),
        }
        for task in tasks
    ]
    return {"rows": rows}


def _refund(request: HttpRequest, refund: UUID) -> RefundTask:
    found = visible(request.actor, "payments.view", RefundTask.objects.all()).filter(uuid=refund).first()
    if found is None:
        raise Missing("Không tìm thấy đề nghị hoàn này ở đơn vị của bạn.")
    return found


@require_POST
@declare("payments.approve_refund")
def approve_refund(request: HttpRequest, refund: UUID) -> HttpResponseBase:
    task = actions.approve_refund(request.actor, _refund(request, refund))
    paid = task.state == RefundTask.State.PAID
    told(request, "Đã duyệt. Hãy trả tiền mặt ngay." if paid else "Đã duyệt. Hãy chuyển khoản hoàn cho người nộp.")
    return redirect("desk-payments:refunds")


@require_POST
@declare("payments.decline_refund")
def decline_refund(request: HttpRequest, refund: UUID) -> HttpResponseBase:
    actions.decline_refund(request.actor, _refund(request, refund), reason=tidy(request.POST.get("reason", "")))
    told(request, "Đã ghi là không duyệt.")
    return redirect("desk-payments:refunds")


@screen("payments/desk/day.html", permission="payments.close_day")
def close_day(request: HttpRequest) -> Answer:
    unit = own_unit(request.actor)
    if request.method == "POST":
        form = CloseDayForm(request.POST)
        if form.is_valid():
            closed = actions.close_day(request.actor, unit, **form.cleaned_data)
            told(request, f"Đã khoá sổ ngày {closed.day:%d/%m/%Y}.")
            return redirect(f"{reverse('desk-payments:close_day')}?ngay={closed.day:%Y-%m-%d}")
        day = form.cleaned_data.get("day") or clock.today()
    else:
        day = _asked_day(request)
        form = CloseDayForm(initial={"day": day})
    return {"form": form, "sheet": day_sheet(unit, day), "unit": unit, "closes": last_closes(unit)}


def _asked_day(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(request.GET.get("ngay", ""))
    except ValueError:
        return clock.today()


@screen("payments/desk/accounts.html", permission="payments.set_account")
def accounts(request: HttpRequest) -> Answer:
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.set_account(request.actor, own_unit(request.actor), **form.cleaned_data)
        told(request, "Đã đặt tài khoản thu phí. Mã QR mới dùng tài khoản này từ ngày đã chọn.")
        return redirect("desk-payments:accounts")
    return {"form": form, "accounts": accounts_of(request.actor, "payments.set_account")}


urlpatterns = [
    path("doi-soat/", to_settle, name="to_settle"),
    path("giao-dich/<uuid:transaction>/", transaction, name="transaction"),
    path("sao-ke/", import_statement, name="import_statement"),
    path("hoan/", refunds, name="refunds"),
    path("hoan/<uuid:refund>/duyet/", approve_refund, name="approve_refund"),
    path("hoan/<uuid:refund>/khong-duyet/", decline_refund, name="decline_refund"),
    path("so-ngay/", close_day, name="close_day"),
    path("tai-khoan/", accounts, name="accounts"),
]

"""Giving money back: asked by one person, approved by another, and shown until it has left."""

from xaso.core.access import Actor
from xaso.core.actions import action
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.modules.payments.actions import ledger
from xaso.modules.payments.models import BankTransaction, Charge, Payment, RefundTask
from xaso.modules.payments.queries import pending_refunds

State = RefundTask.State


@action("payments.ask_refund", "Đề nghị hoàn phí")
def ask_refund(by: Actor, source: Charge | BankTransaction, /, *, amount: int, reason: str) -> RefundTask:
    """From what a charge received, or from a transfer that nobody placed."""
    if not reason.strip():
        raise Refused("Hãy ghi lý do hoàn.")
    ledger.open_book(source.unit_id, source.unit_path, clock.today())
    source.refresh_from_db()
    charge = source if isinstance(source, Charge) else None
    transfer = source if isinstance(source, BankTransaction) else None
    held = source.paid if isinstance(source, Charge) else source.suspense
    free = held - pending_refunds(charge=charge, transaction=transfer)
    if not 0 < amount <= free:
        raise Refused(f"Chỉ còn hoàn được nhiều nhất {max(free, 0):,} đồng.".replace(",", "."))
    return RefundTask.objects.create(
        unit_id=source.unit_id,
        unit_path=source.unit_path,
        charge=charge,
        transaction=transfer,
        method=_method_back(charge, amount) if charge else Payment.Method.TRANSFER,
        amount=amount,
        reason=reason[:300],
        asked_by_id=by.account_id,
        asked_by_name=by.name,
        asked_at=clock.now(),
    )


def _method_back(charge: Charge, amount: int) -> str:
    """Cash goes back from the drawer only as far as cash came in; all else goes back through the bank."""
    cash = sum(payment.amount for payment in charge.payments.filter(method=Payment.Method.CASH))
    return Payment.Method.CASH if cash >= amount else Payment.Method.TRANSFER


@action("payments.approve_refund", "Duyệt hoàn phí")
def approve_refund(by: Actor, task: RefundTask, /) -> RefundTask:
    """Cash leaves the drawer now; a transfer waits until the bank tells that it left."""
    book_on = ledger.open_book(task.unit_id, task.unit_path, clock.today())
    _decide(by, task, State.PAID if task.method == Payment.Method.CASH else State.APPROVED)
    if task.method == Payment.Method.CASH:
        charge = Charge.objects.get(pk=task.charge_id)
        ledger.take_off(by, charge, task.amount, Payment.Method.CASH, book_on, _why(task), still_due=False)
    elif task.transaction_id:
        _explain_source(by, BankTransaction.objects.get(pk=task.transaction_id), task)
    return task


@action("payments.decline_refund", "Không duyệt hoàn phí")
def decline_refund(by: Actor, task: RefundTask, /, *, reason: str) -> RefundTask:
    """The money stays where it was and in sight."""
    if not reason.strip():
        raise Refused("Hãy ghi lý do không duyệt.")
    _decide(by, task, State.DECLINED)
    return task


def pay_out(by: Actor, task: RefundTask, transaction: BankTransaction) -> None:
    """The bank told that an approved refund left. Part of settling that movement."""
    if transaction.amount != -task.amount:
        raise Refused("Số tiền chi ra không bằng số tiền được duyệt hoàn. Hãy chọn đề nghị khác hoặc giải trình.")
    done = RefundTask.objects.filter(pk=task.pk, state=State.APPROVED).update(state=State.PAID, paid_with=transaction)
    if not done:
        raise Refused("Đề nghị hoàn này không còn ở trạng thái chờ chi. Hãy tải lại trang.")
    if task.charge_id:
        charge = Charge.objects.get(pk=task.charge_id)
        method = Payment.Method.TRANSFER
        ledger.take_off(
            by, charge, task.amount, method, transaction.book_on, _why(task), transaction=transaction, still_due=False
        )
    else:
        transaction.explained += transaction.suspense


def _explain_source(by: Actor, source: BankTransaction, task: RefundTask) -> None:
    if source.suspense < task.amount:
        raise Refused("Giao dịch này không còn đủ tiền chờ xử lý. Hãy xem lại.")
    source.explained += task.amount
    if source.suspense == 0:
        ledger.settle(by, source, BankTransaction.How.REFUND, _why(task))
    source.save()
    ledger.no_longer_over(source)


def _decide(by: Actor, task: RefundTask, state: str) -> None:
    if task.asked_by_id is not None and task.asked_by_id == by.account_id:
        raise Refused("Người đề nghị không tự quyết định. Hãy nhờ người khác có quyền duyệt.")
    values = {
        "state": state,
        "decided_by_id": by.account_id,
        "decided_by_name": by.name,
        "decided_at": clock.now(),
    }
    if not RefundTask.objects.filter(pk=task.pk, state=State.ASKED).update(**values):
        raise Refused("Đề nghị hoàn này đã được quyết định. Hãy tải lại trang.")
    for name, value in values.items():
        setattr(task, name, value)


def _why(task: RefundTask) -> str:
    return f"Hoàn phí: {task.reason}"[:300]

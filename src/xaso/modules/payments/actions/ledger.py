"""Putting money on a charge and taking it off: the only code that writes payments. Used by the other files here.

Money of one unit is written by one transaction at a time (`open_book`), so no sum is taken between two halves.
"""

from datetime import date
from typing import Any

from xaso.core.access import Actor
from xaso.core.marks.watching import touch
from xaso.core.numbering.actions import next_value
from xaso.core.outbox.actions import announce
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.modules.payments.events import PaymentChanged, PaymentConfirmed
from xaso.modules.payments.models import BankTransaction, Charge, Payment, Receipt
from xaso.modules.payments.queries import first_open_day
from xaso.modules.payments.rules.matching import OPEN_STATES, state_after

CHANGED = "Khoản này vừa được người khác xử lý. Hãy tải lại trang và xem trạng thái mới."
ONCE_EACH = "Giao dịch này đã ghi vào khoản đó rồi. Hãy tải lại trang."


def open_book(unit_id: int, unit_path: str, day: date) -> date:
    """Wait for this unit's turn, then say on which day's sheet something of that day is booked."""
    next_value("payments.book", unit_path, "", 0)
    return first_open_day(unit_id, day)


def put_on(
    by: Actor,
    charge: Charge,
    amount: int,
    method: str,
    book_on: date,
    *,
    transaction: BankTransaction | None = None,
    key: str | None = None,
) -> Payment:
    """Add money to an open charge, at most what is due. Full: a receipt is written and the fact announced."""
    if charge.state not in OPEN_STATES or amount > charge.due:
        raise Refused(CHANGED)
    _change(charge, paid=charge.paid + amount)
    payment = _write(by, charge, amount, method, book_on, transaction=transaction, key=key)
    if transaction is not None:
        transaction.applied += amount
    if charge.is_paid:
        finish(by, charge)
    else:
        announce(PaymentChanged(subject=charge.subject, charge_id=charge.pk))
    return payment


def take_off(
    by: Actor,
    charge: Charge,
    amount: int,
    method: str,
    book_on: date,
    reason: str,
    *,
    transaction: BankTransaction | None = None,
    still_due: bool,
) -> Payment:
    """Take money off: `still_due` when the payer owes it again (the bank took it back), not after a refund."""
    if amount > charge.paid:
        raise Refused("Số tiền rút lại lớn hơn số đã nộp của khoản này. Hãy kiểm tra lại.")
    paid = charge.paid - amount
    closed = charge.is_paid or charge.state == Charge.State.WAIVED
    if still_due or not closed:
        _change(charge, paid=paid, paid_at=None)
    elif paid == 0:
        _change(charge, paid=0, state=Charge.State.CANCELLED, cancelled_reason=reason)
    else:
        _change(charge, paid=paid, waived=charge.waived + amount)
    payment = _write(by, charge, -amount, method, book_on, transaction=transaction)
    if transaction is not None:
        transaction.applied -= amount
    cancel_receipts(by, charge, reason)
    if charge.is_paid:
        issue_receipt(by, charge)
    announce(PaymentChanged(subject=charge.subject, charge_id=charge.pk))
    return payment


def finish(by: Actor, charge: Charge) -> None:
    """Nothing more is due: write the receipt, close what was short, tell."""
    if charge.paid:
        issue_receipt(by, charge)
    short = BankTransaction.objects.filter(charge=charge, outcome="short", settled_at=None)
    short.update(settled_at=clock.now(), settled_by_name=by.name, how=BankTransaction.How.COMPLETED)
    announce(PaymentConfirmed(subject=charge.subject, charge_id=charge.pk, amount=charge.paid))


def issue_receipt(by: Actor, charge: Charge) -> Receipt:
    now = clock.now()
    year = clock.local(now).year
    paid = charge.payments.order_by("id").values("method", "amount", "at")
    return Receipt.objects.create(
        unit_id=charge.unit_id,
        unit_path=charge.unit_path,
        year=year,
        serial=next_value("receipt", charge.unit_path, str(year)),
        charge=charge,
        amount=charge.paid,
        lines=charge.lines,
        payments=[{"method": p["method"], "amount": p["amount"], "at": p["at"].isoformat()} for p in paid],
        issued_at=now,
        issued_by_name=by.name,
    )


def cancel_receipts(by: Actor, charge: Charge, reason: str) -> None:
    live = charge.receipts.filter(cancelled_at=None)
    live.update(cancelled_at=clock.now(), cancelled_by_name=by.name, cancelled_reason=reason[:300])


def settle(by: Actor, transaction: BankTransaction, how: str, reason: str = "") -> None:
    """Say what a movement was. The person's name stays on the row."""
    transaction.settled_at = clock.now()
    transaction.settled_by_id = by.account_id
    transaction.settled_by_name = by.name
    transaction.how = how
    transaction.reason = reason[:300]


def no_longer_over(transaction: BankTransaction) -> None:
    """Once the excess of a transfer is placed, its charge is simply paid."""
    if transaction.charge_id and transaction.suspense == 0 and transaction.outcome in {"over", "duplicate"}:
        others = BankTransaction.objects.filter(
            charge_id=transaction.charge_id, settled_at=None, outcome__in=["over", "duplicate"]
        )
        if not others.exclude(pk=transaction.pk).exists():
            Charge.objects.filter(pk=transaction.charge_id, state="overpaid").update(state="paid")


def change_state(charge: Charge, state: str, **values: Any) -> None:
    """Compare-and-set of a charge. Raises Refused when somebody was faster."""
    _change(charge, state=state, **values)


def _change(charge: Charge, **values: Any) -> None:
    touch(charge)
    paid, waived = values.get("paid", charge.paid), values.get("waived", charge.waived)
    values.setdefault("state", state_after(charge.total, waived, paid))
    if values["state"] == Charge.State.PAID and charge.paid_at is None:
        values.setdefault("paid_at", clock.now())
    same = Charge.objects.filter(pk=charge.pk, state=charge.state, paid=charge.paid, waived=charge.waived)
    if not same.update(**values):
        raise Refused(CHANGED)
    for name, value in values.items():
        setattr(charge, name, value)


def _write(
    by: Actor,
    charge: Charge,
    amount: int,
    method: str,
    book_on: date,
    *,
    transaction: BankTransaction | None = None,
    key: str | None = None,
) -> Payment:
    if transaction and Payment.objects.filter(charge=charge, transaction=transaction).exists():
        raise Refused(ONCE_EACH)
    payment = Payment.objects.create(
        charge=charge,
        unit_path=charge.unit_path,
        method=method,
        amount=amount,
        at=clock.now(),
        book_on=book_on,
        by_id=by.account_id,
        by_name=by.name,
        transaction=transaction,
        idempotency_key=key,
    )
    touch(payment)
    return payment

"""What the bank tells us, once each; and what a person says it was."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import tidy
from xaso.modules.payments.actions import ledger
from xaso.modules.payments.actions.refunds import ask_refund, pay_out
from xaso.modules.payments.models import BankTransaction, Charge, CollectingAccount, Payment, RefundTask
from xaso.modules.payments.rules.matching import OPEN_STATES, Owed, Transfer, match
from xaso.modules.payments.rules.references import find_references

How = BankTransaction.How


@dataclass(frozen=True, slots=True)
class Movement:
    """One movement as told. `amount` is negative for money out; `digest` is SHA-256 of what was received."""

    bank_ref: str
    amount: int
    content: str
    at: datetime
    source: str
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    transaction: BankTransaction
    is_new: bool


@action("payments.record_transaction", "Ghi giao dịch ngân hàng")
def record_bank_transaction(by: Actor, account: CollectingAccount, /, *, movement: Movement) -> Recorded:
    """Keep a movement and match it. Told again, it changes nothing; told with another amount, it is refused."""
    recorded = record(by, account, movement)
    note(transaction=str(recorded.transaction.uuid), outcome=recorded.transaction.outcome, is_new=recorded.is_new)
    return recorded


def record(by: Actor, account: CollectingAccount, movement: Movement) -> Recorded:
    """The same as a part of another action."""
    bank_ref = tidy(movement.bank_ref)
    if not bank_ref or len(bank_ref) > 80:
        raise Refused("Thiếu mã giao dịch, hoặc mã dài quá 80 ký tự.")
    if movement.amount == 0:
        raise Refused(f"Giao dịch {bank_ref} có số tiền bằng 0. Hãy kiểm tra lại với ngân hàng.")
    day = clock.local(movement.at).date()
    book_on = ledger.open_book(account.unit_id, account.unit_path, day)
    charge = _charge_named(account, movement.content)
    owed = Owed(charge.state, charge.due, charge.due_on) if charge else None
    fresh = BankTransaction(
        unit_id=account.unit_id,
        unit_path=account.unit_path,
        bank=account.bank_bin,
        account=account.account_number,
        bank_ref=bank_ref,
        amount=movement.amount,
        content=tidy(movement.content)[:500],
        at=movement.at,
        book_on=book_on,
        recorded_at=clock.now(),
        source=movement.source,
        digest=movement.digest,
        outcome=match(owed, Transfer(movement.amount, day)),
        charge=charge,
    )
    kept = _keep_once(fresh)
    if kept.uuid != fresh.uuid:
        return Recorded(kept, is_new=False)
    _apply(by, kept, charge)
    return Recorded(kept, is_new=True)


def _charge_named(account: CollectingAccount, content: str) -> Charge | None:
    """The one charge of this unit that the text names; none when it names two, which a person must split."""
    references = find_references(content)
    found = list(Charge.objects.filter(reference__in=references, unit_id=account.unit_id)[:2]) if references else []
    return found[0] if len(found) == 1 else None


def _keep_once(fresh: BankTransaction) -> BankTransaction:
    BankTransaction.objects.bulk_create([fresh], ignore_conflicts=True)
    kept = BankTransaction.objects.get(bank=fresh.bank, account=fresh.account, bank_ref=fresh.bank_ref)
    if kept.uuid != fresh.uuid and kept.amount != fresh.amount:
        raise Refused(
            f"Mã giao dịch {fresh.bank_ref} đã ghi với số tiền khác. Hãy đối chiếu với ngân hàng; chưa ghi gì thêm."
        )
    return kept


def _apply(by: Actor, transaction: BankTransaction, charge: Charge | None) -> None:
    """Money that is surely this charge's goes on it; all other money waits for a person."""
    if charge is None or transaction.outcome not in {"exact", "short", "over", "duplicate"}:
        return
    if transaction.outcome == "duplicate":
        Charge.objects.filter(pk=charge.pk, state="paid").update(state="overpaid")
        return
    amount = min(transaction.amount, charge.due)
    ledger.put_on(by, charge, amount, Payment.Method.TRANSFER, transaction.book_on, transaction=transaction)
    if transaction.outcome == "over":
        ledger.change_state(charge, Charge.State.OVERPAID)
    if transaction.outcome == "exact":
        ledger.settle(by, transaction, How.MATCHED)
    transaction.save()


@action("payments.settle", "Xử lý giao dịch chưa khớp")
def settle_transaction(
    by: Actor,
    transaction: BankTransaction,
    /,
    *,
    how: str,
    reason: str = "",
    charge: Charge | None = None,
    refund: RefundTask | None = None,
) -> BankTransaction:
    """A person says what a movement was: `charge`, `refund` or `explain` for money in; `paid_refund`, `reversal` or
    `explain` for money out. `refund` only asks: the movement stays in sight until another person approves."""
    book_on = ledger.open_book(transaction.unit_id, transaction.unit_path, clock.today())
    transaction.refresh_from_db()
    if transaction.settled_at is not None:
        raise Refused("Giao dịch này đã được xử lý. Hãy tải lại trang.")
    ways: dict[str, Callable[[], None]] = {
        How.CHARGE: lambda: _assign(by, transaction, charge, reason, book_on),
        How.REFUND: lambda: _ask_back(by, transaction, reason),
        How.EXPLAIN: lambda: _explain(by, transaction, reason),
        How.PAID_REFUND: lambda: _pays_refund(by, transaction, refund, reason),
        How.REVERSAL: lambda: _reverse(by, transaction, charge, reason, book_on),
    }
    if how not in ways:
        raise Refused("Hãy chọn cách xử lý giao dịch.")
    ways[how]()
    transaction.save()
    ledger.no_longer_over(transaction)
    return transaction


def _assign(by: Actor, transaction: BankTransaction, charge: Charge | None, reason: str, book_on: date) -> None:
    if transaction.suspense <= 0:
        raise Refused("Giao dịch này không còn tiền chờ xử lý.")
    charge = _of_same_unit(transaction, charge)
    if charge.state not in OPEN_STATES:
        raise Refused(f"Khoản {charge.reference} {charge.get_state_display().lower()}, không nhận thêm tiền được.")
    if transaction.refunds.filter(state="asked").exists():
        raise Refused("Giao dịch này đang chờ duyệt hoàn. Hãy xử lý đề nghị hoàn trước.")
    amount = min(transaction.suspense, charge.due)
    ledger.put_on(by, charge, amount, Payment.Method.TRANSFER, book_on, transaction=transaction)
    if transaction.charge_id is None or transaction.outcome == "late":
        transaction.charge = charge
    if transaction.suspense == 0:
        ledger.settle(by, transaction, How.CHARGE, reason)


def _ask_back(by: Actor, transaction: BankTransaction, reason: str) -> None:
    if transaction.suspense <= 0:
        raise Refused("Giao dịch này không còn tiền chờ xử lý để hoàn.")
    ask_refund(by, transaction, amount=transaction.suspense, reason=reason)


def _explain(by: Actor, transaction: BankTransaction, reason: str) -> None:
    if len(reason.strip()) < 10:
        raise Refused("Hãy ghi rõ khoản tiền này là gì, để người khác đọc hiểu (ít nhất 10 ký tự).")
    if transaction.refunds.filter(state="asked").exists():
        raise Refused("Giao dịch này đang chờ duyệt hoàn. Hãy xử lý đề nghị hoàn trước.")
    transaction.explained += transaction.suspense
    ledger.settle(by, transaction, How.EXPLAIN, reason)


def _pays_refund(by: Actor, transaction: BankTransaction, refund: RefundTask | None, reason: str) -> None:
    if refund is None or refund.unit_id != transaction.unit_id:
        raise Refused("Hãy chọn đề nghị hoàn mà giao dịch này chi trả.")
    pay_out(by, refund, transaction)
    ledger.settle(by, transaction, How.PAID_REFUND, reason)


def _reverse(by: Actor, transaction: BankTransaction, charge: Charge | None, reason: str, book_on: date) -> None:
    if transaction.amount > 0:
        raise Refused("Chỉ giao dịch tiền ra mới là ngân hàng rút lại.")
    charge = _of_same_unit(transaction, charge or transaction.charge)
    why = reason.strip() or f"Ngân hàng rút lại giao dịch {transaction.bank_ref}"
    amount = -transaction.suspense
    ledger.take_off(by, charge, amount, Payment.Method.TRANSFER, book_on, why, transaction=transaction, still_due=True)
    ledger.settle(by, transaction, How.REVERSAL, why)


def _of_same_unit(transaction: BankTransaction, charge: Charge | None) -> Charge:
    if charge is None or charge.unit_id != transaction.unit_id:
        raise Refused("Không tìm thấy khoản phí đó của đơn vị. Hãy kiểm tra lại mã khoản.")
    charge.refresh_from_db()
    return charge


__all__ = ["Movement", "Recorded", "record", "record_bank_transaction", "settle_transaction"]

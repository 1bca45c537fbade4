"""Asking for a fee, taking it over the counter, waiving and cancelling it."""

import secrets
from collections.abc import Sequence
from datetime import date
from typing import Any

from xaso.core.access import Actor
from xaso.core.actions import action
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.rows import insert
from xaso.modules.payments.actions import ledger
from xaso.modules.payments.models import Charge, Payment
from xaso.modules.payments.rules.matching import OPEN_STATES, fault_in_lines
from xaso.modules.payments.rules.references import SERIALS, reference_for


def request_payment(
    by: Actor,
    *,
    subject: str,
    unit: Unit,
    payer_name: str,
    owner_person_id: int | None,
    lines: list[dict[str, Any]],
    total: int | None,
    collect_at: str,
    due_on: date | None = None,
) -> Charge | None:
    """Record that a fee is due. Part of the caller's action: one INSERT, and no entry of its own.

    Nothing to pay records nothing and returns None. A fee nobody knows yet is refused, never taken for zero.
    """
    del by
    charge = new_charge(
        subject=subject, unit=unit, payer_name=payer_name, owner_person_id=owner_person_id, lines=lines, total=total,
        collect_at=collect_at, due_on=due_on,
    )  # fmt: skip
    if charge is not None:
        insert([charge])
    return charge


def request_payments(by: Actor, charges: list[Charge]) -> list[Charge]:
    """The same for many, made by `new_charge`. Part of the caller's action: one INSERT."""
    del by
    insert(charges)
    return charges


def new_charge(
    *,
    subject: str,
    unit: Unit,
    payer_name: str,
    owner_person_id: int | None,
    lines: list[dict[str, Any]],
    total: int | None,
    collect_at: str,
    due_on: date | None = None,
) -> Charge | None:
    """The row, not yet stored; None when there is nothing to pay."""
    if fault := fault_in_lines(lines, total):
        raise Refused(fault)
    if not total:
        return None
    return Charge(
        subject=subject,
        unit=unit,
        unit_path=unit.path,
        payer_name=payer_name,
        owner_person_id=owner_person_id,
        lines=lines,
        total=total,
        collect_at=collect_at,
        reference=reference_for(secrets.randbelow(SERIALS)),
        created_at=clock.now(),
        due_on=due_on,
    )


def cancel_charge(by: Actor, charge: Charge, *, reason: str) -> Charge:
    """Stop asking. Part of the caller's action. Money that came in stays on the charge until somebody refunds it."""
    ledger.open_book(charge.unit_id, charge.unit_path, clock.today())
    charge.refresh_from_db()
    if charge.state not in OPEN_STATES:
        return charge
    if charge.paid:
        waived = charge.waived + charge.due
        ledger.change_state(charge, Charge.State.PAID, waived=waived, cancelled_reason=reason[:300])
        ledger.finish(by, charge)
    else:
        ledger.change_state(charge, Charge.State.CANCELLED, cancelled_reason=reason[:300])
    return charge


@action("payments.take_cash", "Thu tiền mặt")
def take_cash(by: Actor, charge: Charge, /, *, amount: int, idempotency_key: str) -> Payment:
    """Take the whole rest in cash. `amount` is what the cashier's page showed; the key makes a second tap harmless."""
    today = ledger.open_book(charge.unit_id, charge.unit_path, clock.today())
    before = Payment.objects.filter(idempotency_key=idempotency_key).first()
    if before is not None:
        if before.charge_id != charge.pk:
            raise Refused("Lần thu này đã ghi cho một khoản khác. Hãy mở lại khoản cần thu.")
        return before
    charge.refresh_from_db()
    if charge.state not in OPEN_STATES:
        raise Refused(f"Khoản này {charge.get_state_display().lower()}, không cần thu nữa. Hãy tải lại trang.")
    if amount != charge.due:
        raise Refused("Số tiền còn phải thu vừa thay đổi. Hãy tải lại trang rồi thu theo số mới.")
    return ledger.put_on(by, charge, amount, Payment.Method.CASH, today, key=idempotency_key)


@action("payments.waive", "Miễn phần phí còn lại")
def waive(by: Actor, charge: Charge, /, *, reason: str) -> Charge:
    """Stop asking for the rest, with a reason that stays on the charge."""
    if not reason.strip():
        raise Refused("Hãy ghi lý do miễn (đối tượng, giấy tờ đã xem).")
    ledger.open_book(charge.unit_id, charge.unit_path, clock.today())
    charge.refresh_from_db()
    if charge.state not in OPEN_STATES:
        raise Refused(ledger.CHANGED)
    waived = charge.waived + charge.due
    state = Charge.State.PAID if charge.paid else Charge.State.WAIVED
    ledger.change_state(charge, state, waived=waived, waived_reason=reason[:300])
    ledger.finish(by, charge)
    return charge


@action("payments.confirm", "Xác nhận đã nộp qua cổng thanh toán")
def confirm_payment(by: Actor, charge: Charge, /, *, amount: int, provider_ref: str) -> Payment:
    """A payment platform says that it holds the money of this charge. Idempotent on its reference."""
    if not provider_ref.strip():
        raise Refused("Thiếu mã giao dịch của cổng thanh toán.")
    today = ledger.open_book(charge.unit_id, charge.unit_path, clock.today())
    key = f"portal:{provider_ref}"[:80]
    before = Payment.objects.filter(idempotency_key=key).first()
    if before is not None:
        if (before.charge_id, before.amount) != (charge.pk, amount):
            raise Refused("Mã giao dịch này đã ghi cho một khoản khác hoặc với số tiền khác.")
        return before
    charge.refresh_from_db()
    if charge.state not in OPEN_STATES:
        raise Refused(f"Khoản này {charge.get_state_display().lower()}; hãy hoàn lại giao dịch cho người nộp.")
    if not 0 < amount <= charge.due:
        raise Refused("Số tiền không khớp với số còn phải nộp của khoản này.")
    return ledger.put_on(by, charge, amount, Payment.Method.PORTAL, today, key=key)


def hand_over_charges(subjects: Sequence[str], unit: Unit) -> int:
    """What is still to be paid for these subjects is taken by another unit. What was paid stays in its book."""
    return Charge.objects.filter(subject__in=subjects, state__in=OPEN_STATES).update(unit=unit, unit_path=unit.path)

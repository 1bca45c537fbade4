"""The receipt book, the day's sheet and the accounts money is collected in."""

import re
from datetime import date

from django.db.models import Q

from xaso.core.access import Actor
from xaso.core.actions import action
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import tidy
from xaso.modules.payments.actions import ledger
from xaso.modules.payments.models import Charge, CollectingAccount, DayClose, Receipt
from xaso.modules.payments.queries import day_sheet


@action("payments.cancel_receipt", "Huỷ biên lai")
def cancel_receipt(by: Actor, receipt: Receipt, /, *, reason: str) -> Receipt:
    """Cancel a wrong receipt; its serial stays in the book. A charge that is still paid gets a new one."""
    if not reason.strip():
        raise Refused("Hãy ghi lý do huỷ biên lai.")
    ledger.open_book(receipt.unit_id, receipt.unit_path, clock.today())
    cancelled = Receipt.objects.filter(pk=receipt.pk, cancelled_at=None).update(
        cancelled_at=clock.now(), cancelled_by_name=by.name, cancelled_reason=reason[:300]
    )
    if not cancelled:
        raise Refused("Biên lai này đã huỷ. Hãy tải lại trang.")
    charge = Charge.objects.get(pk=receipt.charge_id)
    if charge.is_paid:
        receipt.replaced_by = ledger.issue_receipt(by, charge)
        Receipt.objects.filter(pk=receipt.pk).update(replaced_by=receipt.replaced_by)
    receipt.refresh_from_db()
    return receipt


@action("payments.close_day", "Khoá sổ ngày")
def close_day(
    by: Actor, unit: Unit, /, *, day: date, cash_counted: int, statement_movement: int, note: str = ""
) -> DayClose:
    """Close when the counted cash and the bank's statement equal the books, or a note says why not.

    What is told later of a closed day is booked on the next open one and shown there as carried.
    """
    if day > clock.today():
        raise Refused("Chưa đến ngày này nên chưa khoá sổ được.")
    ledger.open_book(unit.pk, unit.path, day)
    sheet = day_sheet(unit, day)
    if sheet.closed:
        raise Refused(f"Sổ ngày {day:%d/%m/%Y} đã khoá lúc {clock.local(sheet.closed.closed_at):%H:%M %d/%m/%Y}.")
    if sheet.fault:
        raise Refused(sheet.fault)
    difference = statement_movement - sheet.expected_movement
    _refuse_unexplained(difference, cash_counted - sheet.cash, note)
    return DayClose.objects.create(
        unit=unit,
        unit_path=unit.path,
        day=day,
        cash=sheet.cash,
        cash_counted=cash_counted,
        portal=sheet.portal,
        transfer=sheet.transfer,
        explained=sheet.explained,
        suspense=sheet.suspense,
        movement=sheet.movement,
        carried=sheet.carried,
        statement_movement=statement_movement,
        difference=difference,
        note=note[:500],
        closed_by_id=by.account_id,
        closed_by_name=by.name,
        closed_at=clock.now(),
    )


def _refuse_unexplained(difference: int, cash_difference: int, note: str) -> None:
    if (difference or cash_difference) and len(note.strip()) < 10:
        raise Refused(
            f"Sổ lệch: sao kê {_signed(difference)} đồng, tiền mặt {_signed(cash_difference)} đồng so với sổ. Hãy nhập "
            "sao kê còn thiếu, đếm lại tiền, hoặc ghi lời giải thích (ít nhất 10 ký tự) rồi khoá."
        )


def _signed(amount: int) -> str:
    return f"{amount:+,}".replace(",", ".")


@action("payments.set_account", "Đặt tài khoản thu phí")
def set_account(
    by: Actor, unit: Unit, /, *, bank_bin: str, bank_name: str, account_number: str, holder: str, valid_from: date
) -> CollectingAccount:
    """From a day on, collect here. The newest in force is shown to payers; transfers to an older one still match."""
    del by
    number = re.sub(r"[\s.-]", "", account_number)
    if not re.fullmatch(r"\d{6}", bank_bin) or not re.fullmatch(r"[A-Za-z0-9]{4,19}", number):
        raise Refused("Mã BIN của ngân hàng có 6 chữ số; số tài khoản có 4 đến 19 chữ và số.")
    if not tidy(holder) or not tidy(bank_name):
        raise Refused("Hãy ghi tên ngân hàng và tên chủ tài khoản.")
    elsewhere = CollectingAccount.objects.filter(bank_bin=bank_bin, account_number=number).exclude(unit=unit)
    if elsewhere.filter(Q(unit__valid_to=None) | Q(unit__valid_to__gte=valid_from)).exists():
        raise Refused("Tài khoản này đang là tài khoản thu phí của đơn vị khác.")
    if CollectingAccount.objects.filter(bank_bin=bank_bin, account_number=number, valid_from=valid_from).exists():
        raise Refused("Tài khoản này đã được đặt từ ngày đó.")
    return CollectingAccount.objects.create(
        unit=unit,
        unit_path=unit.path,
        bank_bin=bank_bin,
        bank_name=tidy(bank_name),
        account_number=number,
        holder=tidy(holder),
        valid_from=valid_from,
    )

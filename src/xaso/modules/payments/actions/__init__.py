"""Verbs of payments. Import from here."""

from xaso.modules.payments.actions.bank import Movement, Recorded, record_bank_transaction, settle_transaction
from xaso.modules.payments.actions.books import cancel_receipt, close_day, set_account
from xaso.modules.payments.actions.charges import (
    cancel_charge,
    confirm_payment,
    hand_over_charges,
    new_charge,
    request_payment,
    request_payments,
    take_cash,
    waive,
)
from xaso.modules.payments.actions.refunds import approve_refund, ask_refund, decline_refund
from xaso.modules.payments.actions.statements import ImportReport, import_statement

__all__ = [
    "ImportReport",
    "Movement",
    "Recorded",
    "approve_refund",
    "ask_refund",
    "cancel_charge",
    "cancel_receipt",
    "close_day",
    "confirm_payment",
    "decline_refund",
    "hand_over_charges",
    "import_statement",
    "new_charge",
    "record_bank_transaction",
    "request_payment",
    "request_payments",
    "set_account",
    "settle_transaction",
    "take_cash",
    "waive",
]

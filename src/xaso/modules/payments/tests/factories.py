"""Valid things with one call."""

import itertools
from datetime import date, datetime
from typing import Any

from django.db import transaction

from xaso.core.access import SYSTEM, Actor
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.modules.payments import actions
from xaso.modules.payments.actions import Movement, Recorded, record_bank_transaction, request_payment
from xaso.modules.payments.models import Charge, CollectingAccount

BIN = "970405"
NUMBER = "2605201001234"
_counter = itertools.count(1)


def make_account(unit: Unit, number: str = NUMBER) -> CollectingAccount:
    return actions.set_account(
        SYSTEM, unit, bank_bin=BIN, bank_name="Agribank", account_number=number,
        holder=f"UBND xã {unit.name}", valid_from=date(2025, 1, 1),
    )  # fmt: skip


def make_charge(unit: Unit, total: int | None = 50_000, owner: int | None = None, **given: Any) -> Charge:
    lines = [
        {"label": "Lệ phí", "kind": "charge", "quantity": 1, "unit_amount": total, "amount": total, "note": "theo bản"}
    ]
    values = {
        "subject": f"dossiers.Dossier:{next(_counter)}", "unit": unit, "payer_name": "Nguyễn Thị Lan",
        "owner_person_id": owner, "lines": lines, "total": total, "collect_at": "reception",
    } | given  # fmt: skip
    with transaction.atomic():
        return request_payment(SYSTEM, **values)


def tell_bank(
    account: CollectingAccount, amount: int, content: str, ref: str | None = None, at: datetime | None = None
) -> Recorded:
    movement = Movement(ref or f"FT{next(_counter):08d}", amount, content, at or clock.now(), "webhook")
    return record_bank_transaction(SYSTEM, account, movement=movement)


def take(by: Actor, charge: Charge, key: str | None = None):
    charge.refresh_from_db()
    return actions.take_cash(by, charge, amount=charge.due, idempotency_key=key or f"k{next(_counter)}")

"""Two people, or the bank and a person, at the same moment, on a real database file."""

import threading

import pytest
from django.db import connection, connections, transaction

from xaso.core.access import Actor
from xaso.kit.errors import Refused
from xaso.modules.payments import actions
from xaso.modules.payments.models import BankTransaction, Charge, Payment, Receipt
from xaso.modules.payments.tests.factories import make_account, make_charge, tell_bank

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]
WORKERS = 6


@pytest.fixture(autouse=True)
def _real_file():
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite" and ("memory" in name or not name):
        pytest.skip("threads share no in-memory database")


def at_once(*works):
    """Run all at the same moment; what they returned or refused, in order."""
    gate = threading.Barrier(len(works))
    results: list[object] = [None] * len(works)

    def run(at, work):
        gate.wait()
        try:
            results[at] = work()
        except Refused as refusal:
            results[at] = refusal
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(at, work)) for at, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def cashier(number: int) -> Actor:
    return Actor(kind="system", account_id=-number, name=f"Thu ngân {number}")


def test_two_cashiers_take_the_money_once(ngu_kien):
    charge = make_charge(ngu_kien)

    def take(number):
        mine = Charge.objects.get(pk=charge.pk)
        return actions.take_cash(cashier(number), mine, amount=50_000, idempotency_key=f"k{number}")

    results = at_once(*(lambda n=n: take(n) for n in range(1, WORKERS)))
    assert sum(isinstance(result, Payment) for result in results) == 1
    assert sum(isinstance(result, Refused) for result in results) == WORKERS - 2
    assert (Payment.objects.count(), Receipt.objects.count()) == (1, 1)


def test_the_bank_told_many_times_at_once_is_recorded_once(ngu_kien):
    account, charge = make_account(ngu_kien), make_charge(ngu_kien)
    results = at_once(*[lambda: tell_bank(account, 50_000, charge.reference, ref="FT1")] * WORKERS)
    assert sorted(result.is_new for result in results) == [False] * (WORKERS - 1) + [True]
    assert (BankTransaction.objects.count(), Payment.objects.count()) == (1, 1)


def test_cash_and_a_transfer_at_once_lose_nothing(ngu_kien):
    account, charge = make_account(ngu_kien), make_charge(ngu_kien)

    def take():
        return actions.take_cash(cashier(1), Charge.objects.get(pk=charge.pk), amount=50_000, idempotency_key="k")

    cash, told = at_once(take, lambda: tell_bank(account, 50_000, charge.reference))
    kept = BankTransaction.objects.get()
    charge.refresh_from_db()
    if isinstance(cash, Refused):
        assert (kept.outcome, charge.state) == ("exact", "paid")
    else:
        assert (kept.outcome, kept.suspense, charge.state) == ("duplicate", 50_000, "overpaid")
    assert charge.paid == 50_000
    assert told.is_new


def test_receipts_of_one_unit_have_no_gap_when_written_at_once(ngu_kien):
    charges = [make_charge(ngu_kien) for _ in range(WORKERS)]

    def take(charge):
        return actions.take_cash(cashier(1), charge, amount=50_000, idempotency_key=str(charge.uuid))

    at_once(*(lambda charge=charge: take(charge) for charge in charges))
    with transaction.atomic():
        serials = sorted(Receipt.objects.values_list("serial", flat=True))
    assert serials == list(range(1, WORKERS + 1))

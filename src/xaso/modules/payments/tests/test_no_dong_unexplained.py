"""Whatever people and banks do in whatever order: every đồng that came in is on a charge, explained, or in sight."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xaso.core.access import Actor
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.modules.payments import actions, queries
from xaso.modules.payments.models import BankTransaction, Charge, DayClose, Payment, Receipt, RefundTask
from xaso.modules.payments.tests.factories import make_account, make_charge, tell_bank

pytestmark = pytest.mark.django_db

OTHER = Actor(kind="system", account_id=-1, name="Người khác")
CASHIER = Actor(kind="system", account_id=-2, name="Thu ngân")
small = st.integers(0, 5)
thousands = st.integers(1, 9).map(lambda n: n * 10_000)
steps = st.one_of(
    st.tuples(st.just("ask"), thousands),
    st.tuples(st.just("cash"), small),
    st.tuples(st.just("transfer"), small, thousands),
    st.tuples(st.just("stray"), thousands),
    st.tuples(st.just("repeat"), small),
    st.tuples(st.just("out"), small, thousands),
    st.tuples(
        st.just("settle"), small, st.sampled_from(["charge", "refund", "explain", "paid_refund", "reversal"]), small
    ),
    st.tuples(st.just("refund"), small, thousands),
    st.tuples(st.just("approve"), small),
    st.tuples(st.just("pay_refund"), small),
    st.tuples(st.just("waive"), small),
    st.tuples(st.just("cancel_receipt"), small),
    st.tuples(st.just("close"), small),
)


class World:
    """Counts on its own what people handed over, what the bank moved and what left the drawer."""

    def __init__(self, unit) -> None:
        self.unit, self.account = unit, make_account(unit)
        self.drawer = self.bank = 0

    def pick(self, model, number: int, **where):
        rows = list(model.objects.filter(**where).order_by("id"))
        return rows[number % len(rows)] if rows else None

    def ask(self, total):
        make_charge(self.unit, total)

    def cash(self, number):
        if charge := self.pick(Charge, number):
            due = charge.due
            actions.take_cash(CASHIER, charge, amount=due, idempotency_key=f"{charge.pk}-{charge.paid}-{due}")
            self.drawer += due

    def transfer(self, number, amount):
        if charge := self.pick(Charge, number):
            tell_bank(self.account, amount, charge.reference)
            self.bank += amount

    def stray(self, amount):
        tell_bank(self.account, amount, "khong ro")
        self.bank += amount

    def repeat(self, number):
        if told := self.pick(BankTransaction, number):
            tell_bank(self.account, told.amount, told.content, ref=told.bank_ref)

    def out(self, number, amount):
        charge = self.pick(Charge, number)
        tell_bank(self.account, -amount, charge.reference if charge else "")
        self.bank -= amount

    def settle(self, number, how, other):
        if told := self.pick(BankTransaction, number, settled_at=None):
            actions.settle_transaction(
                CASHIER, told, how=how, reason="Giải thích đủ dài cho người đọc",
                charge=self.pick(Charge, other), refund=self.pick(RefundTask, other),
            )  # fmt: skip

    def refund(self, number, amount):
        if charge := self.pick(Charge, number):
            actions.ask_refund(CASHIER, charge, amount=amount, reason="Rút hồ sơ")

    def approve(self, number):
        if task := self.pick(RefundTask, number, state="asked"):
            actions.approve_refund(OTHER, task)
            self.drawer -= task.amount if task.method == "cash" else 0

    def pay_refund(self, number):
        if task := self.pick(RefundTask, number, state="approved"):
            told = tell_bank(self.account, -task.amount, "hoan phi").transaction
            actions.settle_transaction(CASHIER, told, how="paid_refund", refund=task)
            self.bank -= task.amount

    def waive(self, number):
        if charge := self.pick(Charge, number):
            actions.waive(CASHIER, charge, reason="Hộ nghèo")

    def cancel_receipt(self, number):
        if receipt := self.pick(Receipt, number):
            actions.cancel_receipt(CASHIER, receipt, reason="Sai tên")

    def close(self, _number):
        day = clock.today()
        sheet = queries.day_sheet(self.unit, day)
        given = {"cash_counted": sheet.cash, "statement_movement": sheet.expected_movement}
        actions.close_day(CASHIER, self.unit, day=day, **given)


BEGIN = [("ask", 50_000), ("ask", 20_000)]
whatever = st.lists(steps, min_size=3, max_size=22)
shared = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}


@settings(max_examples=8, **shared)
@given(whatever)
def test_every_dong_is_on_a_charge_explained_or_in_sight(ngu_kien, doings):
    assert live_through(ngu_kien, doings) == len(doings) + len(BEGIN)


@pytest.mark.long
@settings(max_examples=150, **shared)
@given(whatever)
def test_every_dong_stays_so_through_many_lives(ngu_kien, doings):
    assert live_through(ngu_kien, doings) == len(doings) + len(BEGIN)


def live_through(unit, doings):
    """After each doing, done or refused, the books must agree to the đồng; how often they did."""
    agreed = 0
    with transaction.atomic():
        world = World(unit)
        for name, *given_ in [*BEGIN, *doings]:
            try:
                with transaction.atomic():
                    getattr(world, name)(*given_)
            except Refused as refusal:
                assert refusal.message  # noqa: PT017 - a refusal is allowed, and must leave the books as they were
            _check(world)
            agreed += 1
        transaction.set_rollback(True)
    return agreed


def _sum(model, field: str, **where) -> int:
    return model.objects.filter(**where).aggregate(total=Sum(field))["total"] or 0


def _check(world: World) -> None:
    paid, explained = _sum(Payment, "amount"), _sum(BankTransaction, "explained")
    told = list(BankTransaction.objects.all())
    suspense = sum(row.suspense for row in told)
    assert paid + explained + suspense == world.bank + world.drawer
    assert _sum(BankTransaction, "amount") == world.bank
    assert _sum(Payment, "amount", method="cash") == world.drawer
    for row in told:
        assert row.applied == _sum(Payment, "amount", transaction=row)
        assert row.settled_at is None or row.suspense == 0
    for charge in Charge.objects.all():
        assert charge.paid == _sum(Payment, "amount", charge=charge) >= 0
        assert charge.due >= 0
        assert (charge.due > 0) == charge.is_open
        live = list(charge.receipts.filter(cancelled_at=None))
        assert [receipt.amount for receipt in live] == ([charge.paid] if charge.is_paid else [])
    serials = list(Receipt.objects.order_by("serial").values_list("serial", flat=True))
    assert serials == list(range(1, len(serials) + 1))
    days = [clock.today(), clock.today() + timedelta(days=1)]
    sheets = [queries.day_sheet(world.unit, day) for day in days]
    assert sum(sheet.movement for sheet in sheets) == world.bank
    assert sum(sheet.cash for sheet in sheets) == world.drawer
    for sheet in sheets:
        assert sheet.fault == ""
        assert sheet.transfer + sheet.explained + sheet.suspense == sheet.movement
    for closed in DayClose.objects.all():
        assert closed.transfer + closed.explained + closed.suspense == closed.movement


def test_the_check_itself_notices_a_lost_dong(ngu_kien):
    world = World(ngu_kien)
    world.ask(50_000)
    world.cash(0)
    _check(world)
    Payment.objects.update(amount=49_999)
    with pytest.raises(AssertionError):
        _check(world)

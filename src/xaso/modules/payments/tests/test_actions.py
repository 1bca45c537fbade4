"""Charges, cash, transfers, refunds, receipts and the day, each through its action."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import transaction

from xaso.core.access import SYSTEM
from xaso.core.audit.models import Entry
from xaso.core.outbox import current as outbox_current
from xaso.core.outbox.models import Delivery
from xaso.kit import clock, events
from xaso.kit.errors import Forbidden, Refused
from xaso.modules.payments import actions, queries
from xaso.modules.payments.events import PaymentConfirmed
from xaso.modules.payments.models import BankTransaction, Charge, DayClose, Payment, Receipt
from xaso.modules.payments.tests.factories import make_account, make_charge, take, tell_bank

pytestmark = pytest.mark.django_db


@events.on(PaymentConfirmed)
def a_test_hears(fact: PaymentConfirmed) -> None:
    """So that the fact is kept even when no module above is installed."""


HANDLER = f"{__name__}.a_test_hears"


@pytest.fixture
def account(ngu_kien):
    return make_account(ngu_kien)


def test_a_known_fee_is_one_row(ngu_kien, django_assert_num_queries):
    with django_assert_num_queries(3):  # a savepoint around the one INSERT
        charge = make_charge(ngu_kien, 50_000)
    assert (charge.state, charge.due, charge.unit_path) == ("open", 50_000, ngu_kien.path)
    assert queries.open_charge(charge.subject) == charge
    assert queries.charges_of(charge.subject) == [charge]


def test_nothing_to_pay_records_nothing(ngu_kien):
    assert make_charge(ngu_kien, 0, lines=[]) is None
    assert not Charge.objects.exists()


def test_an_unknown_fee_is_never_taken_for_zero(ngu_kien):
    with pytest.raises(Refused, match="Chưa rõ mức thu"):
        make_charge(ngu_kien, None, lines=[{"label": "Phí", "amount": None}])


def test_cash_pays_writes_a_receipt_and_is_told(dung, ngu_kien):
    charge = make_charge(ngu_kien)
    payment = take(dung, charge)
    charge.refresh_from_db()
    receipt = Receipt.objects.get()
    assert (charge.state, charge.due, payment.method, payment.by_name) == ("paid", 0, "cash", dung.name)
    assert (receipt.serial, receipt.amount, receipt.lines) == (1, 50_000, charge.lines)
    assert charge.paid_at is not None
    assert Entry.objects.filter(verb="payments.take_cash").count() == 1
    fact = PaymentConfirmed(subject=charge.subject, charge_id=charge.pk, amount=50_000)
    told = Delivery.objects.filter(event="payments.PaymentConfirmed", handler=HANDLER)
    assert [delivery.payload for delivery in told] == [events.pack(fact)]


def test_a_second_tap_takes_nothing_more(dung, ngu_kien):
    charge = make_charge(ngu_kien)
    first = take(dung, charge, "key")
    assert actions.take_cash(dung, charge, amount=50_000, idempotency_key="key") == first
    assert Payment.objects.count() == Receipt.objects.count() == 1
    with pytest.raises(Refused, match="khoản khác"):
        take(dung, make_charge(ngu_kien), "key")


def test_two_cashiers_with_two_pages_take_once(dung, minh, ngu_kien):
    charge = make_charge(ngu_kien)
    mine, theirs = Charge.objects.get(pk=charge.pk), Charge.objects.get(pk=charge.pk)
    actions.take_cash(dung, mine, amount=50_000, idempotency_key="a")
    with pytest.raises(Refused, match="không cần thu nữa"):
        actions.take_cash(minh, theirs, amount=50_000, idempotency_key="b")
    assert Payment.objects.count() == 1


def test_cash_is_refused_when_the_page_showed_another_amount(dung, ngu_kien, account):
    charge = make_charge(ngu_kien)
    tell_bank(account, 20_000, charge.reference)
    with pytest.raises(Refused, match="vừa thay đổi"):
        actions.take_cash(dung, charge, amount=50_000, idempotency_key="a")


def test_only_the_unit_s_cashier_takes_cash(lan, tam, hoa, ngu_kien):
    charge = make_charge(ngu_kien, owner=lan.person_id)
    for actor in (lan, tam, hoa):
        with pytest.raises(Forbidden):
            take(actor, charge)


def test_receipts_run_without_gaps_in_each_unit_and_year(dung, ngu_kien, lien_chau):
    for unit in (ngu_kien, ngu_kien, lien_chau):
        take(SYSTEM, make_charge(unit))
    with pytest.raises(Refused):
        take(SYSTEM, Charge.objects.first())
    take(dung, make_charge(ngu_kien))
    with time_machine.travel("2027-01-02 03:00:00+00:00", tick=False):
        take(dung, make_charge(ngu_kien))
    numbers = Receipt.objects.filter(unit=ngu_kien).order_by("id").values_list("year", "serial")
    first_year = clock.today().year
    assert list(numbers) == [(first_year, 1), (first_year, 2), (first_year, 3), (2027, 1 if first_year != 2027 else 4)]
    assert Receipt.objects.get(unit=lien_chau).serial == 1


def test_waiving_needs_a_reason_and_closes_the_charge(minh, ngu_kien):
    charge = make_charge(ngu_kien)
    with pytest.raises(Refused, match="lý do"):
        actions.waive(minh, charge, reason=" ")
    actions.waive(minh, charge, reason="Hộ nghèo, đã xem giấy chứng nhận")
    charge.refresh_from_db()
    assert (charge.state, charge.due, charge.waived) == ("waived", 0, 50_000)
    assert not Receipt.objects.exists()


def test_cancelling_leaves_money_that_came_in(ngu_kien, account):
    untouched, part = make_charge(ngu_kien), make_charge(ngu_kien)
    tell_bank(account, 20_000, part.reference)
    for charge in (untouched, part):
        _within_an_action(charge)
        charge.refresh_from_db()
    assert (untouched.state, part.state, part.paid, part.waived) == ("cancelled", "paid", 20_000, 30_000)
    assert Receipt.objects.get().amount == 20_000


def _within_an_action(charge):
    """As dossiers calls it: from inside an action of its own."""
    with transaction.atomic():
        token = outbox_current.begin()
        actions.cancel_charge(SYSTEM, charge, reason="Rút hồ sơ")
        outbox_current.end(token)


def test_cash_goes_back_from_the_drawer_only_when_another_person_agrees(dung, thu, ngu_kien):
    charge = make_charge(ngu_kien)
    take(dung, charge)
    task = actions.ask_refund(dung, charge, amount=50_000, reason="Rút hồ sơ")
    with pytest.raises(Refused, match="nhiều nhất 0"):
        actions.ask_refund(dung, charge, amount=1, reason="Rút hồ sơ")
    actions.approve_refund(thu, task)
    charge.refresh_from_db()
    assert (charge.state, charge.paid, task.state) == ("cancelled", 0, "paid")
    assert queries.day_sheet(ngu_kien, clock.today()).cash == 0
    assert Receipt.objects.get().cancelled_at is not None


def test_part_of_a_fee_given_back_leaves_a_new_receipt(dung, thu, ngu_kien):
    charge = make_charge(ngu_kien)
    take(dung, charge)
    actions.approve_refund(thu, actions.ask_refund(dung, charge, amount=20_000, reason="Thu nhầm một bản"))
    charge.refresh_from_db()
    assert (charge.state, charge.paid, charge.due) == ("paid", 30_000, 0)
    assert [(r.amount, r.cancelled_at is None) for r in queries.receipts_of(charge)] == [
        (50_000, False), (30_000, True),
    ]  # fmt: skip


def test_a_declined_refund_leaves_the_money_in_sight(dung, thu, ngu_kien, account):
    stray = tell_bank(account, 10_000, "?").transaction
    actions.settle_transaction(dung, stray, how="refund", reason="Không rõ")
    actions.decline_refund(thu, stray.refunds.get(), reason="Phải hỏi ngân hàng trước")
    assert queries.suspense_of(ngu_kien) == 10_000
    actions.settle_transaction(dung, stray, how="refund", reason="Đã hỏi ngân hàng")


def test_a_cancelled_receipt_keeps_its_serial_and_is_replaced(dung, ngu_kien):
    charge = make_charge(ngu_kien)
    take(dung, charge)
    first = Receipt.objects.get()
    cancelled = actions.cancel_receipt(dung, first, reason="Sai tên người nộp")
    assert (cancelled.serial, cancelled.replaced_by.serial) == (1, 2)
    with pytest.raises(Refused, match="đã huỷ"):
        actions.cancel_receipt(dung, first, reason="Lần nữa")


def test_a_payment_platform_is_believed_once(ngu_kien):
    charge = make_charge(ngu_kien)
    first = actions.confirm_payment(SYSTEM, charge, amount=50_000, provider_ref="P1")
    assert actions.confirm_payment(SYSTEM, charge, amount=50_000, provider_ref="P1") == first
    with pytest.raises(Refused, match="khoản khác"):
        actions.confirm_payment(SYSTEM, charge, amount=40_000, provider_ref="P1")
    assert Payment.objects.get().method == "portal"


def test_a_day_that_adds_up_closes_and_later_money_goes_to_the_next(dung, ngu_kien, account):
    today = clock.today()
    take(dung, make_charge(ngu_kien))
    tell_bank(account, 70_000, make_charge(ngu_kien).reference)
    sheet = queries.day_sheet(ngu_kien, today)
    assert (sheet.cash, sheet.movement, sheet.transfer, sheet.suspense) == (50_000, 70_000, 50_000, 20_000)
    with pytest.raises(Refused, match=r"sao kê \+5\.000 đồng, tiền mặt \+0 đồng"):
        actions.close_day(dung, ngu_kien, day=today, cash_counted=50_000, statement_movement=75_000)
    closed = actions.close_day(dung, ngu_kien, day=today, cash_counted=50_000, statement_movement=70_000)
    assert (closed.difference, closed.cash_difference) == (0, 0)
    with pytest.raises(Refused, match="đã khoá"):
        actions.close_day(dung, ngu_kien, day=today, cash_counted=50_000, statement_movement=70_000)
    assert take(dung, make_charge(ngu_kien)).book_on == today + timedelta(days=1)
    tell_bank(account, 1_000, "muộn")
    tomorrow = queries.day_sheet(ngu_kien, today + timedelta(days=1))
    assert (tomorrow.carried, tomorrow.expected_movement, tomorrow.cash) == (1_000, 0, 50_000)


def test_a_difference_is_closed_only_with_its_explanation(dung, ngu_kien):
    today = clock.today()
    take(dung, make_charge(ngu_kien))
    given = {"day": today, "cash_counted": 40_000, "statement_movement": 0}
    with pytest.raises(Refused, match="lệch"):
        actions.close_day(dung, ngu_kien, **given)
    closed = actions.close_day(dung, ngu_kien, **given, note="Thiếu 10.000 đồng, đang tìm lại")
    assert closed.cash_difference == -10_000
    with pytest.raises(Refused, match="Chưa đến ngày"):
        actions.close_day(dung, ngu_kien, day=today + timedelta(days=1), cash_counted=0, statement_movement=0)


def test_damaged_books_are_never_closed(dung, ngu_kien, account):
    told = tell_bank(account, 50_000, make_charge(ngu_kien).reference).transaction
    BankTransaction.objects.filter(pk=told.pk).update(applied=10_000)
    with pytest.raises(Refused, match="tự mâu thuẫn"):
        actions.close_day(
            dung, ngu_kien, day=clock.today(), cash_counted=0, statement_movement=50_000, note="Không rõ vì sao lệch"
        )
    assert not DayClose.objects.exists()


def test_only_the_unit_s_administrator_sets_the_account(quan, dung, ngu_kien, lien_chau):
    given = {
        "bank_bin": "970405", "bank_name": "Agribank", "account_number": "2605 2010 01234", "holder": "UBND xã",
        "valid_from": date(2026, 1, 1),
    }  # fmt: skip
    with pytest.raises(Forbidden):
        actions.set_account(dung, ngu_kien, **given)
    made = actions.set_account(quan, ngu_kien, **given)
    assert made.account_number == "2605201001234"
    assert queries.account_of(ngu_kien.pk, clock.today()) == made
    assert queries.account_of(ngu_kien.pk, date(2025, 12, 31)) is None
    with pytest.raises(Refused, match="đơn vị khác"):
        actions.set_account(SYSTEM, lien_chau, **given)
    with pytest.raises(Refused, match="6 chữ số"):
        actions.set_account(quan, ngu_kien, **(given | {"bank_bin": "12"}))


def test_the_share_paid_online_counts_whole_charges(dung, ngu_kien, district, account):
    take(dung, make_charge(ngu_kien))
    tell_bank(account, 50_000, make_charge(ngu_kien).reference)
    mixed = make_charge(ngu_kien)
    tell_bank(account, 10_000, mixed.reference)
    take(dung, mixed)
    today = clock.today()
    share = queries.paid_online(district, (today, today))
    assert (share.paid, share.online) == (3, 1)
    assert queries.paid_online(district, (today + timedelta(days=1), today + timedelta(days=2))).paid == 0

"""Transfers: every outcome, settled by people; statements."""

from datetime import timedelta

import pytest

from xaso.core.audit.models import Entry
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.modules.payments import actions, queries
from xaso.modules.payments.models import BankTransaction, Payment, Receipt
from xaso.modules.payments.tests.factories import make_account, make_charge, tell_bank

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(ngu_kien):
    return make_account(ngu_kien)


@pytest.mark.parametrize(
    ("amount", "outcome", "state", "suspense"),
    [(50_000, "exact", "paid", 0), (20_000, "short", "part_paid", 0), (70_000, "over", "overpaid", 20_000)],
)
def test_a_transfer_goes_on_its_charge(ngu_kien, account, amount, outcome, state, suspense):
    charge = make_charge(ngu_kien)
    told = tell_bank(account, amount, f"MBVCB.1.{charge.reference.lower()} nop phi").transaction
    charge.refresh_from_db()
    told.refresh_from_db()
    assert (told.outcome, charge.state, told.suspense) == (outcome, state, suspense)
    assert charge.paid == min(amount, 50_000)
    assert (told.settled_at is None) == (outcome != "exact")


def test_the_rest_of_a_short_transfer_completes_it(ngu_kien, account):
    charge = make_charge(ngu_kien)
    short = tell_bank(account, 20_000, charge.reference).transaction
    rest = tell_bank(account, 30_000, charge.reference).transaction
    charge.refresh_from_db()
    short.refresh_from_db()
    assert (rest.outcome, charge.state, short.how) == ("exact", "paid", "completed")
    assert not queries.to_settle(ngu_kien).exists()


def test_a_double_transfer_waits_and_is_refunded_by_two_people(dung, thu, ngu_kien, account):
    charge = make_charge(ngu_kien)
    tell_bank(account, 50_000, charge.reference)
    double = tell_bank(account, 50_000, charge.reference).transaction
    charge.refresh_from_db()
    assert (double.outcome, double.suspense, charge.state) == ("duplicate", 50_000, "overpaid")
    actions.settle_transaction(dung, double, how="refund", reason="Chuyển hai lần")
    task = double.refunds.get()
    assert double in queries.to_settle(ngu_kien)
    with pytest.raises(Refused, match="không tự quyết định"):
        actions.approve_refund(dung, task)
    actions.approve_refund(thu, task)
    double.refresh_from_db()
    charge.refresh_from_db()
    assert (double.suspense, double.how, charge.state, task.state) == (0, "refund", "paid", "approved")
    left = tell_bank(account, -50_000, "hoan phi").transaction
    assert (left.outcome, left.suspense) == ("reversed", -50_000)
    actions.settle_transaction(dung, left, how="paid_refund", refund=task)
    task.refresh_from_db()
    assert (left.suspense, task.state) == (0, "paid")
    assert queries.suspense_of(ngu_kien) == 0


def test_the_same_money_is_not_promised_back_twice(dung, ngu_kien, account):
    stray = tell_bank(account, 50_000, "khong ro").transaction
    actions.settle_transaction(dung, stray, how="refund", reason="Không rõ")
    with pytest.raises(Refused, match="0 đồng"):
        actions.settle_transaction(dung, stray, how="refund", reason="Không rõ")
    with pytest.raises(Refused, match="chờ duyệt hoàn"):
        actions.settle_transaction(dung, stray, how="explain", reason="Tiền điện của xã")


def test_a_late_transfer_waits_for_a_person_who_assigns_it(dung, ngu_kien, account):
    charge = make_charge(ngu_kien, due_on=clock.today() - timedelta(days=1))
    late = tell_bank(account, 50_000, charge.reference).transaction
    charge.refresh_from_db()
    assert (late.outcome, charge.state) == ("late", "open")
    actions.settle_transaction(dung, late, how="charge", charge=charge)
    charge.refresh_from_db()
    assert (charge.state, late.suspense, late.settled_by_name) == ("paid", 0, dung.name)
    with pytest.raises(Refused, match="đã được xử lý"):
        actions.settle_transaction(dung, late, how="charge", charge=charge)


def test_unknown_money_is_explained_by_a_named_person(dung, ngu_kien, account):
    stray = tell_bank(account, 10_000, "mung sinh nhat").transaction
    assert (stray.outcome, queries.suspense_of(ngu_kien)) == ("unknown", 10_000)
    with pytest.raises(Refused, match="ghi rõ"):
        actions.settle_transaction(dung, stray, how="explain", reason="ok")
    actions.settle_transaction(dung, stray, how="explain", reason="Lãi tiền gửi của tài khoản")
    assert (stray.explained, stray.settled_by_name, queries.suspense_of(ngu_kien)) == (10_000, dung.name, 0)


def test_only_the_excess_of_a_transfer_is_explained(dung, ngu_kien, account):
    charge = make_charge(ngu_kien)
    over = tell_bank(account, 70_000, charge.reference).transaction
    actions.settle_transaction(dung, over, how="explain", reason="Người nộp ủng hộ quỹ khuyến học")
    charge.refresh_from_db()
    assert (over.applied, over.explained, over.suspense, charge.state) == (50_000, 20_000, 0, "paid")


def test_one_transfer_may_pay_two_charges(dung, ngu_kien, account):
    first, second = make_charge(ngu_kien), make_charge(ngu_kien)
    both = tell_bank(account, 100_000, f"{first.reference} {second.reference}").transaction
    assert both.outcome == "unknown"
    actions.settle_transaction(dung, both, how="charge", charge=first)
    assert both.suspense == 50_000
    actions.settle_transaction(dung, both, how="charge", charge=second)
    second.refresh_from_db()
    assert (both.suspense, second.state) == (0, "paid")


def test_a_charge_of_another_commune_is_not_paid_here(dung, ngu_kien, lien_chau, account):
    theirs = make_charge(lien_chau)
    told = tell_bank(account, 50_000, theirs.reference).transaction
    assert told.outcome == "unknown"
    with pytest.raises(Refused, match="của đơn vị"):
        actions.settle_transaction(dung, told, how="charge", charge=theirs)


def test_money_the_bank_takes_back_is_owed_again(dung, ngu_kien, account):
    charge = make_charge(ngu_kien)
    tell_bank(account, 50_000, charge.reference)
    back = tell_bank(account, -50_000, f"reversal {charge.reference}").transaction
    actions.settle_transaction(dung, back, how="reversal")
    charge.refresh_from_db()
    assert (charge.state, charge.due, back.suspense) == ("open", 50_000, 0)
    assert Receipt.objects.get().cancelled_reason.startswith("Ngân hàng rút lại")


def test_the_bank_may_repeat_itself_but_not_contradict(ngu_kien, account):
    charge = make_charge(ngu_kien)
    first = tell_bank(account, 50_000, charge.reference, ref="FT1")
    again = tell_bank(account, 50_000, charge.reference, ref="FT1")
    assert (first.is_new, again.is_new, first.transaction) == (True, False, again.transaction)
    with pytest.raises(Refused, match="số tiền khác"):
        tell_bank(account, 60_000, charge.reference, ref="FT1")
    assert (BankTransaction.objects.count(), Payment.objects.count()) == (1, 1)


CSV = """Ngày giao dịch,Mã giao dịch,Số tiền,Nội dung
{day} 08:00,FT1,50000,{first} nop phi
{day} 08:05,FT2,10000,chuyen tien
{day} 08:10,,10000,thieu ma
{day} 08:15,FT4,-5000,phi dich vu
"""


def test_a_statement_imported_twice_records_once(dung, ngu_kien, account):
    charge = make_charge(ngu_kien)
    data = CSV.format(day=f"{clock.today() - timedelta(days=1):%d/%m/%Y}", first=charge.reference).encode()
    report = actions.import_statement(dung, account, data=data)
    assert (report.added, report.known, report.outcomes) == (3, 0, {"exact": 1, "unknown": 1, "reversed": 1})
    assert [fault.line for fault in report.faults] == [4]
    again = actions.import_statement(dung, account, data=data)
    assert (again.added, again.known) == (0, 3)
    charge.refresh_from_db()
    assert (charge.state, Payment.objects.count()) == ("paid", 1)
    assert Entry.objects.filter(verb="payments.import_statement").count() == 2


def test_a_statement_and_the_webhook_tell_of_one_movement(dung, ngu_kien, account):
    charge = make_charge(ngu_kien)
    tell_bank(account, 50_000, charge.reference, ref="FT1")
    data = CSV.format(day=f"{clock.today() - timedelta(days=1):%d/%m/%Y}", first=charge.reference).encode()
    assert actions.import_statement(dung, account, data=data).known == 1
    contradiction = data.replace(b"FT1,50000", b"FT1,60000")
    faults = actions.import_statement(dung, account, data=contradiction).faults
    assert [fault.line for fault in faults] == [2, 4]
    assert "số tiền khác" in faults[0].sentence


def test_somebody_else_s_file_is_refused(dung, account):
    with pytest.raises(Refused, match="tiêu đề"):
        actions.import_statement(dung, account, data=b"<html>")

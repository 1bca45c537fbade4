"""Questions about fees. Public."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import Count, F, Q, QuerySet, Sum

from xaso.core.access import Actor, visible
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.modules.payments.models import (
    BankTransaction,
    Charge,
    CollectingAccount,
    DayClose,
    Payment,
    Receipt,
    RefundTask,
)
from xaso.modules.payments.rules.vietqr import plain, vietqr

SUSPENSE = F("amount") - F("applied") - F("explained")
PAGE = 30


def charges_of(subject: str) -> list[Charge]:
    """Every charge of a thing, oldest first."""
    return list(Charge.objects.filter(subject=subject).order_by("id"))


def open_charge(subject: str) -> Charge | None:
    """The charge that still waits for money, if there is one."""
    return Charge.objects.filter(subject=subject, state__in=["open", "part_paid"]).order_by("id").first()


def receipts_of(charge: Charge) -> list[Receipt]:
    return list(charge.receipts.select_related("replaced_by").order_by("id"))


def payments_of(charge: Charge) -> list[Payment]:
    return list(charge.payments.select_related("transaction").order_by("id"))


def account_of(unit_id: int, day: date) -> CollectingAccount | None:
    """Where a unit collects on that day; the newest when several are in force."""
    return _in_force(CollectingAccount.objects.filter(unit_id=unit_id), day).order_by("-valid_from", "-id").first()


def account_numbered(number: str, day: date) -> CollectingAccount | None:
    """The collecting account with that number; the newest when several units or periods had it."""
    return _in_force(CollectingAccount.objects.filter(account_number=number), day).order_by("-valid_from").first()


def accounts_of(by: Actor, permission: str) -> list[CollectingAccount]:
    found = visible(by, permission, CollectingAccount.objects.select_related("unit"))
    return list(found.order_by("unit_path", "-valid_from"))


def _in_force(accounts: QuerySet[CollectingAccount], day: date) -> QuerySet[CollectingAccount]:
    return accounts.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)


def qr_of(charge: Charge, account: CollectingAccount) -> str:
    """The VietQR string for what is still due."""
    unit = charge.unit
    return vietqr(account.bank_bin, account.account_number, charge.due, charge.reference, account.holder, unit.name)


def holder_line(account: CollectingAccount) -> str:
    """The holder as banks show it."""
    return plain(account.holder, 80)


def to_settle(unit: Unit) -> QuerySet[BankTransaction]:
    """Movements of a unit that wait for a person, oldest first."""
    return unsettled(BankTransaction.objects.filter(unit_path=unit.path))


def unsettled(transactions: QuerySet[BankTransaction]) -> QuerySet[BankTransaction]:
    return transactions.filter(settled_at=None).select_related("charge").order_by("id")


def first_open_day(unit_id: int, day: date) -> date:
    """The first day from that one on whose sheet is not closed."""
    closed = set(DayClose.objects.filter(unit_id=unit_id, day__gte=day).values_list("day", flat=True))
    while day in closed:
        day += timedelta(days=1)
    return day


@dataclass(frozen=True, slots=True)
class DaySheet:
    """What the books say of a day. `movement` = `transfer` + `explained` + `suspense`."""

    day: date
    cash: int
    portal: int
    movement: int
    carried: int
    transfer: int
    transfer_payments: int
    explained: int
    suspense: int
    closed: DayClose | None
    payments: list[Payment] = field(default_factory=list)
    transactions: list[BankTransaction] = field(default_factory=list)

    @property
    def expected_movement(self) -> int:
        """What the bank's statement of this day must show: without what the bank dated earlier."""
        return self.movement - self.carried

    @property
    def fault(self) -> str:
        """Two counts of the same money that differ: damaged data, never a matter of opinion."""
        if self.transfer != self.transfer_payments:
            return (
                f"Sổ ngày {self.day:%d/%m/%Y} tự mâu thuẫn: giao dịch ghi đã khớp {self.transfer:,} đồng, các khoản "
                f"nộp ghi {self.transfer_payments:,} đồng. Hãy báo người quản trị, không khoá sổ lúc này."
            ).replace(",", ".")
        return ""


def day_sheet(unit: Unit, day: date) -> DaySheet:
    """Sums and rows of one day of one unit."""
    payments = Payment.objects.filter(unit_path=unit.path, book_on=day)
    taken = payments.aggregate(
        cash=Sum("amount", filter=Q(method="cash")), portal=Sum("amount", filter=Q(method="portal"))
    )
    moved = BankTransaction.objects.filter(unit_path=unit.path, book_on=day)
    rows = list(moved.select_related("charge").order_by("at", "id"))
    linked = Payment.objects.filter(transaction__in=moved).aggregate(total=Sum("amount"))["total"]
    return DaySheet(
        day=day,
        cash=taken["cash"] or 0,
        portal=taken["portal"] or 0,
        movement=sum(row.amount for row in rows),
        carried=sum(row.amount for row in rows if clock.local(row.at).date() != day),
        transfer=sum(row.applied for row in rows),
        transfer_payments=linked or 0,
        explained=sum(row.explained for row in rows),
        suspense=sum(row.suspense for row in rows),
        closed=DayClose.objects.filter(unit=unit, day=day).first(),
        payments=list(payments.select_related("charge").order_by("id")),
        transactions=rows,
    )


def last_closes(unit: Unit) -> list[DayClose]:
    return list(DayClose.objects.filter(unit=unit).order_by("-day")[:PAGE])


def suspense_of(unit: Unit) -> int:
    """All money of a unit that nobody has placed yet."""
    waiting = BankTransaction.objects.filter(unit_path=unit.path, settled_at=None)
    return waiting.aggregate(total=Sum(SUSPENSE))["total"] or 0


def waiting_refunds(by: Actor) -> list[RefundTask]:
    """Refunds that somebody must approve or pay out."""
    tasks = visible(by, "payments.view", RefundTask.objects.filter(state__in=["asked", "approved"]))
    return list(tasks.select_related("charge", "transaction").order_by("id")[:200])


def pending_refunds(*, charge: Charge | None = None, transaction: BankTransaction | None = None) -> int:
    """What is already promised back, so that it is not promised twice.

    An approved refund of a transfer already counts as explained there; one of a charge has not left it yet.
    """
    states = ["asked", "approved"] if charge else ["asked"]
    tasks = RefundTask.objects.filter(charge=charge, transaction=transaction, state__in=states)
    return tasks.aggregate(total=Sum("amount"))["total"] or 0


@dataclass(frozen=True, slots=True)
class PaidOnline:
    """Charges that became paid in a period, and how many of them took no cash."""

    paid: int
    online: int


def paid_online(unit: Unit, period: tuple[date, date]) -> PaidOnline:
    """Over a unit and everything under it; the period's last day counts."""
    first, last = period
    paid = Charge.objects.filter(
        unit_path__gte=unit.path,
        unit_path__lt=unit.path[:-1] + "/",
        state__in=["paid", "overpaid"],
        paid_at__gte=_midnight(first),
        paid_at__lt=_midnight(last + timedelta(days=1)),
    )
    in_cash = Payment.objects.filter(charge__in=paid, method="cash").aggregate(n=Count("charge", distinct=True))["n"]
    total = paid.count()
    return PaidOnline(total, total - in_cash)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, clock.VIETNAM)

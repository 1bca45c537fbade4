"""Charges, what came in, and the books. Amounts are whole đồng; money out is negative.

`BankTransaction.amount = applied + explained + suspense` for every row; `applied` is the sum of its payments.
"""

import uuid

from django.db import models
from django.db.models import F, Q

from xaso.core.units.fields import UnitPathField


class CollectingAccount(models.Model):
    """The account a unit collects fees in, for a period."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    unit_path = UnitPathField()
    bank_bin = models.CharField(max_length=6)
    bank_name = models.CharField(max_length=80)
    account_number = models.CharField(max_length=19)
    holder = models.CharField(max_length=120)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bank_bin", "account_number", "valid_from"], name="collecting_account_once")
        ]
        indexes = [models.Index(fields=["account_number"])]

    def __str__(self) -> str:
        return f"{self.account_number} – {self.bank_name}"


class Charge(models.Model):
    """A fee asked of somebody, with every line of its calculation."""

    class State(models.TextChoices):
        OPEN = "open", "Chưa nộp"
        PART_PAID = "part_paid", "Nộp thiếu"
        PAID = "paid", "Đã nộp"
        OVERPAID = "overpaid", "Nộp thừa"
        WAIVED = "waived", "Được miễn"
        CANCELLED = "cancelled", "Đã huỷ"

    class CollectAt(models.TextChoices):
        RECEPTION = "reception", "khi tiếp nhận"
        SUPPLEMENT = "supplement", "khi bổ sung"
        RETURN = "return", "khi trả kết quả"

    ACCESS_OWNER_FIELD = "owner_person"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subject = models.CharField(max_length=80)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    unit_path = UnitPathField()
    payer_name = models.CharField(max_length=120)
    owner_person = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")
    lines = models.JSONField()
    total = models.BigIntegerField()
    paid = models.BigIntegerField(default=0)
    waived = models.BigIntegerField(default=0)
    collect_at = models.CharField(max_length=10, choices=CollectAt.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    reference = models.CharField(max_length=14, unique=True)
    created_at = models.DateTimeField()
    due_on = models.DateField(null=True)
    paid_at = models.DateTimeField(null=True)
    waived_reason = models.CharField(max_length=300, blank=True)
    cancelled_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(total__gt=0), name="charge_asks_something"),
            models.CheckConstraint(
                condition=Q(paid__gte=0, waived__gte=0, total__gte=F("paid") + F("waived")), name="charge_adds_up"
            ),
        ]
        indexes = [
            models.Index(fields=["subject"]),
            models.Index(fields=["unit_path", "-id"]),
            models.Index(fields=["owner_person", "-id"]),
            models.Index(fields=["unit_path", "paid_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.payer_name}"

    @property
    def due(self) -> int:
        """What is still to pay; nothing once cancelled."""
        return 0 if self.state == self.State.CANCELLED else self.total - self.waived - self.paid

    @property
    def is_open(self) -> bool:
        return self.state in {self.State.OPEN, self.State.PART_PAID}

    @property
    def is_paid(self) -> bool:
        return self.state in {self.State.PAID, self.State.OVERPAID}

    @property
    def tone(self) -> str:
        tones = {"open": "info", "part_paid": "warn", "paid": "good", "overpaid": "warn", "waived": "done"}
        return tones.get(self.state, "neutral")

    @property
    def owner_person_ids(self) -> tuple[int, ...]:
        return (self.owner_person_id,) if self.owner_person_id else ()


class BankTransaction(models.Model):
    """A movement on a collecting account, as the bank told it. Never edited: a person only says what it was."""

    class Source(models.TextChoices):
        WEBHOOK = "webhook", "báo có tức thời"
        STATEMENT = "statement", "sao kê"

    class Outcome(models.TextChoices):
        EXACT = "exact", "Đúng"
        SHORT = "short", "Chuyển thiếu"
        OVER = "over", "Chuyển thừa"
        DUPLICATE = "duplicate", "Chuyển hai lần"
        LATE = "late", "Khoản đã hết hạn"
        UNKNOWN = "unknown", "Không rõ nội dung"
        REVERSED = "reversed", "Tiền ra"

    class How(models.TextChoices):
        MATCHED = "matched", "máy khớp"
        COMPLETED = "completed", "đã nộp đủ sau đó"
        CHARGE = "charge", "gán vào khoản phí"
        REFUND = "refund", "hoàn lại người nộp"
        EXPLAIN = "explain", "giải trình"
        PAID_REFUND = "paid_refund", "chi hoàn phí"
        REVERSAL = "reversal", "ngân hàng rút lại"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    unit_path = UnitPathField()
    bank = models.CharField(max_length=6)
    account = models.CharField(max_length=19)
    bank_ref = models.CharField(max_length=80)
    amount = models.BigIntegerField()
    applied = models.BigIntegerField(default=0)
    explained = models.BigIntegerField(default=0)
    content = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    book_on = models.DateField()
    recorded_at = models.DateTimeField()
    source = models.CharField(max_length=10, choices=Source.choices)
    digest = models.CharField(max_length=64, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    charge = models.ForeignKey(Charge, models.PROTECT, null=True, related_name="transactions")
    settled_by_id = models.BigIntegerField(null=True)
    settled_by_name = models.CharField(max_length=120, blank=True)
    settled_at = models.DateTimeField(null=True)
    how = models.CharField(max_length=12, choices=How.choices, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bank", "account", "bank_ref"], name="bank_transaction_once"),
            models.CheckConstraint(condition=~Q(amount=0), name="bank_transaction_moves_money"),
        ]
        indexes = [
            models.Index(fields=["unit_path", "id"], name="bank_to_settle", condition=Q(settled_at=None)),
            models.Index(fields=["unit_path", "book_on"]),
        ]

    def __str__(self) -> str:
        return f"{self.bank_ref} {self.amount}"

    @property
    def suspense(self) -> int:
        """What nobody has placed yet."""
        return self.amount - self.applied - self.explained


class Payment(models.Model):
    """Money on a charge. A refund is a row of its own with a negative amount."""

    class Method(models.TextChoices):
        CASH = "cash", "Tiền mặt"
        TRANSFER = "transfer", "Chuyển khoản"
        PORTAL = "portal", "Cổng thanh toán"

    charge = models.ForeignKey(Charge, models.PROTECT, related_name="payments")
    unit_path = UnitPathField()
    method = models.CharField(max_length=10, choices=Method.choices)
    amount = models.BigIntegerField()
    at = models.DateTimeField()
    book_on = models.DateField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=120)
    transaction = models.ForeignKey(BankTransaction, models.PROTECT, null=True, related_name="payments")
    idempotency_key = models.CharField(max_length=80, null=True, unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["charge", "transaction"], name="payment_once_per_transaction"),
            models.CheckConstraint(condition=~Q(amount=0), name="payment_moves_money"),
        ]
        indexes = [models.Index(fields=["unit_path", "book_on"])]


class Receipt(models.Model):
    """Biên lai. The serial is never given twice, and a cancelled one stays in the book."""

    ACCESS_OWNER_FIELD = "charge__owner_person"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    unit_path = UnitPathField()
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    charge = models.ForeignKey(Charge, models.PROTECT, related_name="receipts")
    amount = models.BigIntegerField()
    lines = models.JSONField()
    payments = models.JSONField()
    issued_at = models.DateTimeField()
    issued_by_name = models.CharField(max_length=120)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by_name = models.CharField(max_length=120, blank=True)
    cancelled_reason = models.CharField(max_length=300, blank=True)
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaces")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "year", "serial"], name="receipt_serial_once")]
        indexes = [models.Index(fields=["unit_path", "-id"])]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"{self.year}-{self.serial:06d}"

    @property
    def owner_person_ids(self) -> tuple[int, ...]:
        return self.charge.owner_person_ids


class RefundTask(models.Model):
    """Money to give back: one person asks, another approves. From a charge, or from a transfer nobody placed."""

    ACCESS_OWNER_FIELD = "charge__owner_person"

    class State(models.TextChoices):
        ASKED = "asked", "Chờ duyệt"
        APPROVED = "approved", "Chờ chi"
        PAID = "paid", "Đã chi"
        DECLINED = "declined", "Không duyệt"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    unit_path = UnitPathField()
    charge = models.ForeignKey(Charge, models.PROTECT, null=True, related_name="refunds")
    transaction = models.ForeignKey(BankTransaction, models.PROTECT, null=True, related_name="refunds")
    method = models.CharField(max_length=10, choices=Payment.Method.choices)
    amount = models.BigIntegerField()
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    asked_by_id = models.BigIntegerField(null=True)
    asked_by_name = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    decided_by_id = models.BigIntegerField(null=True)
    decided_by_name = models.CharField(max_length=120, blank=True)
    decided_at = models.DateTimeField(null=True)
    paid_with = models.OneToOneField(BankTransaction, models.PROTECT, null=True, related_name="pays_refund")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_gives_something"),
            models.CheckConstraint(
                condition=Q(charge=None, transaction__isnull=False) | Q(charge__isnull=False, transaction=None),
                name="refund_from_one_source",
            ),
        ]
        indexes = [models.Index(fields=["unit_path", "state"])]

    @property
    def owner_person_ids(self) -> tuple[int, ...]:
        return self.charge.owner_person_ids if self.charge else ()


class DayClose(models.Model):
    """The day's sheet as it stood when somebody closed it. What comes later is booked on the next open day."""

    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    unit_path = UnitPathField()
    day = models.DateField()
    cash = models.BigIntegerField()
    cash_counted = models.BigIntegerField()
    portal = models.BigIntegerField()
    transfer = models.BigIntegerField()
    explained = models.BigIntegerField()
    suspense = models.BigIntegerField()
    movement = models.BigIntegerField()
    carried = models.BigIntegerField()
    statement_movement = models.BigIntegerField()
    difference = models.BigIntegerField()
    note = models.CharField(max_length=500, blank=True)
    closed_by_id = models.BigIntegerField(null=True)
    closed_by_name = models.CharField(max_length=120)
    closed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "day"], name="day_closed_once")]

    @property
    def cash_difference(self) -> int:
        return self.cash_counted - self.cash

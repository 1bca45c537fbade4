"""What was declared, and the spreadsheets it came in. A declared row is never overwritten: a newer one replaces it."""

import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse

from xaso.core.units.fields import UnitPathField


class Import(models.Model):
    """A spreadsheet taken in: read and shown first, then applied whole or not at all, and undone whole."""

    class State(models.TextChoices):
        PREVIEWED = "previewed", "Chờ xác nhận"
        APPLIED = "applied", "Đã nhập"
        UNDONE = "undone", "Đã huỷ nhập"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    unit_path = UnitPathField()
    period_key = models.CharField(max_length=10)
    file_name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    sheet = models.CharField(max_length=60, blank=True)
    rows = models.JSONField(default=list)
    faulty = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREVIEWED)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["unit_path", "-id"])]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("desk-figures:import", args=[self.uuid])

    @property
    def may_apply(self) -> bool:
        return self.state == self.State.PREVIEWED and not self.faulty and any(row["counts"] for row in self.rows)

    @property
    def tone(self) -> str:
        return {"previewed": "info", "applied": "good"}.get(self.state, "neutral")


class Declared(models.Model):
    """A number somebody stands for. It counts once another person has approved it and until a newer one replaces it.

    A flow names its period; a stock has an empty `period_key` and counts from `as_of` on, within its year.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Chờ duyệt"
        APPROVED = "approved", "Đã duyệt"
        REFUSED = "refused", "Không duyệt"
        WITHDRAWN = "withdrawn", "Đã rút"

    class Confidence(models.TextChoices):
        HIGH = "high", "Có sổ sách hoặc hệ thống chứng minh"
        MEDIUM = "medium", "Tổng hợp từ báo cáo"
        LOW = "low", "Ước tính"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    unit_path = UnitPathField()
    key = models.CharField(max_length=60)
    period_key = models.CharField(max_length=10, blank=True)
    as_of = models.DateField()
    sub_population = models.CharField(max_length=120, blank=True)
    comparator = models.CharField(max_length=2, default="=")
    number = models.DecimalField(max_digits=24, decimal_places=4, null=True)
    numerator = models.DecimalField(max_digits=24, decimal_places=4, null=True)
    denominator = models.DecimalField(max_digits=24, decimal_places=4, null=True)
    text = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=300)
    supplier = models.CharField(max_length=200, blank=True)
    document_number = models.CharField(max_length=60, blank=True)
    document_title = models.CharField(max_length=300, blank=True)
    document_on = models.DateField(null=True)
    confidence = models.CharField(max_length=6, choices=Confidence.choices, default=Confidence.MEDIUM)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=300, blank=True)
    batch = models.ForeignKey(Import, models.PROTECT, null=True, related_name="declared")
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaces")
    entered_by_id = models.BigIntegerField(null=True)
    entered_by_name = models.CharField(max_length=120)
    entered_at = models.DateTimeField()
    decided_by_id = models.BigIntegerField(null=True)
    decided_by_name = models.CharField(max_length=120, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit_path", "key", "period_key", "as_of", "sub_population"],
                condition=Q(state="approved", replaced_by=None, period_key=""),
                name="declared_stock_once",
            ),
            models.UniqueConstraint(
                fields=["unit_path", "key", "period_key", "sub_population"],
                condition=Q(state="approved", replaced_by=None) & ~Q(period_key=""),
                name="declared_flow_once",
            ),
            models.CheckConstraint(
                condition=Q(replaced_by=None) | Q(state__in=["approved", "withdrawn"]),
                name="declared_replaced_was_approved",
            ),
        ]
        indexes = [
            models.Index(fields=["unit_path", "key", "as_of"]),
            models.Index(fields=["unit_path", "state", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.unit_path} {self.period_key or self.as_of}"

    def get_absolute_url(self) -> str:
        return reverse("desk-figures:declared", args=[self.uuid])

    @property
    def is_current(self) -> bool:
        return self.state == self.State.APPROVED and self.replaced_by_id is None

    @property
    def document(self) -> str:
        """12/KH-UBND ngày 08/07/2022: Kế hoạch chuyển đổi số."""
        head = self.document_number + (f" ngày {self.document_on:%d/%m/%Y}" if self.document_on else "")
        return ": ".join(part for part in (head.strip(), self.document_title) if part)

    @property
    def tone(self) -> str:
        if self.state == self.State.APPROVED:
            return "neutral" if self.replaced_by_id else "good"
        return {"waiting": "info", "refused": "bad"}.get(self.state, "neutral")

"""A pack is inserted once; the database refuses every later change of it (see migrations)."""

import uuid
from datetime import date

from django.db import models
from django.db.models import Q

from xaso.core.audit.kept import keep
from xaso.core.units.fields import UnitPathField


class Pack(models.Model):
    """Gói số liệu đã ký: the figures of a unit and a period as somebody signed them.

    `body` is canonical JSON, kept to the byte; `sha256` is its checksum. `number` counts the unit's packs, and each
    body holds the checksum of the one before, so that none can be taken out or put in.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    unit_path = UnitPathField()
    kind = models.CharField(max_length=40)
    period_key = models.CharField(max_length=20)
    subject = models.CharField(max_length=80, blank=True)
    number = models.PositiveIntegerField()
    body = models.TextField()
    sha256 = models.CharField(max_length=64)
    signed_by = models.BigIntegerField()
    signed_by_name = models.CharField(max_length=120)
    signed_by_role = models.CharField(max_length=80)
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "number"], name="pack_number_once")]
        indexes = [
            models.Index(fields=["kind", "period_key", "unit_path"]),
            models.Index(fields=["unit_path", "id"]),
            models.Index(fields=["subject"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.period_key} {self.unit_path}"

    @property
    def public_title(self) -> str:
        """What anybody reads who checks the code of its sheet."""
        return f"Gói số liệu số {self.number}, kỳ {self.period_key}"


class Restatement(models.Model):
    """Dòng điều chỉnh: what a line of a signed pack would say now. The pack itself stays as it is."""

    pack = models.ForeignKey(Pack, models.PROTECT, related_name="restatements")
    line_key = models.CharField(max_length=80)
    label = models.CharField(max_length=200)
    position = models.PositiveIntegerField()
    was = models.CharField(max_length=300)
    now = models.CharField(max_length=300)
    now_state = models.CharField(max_length=400, blank=True)
    cause = models.CharField(max_length=300)
    noticed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pack", "line_key", "position"], name="restatement_once"),
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.was} → {self.now}"


class PeriodLock(models.Model):
    """Khoá kỳ: from now on nobody declares or changes figures of this period in this unit and below it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    unit_path = UnitPathField()
    period_key = models.CharField(max_length=20)
    since_on = models.DateField()
    before_on = models.DateField()
    reason = models.CharField(max_length=500)
    until_on = models.DateField(null=True)
    locked_by_name = models.CharField(max_length=120)
    locked_at = models.DateTimeField()
    unlocked_by_name = models.CharField(max_length=120, blank=True)
    unlocked_at = models.DateTimeField(null=True)
    unlock_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "period_key"], condition=Q(unlocked_at=None), name="period_locked_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.period_key} {self.unit_path}"

    def is_on(self, day: date) -> bool:
        """Until a day means through that day; the lock then opens by itself."""
        return self.unlocked_at is None and (self.until_on is None or day <= self.until_on)


for _model in (Pack, Restatement):
    keep(_model._meta.db_table)

"""What goes wrong with a device, and its repair."""

import uuid

from django.db import models
from django.db.models import Q

from xaso.core.units.fields import UnitPathField


class Alarm(models.Model):
    """Something is wrong with a device since a moment. One open alarm of each kind; it is told once."""

    class Kind(models.TextChoices):
        SILENT = "silent", "Loa mất kết nối"
        NOT_PLAYED = "not_played", "Loa có kết nối nhưng không phát"
        DISK = "disk", "Bộ nhớ loa sắp đầy"
        CLOCK = "clock", "Đồng hồ loa sai giờ"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    device = models.ForeignKey("speakers.Device", models.PROTECT, related_name="alarms", db_index=False)
    unit_path = UnitPathField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    detail = models.CharField(max_length=200, blank=True)
    since = models.DateTimeField()
    opened_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["device", "kind"], condition=Q(cleared_at=None), name="speaker_alarm_open_once"
            )
        ]
        indexes = [
            models.Index(fields=["unit_path", "-id"], name="speaker_alarm_list"),
            models.Index(fields=["device", "-id"], name="speaker_alarm_device"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class Repair(models.Model):
    """Phiếu sửa chữa: who mends what, the parts, the money and its budget line, and how long the speaker was down."""

    class State(models.TextChoices):
        OPEN = "open", "Mới"
        ASSIGNED = "assigned", "Đã giao"
        CLOSED = "closed", "Đã xong"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    device = models.ForeignKey("speakers.Device", models.PROTECT, related_name="repairs")
    unit_path = UnitPathField()
    alarm = models.ForeignKey(Alarm, models.PROTECT, null=True, related_name="repairs", db_index=False)
    problem = models.CharField(max_length=500)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    down_since = models.DateTimeField()
    opened_at = models.DateTimeField()
    opened_by_name = models.CharField(max_length=120, blank=True)
    assigned_to = models.CharField(max_length=120, blank=True)
    assigned_phone = models.CharField(max_length=15, blank=True)
    assigned_at = models.DateTimeField(null=True)
    parts = models.CharField(max_length=500, blank=True)
    cost = models.BigIntegerField(default=0)
    budget_line = models.CharField(max_length=60, blank=True)
    outcome = models.CharField(max_length=500, blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["device"], condition=~Q(state="closed"), name="speaker_repair_open_once")
        ]
        indexes = [models.Index(fields=["unit_path", "-id"], name="speaker_repair_list")]

    def __str__(self) -> str:
        return self.problem

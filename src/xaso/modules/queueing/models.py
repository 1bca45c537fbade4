"""Counters and tickets. No side effects here: every change is an action."""

import uuid

from django.db import models
from django.db.models import F, Q

from xaso.core.units.fields import UnitPathField


class Counter(models.Model):
    """Quầy: a number on the wall, the fields it serves, and who sits there now. Without fields it serves all."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+", db_index=False)
    unit_path = UnitPathField()
    number = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=80)
    fields = models.JSONField(default=list)
    is_open = models.BooleanField(default=False)
    officer = models.ForeignKey("accounts.Account", models.PROTECT, null=True, related_name="+", db_index=False)
    officer_name = models.CharField(max_length=120, blank=True)
    last_called_at = models.DateTimeField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit_path", "number"], condition=Q(valid_to=None), name="counter_number"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="counter_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"Quầy {self.number}"


class Ticket(models.Model):
    """Số thứ tự of one visitor on one day. Holds nothing about the person but whether he or she goes first."""

    class State(models.TextChoices):
        WAITING = "waiting", "Đang chờ"
        CALLED = "called", "Đang gọi"
        SERVED = "served", "Phục vụ"
        MISSED = "missed", "Gọi không có mặt"
        CANCELLED = "cancelled", "Đã huỷ"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+", db_index=False)
    unit_path = UnitPathField()
    day = models.DateField()
    number = models.PositiveIntegerField()
    field = models.CharField(max_length=200, blank=True)
    is_priority = models.BooleanField(default=False)
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    issued_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True)
    last_called_at = models.DateTimeField(null=True)
    calls = models.PositiveSmallIntegerField(default=0)
    served_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    counter = models.ForeignKey(Counter, models.PROTECT, null=True, related_name="+", db_index=False)
    officer_name = models.CharField(max_length=120, blank=True)
    dossier = models.CharField(max_length=60, blank=True)
    idempotency_key = models.CharField(max_length=80, null=True, unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit_path", "day", "number"], name="ticket_once"),
            models.UniqueConstraint(
                fields=["counter", "day"],
                condition=Q(state="called") | Q(state="served", finished_at=None),
                name="ticket_one_at_a_counter",
            ),
        ]
        indexes = [models.Index(fields=["unit_path", "day", "state", "number"], name="ticket_line")]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """As printed and called: three digits."""
        return f"{self.number:03d}"

    @property
    def is_with_officer(self) -> bool:
        return self.state == self.State.CALLED or (self.state == self.State.SERVED and self.finished_at is None)

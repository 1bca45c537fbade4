"""Parcels that went out and came in, the states told about them, the organisations, and how the connections do."""

import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse

from xaso.core.units.fields import UnitPathField
from xaso.modules.exchange.rules import message, statuses


class Organisation(models.Model):
    """A sender or receiver by its code. Both forms of code are alive, so the code is text and never taken apart."""

    class Origin(models.TextChoices):
        AXIS = "axis", "Danh bạ của trục"
        LETTER = "letter", "Thấy trong văn bản đến"
        HAND = "hand", "Ghi tay"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=35, unique=True)
    name = models.CharField(max_length=200)
    folded = models.CharField(max_length=240)
    is_active = models.BooleanField(default=True)
    origin = models.CharField(max_length=6, choices=Origin.choices)
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["is_active", "id"], name="organisation_active")]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class Connection(models.Model):
    """How asking an axis or a mailbox goes for one unit. Addresses and secrets are in the environment, never here."""

    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+", db_index=False)
    unit_path = UnitPathField()
    channel = models.CharField(max_length=5)
    account = models.CharField(max_length=120)
    asked_at = models.DateTimeField(null=True)
    succeeded_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "account"], name="connection_once")]

    def __str__(self) -> str:
        return f"{self.channel} {self.account}"


class Parcel(models.Model):
    """One message to or from one organisation, as it was written. `document_ref` is the document it became or is."""

    class Direction(models.TextChoices):
        OUT = "out", "Gửi đi"
        IN = "in", "Nhận về"

    class Channel(models.TextChoices):
        EDXML = "edxml", "Trục liên thông"
        EMAIL = "email", "Thư điện tử"

    class State(models.TextChoices):
        QUEUED = "queued", "Chờ gửi"
        SENT = "sent", "Đã gửi"
        FAILED = "failed", "Chưa gửi được"
        RECEIVED = "received", "Đã nhận"
        REFUSED = "refused", "Không nhận được"
        WITHDRAWN = "withdrawn", "Đã rút trước khi gửi"

    TONES = {"queued": "info", "sent": "good", "failed": "bad", "received": "good", "refused": "bad"}

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+", db_index=False)
    unit_path = UnitPathField()
    direction = models.CharField(max_length=3, choices=Direction.choices)
    channel = models.CharField(max_length=5, choices=Channel.choices, default=Channel.EDXML)
    state = models.CharField(max_length=9, choices=State.choices)
    business = models.PositiveSmallIntegerField(default=message.NEW, choices=list(message.BUSINESS_TITLES.items()))
    organ_code = models.CharField(max_length=35, blank=True)
    organ_name = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=500, blank=True)
    notation = models.CharField(max_length=100, blank=True)
    dated_on = models.DateField(null=True)
    document_id = models.CharField(max_length=200, blank=True, db_index=True)
    document_ref = models.CharField(max_length=80, blank=True, db_index=True)
    document_uuid = models.UUIDField(null=True, db_index=True)
    recipient_ref = models.CharField(max_length=80, blank=True)
    about = models.ForeignKey("self", models.PROTECT, null=True, related_name="later", db_index=True)
    reason = models.CharField(max_length=500, blank=True)
    axis_ref = models.CharField(max_length=200, blank=True, db_index=True)
    twin_key = models.CharField(max_length=64, null=True)
    raw = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+", db_index=False)
    remarks = models.JSONField(default=list)
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    moved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["recipient_ref", "business"], condition=~Q(recipient_ref=""), name="parcel_once_per_copy"
            ),
            models.UniqueConstraint(
                fields=["unit_path", "twin_key"], condition=Q(twin_key__isnull=False), name="parcel_arrives_once"
            ),
        ]
        indexes = [
            models.Index(fields=["unit_path", "-id"], name="parcel_newest"),
            models.Index(fields=["unit_path", "state", "-id"], name="parcel_by_state"),
            models.Index(fields=["retry_at", "id"], name="parcel_waiting", condition=Q(state="queued")),
        ]

    def __str__(self) -> str:
        return f"{self.get_direction_display()} {self.notation or self.subject}"

    def get_absolute_url(self) -> str:
        return reverse("desk-exchange:parcel", args=[self.uuid])

    @property
    def tone(self) -> str:
        return self.TONES.get(self.state, "neutral")

    @property
    def is_out(self) -> bool:
        return self.direction == self.Direction.OUT


class Status(models.Model):
    """One state told about a parcel, by us or to us. Each at most once; `sent_at` is empty while the axis waits."""

    class Direction(models.TextChoices):
        TOLD = "told", "Báo cho nơi gửi"
        HEARD = "heard", "Nơi nhận báo về"

    parcel = models.ForeignKey(Parcel, models.CASCADE, related_name="statuses")
    direction = models.CharField(max_length=5, choices=Direction.choices)
    code = models.CharField(max_length=2, choices=list(statuses.TITLES.items()))
    at = models.DateTimeField()
    note = models.CharField(max_length=500, blank=True)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["parcel", "direction", "code"], name="status_once")]
        indexes = [
            models.Index(fields=["retry_at", "id"], name="status_waiting", condition=Q(direction="told", sent_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.get_code_display()}"


class Seen(models.Model):
    """A message that was fetched, by the id its carrier has for it: what is known is not fetched again."""

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="seen", db_index=False)
    ref = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "ref"], name="seen_once")]

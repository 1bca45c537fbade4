"""Alerts taken in with their source, what was done with each, our own alerts, drills, and how feeds do."""

import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse

from xaso.core.units.fields import UnitPathField
from xaso.modules.alerts.rules import cap, mapping


class Alert(models.Model):
    """A message as it came. `source` is kept to the letter; nothing of it is changed afterwards."""

    class State(models.TextChoices):
        WAITING = "waiting", "Chờ người quyết định"
        SENT = "sent", "Đã chuyển đi"
        DRAFTED = "drafted", "Đã soạn bản tin"
        DRILL = "drill", "Đang diễn tập"
        NOTED = "noted", "Ghi nhận, không phát"
        DISMISSED = "dismissed", "Không dùng"
        REPLACED = "replaced", "Đã có bản thay thế"
        CANCELLED = "cancelled", "Nơi gửi đã huỷ"
        EXPIRED = "expired", "Đã hết hạn"

    class Via(models.TextChoices):
        PAGE = "page", "Nhập tay"
        API = "api", "Hệ thống cấp trên gửi"
        FEED = "feed", "Lấy từ nguồn"

    TONES = {"waiting": "warn", "sent": "good", "drafted": "info", "drill": "info", "cancelled": "neutral"}
    CLASS_TONES = {"emergency": "bad", "priority": "warn", "normal": "neutral"}
    LIVE = (State.WAITING, State.SENT, State.DRAFTED, State.DRILL)

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+", db_index=False)
    unit_path = UnitPathField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    via = models.CharField(max_length=4, choices=Via.choices)
    via_name = models.CharField(max_length=200, blank=True)
    sender = models.CharField(max_length=200)
    identifier = models.CharField(max_length=200)
    sent = models.CharField(max_length=25)
    sent_at = models.DateTimeField()
    status = models.CharField(max_length=8)
    message_type = models.CharField(max_length=6)
    scope = models.CharField(max_length=10)
    klass = models.CharField(max_length=9, choices=list(mapping.CLASSES.items()))
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    event = models.CharField(max_length=200, blank=True)
    until = models.DateTimeField(null=True)
    areas = models.JSONField(default=list)
    unit_paths = models.JSONField(default=list)
    references = models.JSONField(default=list)
    remarks = models.JSONField(default=list)
    is_signed = models.BooleanField(default=False)
    recording = models.UUIDField(null=True)
    source = models.TextField()
    sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "sender", "identifier", "sent"], name="alert_once"),
        ]
        indexes = [
            models.Index(fields=["unit_path", "id"], name="alert_listed"),
            models.Index(fields=["recording"], condition=Q(recording__isnull=False), name="alert_recording"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("desk-alerts:alert", args=[self.uuid])

    @property
    def ref(self) -> str:
        """What bulletins and plays know as their origin and purpose."""
        return f"alerts.Alert:{self.pk}"

    @property
    def reference(self) -> str:
        return f"{self.sender},{self.identifier},{self.sent}"

    @property
    def tone(self) -> str:
        return self.TONES.get(self.state, "neutral")

    @property
    def class_tone(self) -> str:
        return self.CLASS_TONES[self.klass]

    @property
    def is_drill(self) -> bool:
        return self.status in {"Exercise", "Test"}

    @property
    def status_words(self) -> str:
        return cap.STATUSES[self.status]

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def can_be_sent(self) -> bool:
        """Also an exercise that came before its drill was armed."""
        return self.is_waiting or (self.is_drill and self.state == self.State.NOTED and self.message_type != "Cancel")


class Deed(models.Model):
    """One thing done with an alert, by whom and when. Never changed."""

    alert = models.ForeignKey(Alert, models.PROTECT, related_name="deeds")
    at = models.DateTimeField()
    by_name = models.CharField(max_length=200)
    text = models.CharField(max_length=600)

    def __str__(self) -> str:
        return self.text


class Drill(models.Model):
    """Until then exercises and tests may be heard. One named officer answers for it, with a reason."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+", db_index=False)
    unit_path = UnitPathField()
    reason = models.CharField(max_length=300)
    armed_by_id = models.BigIntegerField(null=True)
    armed_by_name = models.CharField(max_length=200)
    armed_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["unit_path", "until"], name="drill_armed")]

    def __str__(self) -> str:
        return self.reason


class Issued(models.Model):
    """An alert of ours as CAP, as it stands in the public feed. Its key is made of the bulletin's."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+", db_index=False)
    unit_path = UnitPathField()
    bulletin = models.UUIDField()
    message_type = models.CharField(max_length=6)
    identifier = models.CharField(max_length=80, unique=True)
    reference = models.CharField(max_length=300)
    title = models.CharField(max_length=200)
    xml = models.TextField()
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bulletin", "message_type"], name="issued_once")]
        indexes = [models.Index(fields=["unit_path", "sent_at"], name="issued_listed")]

    def __str__(self) -> str:
        return self.title


class FeedState(models.Model):
    """How asking one declared feed goes."""

    code = models.CharField(max_length=40, unique=True)
    asked_at = models.DateTimeField(null=True)
    succeeded_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)
    seen = models.JSONField(default=list)

    def __str__(self) -> str:
        return self.code

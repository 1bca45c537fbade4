"""Messages out, their parts at the gateway, receipts that came too early, messages in."""

import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse

from xaso.core.units.fields import UnitPathField


class Sms(models.Model):
    """One message to one number.

    `text` is empty for a secret, which lies sealed in `sealed` until it was handed over. `sending`: claimed by a sender
    that may have spoken to the gateway already; if that sender dies, the message becomes `unknown` and is never sent
    again by itself.
    """

    class State(models.TextChoices):
        QUEUED = "queued", "Chờ gửi"
        SENDING = "sending", "Đang chuyển"
        HANDED = "handed", "Tổng đài đã nhận"
        DELIVERED = "delivered", "Đã tới máy"
        FAILED = "failed", "Không gửi được"
        EXPIRED = "expired", "Quá hạn gửi"
        UNKNOWN = "unknown", "Chưa rõ"

    TONES = {"queued": "info", "sending": "info", "handed": "info", "delivered": "good", "failed": "bad",
             "expired": "warn", "unknown": "warn"}  # fmt: skip

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, null=True, related_name="+", db_index=False)
    unit_path = UnitPathField(blank=True)
    phone = models.CharField(max_length=15)
    text = models.TextField(blank=True)
    sealed = models.TextField(blank=True)
    is_secret = models.BooleanField(default=False)
    kind = models.CharField(max_length=9)
    priority = models.PositiveSmallIntegerField()
    purpose = models.CharField(max_length=80)
    topic = models.CharField(max_length=20, blank=True)
    budget_line = models.CharField(max_length=40, blank=True)
    contact_uuid = models.UUIDField(null=True)
    key = models.CharField(max_length=80, null=True, unique=True)
    is_told = models.BooleanField(default=False)
    encoding = models.CharField(max_length=4)
    parts = models.PositiveSmallIntegerField()
    cost = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.QUEUED)
    provider = models.CharField(max_length=10, blank=True)
    claim = models.CharField(max_length=32, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    handed_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["priority", "id"], name="sms_waiting", condition=Q(state="queued")),
            models.Index(fields=["claimed_at"], name="sms_sending", condition=Q(state="sending")),
            models.Index(fields=["state", "handed_at"], name="sms_open", condition=Q(state__in=["handed", "unknown"])),
            models.Index(fields=["purpose", "-id"], name="sms_of_purpose"),
            models.Index(fields=["unit_path", "-id"], name="sms_newest"),
            models.Index(fields=["phone", "handed_at"], name="sms_of_phone"),
            models.Index(fields=["unit_path", "handed_at"], name="sms_by_month"),
        ]

    def __str__(self) -> str:
        return f"{self.phone} {self.get_state_display()}"

    def get_absolute_url(self) -> str:
        return reverse("desk-sms:one", args=[self.uuid])

    @property
    def tone(self) -> str:
        return self.TONES[self.state]


class Part(models.Model):
    """One part as the gateway knows it; `gateway_id` is written as `rules.receipts.normal_id` does."""

    sms = models.ForeignKey(Sms, models.CASCADE, related_name="pieces")
    number = models.PositiveSmallIntegerField()
    provider = models.CharField(max_length=10)
    gateway_id = models.CharField(max_length=64)
    state = models.CharField(max_length=9, default="handed")
    error = models.CharField(max_length=120, blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sms", "number"], name="part_once")]
        indexes = [models.Index(fields=["gateway_id"], name="part_by_id")]

    def __str__(self) -> str:
        return f"{self.gateway_id} {self.state}"


class Receipt(models.Model):
    """A receipt whose message is not known yet: it overtook the answer to the submission, or that answer was lost."""

    provider = models.CharField(max_length=10)
    gateway_id = models.CharField(max_length=64)
    state = models.CharField(max_length=9)
    error = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=15, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gateway_id", "provider", "state"], name="early_receipt_once")]
        indexes = [models.Index(fields=["at"], name="early_receipts")]

    def __str__(self) -> str:
        return f"{self.gateway_id} {self.state}"


class Received(models.Model):
    """A message a resident sent to the commune's number, once however often the gateway brings it."""

    class Meaning(models.TextChoices):
        STOP = "stop", "Từ chối nhận tin"
        START = "start", "Đăng ký nhận tin"
        UNCLEAR = "unclear", "Từ khoá chưa rõ"
        OTHER = "other", "Tin của người dân"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit_path = UnitPathField(blank=True)
    sender = models.CharField(max_length=20)
    to = models.CharField(max_length=20, blank=True)
    text = models.CharField(max_length=2000, blank=True)
    meaning = models.CharField(max_length=7, choices=Meaning.choices)
    topic = models.CharField(max_length=20, blank=True)
    provider = models.CharField(max_length=10)
    ref = models.CharField(max_length=80, unique=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["unit_path", "-id"], name="received_newest")]

    def __str__(self) -> str:
        return f"{self.sender}: {self.text[:40]}"


class Gateway(models.Model):
    """How talking to the gateway goes, as the process that talks to it last said."""

    provider = models.CharField(max_length=10, unique=True)
    state = models.CharField(max_length=12, default="off")
    said = models.CharField(max_length=300, blank=True)
    changed_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    throttled = models.PositiveIntegerField(default=0)
    reconnects = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.provider} {self.state}"

"""Official accounts with their tokens (sealed), templates, messages out, notices in, and who follows."""

import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse

from xaso.core.units.fields import UnitPathField


class Account(models.Model):
    """The official account of one unit and its chain of tokens. Every refresh token works once.

    `generation` counts the pairs of tokens: whoever refreshes saves only over the pair it started from. `lease_until`
    is set by the one worker that refreshes now, so that nobody holds a lock while Zalo is asked.
    """

    class State(models.TextChoices):
        CONNECTED = "connected", "Đang nối"
        BROKEN = "broken", "Cần cấp quyền lại"
        DISCONNECTED = "disconnected", "Đã ngắt"

    TONES = {"connected": "good", "broken": "bad", "disconnected": "neutral"}

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+", db_index=False)
    unit_path = UnitPathField(unique=True)
    oa_id = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.CONNECTED)
    access_sealed = models.TextField(blank=True)
    refresh_sealed = models.TextField(blank=True)
    access_until = models.DateTimeField(null=True)
    refresh_until = models.DateTimeField(null=True)
    generation = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    refreshed_at = models.DateTimeField(null=True)
    connected_at = models.DateTimeField()
    connected_by = models.CharField(max_length=120)
    error = models.CharField(max_length=500, blank=True)
    error_at = models.DateTimeField(null=True)
    quota_on = models.DateField(null=True)
    quota_daily = models.PositiveIntegerField(null=True)
    quota_left = models.PositiveIntegerField(null=True)

    def __str__(self) -> str:
        return self.name or f"Zalo OA {self.oa_id}"

    @property
    def tone(self) -> str:
        return self.TONES.get(self.state, "neutral")


class Template(models.Model):
    """A ZNS template as Zalo approved it. `params` are {name, type, longest}; the text names them as <name>."""

    class State(models.TextChoices):
        WAITING = "waiting", "Chờ Zalo duyệt"
        APPROVED = "approved", "Đã duyệt"
        OFF = "off", "Ngừng dùng"

    TONES = {"waiting": "warn", "approved": "good", "off": "neutral"}

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+", db_index=False)
    unit_path = UnitPathField()
    code = models.CharField(max_length=40)
    zalo_id = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    text = models.TextField()
    params = models.JSONField(default=list)
    price = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit_path", "code"], name="zalo_template_once")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("desk-zalo:template", args=[self.uuid])

    @property
    def tone(self) -> str:
        return self.TONES.get(self.state, "neutral")


class Message(models.Model):
    """One message to one person. Its uuid is the tracking id: Zalo takes a template under one tracking id once."""

    class Kind(models.TextChoices):
        TEMPLATE = "template", "Mẫu ZNS"
        TEXT = "text", "Trả lời"

    class State(models.TextChoices):
        QUEUED = "queued", "Chờ gửi"
        SENT = "sent", "Đã gửi"
        DELIVERED = "delivered", "Đã đến máy"
        SEEN = "seen", "Đã xem"
        FAILED = "failed", "Không gửi được"
        FELL_BACK = "fell_back", "Đã chuyển sang SMS"

    TONES = {
        "queued": "info",
        "sent": "good",
        "delivered": "good",
        "seen": "done",
        "failed": "bad",
        "fell_back": "warn",
    }

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+", db_index=False)
    unit_path = UnitPathField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    key = models.CharField(max_length=160, unique=True)
    purpose = models.CharField(max_length=80, blank=True)
    phone = models.CharField(max_length=15, blank=True)
    user = models.CharField(max_length=40, blank=True)
    template = models.ForeignKey(Template, models.PROTECT, null=True, related_name="+")
    values = models.JSONField(default=dict)
    text = models.TextField(blank=True)
    fallback_text = models.TextField(blank=True)
    sms_kind = models.CharField(max_length=9, default="service")
    topic = models.CharField(max_length=20, blank=True)
    mode = models.CharField(max_length=12, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.QUEUED)
    msg_id = models.CharField(max_length=80, blank=True, db_index=True)
    sms_uuid = models.UUIDField(null=True)
    price = models.PositiveIntegerField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    code = models.IntegerField(null=True)
    error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["unit_path", "-id"], name="zalo_message_newest"),
            models.Index(fields=["purpose", "state", "id"], name="zalo_message_purpose"),
            models.Index(fields=["retry_at", "id"], name="zalo_message_waiting", condition=Q(state="queued")),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.phone or self.user}"

    @property
    def tone(self) -> str:
        return self.TONES.get(self.state, "neutral")

    @property
    def to(self) -> str:
        """The number as people write it, or Zalo's name for the person."""
        return f"0{self.phone[2:]}" if self.phone.startswith("84") else self.phone or self.user


class Follower(models.Model):
    """Somebody who follows or wrote, as Zalo calls them. Answers may be sent some days after they wrote."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="followers", db_index=False)
    user = models.CharField(max_length=40)
    is_following = models.BooleanField(default=True)
    followed_at = models.DateTimeField(null=True)
    unfollowed_at = models.DateTimeField(null=True)
    wrote_at = models.DateTimeField(null=True)
    shared_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "user"], name="zalo_follower_once")]

    def __str__(self) -> str:
        return self.user


class Notice(models.Model):
    """What Zalo told over the webhook, once. The fingerprint makes a repetition a repetition."""

    class State(models.TextChoices):
        WAITING = "waiting", "Chờ xử lý"
        DONE = "done", "Đã xử lý"
        IGNORED = "ignored", "Không dùng đến"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=60)
    fingerprint = models.CharField(max_length=64, unique=True)
    body = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    told_at = models.DateTimeField()
    received_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.name


class Received(models.Model):
    """A message from somebody. A picture is fetched afterwards, from hosts we know, or refused with the reason."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="received", db_index=False)
    unit_path = UnitPathField()
    user = models.CharField(max_length=40)
    msg_id = models.CharField(max_length=80, db_index=True)
    text = models.TextField(blank=True)
    picture_url = models.CharField(max_length=1000, blank=True)
    picture = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+", db_index=False)
    picture_error = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["unit_path", "-id"], name="zalo_received_newest")]

    def __str__(self) -> str:
        return f"{self.user} {self.msg_id}"

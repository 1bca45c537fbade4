import uuid

from django.db import models
from django.db.models import Q

from xaso.core.units.fields import UnitPathField


class Message(models.Model):
    """One text to one person through one channel. Phone and address are kept as they were when it was written."""

    class Channel(models.TextChoices):
        INAPP = "inapp", "Trong ứng dụng"
        SMS = "sms", "Tin nhắn"
        EMAIL = "email", "Thư điện tử"

    class State(models.TextChoices):
        QUEUED = "queued", "Chờ gửi"
        SENT = "sent", "Đã gửi"
        FAILED = "failed", "Chưa gửi được"
        READ = "read", "Đã đọc"

    ACCESS_OWNER_FIELD = "person_id"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="messages")
    name = models.CharField(max_length=120, blank=True)
    phone = models.CharField(max_length=15, blank=True)
    email = models.EmailField(blank=True)
    template = models.CharField(max_length=60)
    subject = models.CharField(max_length=80, blank=True)
    unit_path = UnitPathField(blank=True)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    title = models.CharField(max_length=200)
    body = models.TextField()
    link = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    provider_ref = models.CharField(max_length=200, blank=True)
    error = models.CharField(max_length=500, blank=True)
    idempotency_key = models.CharField(max_length=120, unique=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "id"], name="message_inbox", condition=Q(channel="inapp")),
            models.Index(fields=["unit_path", "id"], name="message_failed", condition=Q(state="failed")),
            models.Index(fields=["subject", "id"], name="message_subject"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def owner_person_ids(self) -> tuple[int, ...]:
        return (self.person_id,) if self.person_id else ()

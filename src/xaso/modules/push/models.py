"""Devices that may be told, notices, and what became of each. No side effects here."""

import uuid

from django.db import models
from django.db.models import Q

from xaso.core.units.fields import UnitPathField


class Device(models.Model):
    """A browser in which a resident switched notices on. Its keys only encrypt towards it; they open nothing here."""

    ACCESS_OWNER_FIELD = "person_id"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey("accounts.Person", models.CASCADE, related_name="+")
    endpoint = models.CharField(max_length=700)
    digest = models.CharField(max_length=64, unique=True)
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    reached_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name

    @property
    def owner_person_ids(self) -> tuple[int, ...]:
        return () if self.person_id is None else (self.person_id,)


class Notice(models.Model):
    """One thing told to many devices. Its text is the same for everybody and says nothing about anybody."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, null=True, related_name="+", db_index=False)
    unit_path = UnitPathField(blank=True)
    purpose = models.CharField(max_length=80, unique=True)
    topic = models.CharField(max_length=20, blank=True)
    text = models.CharField(max_length=120)
    url = models.CharField(max_length=200)
    is_urgent = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.text


class Push(models.Model):
    """A notice for one device. `batch` says who holds it right now; a hold runs out with `next_at`."""

    class State(models.TextChoices):
        QUEUED = "queued", "Chờ gửi"
        HANDED = "handed", "Đã giao dịch vụ thông báo"
        FAILED = "failed", "Không gửi được"
        GONE = "gone", "Thiết bị đã tắt thông báo"

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="pushes", db_index=False)
    device = models.ForeignKey(Device, models.SET_NULL, null=True, related_name="+")
    person_id = models.BigIntegerField()
    device_uuid = models.UUIDField()
    state = models.CharField(max_length=6, choices=State.choices, default=State.QUEUED)
    batch = models.UUIDField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    error = models.CharField(max_length=200, blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "device_uuid"], name="push_once")]
        indexes = [
            models.Index(fields=["next_at"], name="push_due", condition=Q(state="queued")),
            models.Index(fields=["batch"], name="push_batch", condition=Q(batch__isnull=False)),
        ]


class LastLook(models.Model):
    """Until when a resident has looked through the inbox: one row a person, whatever the number of entries."""

    ACCESS_OWNER_FIELD = "person_id"

    person = models.OneToOneField("accounts.Person", models.CASCADE, related_name="+")
    until = models.DateTimeField()

    @property
    def owner_person_ids(self) -> tuple[int, ...]:
        return () if self.person_id is None else (self.person_id,)

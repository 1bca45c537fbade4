"""Recordings with the words they say, and live sound."""

import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse

from xaso.core.units.fields import UnitPathField


class Recording(models.Model):
    """Sound of a unit at one loudness. `text` as written, `spoken` as the machine read it; both stay beside it."""

    class Origin(models.TextChoices):
        SPEECH = "speech", "Máy đọc"
        UPLOAD = "upload", "Người đọc, thu sẵn"

    class State(models.TextChoices):
        MAKING = "making", "Đang làm"
        READY = "ready", "Nghe được"
        FAILED = "failed", "Không làm được"

    TONES = {"making": "info", "ready": "good", "failed": "bad"}

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+", db_index=False)
    unit_path = UnitPathField()
    title = models.CharField(max_length=200)
    origin = models.CharField(max_length=6, choices=Origin.choices)
    state = models.CharField(max_length=6, choices=State.choices, default=State.MAKING)
    text = models.TextField(blank=True)
    spoken = models.TextField(blank=True)
    voice = models.CharField(max_length=20, blank=True)
    # Checksum of voice and words: the same words in the same voice are made once. Empty where speech is not the source.
    speech_key = models.CharField(max_length=64, blank=True)
    engine = models.CharField(max_length=80, blank=True)
    version = models.CharField(max_length=80, blank=True)
    source = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    file = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    sha256 = models.CharField(max_length=64, blank=True)
    seconds = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    loudness = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    remark = models.CharField(max_length=300, blank=True)
    why = models.CharField(max_length=300, blank=True)
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "speech_key"], condition=~Q(speech_key=""), name="recording_speech_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(file__isnull=False, seconds__isnull=False),
                name="recording_ready_has_file",
            ),
        ]
        indexes = [
            models.Index(fields=["unit_path", "id"], name="recording_listed"),
            models.Index(fields=["created_at"], condition=Q(state="making"), name="recording_making"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("desk-audio:recording", args=[self.uuid])

    @property
    def listen_url(self) -> str:
        return reverse("desk-audio:listen", args=[self.uuid])

    @property
    def tone(self) -> str:
        return self.TONES[self.state]

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.READY


class Live(models.Model):
    """Sound that is heard while it is made: somebody's microphone, or the stream of an upper level.

    `heard_at`: when the first piece of a microphone's sound came.
    """

    class Kind(models.TextChoices):
        MICROPHONE = "microphone", "Micrô"
        RELAY = "relay", "Tiếp sóng"

    class State(models.TextChoices):
        OPEN = "open", "Đang mở"
        CLOSED = "closed", "Đã đóng"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+", db_index=False)
    unit_path = UnitPathField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    title = models.CharField(max_length=200)
    source_url = models.URLField(max_length=500, blank=True)
    listen_url = models.URLField(max_length=500)
    opened_by_id = models.BigIntegerField(null=True)
    opened_by_name = models.CharField(max_length=200, blank=True)
    opened_at = models.DateTimeField()
    heard_at = models.DateTimeField(null=True)
    until = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=Q(state="open", kind="microphone"), name="live_one_microphone"
            )
        ]
        indexes = [
            models.Index(fields=["unit_path", "id"], name="live_listed"),
            models.Index(fields=["until"], condition=Q(state="open"), name="live_open"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("desk-audio:live", args=[self.uuid])

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

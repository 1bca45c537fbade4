"""Orders to play, what each device was told, and what each device did."""

import uuid

from django.db import models
from django.db.models import Q

from xaso.core.units.fields import UnitPathField


class Play(models.Model):
    """An order: this sound, on these units' speakers, then. What it needs of the recording is copied into it."""

    class Kind(models.TextChoices):
        FILE = "file", "Bản ghi"
        LIVE = "live", "Trực tiếp"
        RELAY = "relay", "Tiếp sóng"

    class State(models.TextChoices):
        PLANNED = "planned", "Đã lên lịch"
        STOPPED = "stopped", "Đã dừng"
        ENDED = "ended", "Đã xong"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+", db_index=False)
    unit_path = UnitPathField()
    kind = models.CharField(max_length=5, choices=Kind.choices, default=Kind.FILE)
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    recording = models.UUIDField(null=True)
    file = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+", db_index=False)
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    size = models.PositiveBigIntegerField(default=0)
    seconds = models.FloatField(default=0)
    stream = models.CharField(max_length=500, blank=True)
    klass = models.CharField(max_length=9)
    origin_level = models.CharField(max_length=8)
    rank = models.PositiveSmallIntegerField()
    order = models.PositiveSmallIntegerField(default=0)
    unit_paths = models.JSONField(default=list)
    zone = models.ForeignKey("speakers.Zone", models.PROTECT, null=True, related_name="+")
    """Only this zone's or group's devices of the units."""
    starts_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    days = models.JSONField(default=list)
    times = models.JSONField(default=list)
    loops = models.PositiveSmallIntegerField(default=1)
    volume = models.PositiveSmallIntegerField(null=True)
    when_interrupted = models.CharField(max_length=7, default="resume")
    purpose = models.CharField(max_length=80, blank=True, db_index=True)
    is_drill = models.BooleanField(default=False)
    at_once = models.BooleanField(default=False)
    """Told by command the moment it was ordered; it never stands in a device's programme."""
    version = models.CharField(max_length=16)
    state = models.CharField(max_length=7, choices=State.choices, default=State.PLANNED)
    ordered_by = models.BigIntegerField(null=True)
    ordered_by_name = models.CharField(max_length=120, blank=True)
    ordered_at = models.DateTimeField()
    expected_until = models.DateTimeField(null=True)
    """Runs of occurrences that start before this moment have been written down."""
    told_to = models.BigIntegerField(null=True)
    """While devices are still being told, the last one that was: those after it come next. None: all were."""
    stopped_at = models.DateTimeField(null=True)
    stop_reason = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "unit_path"], name="speaker_play_state"),
            models.Index(fields=["unit_path", "-id"], name="speaker_play_list"),
            models.Index(fields=["rank", "id"], condition=Q(told_to__isnull=False), name="speaker_play_untold"),
        ]

    def __str__(self) -> str:
        return self.title


class Run(models.Model):
    """One device and one occurrence of a play: what was expected, and what came of it by the device's own word."""

    class State(models.TextChoices):
        EXPECTED = "expected", "Chờ phát"
        PLAYING = "playing", "Đang phát"
        PLAYED = "played", "Đã phát"
        PARTLY = "partly", "Phát một phần"
        INTERRUPTED = "interrupted", "Bị ngắt"
        SILENT = "silent", "Không phát"
        REFUSED = "refused", "Loa không nhận"
        OFFLINE = "offline", "Loa mất kết nối"
        CANCELLED = "cancelled", "Đã dừng trước giờ"
        UNPROVEN = "unproven", "Không có bằng chứng"

    play = models.ForeignKey(Play, models.PROTECT, related_name="runs", db_index=False)
    device = models.ForeignKey("speakers.Device", models.PROTECT, related_name="runs", db_index=False)
    unit_path = UnitPathField()
    scheduled_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=11, choices=State.choices, default=State.EXPECTED)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    seconds = models.FloatField(default=0)
    wanted_seconds = models.FloatField(default=0)
    interrupted_by = models.CharField(max_length=80, blank=True)
    volume = models.PositiveSmallIntegerField(default=0)
    level = models.FloatField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    settled_at = models.DateTimeField(null=True)
    month_on = models.DateField()
    """The day it was scheduled on, for measures."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["play", "device", "scheduled_at"], name="speaker_run_once"),
        ]
        indexes = [
            models.Index(fields=["device", "-id"], name="speaker_run_device"),
            models.Index(
                fields=["scheduled_at"],
                condition=Q(state__in=["silent", "refused", "offline", "interrupted", "partly"]),
                name="speaker_run_lost",
            ),
            models.Index(fields=["ends_at"], condition=Q(settled_at=None), name="speaker_run_open"),
            models.Index(fields=["play", "state"], name="speaker_run_state"),
        ]

    def __str__(self) -> str:
        return f"{self.play_id} on {self.device_id}"


class Piece(models.Model):
    """A line of a device's log as the device said it. Sent again, it is the same line."""

    device = models.ForeignKey("speakers.Device", models.PROTECT, related_name="pieces", db_index=False)
    play = models.ForeignKey(Play, models.PROTECT, related_name="pieces")
    version = models.CharField(max_length=16)
    scheduled_at = models.DateTimeField()
    sequence = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    seconds = models.FloatField()
    result = models.CharField(max_length=11)
    interrupted_by = models.CharField(max_length=80, blank=True)
    volume = models.PositiveSmallIntegerField(default=0)
    level = models.FloatField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    clock_offset = models.FloatField(default=0)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["device", "play", "scheduled_at", "sequence"], name="speaker_piece_once"),
        ]

    def __str__(self) -> str:
        return f"{self.play_id} on {self.device_id}, part {self.sequence}"


class Command(models.Model):
    """What one device is told. The link publishes what is queued; the device's answer closes it."""

    class Kind(models.TextChoices):
        PLAY = "play", "Phát"
        STOP = "stop", "Dừng"
        VOLUME = "volume", "Âm lượng"
        REPORT = "report", "Báo lại nhật ký"
        PROGRAMME = "programme", "Cập nhật lịch"

    class State(models.TextChoices):
        QUEUED = "queued", "Chờ gửi"
        SENT = "sent", "Đã gửi"
        ACCEPTED = "accepted", "Loa đã nhận"
        REFUSED = "refused", "Loa từ chối"
        EXPIRED = "expired", "Hết hạn"

    ulid = models.CharField(max_length=26, unique=True)
    device = models.ForeignKey("speakers.Device", models.PROTECT, related_name="commands", db_index=False)
    play = models.ForeignKey(Play, models.PROTECT, null=True, related_name="commands")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    body = models.JSONField(default=dict)
    rank = models.PositiveSmallIntegerField(default=9)
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["rank", "id"], condition=Q(state="queued"), name="speaker_command_queue"),
            models.Index(fields=["device", "-id"], name="speaker_command_device"),
            models.Index(fields=["expires_at"], condition=Q(state__in=["queued", "sent"]), name="speaker_command_open"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.ulid}"

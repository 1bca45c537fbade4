"""Bulletins, where they are for, what each channel did, who was not reached. No side effects here."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.urls import reverse

from xaso.core.units.fields import UnitPathField
from xaso.kit.subject import ref
from xaso.modules.bulletins.rules import content as contents
from xaso.modules.bulletins.rules import states
from xaso.modules.bulletins.rules.content import Content, Weekly


class Bulletin(models.Model):
    """Bản tin. The words, the sound and the places of it are fixed by `content_hash` once it was handed in."""

    class State(models.TextChoices):
        DRAFT = states.DRAFT, states.LABELS[states.DRAFT]
        SUBMITTED = states.SUBMITTED, states.LABELS[states.SUBMITTED]
        APPROVED = states.APPROVED, states.LABELS[states.APPROVED]
        REFUSED = states.REFUSED, states.LABELS[states.REFUSED]
        SCHEDULED = states.SCHEDULED, states.LABELS[states.SCHEDULED]
        RUNNING = states.RUNNING, states.LABELS[states.RUNNING]
        DONE = states.DONE, states.LABELS[states.DONE]
        FAILED = states.FAILED, states.LABELS[states.FAILED]
        CANCELLED = states.CANCELLED, states.LABELS[states.CANCELLED]

    class Verdict(models.TextChoices):
        RIGHT = "right", "Đúng"
        WRONG = "wrong", "Không đúng"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+", db_index=False)
    unit_path = UnitPathField()
    level = models.CharField(max_length=8, choices=list(contents.LEVELS.items()), default="commune")
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    # Counts the savings: who writes on an older one is told, and keeps what was typed.
    revision = models.PositiveIntegerField(default=0)

    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    klass = models.CharField(max_length=9, choices=list(contents.CLASSES.items()), default=contents.NORMAL)
    topic = models.CharField(max_length=20, default="general")
    unit_paths = models.JSONField(default=list)
    channels = models.JSONField(default=list)
    starts_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    weekly = models.JSONField(null=True)
    loops = models.PositiveSmallIntegerField(default=1)
    volume = models.PositiveSmallIntegerField(null=True)
    speech = models.TextField(blank=True)
    sms = models.TextField(blank=True)
    with_marks = models.BooleanField(default=False)
    zalo_template = models.CharField(max_length=40, blank=True)
    zalo_values = models.JSONField(default=dict)
    post = models.TextField(blank=True)
    budget_line = models.CharField(max_length=80, blank=True)
    # A human voice; empty: the machine reads `speech`. `recording` is what is played, of either kind.
    own_recording = models.UUIDField(null=True)
    recording = models.UUIDField(null=True)
    picture = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+", db_index=False)

    template = models.CharField(max_length=40, blank=True)
    series = models.CharField(max_length=80, blank=True)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="replacements")
    content_hash = models.CharField(max_length=64, blank=True)
    sound = models.CharField(max_length=64, blank=True)

    author_id = models.BigIntegerField(null=True)
    author_name = models.CharField(max_length=200, blank=True)
    # Everybody who wrote on it: none of them approves it.
    writers = models.JSONField(default=list)
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.BigIntegerField(null=True)
    decided_by = models.CharField(max_length=200, blank=True)
    refusal = models.CharField(max_length=1000, blank=True)
    published_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    cancelled_by = models.CharField(max_length=200, blank=True)
    cancel_reason = models.CharField(max_length=1000, blank=True)

    emergency_reason = models.CharField(max_length=1000, blank=True)
    origin = models.CharField(max_length=300, blank=True)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.CharField(max_length=200, blank=True)
    verdict = models.CharField(max_length=5, choices=Verdict.choices, blank=True)
    review_note = models.CharField(max_length=1000, blank=True)

    openings = models.PositiveIntegerField(default=0)
    reach_at = models.DateTimeField(null=True)
    reach_mark = models.CharField(max_length=120, blank=True)
    missed_persons = models.PositiveIntegerField(default=0)
    reached_persons = models.PositiveIntegerField(default=0)
    waiting_persons = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["unit_path", "state", "-id"], name="bulletin_of_unit"),
            models.Index(fields=["starts_at"], condition=Q(state="scheduled"), name="bulletin_due"),
            models.Index(fields=["state", "id"], condition=Q(state="running"), name="bulletin_running"),
            models.Index(
                fields=["-published_at", "-id"], condition=Q(published_at__isnull=False), name="bulletin_published"
            ),
            models.Index(
                fields=["unit_path", "id"], condition=Q(klass="emergency", reviewed_at=None), name="bulletin_to_review"
            ),
            models.Index(fields=["recording"], condition=Q(recording__isnull=False), name="bulletin_recording"),
            models.Index(fields=["origin"], condition=~Q(origin=""), name="bulletin_origin"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(klass="emergency") | ~Q(emergency_reason=""), name="bulletin_emergency_reason"
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("desk-bulletins:show", args=[self.uuid])

    @property
    def public_url(self) -> str:
        return reverse("portal-bulletins:show", args=[self.uuid])

    @property
    def ref(self) -> str:
        """The purpose under which every channel files what it sends."""
        return ref(self)

    @property
    def content(self) -> Content:
        kept = self.weekly
        return Content(
            title=self.title, text=self.text, klass=self.klass, topic=self.topic, unit_paths=tuple(self.unit_paths),
            channels=tuple(self.channels), starts_at=self.starts_at, until=self.until,
            weekly=Weekly(tuple(kept["days"]), tuple(kept["times"])) if kept else None,
            loops=self.loops, volume=self.volume, speech=self.speech, sms=self.sms, with_marks=self.with_marks,
            zalo_template=self.zalo_template, zalo_values=dict(self.zalo_values), post=self.post,
            budget_line=self.budget_line,
        )  # fmt: skip

    @property
    def is_emergency(self) -> bool:
        return self.klass == contents.EMERGENCY

    @property
    def tone(self) -> str:
        return states.TONES[self.state]

    @property
    def class_tone(self) -> str:
        return contents.CLASS_TONES[self.klass]

    @property
    def is_due_for_review(self) -> bool:
        return self.is_emergency and self.decided_at is not None and self.reviewed_at is None

    @property
    def is_public(self) -> bool:
        return self.published_at is not None and self.state in states.OUT | {states.CANCELLED, states.FAILED}


class Area(models.Model):
    """One place whose residents find the bulletin in their inbox, by the places above their own: not a row each."""

    bulletin = models.ForeignKey(Bulletin, models.CASCADE, related_name="areas", db_index=False)
    path = UnitPathField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bulletin", "path"], name="bulletin_area_once")]
        indexes = [models.Index(fields=["path", "-bulletin"], name="bulletin_area_path")]

    def __str__(self) -> str:
        return self.path


class Sending(models.Model):
    """One channel of one bulletin: what became of it, and the figures of the last look."""

    class State(models.TextChoices):
        WAITING = states.WAITING, states.SENDING_LABELS[states.WAITING]
        SENDING = states.SENDING, states.SENDING_LABELS[states.SENDING]
        SENT = states.SENT, states.SENDING_LABELS[states.SENT]
        BROKEN = states.BROKEN, states.SENDING_LABELS[states.BROKEN]
        STOPPED = states.STOPPED, states.SENDING_LABELS[states.STOPPED]

    bulletin = models.ForeignKey(Bulletin, models.CASCADE, related_name="sendings", db_index=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+", db_index=False)
    unit_path = UnitPathField()
    channel = models.CharField(max_length=8, choices=list(contents.CHANNELS.items()))
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    error = models.CharField(max_length=500, blank=True)
    note = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # What the channel itself made of it: the play, the post, the article.
    made = models.CharField(max_length=40, blank=True)
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    # Loudspeakers: when the first one really played. The others: when something really went out.
    heard_at = models.DateTimeField(null=True)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    waiting = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0)
    cost = models.BigIntegerField(default=0)
    looked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bulletin", "channel"], name="bulletin_channel_once")]
        indexes = [
            models.Index(fields=["unit_path", "heard_at"], name="bulletin_sending_heard"),
            models.Index(fields=["begun_at"], condition=Q(state="waiting"), name="bulletin_sending_open"),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}: {self.get_state_display()}"

    @property
    def tone(self) -> str:
        return states.SENDING_TONES[self.state]


class Missed(models.Model):
    """Somebody of the audience whom no channel reached, as of `Bulletin.reach_at`. Persons and numbers once."""

    bulletin = models.ForeignKey(Bulletin, models.CASCADE, related_name="missed", db_index=False)
    contact = models.UUIDField()
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=15, blank=True)
    unit_path = UnitPathField()
    place = models.CharField(max_length=120)
    # [channel, code, sentence] for every channel that could have reached.
    reasons = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["bulletin", "unit_path", "id"], name="bulletin_missed")]

    def __str__(self) -> str:
        return self.name


class Heard(models.Model):
    """A village in which a loudspeaker really played a bulletin, by the day it was first heard there."""

    bulletin = models.ForeignKey(Bulletin, models.CASCADE, related_name="heard", db_index=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+", db_index=False)
    unit_path = UnitPathField()
    heard_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bulletin", "unit"], name="bulletin_heard_once")]
        indexes = [models.Index(fields=["unit", "heard_on"], name="bulletin_heard_village")]

    def __str__(self) -> str:
        return f"{self.bulletin_id} tại {self.unit_path}"


class Relay(models.Model):
    """A bulletin of an upper level at one commune under it: the commune says when, not what."""

    class State(models.TextChoices):
        WAITING = "waiting", "Chờ xã xếp giờ"
        ORDERED = "ordered", "Đã xếp giờ"
        BROKEN = "broken", "Lỗi"
        STOPPED = "stopped", "Đã dừng"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    bulletin = models.ForeignKey(Bulletin, models.CASCADE, related_name="relays")
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+", db_index=False)
    unit_path = UnitPathField()
    unit_paths = models.JSONField(default=list)
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    starts_at = models.DateTimeField()
    play = models.CharField(max_length=40, blank=True)
    error = models.CharField(max_length=500, blank=True)
    chosen_by = models.CharField(max_length=200, blank=True)
    chosen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bulletin", "unit"], name="bulletin_relay_once")]
        indexes = [
            models.Index(fields=["unit_path", "-id"], name="bulletin_relay_of_unit"),
            models.Index(fields=["starts_at"], condition=Q(state="waiting"), name="bulletin_relay_due"),
        ]

    def __str__(self) -> str:
        return f"{self.bulletin_id} tại {self.unit}"

    @property
    def tone(self) -> str:
        return {"waiting": "warn", "ordered": "good", "broken": "bad"}.get(self.state, "neutral")

    def is_late(self, now: datetime) -> bool:
        return self.state == self.State.WAITING and self.starts_at <= now

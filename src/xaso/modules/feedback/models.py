"""Reports of residents, who has them, and what happened. No side effects here: every change is an action."""

import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse

from xaso.core.units.fields import UnitPathField
from xaso.kit.subject import ref
from xaso.modules.feedback.definitions import desk
from xaso.modules.feedback.rules import moves, words


class Report(models.Model):
    """Phản ánh, kiến nghị. `code` is what its sender follows it with; nobody else knows it."""

    class State(models.TextChoices):
        UNCONFIRMED = "unconfirmed", moves.LABELS[moves.State.UNCONFIRMED]
        RECEIVED = "received", moves.LABELS[moves.State.RECEIVED]
        WAITING = "waiting", moves.LABELS[moves.State.WAITING]
        ACCEPTED = "accepted", moves.LABELS[moves.State.ACCEPTED]
        ASSIGNED = "assigned", moves.LABELS[moves.State.ASSIGNED]
        HANDLING = "handling", moves.LABELS[moves.State.HANDLING]
        ANSWERED = "answered", moves.LABELS[moves.State.ANSWERED]
        CLOSED = "closed", moves.LABELS[moves.State.CLOSED]
        REFUSED = "refused", moves.LABELS[moves.State.REFUSED]
        FORWARDED = "forwarded", moves.LABELS[moves.State.FORWARDED]
        DUPLICATE = "duplicate", moves.LABELS[moves.State.DUPLICATE]

    class Channel(models.TextChoices):
        WEB = "web", "Trang của xã"
        SMS = "sms", "Tin nhắn SMS"
        ZALO = "zalo", "Zalo"
        COUNTER = "counter", "Tại Bộ phận Một cửa"
        PHONE = "phone", "Gọi điện"
        OPEN311 = "open311", "Ứng dụng khác (Open311)"

    class Shown(models.TextChoices):
        UNDECIDED = "", "Chưa quyết định công khai"
        PUBLIC = "public", "Đang công khai"
        KEPT = "kept", "Không công khai"

    class Satisfaction(models.IntegerChoices):
        UNHAPPY = 1, "Không hài lòng"
        MEDIUM = 2, "Bình thường"
        HAPPY = 3, "Hài lòng"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+", db_index=False)
    unit_path = UnitPathField()
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    register_path = UnitPathField()
    code = models.CharField(max_length=10, unique=True)
    arrival_key = models.CharField(max_length=80, null=True, unique=True)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    state = models.CharField(max_length=12, choices=State.choices, default=State.RECEIVED)
    category = models.CharField(max_length=20)
    text = models.CharField(max_length=4000)
    village = models.ForeignKey("units.Unit", models.PROTECT, null=True, related_name="+", db_index=False)
    place = models.CharField(max_length=300, blank=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)

    sender_person_id = models.BigIntegerField(null=True)
    sender_name = models.CharField(max_length=120, blank=True)
    sender_phone = models.CharField(max_length=15, blank=True)
    sender_zalo = models.CharField(max_length=80, blank=True)
    phone_confirmed_at = models.DateTimeField(null=True)
    hides_name = models.BooleanField(default=True)
    may_publish = models.BooleanField(default=False)
    created_by_id = models.BigIntegerField(null=True)
    is_confidential = models.BooleanField(default=False)
    official = models.CharField(max_length=200, blank=True)

    received_at = models.DateTimeField()
    triage_due_at = models.DateTimeField(null=True)
    triage_told_at = models.DateTimeField(null=True)
    triaged_at = models.DateTimeField(null=True)
    triaged_on_time = models.BooleanField(null=True)
    due_at = models.DateTimeField(null=True)
    extended_at = models.DateTimeField(null=True)
    asked = models.CharField(max_length=1000, blank=True)
    supplement_due_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=1000, blank=True)
    agency = models.CharField(max_length=200, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="twins")

    lead = models.ForeignKey("accounts.Post", models.PROTECT, null=True, related_name="+", db_index=False)
    lead_person_id = models.BigIntegerField(null=True)
    lead_name = models.CharField(max_length=120, blank=True)

    rounds = models.PositiveSmallIntegerField(default=1)
    answer = models.CharField(max_length=4000, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=120, blank=True)
    on_time = models.BooleanField(null=True)
    ended_at = models.DateTimeField(null=True)
    satisfaction = models.PositiveSmallIntegerField(choices=Satisfaction.choices, null=True)
    satisfaction_why = models.CharField(max_length=1000, blank=True)

    shown = models.CharField(max_length=6, choices=Shown.choices, blank=True)
    publish_due_at = models.DateTimeField(null=True)
    publish_told_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField()
    public_text = models.CharField(max_length=4000, blank=True)
    public_answer = models.CharField(max_length=4000, blank=True)
    shows_place = models.BooleanField(default=False)

    ACCESS_OWNER_FIELD = "lead_person_id"
    is_new = False
    """True on the row that this very call made."""

    class Meta:
        verbose_name = "phản ánh"
        constraints = [
            models.UniqueConstraint(fields=["register_path", "year", "number"], name="feedback_number_once"),
            models.CheckConstraint(
                condition=~Q(shown="public") | (~Q(public_text="") & Q(may_publish=True, is_confidential=False)),
                name="feedback_public_was_approved",
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False),
                name="feedback_whole_point",
            ),
        ]
        indexes = [
            models.Index(fields=["unit_path", "state", "triage_due_at"], name="feedback_by_state"),
            models.Index(fields=["unit_path", "state", "due_at"], name="feedback_by_due"),
            models.Index(fields=["unit_path", "id"], name="feedback_newest"),
            models.Index(fields=["unit_path", "category", "received_at"], name="feedback_by_category"),
            models.Index(fields=["unit_path", "received_at"], name="feedback_by_arrival"),
            models.Index(fields=["lead_person_id", "state", "due_at"], name="feedback_of_lead"),
            models.Index(fields=["sender_person_id", "updated_at"], name="feedback_of_sender"),
            models.Index(fields=["sender_zalo", "id"], name="feedback_of_zalo", condition=~Q(sender_zalo="")),
            models.Index(
                fields=["sender_phone", "received_at"], name="feedback_of_phone", condition=~Q(sender_phone="")
            ),
            models.Index(fields=["unit_path", "updated_at"], name="feedback_public", condition=Q(shown="public")),
        ]

    def __str__(self) -> str:
        return f"Phản ánh {self.number}/{self.year}"

    def get_absolute_url(self) -> str:
        return reverse("desk-feedback:report", args=[self.uuid])

    @property
    def owner_person_ids(self) -> tuple[int, ...]:
        return () if self.lead_person_id is None else (self.lead_person_id,)

    @property
    def ref(self) -> str:
        return ref(self)

    @property
    def clock_ref(self) -> str:
        """Each round of work has a clock of its own."""
        return f"{self.ref}/{self.rounds}"

    @property
    def written_code(self) -> str:
        return words.written(self.code)

    @property
    def category_name(self) -> str:
        return desk().category_name(self.category)

    @property
    def is_open(self) -> bool:
        return self.state in moves.OPEN

    @property
    def tone(self) -> str:
        return moves.TONES[moves.State(self.state)]

    @property
    def point(self) -> tuple[float, float] | None:
        if self.latitude is None or self.longitude is None:
            return None
        return float(self.latitude), float(self.longitude)

    @property
    def place_words(self) -> str:
        """Village and words, as somebody would say them."""
        return ", ".join(part for part in (self.place, self.village.name if self.village else "") if part)

    @property
    def is_public(self) -> bool:
        return self.shown == self.Shown.PUBLIC


class Photo(models.Model):
    """A picture of a report, made anew from what was sent. `is_public`: an officer looked at it and approved it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    report = models.ForeignKey(Report, models.CASCADE, related_name="photos")
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+")
    is_public = models.BooleanField(default=False)
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Ảnh của phản ánh {self.report_id}"


class Named(models.Model):
    """An official whom a report names: may neither see nor handle it."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="named")
    person_id = models.BigIntegerField()
    name = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "person_id"], name="feedback_named_once")]
        indexes = [models.Index(fields=["person_id"], name="feedback_names")]

    def __str__(self) -> str:
        return self.name


class Part(models.Model):
    """Who has a part in a report. At most one leads at a time; an ended one stays for the record."""

    class Role(models.TextChoices):
        LEAD = "lead", "Chủ trì"
        SUPPORT = "support", "Phối hợp"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    report = models.ForeignKey(Report, models.CASCADE, related_name="parts")
    unit_path = UnitPathField()
    role = models.CharField(max_length=7, choices=Role.choices)
    post = models.ForeignKey("accounts.Post", models.PROTECT, related_name="+", db_index=False)
    person_id = models.BigIntegerField()
    name = models.CharField(max_length=120)
    given_at = models.DateTimeField()
    given_by = models.CharField(max_length=120)
    opinion = models.CharField(max_length=2000, blank=True)
    ended_at = models.DateTimeField(null=True)

    ACCESS_OWNER_FIELD = "person_id"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report"], condition=Q(role="lead", ended_at=None), name="feedback_one_lead"
            ),
            models.UniqueConstraint(
                fields=["report", "person_id"], condition=Q(ended_at=None), name="feedback_one_part_each"
            ),
        ]
        indexes = [models.Index(fields=["person_id", "ended_at", "id"], name="feedback_parts_of")]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.name}"

    @property
    def owner_person_ids(self) -> tuple[int, ...]:
        return () if self.person_id is None else (self.person_id,)


class Step(models.Model):
    """What happened to a report, in order. `is_told`: the sender reads this line too, without the officer's name."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="steps")
    verb = models.CharField(max_length=20)
    label = models.CharField(max_length=160)
    at = models.DateTimeField()
    account_id = models.BigIntegerField(null=True)
    who = models.CharField(max_length=120, blank=True)
    text = models.CharField(max_length=4000, blank=True)
    is_told = models.BooleanField(default=False)
    state_after = models.CharField(max_length=12, choices=Report.State.choices)

    def __str__(self) -> str:
        return self.label

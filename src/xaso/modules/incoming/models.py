"""Incoming documents, who has them, and what happened. No side effects here: every change is an action."""

import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse

from xaso.core.units.fields import UnitPathField
from xaso.kit.subject import ref
from xaso.modules.incoming import rules


class Document(models.Model):
    """Văn bản đến. `register_path` is the unit in whose book the number stands: it stays when the work moves on."""

    class State(models.TextChoices):
        WAITING = "waiting", rules.LABELS[rules.State.WAITING]
        REFUSED = "refused", rules.LABELS[rules.State.REFUSED]
        REGISTERED = "registered", rules.LABELS[rules.State.REGISTERED]
        SHOWN = "shown", rules.LABELS[rules.State.SHOWN]
        ASSIGNED = "assigned", rules.LABELS[rules.State.ASSIGNED]
        WORKING = "working", rules.LABELS[rules.State.WORKING]
        DONE = "done", rules.LABELS[rules.State.DONE]
        RECALLED = "recalled", rules.LABELS[rules.State.RECALLED]
        OUTSIDE = "outside", rules.LABELS[rules.State.OUTSIDE]

    class Origin(models.TextChoices):
        EDXML = "edxml", "Trục liên thông văn bản"
        EMAIL = "email", "Thư điện tử"
        SCAN = "scan", "Bản giấy, đã quét"
        UPLOAD = "upload", "Tải lên"

    class Urgency(models.IntegerChoices):
        NORMAL = 0, rules.URGENCIES[rules.Urgency.NORMAL]
        URGENT = 1, rules.URGENCIES[rules.Urgency.URGENT]
        VERY_URGENT = 2, rules.URGENCIES[rules.Urgency.VERY_URGENT]
        EXPRESS = 3, rules.URGENCIES[rules.Urgency.EXPRESS]

    class Secrecy(models.TextChoices):
        OPEN = "", rules.SECRECIES[rules.Secrecy.OPEN]
        SECRET = "mat", rules.SECRECIES[rules.Secrecy.SECRET]
        TOP_SECRET = "toi_mat", rules.SECRECIES[rules.Secrecy.TOP_SECRET]
        ABSOLUTE = "tuyet_mat", rules.SECRECIES[rules.Secrecy.ABSOLUTE]

    class Outcome(models.TextChoices):
        ANSWERED = "answered", "Đã trả lời bằng văn bản"
        HANDLED = "handled", "Đã xử lý xong, có ghi kết quả"
        NO_ANSWER = "no_answer", "Không phải trả lời"
        KEPT = "kept", "Để biết, lưu"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+", db_index=False)
    unit_path = UnitPathField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    told = models.PositiveSmallIntegerField(default=1)

    origin = models.CharField(max_length=6, choices=Origin.choices)
    sender = models.CharField(max_length=200)
    sender_code = models.CharField(max_length=40, blank=True)
    external_id = models.CharField(max_length=200, blank=True)
    arrival_key = models.CharField(max_length=64, null=True, unique=True)
    arrived_at = models.DateTimeField()
    created_by_id = models.BigIntegerField(null=True)

    register_path = UnitPathField(blank=True)
    book = models.CharField(max_length=20, blank=True)
    year = models.PositiveSmallIntegerField(null=True)
    number = models.PositiveIntegerField(null=True)
    registered_at = models.DateTimeField(null=True)
    registered_by = models.CharField(max_length=120, blank=True)
    register_by_at = models.DateTimeField()
    registered_on_time = models.BooleanField(null=True)

    doc_number = models.CharField(max_length=40, blank=True)
    symbol = models.CharField(max_length=60, blank=True)
    dated_on = models.DateField(null=True)
    kind = models.CharField(max_length=20, blank=True)
    subject = models.CharField(max_length=1000, blank=True)
    issuer = models.CharField(max_length=200, blank=True)
    signer = models.CharField(max_length=120, blank=True)
    signer_title = models.CharField(max_length=120, blank=True)
    urgency = models.PositiveSmallIntegerField(choices=Urgency.choices, default=Urgency.NORMAL)
    secrecy = models.CharField(max_length=10, choices=Secrecy.choices, blank=True)
    pages = models.PositiveIntegerField(null=True)
    is_paper = models.BooleanField(default=False)
    answers_to = models.CharField(max_length=120, blank=True)
    twin_key = models.CharField(max_length=64, blank=True)

    asked_due_on = models.DateField(null=True)
    due_at = models.DateTimeField(null=True)
    warn_at = models.DateTimeField(null=True)
    warned_at = models.DateTimeField(null=True)
    day_told_at = models.DateTimeField(null=True)
    late_told_at = models.DateTimeField(null=True)

    leader = models.ForeignKey("accounts.Post", models.PROTECT, null=True, related_name="+", db_index=False)
    remark = models.CharField(max_length=2000, blank=True)
    remarked_at = models.DateTimeField(null=True)
    remarked_by = models.CharField(max_length=120, blank=True)
    lead = models.ForeignKey("accounts.Post", models.PROTECT, null=True, related_name="+", db_index=False)
    lead_person_id = models.BigIntegerField(null=True)
    lead_name = models.CharField(max_length=120, blank=True)

    answer = models.CharField(max_length=36, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    outcome_note = models.CharField(max_length=1000, blank=True)
    ended_at = models.DateTimeField(null=True)
    on_time = models.BooleanField(null=True)
    recall_asked_at = models.DateTimeField(null=True)
    recall_reason = models.CharField(max_length=500, blank=True)

    ACCESS_OWNER_FIELD = "lead_person_id"
    is_new = False
    """True on the row that this very call made."""

    class Meta:
        verbose_name = "văn bản đến"
        constraints = [
            models.UniqueConstraint(fields=["register_path", "book", "year", "number"], name="incoming_number_once"),
            models.CheckConstraint(
                condition=Q(number__isnull=False) | Q(state__in=["waiting", "refused", "recalled"]),
                name="incoming_numbered",
            ),
            models.CheckConstraint(
                condition=Q(secrecy="") | Q(subject="", signer="", state="outside"),
                name="incoming_secret_is_a_stub",
            ),
        ]
        indexes = [
            models.Index(fields=["unit_path", "state", "-urgency", "id"], name="incoming_by_state"),
            models.Index(fields=["unit_path", "state", "due_at"], name="incoming_by_due"),
            models.Index(fields=["unit_path", "id"], name="incoming_newest"),
            models.Index(fields=["unit_path", "arrived_at"], name="incoming_by_arrival"),
            models.Index(fields=["unit_path", "twin_key"], name="incoming_twins"),
            models.Index(fields=["lead_person_id", "state", "due_at"], name="incoming_of_lead"),
            models.Index(fields=["due_at"], name="incoming_due_open", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["unit_path", "-id"], name="incoming_open", condition=Q(ended_at__isnull=True)),
        ]

    @property
    def is_electronic(self) -> bool:
        """Nothing of it lies on paper in the office."""
        return not self.is_paper

    def __str__(self) -> str:
        if self.number is None:
            return f"Văn bản {self.signed_as or 'chưa có số'} ({self.get_state_display().lower()})"
        return f"Số đến {self.number:02d}/{self.year}"

    def get_absolute_url(self) -> str:
        return reverse("desk-incoming:document", args=[self.uuid])

    @property
    def owner_person_ids(self) -> tuple[int, ...]:
        return () if self.lead_person_id is None else (self.lead_person_id,)

    @property
    def ref(self) -> str:
        return ref(self)

    @property
    def signed_as(self) -> str:
        """`12/QĐ-UBND`, as its issuer numbered it."""
        return "/".join(part for part in (self.doc_number, self.symbol) if part)

    @property
    def is_open(self) -> bool:
        return self.state in rules.OPEN

    @property
    def is_secret(self) -> bool:
        return bool(self.secrecy)


class Assignment(models.Model):
    """Who has a part in a document. At most one leads at a time; an ended one stays for the record."""

    class Role(models.TextChoices):
        LEAD = "lead", "Chủ trì"
        SUPPORT = "support", "Phối hợp"
        KNOW = "know", "Để biết"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    document = models.ForeignKey(Document, models.CASCADE, related_name="assignments")
    unit_path = UnitPathField()
    role = models.CharField(max_length=7, choices=Role.choices)
    post = models.ForeignKey("accounts.Post", models.PROTECT, related_name="+", db_index=False)
    person_id = models.BigIntegerField()
    name = models.CharField(max_length=120)
    title = models.CharField(max_length=120, blank=True)
    given_at = models.DateTimeField()
    given_by = models.CharField(max_length=120)
    read_at = models.DateTimeField(null=True)
    opinion = models.CharField(max_length=2000, blank=True)
    ended_at = models.DateTimeField(null=True)

    ACCESS_OWNER_FIELD = "person_id"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document"], condition=Q(role="lead", ended_at=None), name="incoming_one_lead"
            ),
            models.UniqueConstraint(
                fields=["document", "person_id"], condition=Q(ended_at=None), name="incoming_one_part_each"
            ),
        ]
        indexes = [models.Index(fields=["person_id", "role", "ended_at", "id"], name="incoming_parts_of")]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.name}"

    @property
    def owner_person_ids(self) -> tuple[int, ...]:
        return () if self.person_id is None else (self.person_id,)


class Step(models.Model):
    """What happened to a document, in order."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="steps")
    verb = models.CharField(max_length=20)
    label = models.CharField(max_length=120)
    at = models.DateTimeField()
    account_id = models.BigIntegerField(null=True)
    who = models.CharField(max_length=120, blank=True)
    text = models.CharField(max_length=2000, blank=True)
    state_after = models.CharField(max_length=10, choices=Document.State.choices)

    def __str__(self) -> str:
        return self.label


class Reading(models.Model):
    """The text found in the files of a document, kept so that it is read once. `why` says why there is none."""

    document = models.OneToOneField(Document, models.CASCADE, related_name="reading")
    text = models.TextField(blank=True)
    origin = models.CharField(max_length=10)
    pages = models.PositiveIntegerField(default=0)
    why = models.CharField(max_length=500, blank=True)
    read_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.document_id}: {self.origin}"

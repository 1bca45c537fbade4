"""Outgoing documents with their versions, comments, steps and copies; books of numbers; delegations to sign."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from xaso.core.units.fields import UnitPathField
from xaso.modules.outgoing.rules import capacity, moves, naming


class Book(models.Model):
    """Sổ văn bản đi: one sequence a year, or one for each kind. Without kinds it takes what no other book takes."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+", db_index=False)
    unit_path = UnitPathField()
    title = models.CharField(max_length=120)
    kinds = models.JSONField(default=list)
    is_per_kind = models.BooleanField(default=False)
    is_normative = models.BooleanField(default=False)
    is_secret = models.BooleanField(default=False)
    # Year → the last number of the paper book that was used before: numbering goes on after it.
    paper_numbers = models.JSONField(default=dict)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit_path", "title"], condition=Q(valid_to=None), name="book_title"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="book_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Delegation(models.Model):
    """Uỷ quyền ký: who signs for the head, in what way, which kinds, from when to when, by which document."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+", db_index=False)
    unit_path = UnitPathField()
    holder = models.ForeignKey("accounts.Account", models.PROTECT, related_name="+")
    holder_name = models.CharField(max_length=120)
    title = models.CharField(max_length=120)
    mode = models.CharField(max_length=3, choices=list(capacity.BY_DELEGATION.items()))
    kinds = models.JSONField(default=list)
    scope = models.CharField(max_length=300, blank=True)
    document_no = models.CharField(max_length=60)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    made_by = models.CharField(max_length=120)
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["unit_path", "valid_to"], name="delegation_of_unit")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="delegation_dates_in_order"
            )
        ]

    def __str__(self) -> str:
        return f"{self.mode}. {self.holder_name}"

    @property
    def given(self) -> capacity.Given:
        return capacity.Given(
            self.pk, self.holder_id, self.mode, self.title, tuple(self.kinds), self.valid_from, self.valid_to
        )


class Document(models.Model):
    """Văn bản đi, from the first draft to what became of its copies. A secret one is a number and a day, no more."""

    ACCESS_OWNER_FIELD = "owner_person_id"

    class State(models.TextChoices):
        DRAFT = moves.DRAFT, moves.LABELS[moves.DRAFT]
        AT_HEAD = moves.AT_HEAD, moves.LABELS[moves.AT_HEAD]
        AT_LEADER = moves.AT_LEADER, moves.LABELS[moves.AT_LEADER]
        CHECKING = moves.CHECKING, moves.LABELS[moves.CHECKING]
        TO_SIGN = moves.TO_SIGN, moves.LABELS[moves.TO_SIGN]
        SIGNING = moves.SIGNING, moves.LABELS[moves.SIGNING]
        SIGNED = moves.SIGNED, moves.LABELS[moves.SIGNED]
        NUMBERED = moves.NUMBERED, moves.LABELS[moves.NUMBERED]
        ISSUED = moves.ISSUED, moves.LABELS[moves.ISSUED]
        CORRECTED = moves.CORRECTED, moves.LABELS[moves.CORRECTED]
        REPLACED = moves.REPLACED, moves.LABELS[moves.REPLACED]
        RECALLED = moves.RECALLED, moves.LABELS[moves.RECALLED]
        CANCELLED = moves.CANCELLED, moves.LABELS[moves.CANCELLED]

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+", db_index=False)
    unit_path = UnitPathField()
    owner_person = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    # Counts the savings: who writes on an older one is told, and keeps what was typed.
    revision = models.PositiveIntegerField(default=0)

    kind = models.CharField(max_length=40)
    organ = models.CharField(max_length=10, default="UBND")
    is_normative = models.BooleanField(default=False)
    subject = models.CharField(max_length=500, blank=True)
    folded = models.CharField(max_length=600, blank=True)
    text = models.TextField(blank=True)
    addressees = models.JSONField(default=list)
    urgency = models.CharField(max_length=12, blank=True)
    level = models.CharField(max_length=10, blank=True)
    department = models.CharField(max_length=30, blank=True)
    reply_on = models.DateField(null=True)
    answers = models.CharField(max_length=80, blank=True, db_index=True)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrections")
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="replacements")
    draft_file = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+", db_index=False)

    signer = models.ForeignKey("accounts.Account", models.PROTECT, null=True, related_name="+", db_index=False)
    signer_name = models.CharField(max_length=120, blank=True)
    signer_title = models.CharField(max_length=120, blank=True)
    is_collective = models.BooleanField(default=True)
    authority = models.JSONField(default=list)
    delegation = models.ForeignKey(Delegation, models.PROTECT, null=True, related_name="+", db_index=False)

    begun_at = models.DateTimeField()
    begun_by = models.CharField(max_length=120)
    return_reason = models.CharField(max_length=1000, blank=True)
    format_reason = models.CharField(max_length=500, blank=True)
    signed_at = models.DateTimeField(null=True)
    is_person_signed = models.BooleanField(default=False)
    is_agency_signed = models.BooleanField(default=False)
    request = models.CharField(max_length=40, blank=True)
    sign_error = models.CharField(max_length=500, blank=True)
    # The sheet as it stands: made at the format check, signed, numbered, sealed. `file` is the last of them.
    sheet = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+", db_index=False)
    boxes = models.JSONField(default=dict)
    file = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+", db_index=False)
    pages = models.PositiveIntegerField(default=0)
    paper_copies = models.PositiveIntegerField(default=1)

    book = models.ForeignKey(Book, models.PROTECT, null=True, related_name="+", db_index=False)
    series = models.CharField(max_length=40, blank=True)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField(null=True)
    symbol = models.CharField(max_length=60, blank=True)
    dated_on = models.DateField(null=True)
    numbered_at = models.DateTimeField(null=True)
    numbered_by = models.CharField(max_length=120, blank=True)
    issued_at = models.DateTimeField(null=True)
    issued_by = models.CharField(max_length=120, blank=True)
    is_on_time = models.BooleanField(default=False)
    is_electronic = models.BooleanField(default=False)
    is_public = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=120, blank=True)
    close_reason = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["series", "year", "number"], condition=Q(number__isnull=False), name="outgoing_number_once"
            ),
            models.CheckConstraint(
                condition=Q(level="") | Q(subject="", text="", draft_file=None, sheet=None, file=None),
                name="outgoing_secret_is_a_stub",
            ),
        ]
        indexes = [
            models.Index(fields=["unit_path", "state", "id"], name="outgoing_by_state"),
            models.Index(fields=["book", "year", "number", "id"], name="outgoing_in_book"),
            models.Index(fields=["unit_path", "year", "id"], name="outgoing_by_year"),
            models.Index(fields=["owner_person", "id"], name="outgoing_of_owner"),
            models.Index(fields=["unit_path", "issued_at"], name="outgoing_by_issue"),
            models.Index(fields=["unit_path", "id"], name="outgoing_on_portal", condition=Q(is_public=True)),
            models.Index(fields=["id"], name="outgoing_on_portal_all", condition=Q(is_public=True)),
        ]

    def __str__(self) -> str:
        return " ".join(part for part in (self.code, self.subject or self.get_level_display()) if part) or "Dự thảo"

    def get_absolute_url(self) -> str:
        return reverse("desk-outgoing:show", args=[self.uuid])

    def get_level_display(self) -> str:
        return moves.LEVELS.get(self.level, "")

    def get_urgency_display(self) -> str:
        return moves.URGENCIES.get(self.urgency, "")

    @property
    def owner_person_ids(self) -> tuple[int, ...]:
        return (self.owner_person_id,) if self.owner_person_id else ()

    @property
    def code(self) -> str:
        return naming.code_of(self.number, self.symbol, self.year, is_normative=self.is_normative)

    @property
    def is_secret(self) -> bool:
        return bool(self.level)

    @property
    def is_out(self) -> bool:
        return self.state in moves.GONE_OUT


class Version(models.Model):
    """A saving of the draft that changed something."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    saved_at = models.DateTimeField()
    saved_by = models.CharField(max_length=120)
    subject = models.CharField(max_length=500)
    text = models.TextField(blank=True)
    fields = models.JSONField(default=dict)
    file = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="version_once")]


class Comment(models.Model):
    """What a reader says about a version."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="comments")
    version = models.PositiveIntegerField()
    said_at = models.DateTimeField()
    said_by = models.CharField(max_length=120)
    text = models.CharField(max_length=2000)


class Step(models.Model):
    """A step a document took: by whom, when, with what words."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="steps")
    at = models.DateTimeField()
    by_name = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=Document.State.choices)
    title = models.CharField(max_length=120)
    note = models.CharField(max_length=1000, blank=True)


class Recipient(models.Model):
    """A copy: to whom and by which way. `state` is the furthest of what was told about it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    document = models.ForeignKey(Document, models.CASCADE, related_name="recipients")
    unit_path = UnitPathField()
    name = models.CharField(max_length=300)
    organ_code = models.CharField(max_length=35, blank=True)
    unit = models.ForeignKey("units.Unit", models.PROTECT, null=True, related_name="+", db_index=False)
    channel = models.CharField(max_length=6, choices=[(key, way.title) for key, way in moves.CHANNELS.items()])
    address = models.CharField(max_length=254, blank=True)
    state = models.CharField(max_length=2, blank=True, choices=list(moves.FOLLOWS.items()))
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "channel", "name", "organ_code"], name="recipient_once")
        ]

    def __str__(self) -> str:
        return self.name


class Follow(models.Model):
    """One report about a copy. Each state at most once."""

    recipient = models.ForeignKey(Recipient, models.CASCADE, related_name="follows")
    state = models.CharField(max_length=2, choices=list(moves.FOLLOWS.items()))
    at = models.DateTimeField()
    by_name = models.CharField(max_length=120)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recipient", "state"], name="follow_once")]

"""The yearly assessment: a round, its units, their components with three scores each, and what is said about them."""

import uuid
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q

from xaso.core.units.fields import UnitPathField
from xaso.kit import clock
from xaso.modules.assessments import rules
from xaso.modules.assessments.rules import State


def points_field(**options: Any) -> models.DecimalField:
    return models.DecimalField(max_digits=7, decimal_places=2, **options)


class Round(models.Model):
    """Kỳ đánh giá: one year, one set of indicators, the dates of its steps. `unit` is the one that holds it."""

    class State(models.TextChoices):
        OPEN = "open", "đang đánh giá"
        PUBLISHED = "published", "đã công bố"
        LOCKED = "locked", "đã khoá"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    unit_path = UnitPathField()
    year = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    set_code = models.CharField(max_length=40)
    set_version = models.CharField(max_length=40)
    set_uuid = models.UUIDField()
    set_title = models.CharField(max_length=200)
    max = points_field()
    data_since = models.DateField()
    data_until = models.DateField()
    self_score_until = models.DateField()
    review_until = models.DateField()
    publish_on = models.DateField()
    appeal_days = models.PositiveIntegerField(default=10)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    published_at = models.DateTimeField(null=True)
    appeal_until = models.DateField(null=True)
    locked_at = models.DateTimeField(null=True)
    unlock_reason = models.CharField(max_length=500, blank=True)
    opened_by = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "set_code", "year"], name="round_once_a_year")]

    def __str__(self) -> str:
        return self.title

    @property
    def period_key(self) -> str:
        return str(self.year)


class Exclusion(models.Model):
    """Đơn vị không xếp hạng, and why."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="exclusions")
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "unit"], name="excluded_once")]


class Assessment(models.Model):
    """One unit in one round. The columns of Biểu mẫu 01's general part stand here; the table's rows are items."""

    State = State

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="assessments")
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    unit_path = UnitPathField()
    state = models.CharField(max_length=20, choices=[(s.value, rules.TITLES[s]) for s in State], default=State.DRAFT)

    address = models.CharField(max_length=200, blank=True)
    officials = models.PositiveIntegerField(null=True)
    enterprises = models.PositiveIntegerField(null=True)
    inhabitants = models.PositiveIntegerField(null=True)
    contact_name = models.CharField(max_length=120, blank=True)
    contact_title = models.CharField(max_length=120, blank=True)
    contact_phone = models.CharField(max_length=20, blank=True)
    contact_email = models.CharField(max_length=120, blank=True)

    self_total = points_field(null=True)
    appraised_total = points_field(null=True)
    final_total = points_field(null=True)
    note = models.CharField(max_length=1000, blank=True)
    is_final_rejection = models.BooleanField(default=False)
    self_scored_by = models.BigIntegerField(null=True)
    submitted_by = models.BigIntegerField(null=True)
    submitted_at = models.DateTimeField(null=True)
    appraised_by = models.BigIntegerField(null=True)
    appraised_by_name = models.CharField(max_length=120, blank=True)
    decided_by = models.BigIntegerField(null=True)
    decided_by_name = models.CharField(max_length=120, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "unit"], name="assessed_once")]
        indexes = [models.Index(fields=["round", "unit_path"]), models.Index(fields=["round", "state"])]

    @property
    def shown_state(self) -> str:
        """A unit that handed nothing in before the round ended has not reported, whatever it had begun."""
        silent = self.state in {State.DRAFT, State.SELF_SCORED} and self.round.state != Round.State.OPEN
        return "chưa báo cáo" if silent else self.get_state_display()

    def __str__(self) -> str:
        return f"{self.unit_path} {self.round_id}"

    @property
    def is_editable(self) -> bool:
        return self.state in rules.EDITABLE and not (self.state == State.REJECTED and self.is_final_rejection)


class Item(models.Model):
    """Thành phần: what the figures say, and the three scores, each with its reason."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="items")
    position = models.PositiveIntegerField()
    code = models.CharField(max_length=20)
    label = models.CharField(max_length=300)
    group_code = models.CharField(max_length=20)
    group_label = models.CharField(max_length=200)
    method = models.CharField(max_length=500, blank=True)
    evidence_asked = models.CharField(max_length=300, blank=True)
    max = points_field()
    is_scored = models.BooleanField(default=True)
    computed = points_field(null=True)
    computed_note = models.CharField(max_length=500, blank=True)
    has_source = models.BooleanField(default=False)
    self_points = points_field(null=True)
    self_note = models.CharField(max_length=2000, blank=True)
    appraised_points = points_field(null=True)
    appraised_note = models.CharField(max_length=2000, blank=True)
    final_points = points_field(null=True)
    final_note = models.CharField(max_length=2000, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assessment", "code"], name="item_once")]
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"

    @property
    def unit_path(self) -> str:
        return self.assessment.unit_path

    def part(self, *, has_proofs: bool) -> rules.Part:
        return rules.Part(
            self.code,
            self.max,
            self.computed,
            self.self_points,
            self.self_note,
            self.appraised_points,
            has_evidence=has_proofs or self.has_source,
            is_scored=self.is_scored,
        )


class Proof(models.Model):
    """Minh chứng: a document by number, title and date, or a file, or both."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    item = models.ForeignKey(Item, models.PROTECT, related_name="proofs")
    number = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=300)
    issued_on = models.DateField(null=True)
    file = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    added_by_name = models.CharField(max_length=120)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()

    @property
    def unit_path(self) -> str:
        return self.item.assessment.unit_path


class Decline(models.Model):
    """Không chấp nhận một thành phần: the unit updates it and sends it again, or the appraiser takes it back."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    item = models.ForeignKey(Item, models.PROTECT, related_name="declines")
    reason = models.CharField(max_length=1000)
    file = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    declined_by_name = models.CharField(max_length=120)
    declined_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by_name = models.CharField(max_length=120, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(undone_at=None, answered_at=None), name="declined_once_at_a_time"
            )
        ]

    @property
    def unit_path(self) -> str:
        return self.item.assessment.unit_path

    @property
    def is_open(self) -> bool:
        return self.undone_at is None and self.answered_at is None


class Appeal(models.Model):
    """Khiếu nại về kết quả: which components, why, and what was answered."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="appeals")
    codes = models.JSONField(default=list)
    reason = models.CharField(max_length=2000)
    file = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    made_by = models.BigIntegerField(null=True)
    made_by_name = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    is_upheld = models.BooleanField(null=True)
    answer = models.CharField(max_length=2000, blank=True)
    answered_by_name = models.CharField(max_length=120, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment"], condition=Q(answered_at=None), name="one_appeal_at_a_time")
        ]

    @property
    def unit_path(self) -> str:
        return self.assessment.unit_path


class Step(models.Model):
    """Every move of an assessment: from, to, who, when, why."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="steps")
    was = models.CharField(max_length=20)
    state = models.CharField(max_length=20)
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField(default=clock.now)
    note = models.CharField(max_length=1000, blank=True)


class Standing(models.Model):
    """Hạng of a unit among its kind, in total (`group_code` empty) or in one group. Written at publication."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="standings")
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="standings")
    group_code = models.CharField(max_length=20, blank=True)
    group_label = models.CharField(max_length=200, blank=True)
    unit_kind = models.CharField(max_length=10)
    points = points_field()
    max = points_field()
    rank = models.PositiveIntegerField()
    of = models.PositiveIntegerField()
    previous_rank = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assessment", "group_code"], name="standing_once")]
        indexes = [models.Index(fields=["round", "group_code", "unit_kind", "rank", "id"])]

    @property
    def change(self) -> str:
        return rules.rank_change(self.rank, self.previous_rank)

    @property
    def share(self) -> Decimal:
        return self.points * 100 / self.max if self.max else Decimal(0)

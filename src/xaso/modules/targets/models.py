"""Plans and what they promise. A target is never overwritten: a new one replaces it, the old one stays to be read."""

import uuid
from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q

from xaso.core.units.fields import UnitPathField
from xaso.kit import clock
from xaso.modules.targets import rules
from xaso.modules.targets.rules import STATE_LABELS, STATE_TONES, Result, TaskState

COMPARATORS = (
    (">=", "ít nhất"),
    ("=", "đúng bằng"),
    (">", "trên"),
    ("<=", "không quá"),
    ("<", "dưới"),
)


class Plan(models.Model):
    """Kế hoạch: what a unit promises for a year or for several. A draft promises nothing yet."""

    class State(models.TextChoices):
        DRAFT = "draft", "Đang soạn"
        APPROVED = "approved", "Đã duyệt"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    unit_path = UnitPathField()
    title = models.CharField(max_length=300)
    first_year = models.PositiveSmallIntegerField()
    last_year = models.PositiveSmallIntegerField()
    document_number = models.CharField(max_length=80, blank=True)
    document_on = models.DateField(null=True)
    issuer = models.CharField(max_length=200, blank=True)
    pack = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    made_at = models.DateTimeField()
    made_by_name = models.CharField(max_length=120)
    approved_at = models.DateTimeField(null=True)
    approved_by_name = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(last_year__gte=F("first_year")), name="plan_years_in_order"),
            models.UniqueConstraint(
                fields=["unit", "first_year", "last_year", "pack"], condition=~Q(pack=""), name="plan_of_pack_once"
            ),
        ]
        indexes = [models.Index(fields=["unit_path", "-id"])]

    def __str__(self) -> str:
        return self.title

    @property
    def years(self) -> str:
        return f"{self.first_year}" if self.first_year == self.last_year else f"{self.first_year}–{self.last_year}"

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def document(self) -> str:
        parts = [self.document_number, f"ngày {self.document_on:%d/%m/%Y}" if self.document_on else "", self.issuer]
        return ", ".join(part for part in parts if part)


class Target(models.Model):
    """Chỉ tiêu: a number to reach by a day. `replaces` points at the promise it took the place of."""

    class Kind(models.TextChoices):
        FIGURE = "figure", "Số liệu của đơn vị"
        UNITS_MEETING = "units_meeting", "Số đơn vị trực thuộc đạt một mức"

    class Direction(models.TextChoices):
        HIGHER = "higher", "cao hơn tốt"
        LOWER = "lower", "thấp hơn tốt"
        YES_NO = "yes_no", "có hoặc không"

    class DeadlineKind(models.TextChoices):
        FIXED_DAY = "fixed_day", "đúng ngày"
        WITHIN_YEAR = "within_year", "trong năm"
        BY_YEAR = "by_year", "đến năm"

    class Priority(models.TextChoices):
        HIGH = "high", "ưu tiên"
        NORMAL = "normal", "thường"

    class State(models.TextChoices):
        ACTIVE = "active", "Đang theo"
        REPLACED = "replaced", "Đã thay bằng chỉ tiêu khác"
        DROPPED = "dropped", "Không thực hiện"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="targets")
    unit_path = UnitPathField()
    number = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=500)
    kind = models.CharField(max_length=14, choices=Kind.choices, default=Kind.FIGURE)
    figure = models.CharField(max_length=80, blank=True)
    each_comparator = models.CharField(max_length=2, blank=True)
    each_value = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    direction = models.CharField(max_length=6, choices=Direction.choices, default=Direction.HIGHER)
    comparator = models.CharField(max_length=2, choices=COMPARATORS, default=">=")
    value = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    measure_unit = models.CharField(max_length=40, blank=True)
    deadline_kind = models.CharField(max_length=12, choices=DeadlineKind.choices, default=DeadlineKind.WITHIN_YEAR)
    due_on = models.DateField()
    milestones = models.JSONField(default=dict, blank=True)
    lead = models.CharField(max_length=200, blank=True)
    supporting = models.JSONField(default=list, blank=True)
    head = models.ForeignKey("accounts.Post", models.PROTECT, null=True, related_name="+")
    field = models.CharField(max_length=80, blank=True)
    priority = models.CharField(max_length=6, choices=Priority.choices, default=Priority.NORMAL)
    source_document = models.CharField(max_length=300, blank=True)
    source_article = models.CharField(max_length=80, blank=True)
    to_verify = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ACTIVE)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    closed_reason = models.CharField(max_length=500, blank=True)
    closed_document = models.CharField(max_length=300, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by_name = models.CharField(max_length=120, blank=True)
    made_at = models.DateTimeField()
    made_by_name = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="active")
                | (~Q(closed_reason="") & ~Q(closed_document="") & Q(closed_at__isnull=False)),
                name="target_closed_with_document",
            ),
        ]
        indexes = [
            models.Index(fields=["plan", "number"]),
            models.Index(fields=["unit_path", "due_on"]),
            models.Index(fields=["figure", "unit_path"]),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def year(self) -> int:
        return self.due_on.year

    @property
    def is_active(self) -> bool:
        return self.state == self.State.ACTIVE

    @property
    def is_percent(self) -> bool:
        return self.kind == self.Kind.FIGURE and self.measure_unit == "%"

    @property
    def lead_name(self) -> str:
        return self.lead or self.plan.unit.full_name

    @property
    def deadline(self) -> str:
        if self.deadline_kind == self.DeadlineKind.FIXED_DAY:
            return f"đến ngày {self.due_on:%d/%m/%Y}"
        return f"{self.get_deadline_kind_display()} {self.due_on.year}"


class Conclusion(models.Model):
    """Kết luận cuộc họp: what a meeting decided. Each thing decided is a task."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    unit_path = UnitPathField()
    meeting = models.CharField(max_length=300)
    held_on = models.DateField()
    chair = models.CharField(max_length=120, blank=True)
    document_number = models.CharField(max_length=80)
    document_on = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by_name = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "document_number", "held_on"], name="conclusion_once"),
        ]
        indexes = [models.Index(fields=["unit_path", "-id"])]

    def __str__(self) -> str:
        return self.meeting


class Task(models.Model):
    """Nhiệm vụ: work with somebody's name and a last day."""

    STATES = tuple((state.value, label) for state, label in STATE_LABELS.items() if state != TaskState.NOT_DUE)

    ACCESS_OWNER_FIELD = "owner_person"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, related_name="tasks")
    conclusion = models.ForeignKey(Conclusion, models.PROTECT, null=True, related_name="tasks")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts")
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    unit_path = UnitPathField()
    code = models.CharField(max_length=40)
    text = models.CharField(max_length=500)
    product = models.CharField(max_length=300, blank=True)
    source_document = models.CharField(max_length=300, blank=True)
    lead = models.CharField(max_length=200, blank=True)
    supporting = models.JSONField(default=list, blank=True)
    responsible = models.ForeignKey("accounts.Post", models.PROTECT, null=True, related_name="+")
    owner_person = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")
    people = models.ManyToManyField("accounts.Post", related_name="+")
    targets = models.ManyToManyField(Target, related_name="tasks")
    is_condition = models.BooleanField(default=False)
    starts_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    progress = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=12, choices=STATES, default=TaskState.NOT_STARTED)
    state_reason = models.CharField(max_length=500, blank=True)
    finished_on = models.DateField(null=True)
    made_at = models.DateTimeField()
    near_told_at = models.DateTimeField(null=True)
    late_told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(progress__gte=0, progress__lte=100), name="task_progress_is_a_share"),
            models.UniqueConstraint(fields=["unit", "code"], name="task_code_once"),
            models.CheckConstraint(
                condition=Q(plan__isnull=False) | Q(conclusion__isnull=False), name="task_comes_from_somewhere"
            ),
        ]
        indexes = [
            models.Index(fields=["unit_path", "-id"]),
            models.Index(
                fields=["unit_path", "due_on"],
                name="task_owed",
                condition=Q(state__in=["not_started", "doing", "paused"]),
            ),
            models.Index(fields=["owner_person", "-id"]),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def owner_person_ids(self) -> tuple[int, ...]:
        """Whoever answers for it and those who help may tell of it."""
        helpers = self.people.values_list("account__person_id", flat=True) if self.pk else ()
        return tuple(person for person in (self.owner_person_id, *helpers) if person)

    @property
    def shown_state(self) -> TaskState:
        return rules.shown_state(self.state, self.starts_on, clock.today())

    @property
    def state_label(self) -> str:
        return STATE_LABELS[self.shown_state]

    @property
    def tone(self) -> str:
        return "bad" if self.is_late else STATE_TONES.get(self.shown_state, "neutral")

    @property
    def is_late(self) -> bool:
        return rules.is_late(self.state, self.due_on, clock.today())

    @property
    def is_owed(self) -> bool:
        return self.state in rules.OPEN_STATES

    @property
    def lead_name(self) -> str:
        return self.lead or self.unit.full_name

    @property
    def responsible_name(self) -> str:
        return self.responsible.account.person.full_name if self.responsible else ""


class Progress(models.Model):
    """Cập nhật: what was done on a day and how far the task is since. Its files lie under its own subject."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="updates")
    unit_path = UnitPathField()
    on = models.DateField()
    text = models.CharField(max_length=1000)
    percent = models.PositiveSmallIntegerField()
    state_after = models.CharField(max_length=12)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=120)

    class Meta:
        indexes = [models.Index(fields=["task", "-id"])]

    @property
    def state_label(self) -> str:
        return STATE_LABELS[TaskState(self.state_after)]


class BudgetLine(models.Model):
    """Khoản kinh phí. `spent` is the sum of its spendings, moved by compare-and-set."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="budget")
    task = models.ForeignKey(Task, models.PROTECT, null=True, related_name="budget")
    unit_path = UnitPathField()
    name = models.CharField(max_length=200)
    source = models.CharField(max_length=120)
    document = models.CharField(max_length=300, blank=True)
    planned = models.BigIntegerField()
    spent = models.BigIntegerField(default=0)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(planned__gte=0, spent__gte=0), name="budget_not_negative")]

    def __str__(self) -> str:
        return self.name

    @property
    def left(self) -> int:
        return self.planned - self.spent

    @property
    def over(self) -> int:
        return max(0, -self.left)


class Spending(models.Model):
    """Khoản đã chi. One that exceeds its line carries the reason."""

    line = models.ForeignKey(BudgetLine, models.PROTECT, related_name="spendings")
    unit_path = UnitPathField()
    amount = models.BigIntegerField()
    spent_on = models.DateField()
    text = models.CharField(max_length=300)
    document = models.CharField(max_length=300)
    over_reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by_name = models.CharField(max_length=120)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="spending_is_money")]
        indexes = [models.Index(fields=["unit_path", "spent_on"])]


class Confirmation(models.Model):
    """A leader's word on a result, with the number it was given on. Never edited; the newest counts."""

    target = models.ForeignKey(Target, models.PROTECT, related_name="confirmations")
    result = models.CharField(max_length=12, choices=[(one.value, one.label) for one in Result])
    reason = models.CharField(max_length=500)
    document = models.CharField(max_length=300, blank=True)
    actual = models.CharField(max_length=80, blank=True)
    on = models.DateField()
    at = models.DateTimeField()
    by_name = models.CharField(max_length=120)

    class Meta:
        indexes = [models.Index(fields=["target", "-id"])]

    @property
    def label(self) -> str:
        return Result(self.result).label


def last_day(year: int) -> date:
    return date(year, 12, 31)


def plain_number(value: Any) -> str:
    """98.5000 → 98.5: how a stored decimal is written into notes and compared as text."""
    return "" if value is None else f"{value.normalize():f}"

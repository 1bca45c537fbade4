"""One clock for one subject, and the times when it stood still."""

from datetime import datetime
from typing import cast

from django.db import models
from django.db.models import Q

from xaso.core.deadlines import rules
from xaso.core.units.fields import UnitPathField


class ClockQuerySet(models.QuerySet["Clock"]):
    def near(self, now: datetime) -> "ClockQuerySet":
        """Running, one working day from the promise, and nobody was told."""
        return self.filter(state=Clock.State.RUNNING, near_announced_at=None, near_at__lte=now, due_shown_at__gte=now)

    def passed(self, now: datetime) -> "ClockQuerySet":
        """Running past the promise, and nobody was told."""
        return self.filter(state=Clock.State.RUNNING, passed_announced_at=None, due_shown_at__lt=now)

    def late(self, now: datetime) -> "ClockQuerySet":
        """Not done and past the date the law gives. A clock that stands still is not late."""
        return self.filter(state=Clock.State.RUNNING, due_legal_at__lt=now)


class Clock(models.Model):
    """The time limit of one thing. All dates are those in force now; the first stays in `due_original_at`."""

    class State(models.TextChoices):
        RUNNING = "running", "đang tính"
        PAUSED = "paused", "tạm dừng"
        STOPPED = "stopped", "dừng xử lý"
        FINISHED = "finished", "đã xong"

    class LimitUnit(models.TextChoices):
        HOUR = "hour", "giờ"
        WORKDAY = "workday", "ngày làm việc"
        DAY = "day", "ngày"
        MONTH = "month", "tháng"

    subject = models.CharField(max_length=80, unique=True)
    unit_path = UnitPathField()
    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    started_at = models.DateTimeField()
    counted_from_at = models.DateTimeField()
    limit_amount = models.DecimalField(max_digits=7, decimal_places=2)
    limit_unit = models.CharField(max_length=10, choices=LimitUnit.choices, blank=True)
    same_day = models.BooleanField(default=False)
    due_original_at = models.DateTimeField()
    due_legal_at = models.DateTimeField()
    due_shown_at = models.DateTimeField()
    near_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, blank=True)
    rescheduled_at = models.DateTimeField(null=True)
    reschedule_reason = models.CharField(max_length=500, blank=True)
    near_announced_at = models.DateTimeField(null=True)
    passed_announced_at = models.DateTimeField(null=True)
    verdict_legal = models.BooleanField(null=True)
    verdict_shown = models.BooleanField(null=True)
    verdict_766 = models.BooleanField(null=True)

    objects = ClockQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["near_at"], name="clock_near", condition=Q(state="running", near_announced_at__isnull=True)
            ),
            models.Index(
                fields=["due_shown_at"],
                name="clock_passed",
                condition=Q(state="running", passed_announced_at__isnull=True),
            ),
            models.Index(fields=["unit_path", "state", "due_shown_at"], name="clock_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} ({self.get_state_display()})"

    @property
    def limit(self) -> rules.Limit:
        return rules.Limit(self.limit_amount, cast("rules.LimitUnit | None", self.limit_unit or None), self.same_day)

    @property
    def is_open(self) -> bool:
        return self.state in {self.State.RUNNING, self.State.PAUSED}


class Pause(models.Model):
    """The clock stood still from one moment to another, because of somebody outside the office."""

    class Cause(models.TextChoices):
        SUPPLEMENT = "supplement", "chờ bổ sung giấy tờ"
        FINANCE = "finance", "chờ nghĩa vụ tài chính"
        CONSULTATION = "consultation", "chờ ý kiến cơ quan khác"
        OTHER = "other", "lý do khác"

    clock = models.ForeignKey(Clock, models.PROTECT, related_name="pauses")
    cause = models.CharField(max_length=12, choices=Cause.choices)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)
    document = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clock"], condition=Q(to_at__isnull=True), name="pause_one_open"),
        ]

    def __str__(self) -> str:
        return f"{self.get_cause_display()} từ {self.from_at}"

    @property
    def wait(self) -> rules.Wait:
        return rules.Wait(self.from_at, self.to_at)

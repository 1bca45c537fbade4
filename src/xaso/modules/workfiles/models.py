"""A work file holds what belongs to one task; a transfer hands closed ones to the archive."""

import uuid

from django.db import models

from xaso.core.units.fields import UnitPathField
from xaso.modules.workfiles import rules


class Transfer(models.Model):
    """Đợt nộp lưu: the files an office hands to the archive at once, with their list."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    unit_path = UnitPathField()
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    offered_at = models.DateTimeField()
    offered_by = models.CharField(max_length=120)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit_path", "year", "number"], name="transfer_number_once"),
        ]
        indexes = [models.Index(fields=["unit_path", "-id"], name="transfer_unit")]

    def __str__(self) -> str:
        return f"Đợt nộp lưu {self.number:02d}/{self.year}"


class WorkFile(models.Model):
    """Hồ sơ công việc: one task's papers from its beginning to the archive."""

    class State(models.TextChoices):
        OPEN = rules.OPEN, rules.LABELS[rules.OPEN]
        CLOSED = rules.CLOSED, rules.LABELS[rules.CLOSED]
        OFFERED = rules.OFFERED, rules.LABELS[rules.OFFERED]
        ARCHIVED = rules.ARCHIVED, rules.LABELS[rules.ARCHIVED]

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+", db_index=False)
    unit_path = UnitPathField()
    number = models.CharField(max_length=40)
    heading = models.CharField(max_length=10)
    heading_title = models.CharField(max_length=200)
    title = models.CharField(max_length=300)
    retention_years = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    officer = models.ForeignKey("accounts.Account", models.PROTECT, related_name="+")
    officer_name = models.CharField(max_length=120)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=120, blank=True)
    is_online = models.BooleanField(null=True)
    transfer = models.ForeignKey(Transfer, models.PROTECT, null=True, related_name="work_files")
    returned_reason = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit_path", "number"], name="work_file_number_once"),
            models.CheckConstraint(
                condition=models.Q(state=rules.OPEN, closed_at=None) | models.Q(closed_at__isnull=False),
                name="work_file_closed_when",
            ),
        ]
        indexes = [
            models.Index(fields=["unit_path", "state", "-id"], name="work_file_state"),
            models.Index(fields=["unit_path", "closed_at"], name="work_file_closed"),
            models.Index(fields=["officer", "state", "-id"], name="work_file_officer"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.title}"

    @property
    def kept(self) -> str:
        return rules.kept_words(self.retention_years)

    @property
    def is_open(self) -> bool:
        return self.state == rules.OPEN


class Item(models.Model):
    """One paper of a work file: a document of ours by its reference, or a file added here."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    work_file = models.ForeignKey(WorkFile, models.PROTECT, related_name="items")
    subject = models.CharField(max_length=80, blank=True)
    url = models.CharField(max_length=200, blank=True)
    file = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=500)
    dated_on = models.DateField(null=True)
    is_electronic = models.BooleanField()
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=120)
    removed_at = models.DateTimeField(null=True)
    removed_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["work_file", "subject"],
                condition=models.Q(removed_at=None) & ~models.Q(subject=""),
                name="work_file_holds_once",
            )
        ]

    def __str__(self) -> str:
        return self.title

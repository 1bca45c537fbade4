"""The catalogue as rows. A version is never rewritten: a dossier keeps the one it began with."""

from __future__ import annotations

import uuid

from django.db import models

from xaso.kit.fold import fold


class Procedure(models.Model):
    """Thủ tục hành chính: what stays the same over its versions."""

    class State(models.TextChoices):
        ACTIVE = "active", "đang dùng"
        HIDDEN = "hidden", "đã ẩn"

    class Source(models.TextChoices):
        CONTENT = "content", "khai trong nội dung"
        IMPORT = "import", "nhập từ danh mục"

    unit_path = ""  # the catalogue belongs to no unit: only a role with scope `all` may change it

    code = models.CharField(max_length=8, unique=True)
    name = models.CharField(max_length=1000)
    field = models.CharField(max_length=1000)
    folded = models.TextField()
    life_events = models.JSONField(default=list)
    subjects = models.JSONField(default=list)
    keywords = models.JSONField(default=list)
    state = models.CharField(max_length=6, choices=State.choices, default=State.ACTIVE)
    source = models.CharField(max_length=7, choices=Source.choices)
    source_url = models.CharField(max_length=300, blank=True)
    needs_review = models.BooleanField(default=False)
    review_reasons = models.JSONField(default=list)
    review_facts = models.JSONField(default=list)
    imported_digest = models.CharField(max_length=64, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["needs_review", "code"])]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def describe(self, *, name: str, field: str, keywords: list[str]) -> None:
        """Set the texts people search, together with their folded form."""
        self.name, self.field, self.keywords = name, field, keywords
        self.folded = fold(" ".join([self.code, name, field, *keywords]))


class ProcedureVersion(models.Model):
    """What was true between two days, as it was declared."""

    class Source(models.TextChoices):
        CONTENT = "content", "khai trong nội dung"
        IMPORT = "import", "nhập từ danh mục"
        SETTLED = "settled", "cán bộ xác nhận"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="versions")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    digest = models.CharField(max_length=64)
    definition = models.JSONField()
    mark = models.CharField(max_length=9)
    online_level = models.CharField(max_length=7)
    route = models.CharField(max_length=6)
    source = models.CharField(max_length=7, choices=Source.choices)
    source_file = models.CharField(max_length=300, blank=True)
    superseded_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey("accounts.Account", models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    settle_reason = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["procedure", "valid_from"])]

    def __str__(self) -> str:
        return f"{self.procedure_id} từ {self.valid_from}"


class ImportRun(models.Model):
    """One import: what it found, line by line where something was wrong."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file_name = models.CharField(max_length=300)
    by_account = models.ForeignKey("accounts.Account", models.PROTECT, null=True, related_name="+")
    ran_at = models.DateTimeField()
    new = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()
    unchanged = models.PositiveIntegerField()
    waiting = models.PositiveIntegerField()
    reasons = models.JSONField(default=dict)
    errors = models.JSONField(default=list)


class CatalogueStamp(models.Model):
    """One row whose value changes with the catalogue, so that a process knows when its copy is old."""

    value = models.UUIDField()

"""A report is a unit's text and numbers for a period; an export is the rows behind a measure as one file."""

import uuid

from django.db import models

from xaso.core.units.fields import UnitPathField
from xaso.modules.reports import rules


class Report(models.Model):
    """Báo cáo định kỳ. `printed` is what was signed; its three files are made from it once and never again."""

    class State(models.TextChoices):
        WRITING = rules.WRITING, rules.LABELS[rules.WRITING]
        WAITING = rules.WAITING, rules.LABELS[rules.WAITING]
        SIGNED = rules.SIGNED, rules.LABELS[rules.SIGNED]
        SENT = rules.SENT, rules.LABELS[rules.SENT]

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    unit_path = UnitPathField()
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    period_key = models.CharField(max_length=20)
    due_on = models.DateField()
    state = models.CharField(max_length=24, choices=State.choices, default=State.WRITING)
    texts = models.JSONField(default=dict)
    # Counts the savings: who writes on an older one is told, and keeps what was typed.
    revision = models.PositiveIntegerField(default=0)

    begun_at = models.DateTimeField()
    begun_by = models.CharField(max_length=120)
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.CharField(max_length=120, blank=True)
    returned_at = models.DateTimeField(null=True)
    returned_by = models.CharField(max_length=120, blank=True)
    return_reason = models.CharField(max_length=1000, blank=True)
    signed_at = models.DateTimeField(null=True)
    signed_by = models.CharField(max_length=120, blank=True)
    number = models.CharField(max_length=40, blank=True)
    printed = models.JSONField(null=True)
    pack = models.ForeignKey("packs.Pack", models.PROTECT, null=True, related_name="+")
    paper = models.ForeignKey("papers.PrintedPaper", models.PROTECT, null=True, related_name="+")
    docx = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    xlsx = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    pdf = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    sent_on = models.DateField(null=True)
    sent_to = models.CharField(max_length=300, blank=True)
    sent_by = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "kind", "period_key"], name="report_once")]
        indexes = [
            models.Index(fields=["unit_path", "id"]),
            models.Index(fields=["state", "id"]),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.period_key}"

    @property
    def public_title(self) -> str:
        """What anybody reads who checks its code."""
        return self.title

    @property
    def is_signed(self) -> bool:
        return self.state in {rules.SIGNED, rules.SENT}

    @property
    def has_files(self) -> bool:
        return None not in (self.docx_id, self.xlsx_id, self.pdf_id)


class Export(models.Model):
    """Bản xuất: the rows behind a measure, collected piece by piece so that a crash costs one piece at most.

    `cursor` is the key of the last row collected; `parts` are the checksums of the pieces in the store, in order. The
    file belongs to whoever asked, and goes after some weeks: a list of people must not lie about.
    """

    ACCESS_OWNER_FIELD = "owner_person_id"

    class Form(models.TextChoices):
        CSV = "csv", "CSV"
        XLSX = "xlsx", "Excel (.xlsx)"

    class State(models.TextChoices):
        WAITING = "waiting", "Chờ lấy số liệu"
        COLLECTING = "collecting", "Đang lấy số liệu"
        DONE = "done", "Đã xong"
        FAILED = "failed", "Không xuất được"
        REMOVED = "removed", "Đã hết hạn, hãy tạo lại"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    unit_path = UnitPathField()
    measure = models.CharField(max_length=60)
    label = models.CharField(max_length=200)
    period_key = models.CharField(max_length=20)
    form = models.CharField(max_length=4, choices=Form.choices)
    is_personal = models.BooleanField(default=False)
    reason = models.CharField(max_length=500)
    account_id = models.BigIntegerField()
    owner_person = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")
    asked_by = models.CharField(max_length=120)
    asked_at = models.DateTimeField()

    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    cursor = models.BigIntegerField(default=0)
    rows = models.PositiveBigIntegerField(default=0)
    parts = models.JSONField(default=list)
    rows_sha256 = models.CharField(max_length=64, blank=True)
    file = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    held_until = models.DateTimeField(null=True)
    # Taken up again without a single new piece since: what kills every worker is left alone after some tries.
    restarts = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["owner_person", "id"]), models.Index(fields=["state", "held_until"])]

    def __str__(self) -> str:
        return f"{self.label}, {self.period_key}"

    @property
    def owner_person_ids(self) -> tuple[int, ...]:
        return (self.owner_person_id,) if self.owner_person_id else ()

    @property
    def is_running(self) -> bool:
        return self.state in {self.State.WAITING, self.State.COLLECTING}

"""Printed papers. A row is what was given to a person: its number, its words, its form and the hash of its sheet."""

import uuid

from django.db import models
from django.db.models import Q

from xaso.core.units.fields import UnitPathField


class PrintedPaper(models.Model):
    """Giấy đã lập. The sheet is made at the first print and never changes after; a reprint is a row of its own."""

    ACCESS_OWNER_FIELD = "owner_person_id"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subject = models.CharField(max_length=80)
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="+")
    unit_path = UnitPathField()
    owner_person = models.ForeignKey("accounts.Person", models.PROTECT, null=True, related_name="+")

    code = models.CharField(max_length=40)
    template_version = models.CharField(max_length=20)
    template_digest = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    number = models.CharField(max_length=40)
    data = models.JSONField()

    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=120)
    reprint_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="reprints")
    reprint_no = models.PositiveSmallIntegerField(default=0)
    reprints_made = models.PositiveSmallIntegerField(default=0)
    copies = models.PositiveSmallIntegerField(default=1)

    printed_at = models.DateTimeField(null=True)
    printed_by = models.CharField(max_length=120, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    file = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "code", "year", "serial", "reprint_no"], name="paper_number_once"),
            models.CheckConstraint(
                condition=Q(reprint_of=None, reprint_no=0) | Q(reprint_of__isnull=False, reprint_no__gt=0),
                name="paper_reprint_has_original",
            ),
        ]
        indexes = [models.Index(fields=["subject", "id"]), models.Index(fields=["unit_path", "id"])]

    def __str__(self) -> str:
        return f"{self.title} số {self.number}"

    @property
    def owner_person_ids(self) -> tuple[int, ...]:
        return (self.owner_person_id,) if self.owner_person_id else ()

    @property
    def public_title(self) -> str:
        """What anybody reads who checks its code: never whom it is about."""
        return str(self)

    @property
    def is_reprint(self) -> bool:
        return self.reprint_no > 0

    @property
    def file_name(self) -> str:
        mark = f"-in-lai-{self.reprint_no}" if self.is_reprint else ""
        return f"{self.code}-{self.year}-{self.serial:04d}{mark}.pdf"

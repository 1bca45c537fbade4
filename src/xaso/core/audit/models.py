"""Entries are inserted once and sealed once; the database itself refuses anything else (see migrations)."""

from django.db import models

from xaso.core.units.fields import UnitPathField


class Entry(models.Model):
    """One action, one denied attempt or one reading of personal data.

    `digest` is SHA-256 of the entry's own content, written with it. `position` and `link` are set when the entry is
    sealed: link = SHA-256(previous link + digest). Sealing in short batches keeps communes from waiting for each other.
    """

    at = models.DateTimeField()
    unit_path = UnitPathField(blank=True)
    actor_kind = models.CharField(max_length=10)
    account_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=120)
    via = models.CharField(max_length=60)
    verb = models.CharField(max_length=80)
    within = models.CharField(max_length=80, blank=True)
    subject = models.CharField(max_length=80, blank=True)
    outcome = models.CharField(max_length=10, default="done")
    details = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    position = models.BigIntegerField(null=True, unique=True)
    link = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "id"]),
            models.Index(fields=["account_id", "id"]),
            models.Index(fields=["id"], name="audit_unsealed", condition=models.Q(position=None)),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"


class ChainHead(models.Model):
    """The last sealed position: one row, so that cutting the chain's tail is seen too."""

    position = models.BigIntegerField(default=0)
    link = models.CharField(max_length=64, default="0" * 64)

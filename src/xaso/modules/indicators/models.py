"""Sets of indicators as rows. A version is never rewritten: a score keeps the one it was made with."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class SetVersion(models.Model):
    """What a set said between two days, as content declared it at one time.

    An edit of a weight or a band is a new row for the same days; the row before it is superseded and stays.
    """

    unit_path = ""  # belongs to no unit: only a role with scope `all` may load it

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=40)
    title = models.CharField(max_length=1000)
    summary = models.CharField(max_length=1000, blank=True)
    version = models.CharField(max_length=1000)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    checksum = models.CharField(max_length=64)
    definition = models.JSONField()
    legal_basis = models.JSONField(default=list)
    source = models.TextField(blank=True)
    to_verify = models.BooleanField(default=False)
    source_file = models.CharField(max_length=300)
    created_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "valid_from"], condition=Q(superseded_at=None), name="set_version_once"
            ),
        ]
        indexes = [models.Index(fields=["code", "valid_from"])]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"

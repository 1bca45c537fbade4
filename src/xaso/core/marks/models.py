"""The marks that wait to be read."""

from django.db import models


class Mark(models.Model):
    """Something changed in this family of measures, in this unit and month (yyyymm)."""

    family = models.CharField(max_length=40)
    unit_path = models.CharField(max_length=80)
    month = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["family", "unit_path", "month"], name="mark_where")]

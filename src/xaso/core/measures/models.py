"""The cells. A cache: everything here can be counted anew from the rows."""

from django.db import models


class Cell(models.Model):
    """How many (or how much) in this unit and month (yyyymm). No row means 0."""

    measure = models.CharField(max_length=60)
    unit_path = models.CharField(max_length=80)
    month = models.PositiveIntegerField()
    value = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["measure", "unit_path", "month"], name="cell_once")]


class Counted(models.Model):
    """With which version of its declaration a family was last counted whole."""

    family = models.CharField(max_length=40, unique=True)
    version = models.CharField(max_length=64)
    counted_at = models.DateTimeField()

from django.db import models

from xaso.core.units.fields import UnitPathField


class Counter(models.Model):
    """The last number given in a book of a unit in a period. Its row lock makes clerks of one unit take turns, and
    nobody else."""

    book = models.CharField(max_length=40)
    unit_path = UnitPathField()
    period = models.CharField(max_length=10)
    value = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["book", "unit_path", "period"], name="counter_once")]

"""What can be found, one row for each thing. The index beside it is kept by the database itself (0002)."""

from django.db import models

from xaso.core.units.fields import UnitPathField


class Entry(models.Model):
    """How a thing is found and shown. `id` grows with `moment` (see `rules.place`)."""

    ACCESS_OWNER_FIELD = "owner_person_id"

    id = models.BigIntegerField(primary_key=True)
    subject = models.CharField(max_length=80, unique=True)
    model = models.CharField(max_length=60)
    permission = models.CharField(max_length=60)
    unit_path = UnitPathField(blank=True)
    owner_person_id = models.BigIntegerField(null=True)
    title = models.CharField(max_length=300)
    line = models.CharField(max_length=300, blank=True)
    url = models.CharField(max_length=200)
    moment = models.DateTimeField()
    digest = models.CharField(max_length=32)
    folded = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["model", "subject"], name="search_model")]

    def __str__(self) -> str:
        return self.title

    @property
    def owner_person_ids(self) -> tuple[int, ...]:
        return () if self.owner_person_id is None else (self.owner_person_id,)


class Feeding(models.Model):
    """How far the things of one table have been filed anew."""

    model = models.CharField(max_length=60, unique=True)
    version = models.PositiveIntegerField()
    last_pk = models.BigIntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.model

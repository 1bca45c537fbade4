"""Units and successions. A unit's row is never rewritten when the map changes; a new one begins."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from xaso.core.units.fields import UnitPathField


class UnitQuerySet(models.QuerySet["Unit"]):
    def on(self, day: date) -> "UnitQuerySet":
        """Units that existed on that day."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)

    def under(self, path: str) -> "UnitQuerySet":
        return self.filter(path__gte=path, path__lt=path[:-1] + "/")

    def communes(self) -> "UnitQuerySet":
        return self.filter(kind__in=Unit.COMMUNE_KINDS)


class Unit(models.Model):
    """Đơn vị hành chính: province, district, commune or village, as it was between two days."""

    class Kind(models.TextChoices):
        PROVINCE = "province", "tỉnh"
        CITY = "city", "thành phố"
        DISTRICT = "district", "huyện"
        TOWN = "town", "thị xã"
        COMMUNE = "commune", "xã"
        WARD = "ward", "phường"
        TOWNSHIP = "township", "thị trấn"
        VILLAGE = "village", "thôn"
        QUARTER = "quarter", "tổ dân phố"
        AGENCY = "agency", "cơ quan"

    COMMUNE_KINDS = (Kind.COMMUNE, Kind.WARD, Kind.TOWNSHIP)

    code = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    path = UnitPathField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    agency_code = models.CharField(max_length=40, blank=True)
    agency_code_to_verify = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)

    objects = UnitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="unit_code_from"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="unit_dates_in_order"
            ),
        ]
        indexes = [models.Index(fields=["path"])]

    def __str__(self) -> str:
        kind = self.get_kind_display()
        return f"{kind[0].upper()}{kind[1:]} {self.name}"

    @property
    def full_name(self) -> str:
        """Uỷ ban nhân dân xã Ngũ Kiên."""
        return f"UBND {self.get_kind_display()} {self.name}"


class Succession(models.Model):
    """What a unit became: merge, split, rename, transfer."""

    class Kind(models.TextChoices):
        MERGE = "merge", "sáp nhập"
        SPLIT = "split", "chia tách"
        RENAME = "rename", "đổi tên"
        TRANSFER = "transfer", "điều chuyển"

    predecessor = models.ForeignKey(Unit, models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Unit, models.PROTECT, related_name="origins")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    effective_on = models.DateField()
    source = models.CharField(max_length=200, blank=True)
    to_verify = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor", "effective_on"], name="succession_once")
        ]

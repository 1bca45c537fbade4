"""Measures over core's own tables: villages, and officials in post."""

from datetime import date

from django.db.models import Aggregate, Count, Q, QuerySet

from xaso.core.accounts.models import Post
from xaso.core.measures.declaring import Measure, Stock, declare_stock
from xaso.core.units.models import Unit


def _villages(day: date) -> QuerySet[Unit]:
    return Unit.objects.on(day).filter(kind__in=[Unit.Kind.VILLAGE, Unit.Kind.QUARTER])


def _communes(day: date) -> QuerySet[Unit]:
    return Unit.objects.on(day).communes()


def _officers(day: date) -> QuerySet[Post]:
    return Post.objects.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day, unit__isnull=False)


def _people(where: Q | None) -> Aggregate:
    return Count("account", distinct=True, filter=where)


declare_stock(Stock(Measure("units.villages", "Thôn, tổ dân phố", "thôn"), _villages, path="parent__path"))
declare_stock(Stock(Measure("units.communes", "Xã, phường, thị trấn", "xã"), _communes, path="path"))
declare_stock(
    Stock(
        Measure("accounts.officers", "Cán bộ, công chức có tài khoản", "người", amount=_people, adds_up=False),
        _officers,
    )
)

"""What social gives to indicators: pages and groups there are on a day, and villages that have one of their own."""

from datetime import date

from django.db.models import Aggregate, Count, Q, QuerySet

from xaso.core.measures.declaring import Measure, Stock, declare_stock
from xaso.core.units.models import Unit
from xaso.modules.social.models import Page

VILLAGES = (Unit.Kind.VILLAGE, Unit.Kind.QUARTER)
OF_COMMUNE = "unit__parent__path"
"""A village's page counts for its commune, as the village does."""


def _open(day: date) -> QuerySet[Page]:
    """Open at the end of that day. That one fell silent is known only since it was looked at."""
    rows = Page.objects.filter(Q(closed_on=None) | Q(closed_on__gt=day), since_on__lte=day)
    return rows.exclude(is_active=False, checked_on__lte=day)


def _of_villages(day: date) -> QuerySet[Page]:
    return _open(day).filter(unit__kind__in=VILLAGES)


def _villages(where: Q | None) -> Aggregate:
    return Count("unit_id", distinct=True, filter=where)


declare_stock(Stock(Measure("social.pages", "Trang, nhóm thông tin đang hoạt động", "kênh"), _open))
declare_stock(
    Stock(Measure("social.village_pages", "Trang, nhóm của thôn, tổ dân phố", "kênh"), _of_villages, path=OF_COMMUNE)
)
declare_stock(
    Stock(
        Measure("social.villages_with_page", "Thôn, tổ dân phố có kênh riêng", "thôn", amount=_villages),
        _of_villages,
        path=OF_COMMUNE,
    )
)
for _kind, _label in Page.Kind.choices:
    declare_stock(
        Stock(
            Measure(f"social.pages_{_kind}", _label, "kênh"),
            lambda day, kind=_kind: _open(day).filter(kind=kind),
        )
    )

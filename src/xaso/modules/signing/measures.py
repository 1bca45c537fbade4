"""What signing gives to indicators: signatures held on a day, of officials, enterprises and residents."""

from datetime import date, datetime, time, timedelta

from django.db.models import Aggregate, Count, Q, QuerySet

from xaso.core.measures.declaring import Measure, Stock, declare_stock
from xaso.kit import clock
from xaso.modules.signing import rules
from xaso.modules.signing.models import Certificate


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), clock.VIETNAM)


def _issued(day: date, *kinds: str) -> QuerySet[Certificate]:
    """Given by the end of that day, whether still in use or not: what "đã cấp" counts."""
    return Certificate.objects.filter(holder_kind__in=kinds, valid_from__lt=_end_of(day))


def _in_use(day: date) -> QuerySet[Certificate]:
    """Usable at the end of that day. A line that was ended later was still in use then."""
    end = _end_of(day)
    held = Q(state=rules.ACTIVE) | Q(state_at__gte=end)
    return _issued(day, rules.OFFICIAL).filter(held, valid_to__gte=end)


def _enterprises(day: date) -> QuerySet[Certificate]:
    return _issued(day, rules.ENTERPRISE)


def _individuals(day: date) -> QuerySet[Certificate]:
    return _issued(day, rules.INDIVIDUAL)


def _both(day: date) -> QuerySet[Certificate]:
    return _issued(day, rules.ENTERPRISE, rules.INDIVIDUAL)


def _officials_with(day: date) -> QuerySet[Certificate]:
    return _in_use(day).filter(account__isnull=False)


def _people(where: Q | None) -> Aggregate:
    return Count("account", distinct=True, filter=where)


VIEW = "signing.view_register"
for _key, _label, _rows in (
    ("signing.official", "Chữ ký số của cán bộ, công chức đang dùng", _in_use),
    ("signing.enterprise", "Chữ ký số đã cấp cho doanh nghiệp", _enterprises),
    ("signing.individual", "Chữ ký số đã cấp cho người dân", _individuals),
    ("signing.issued", "Chữ ký số đã cấp cho doanh nghiệp và người dân", _both),
):
    declare_stock(Stock(Measure(_key, _label, "chữ ký"), _rows, permission=VIEW))
declare_stock(
    Stock(
        Measure("signing.officials_with", "Cán bộ, công chức có chữ ký số", "người", amount=_people, adds_up=False),
        _officials_with,
        permission=VIEW,
    )
)

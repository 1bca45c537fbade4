"""Measures over core's own tables: villages, and officials in post."""

from datetime import date

from django.db.models import Aggregate, Count, Q, QuerySet

from xaso.core.accounts.models import Post
from xaso.core.accounts.register import after, signed_in_around
from xaso.core.measures.declaring import Measure, Stock, declare_stock
from xaso.core.units.models import Unit


def _villages(day: date) -> QuerySet[Unit]:
    return Unit.objects.on(day).filter(kind__in=[Unit.Kind.VILLAGE, Unit.Kind.QUARTER])


def _communes(day: date) -> QuerySet[Unit]:
    return Unit.objects.on(day).communes()


def _officers(day: date) -> QuerySet[Post]:
    return Post.objects.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day, unit__isnull=False)


def _with_email(day: date) -> QuerySet[Post]:
    """Officials whose official e-mail had been written down by the end of that day."""
    return _officers(day).exclude(account__official_email="").filter(account__email_set_at__lt=after(day))


def _with_email_in_use(day: date) -> QuerySet[Post]:
    """… who had also confirmed it by a code, and signed in during the thirty days before."""
    return _active(day).exclude(account__official_email="").filter(account__email_confirmed_at__lt=after(day))


def _active(day: date) -> QuerySet[Post]:
    return _officers(day).filter(signed_in_around(day))


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
for _key, _label, _rows in (
    ("accounts.officers_active", "Cán bộ đăng nhập trong 30 ngày", _active),
    ("accounts.officers_with_email", "Cán bộ có thư công vụ", _with_email),
    ("accounts.officers_with_email_in_use", "Cán bộ đang dùng thư công vụ", _with_email_in_use),
):
    declare_stock(Stock(Measure(_key, _label, "người", amount=_people, adds_up=False), _rows))

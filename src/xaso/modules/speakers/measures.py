"""What speakers give to indicators: villages with a working smart loudspeaker, plays a month, silent devices."""

from datetime import date

from django.db.models import Aggregate, Count, Exists, OuterRef, Q, QuerySet

from xaso.core.measures.declaring import Family, Measure, Stock, declare, declare_stock
from xaso.core.units.models import Unit
from xaso.modules.speakers.models import Alarm, Device


def _in_use(day: date) -> QuerySet[Device]:
    """Devices in use that were heard at least once and have not been silent since before that day."""
    silent = Alarm.objects.filter(device=OuterRef("pk"), kind=Alarm.Kind.SILENT, cleared_at=None, since__date__lt=day)
    rows = Device.objects.filter(state=Device.State.IN_USE, state_since__lte=day, pulse__seen_at__isnull=False)
    return rows.exclude(Exists(silent))


def _villages(day: date) -> QuerySet[Device]:
    kinds = [Unit.Kind.VILLAGE, Unit.Kind.QUARTER]
    return _in_use(day).filter(unit__kind__in=kinds)


def _silent(day: date) -> QuerySet[Alarm]:
    rows = Alarm.objects.filter(kind=Alarm.Kind.SILENT, opened_at__date__lte=day)
    return rows.filter(Q(cleared_at=None) | Q(cleared_at__date__gt=day))


def _units(where: Q | None) -> Aggregate:
    return Count("unit", distinct=True, filter=where)


declare_stock(
    Stock(Measure("speakers.villages", "Thôn có loa thông minh đang hoạt động", "thôn", amount=_units), _villages)
)
declare_stock(Stock(Measure("speakers.silent", "Loa mất kết nối", "loa"), _silent))
declare(
    Family(
        "speakers.plays",
        "speakers.Play",
        "ordered_at",
        "speakers.view",
        (
            Measure("speakers.plays", "Bản tin phát loa", "bản tin", where=Q(is_drill=False)),
            Measure(
                "speakers.emergencies",
                "Bản tin khẩn cấp phát loa",
                "bản tin",
                where=Q(is_drill=False, klass="emergency"),
            ),
        ),
    )
)

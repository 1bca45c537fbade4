"""What bulletins give to indicators: by the month in which something really went out or was really heard."""

from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from xaso.core.measures.declaring import Family, Measure, Stock, declare, declare_stock
from xaso.core.units.models import Unit
from xaso.modules.bulletins.models import Heard
from xaso.modules.bulletins.rules import content as contents

UNIT = "bản tin"
LATELY = timedelta(days=30)


def villages_heard_on(day: date) -> QuerySet[Unit]:
    """Villages in which a bulletin was really heard from a loudspeaker during the thirty days before."""
    lately = Heard.objects.filter(unit=OuterRef("pk"), heard_on__gt=day - LATELY, heard_on__lte=day)
    villages = Unit.objects.on(day).filter(kind__in=[Unit.Kind.VILLAGE, Unit.Kind.QUARTER])
    return villages.filter(Exists(lately))


declare_stock(
    Stock(
        Measure("bulletins.villages_heard", "Thôn đã nghe bản tin qua loa trong 30 ngày", "thôn", adds_up=False),
        villages_heard_on,
        path="parent__path",
        permission="bulletins.view",
    )
)

declare(
    Family(
        "bulletins",
        "bulletins.Sending",
        "heard_at",
        "bulletins.view",
        (
            Measure("bulletins.broadcasts", "Buổi phát thanh qua loa", "buổi", where=Q(channel=contents.SPEAKERS)),
            Measure("bulletins.by_sms", "Bản tin gửi bằng SMS", UNIT, where=Q(channel=contents.SMS)),
            Measure("bulletins.by_zalo", "Bản tin gửi bằng Zalo", UNIT, where=Q(channel=contents.ZALO)),
            Measure("bulletins.by_facebook", "Bản tin đăng Facebook", UNIT, where=Q(channel=contents.FACEBOOK)),
            Measure("bulletins.by_web", "Bản tin đăng trang tin", UNIT, where=Q(channel=contents.WEB)),
            Measure("bulletins.by_inbox", "Bản tin vào hộp tin người dân", UNIT, where=Q(channel=contents.INBOX)),
        ),
    )
)

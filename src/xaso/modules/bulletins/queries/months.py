"""What a unit sent in a month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from django.db.models import Count, Q

from xaso.core.access.queries import under
from xaso.kit import clock
from xaso.modules.bulletins.models import Sending
from xaso.modules.bulletins.rules import content as contents


@dataclass(frozen=True, slots=True)
class Month:
    """`broadcasts`: bulletins that at least one loudspeaker really played."""

    bulletins: int
    broadcasts: int
    cost: int


def of_unit(path: str) -> Month:
    """Since the first of this month, for a unit and below. One statement."""
    first = datetime.combine(clock.today().replace(day=1), time(), tzinfo=clock.VIETNAM)
    rows = Sending.objects.filter(under(path), heard_at__gte=first)
    counted = rows.aggregate(
        bulletins=Count("bulletin", distinct=True), broadcasts=Count("pk", filter=Q(channel=contents.SPEAKERS))
    )
    cost = sum(rows.filter(channel__in=contents.TO_PERSONS).values_list("cost", flat=True))
    return Month(counted["bulletins"], counted["broadcasts"], cost)

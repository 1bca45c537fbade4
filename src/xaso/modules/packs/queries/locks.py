"""Locked periods."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from xaso.core.access import Actor, visible
from xaso.core.measures.periods import Period, label_of
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Missing
from xaso.modules.packs.models import PeriodLock


def is_locked(unit: Unit, period: Period) -> bool:
    return lock_on(unit, period) is not None


def lock_on(unit: Unit, period: Period) -> PeriodLock | None:
    """The lock in force that holds this unit and period: its own, a higher unit's, or a longer period's."""
    return _lock_over(unit, period.since, period.until)


def lock_sentence(unit: Unit, since: date, before: date) -> str:
    """Why declared figures of these days may not change; empty when they may."""
    held = _lock_over(unit, since, before)
    if held is None:
        return ""
    which = f"Số liệu {label_of(held.period_key)} của {held.unit}"
    return f"{which} đã khoá: {held.reason}. Mở khoá kỳ rồi mới sửa được số liệu."


def _lock_over(unit: Unit, since: date, before: date) -> PeriodLock | None:
    steps = unit.path.rstrip(".").split(".")
    paths = [".".join(steps[: count + 1]) + "." for count in range(len(steps))]
    rows = PeriodLock.objects.select_related("unit").filter(
        unit_path__in=paths, since_on__lte=since, before_on__gte=before, unlocked_at=None
    )
    return next((row for row in rows if row.is_on(clock.today())), None)


def locks_of(by: Actor) -> QuerySet[PeriodLock]:
    return visible(by, "packs.view", PeriodLock.objects.select_related("unit")).order_by("-pk")


def lock(by: Actor, key: UUID) -> PeriodLock:
    found = visible(by, "packs.view", PeriodLock.objects.select_related("unit")).filter(uuid=key).first()
    if found is None:
        raise Missing("Không tìm thấy lần khoá kỳ này trong phạm vi của bạn.")
    return found

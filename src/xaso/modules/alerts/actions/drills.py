"""Diễn tập: for some hours, exercises and tests may be heard. One named officer, a reason, an end."""

from __future__ import annotations

from datetime import timedelta

from xaso.core.access import Actor
from xaso.core.actions import action
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import tidy
from xaso.modules.alerts import queries
from xaso.modules.alerts.definitions import alerts
from xaso.modules.alerts.models import Drill
from xaso.modules.speakers.actions.station import arm_drill as open_speakers

NO_REASON = "Hãy ghi diễn tập gì, theo kế hoạch nào, ví dụ: Diễn tập phòng chống lụt bão, Kế hoạch 15/KH-UBND."
ALREADY = "Đang có một đợt diễn tập đến {until:%H:%M}. Hãy kết thúc đợt đó trước."


@action("alerts.arm_drill", "Mở diễn tập cảnh báo")
def arm_drill(by: Actor, unit: Unit, /, *, reason: str, hours: int) -> Drill:
    """Both doors open together: ours and the one of the loudspeakers."""
    longest = alerts().drill_hours
    if not tidy(reason):
        raise Refused(NO_REASON)
    if not 1 <= hours <= longest:
        raise Refused(f"Một đợt diễn tập dài từ 1 đến {longest} giờ. Hãy ghi lại số giờ.")
    if (running := queries.drill_of(unit.path)) is not None:
        raise Refused(ALREADY.format(until=clock.local(running.until)))
    open_speakers(by, unit, hours=hours)
    now = clock.now()
    return Drill.objects.create(
        unit=unit,
        unit_path=unit.path,
        reason=tidy(reason)[:300],
        armed_by_id=by.account_id,
        armed_by_name=by.name[:200],
        armed_at=now,
        until=now + timedelta(hours=hours),
    )


@action("alerts.disarm_drill", "Kết thúc diễn tập cảnh báo")
def disarm_drill(by: Actor, drill: Drill, /) -> Drill:
    open_speakers(by, drill.unit, hours=0)
    if drill.ended_at is None:
        drill.ended_at = clock.now()
        drill.save(update_fields=["ended_at"])
    return drill

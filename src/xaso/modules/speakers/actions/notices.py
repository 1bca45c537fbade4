"""The village head's notice: his own village, normal class, within the hours and the length the commune allows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from xaso.core.access import Actor
from xaso.core.actions import action
from xaso.core.files.actions import Received
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.modules.audio import actions as audio
from xaso.modules.speakers.actions.ordering import Recorded, order_play
from xaso.modules.speakers.definitions import declared
from xaso.modules.speakers.models import Play
from xaso.modules.speakers.queries.timing import station_of
from xaso.modules.speakers.rules import scheduling
from xaso.modules.speakers.rules.limits import length_words


@action("speakers.record_notice", "Làm bản thu của thôn")
def record_notice(by: Actor, unit: Unit, /, *, text: str = "", received: Received | None = None) -> Any:
    """A recording in the village's name: read by the machine, or the head's own voice."""
    if received is not None:
        return audio.keep_recording(by, unit, file=received, title=f"Ghi âm của {unit.name}")
    return audio.say(by, unit, text=text)


@action("speakers.village_notice", "Phát thông báo của thôn")
def send_village_notice(by: Actor, unit: Unit, /, *, recording: Recorded, starts_at: datetime, loops: int = 1) -> Play:
    """No leave is asked by default (`content/speakers.yaml`); the commune's broadcaster sees it and may stop it."""
    village, station = declared().village, station_of(unit.path)
    if village.needs_approval:
        raise Refused("Xã quy định thông báo của thôn phải được duyệt. Hãy gửi nội dung cho cán bộ truyền thanh.")
    if unit.kind not in (Unit.Kind.VILLAGE, Unit.Kind.QUARTER):
        raise Refused("Trang này dành cho trưởng thôn phát ở thôn mình.")
    longest = station.longest_by_village if station else village.longest_seconds
    seconds = float(recording.seconds or 0) * loops
    if seconds > longest:
        raise Refused(
            f"Thông báo dài {length_words(seconds)}, thôn chỉ được phát {length_words(longest)}. "
            "Hãy viết ngắn lại, hoặc giảm số lần đọc."
        )
    minute = scheduling.minute_of_day(starts_at)
    if not scheduling.minute_of(village.earliest) <= minute <= scheduling.minute_of(village.latest):
        raise Refused(f"Thôn được phát từ {village.earliest} đến {village.latest}. Hãy chọn giờ khác.")
    if starts_at < clock.now():
        raise Refused(f"Giờ phát {clock.local(starts_at):%H:%M ngày %d/%m} đã qua. Hãy chọn giờ khác.")
    return order_play(
        by, unit, recording=recording, klass="normal", unit_paths=(unit.path,), starts_at=starts_at, loops=loops,
        purpose=f"speakers.village:{unit.code}",
    )  # fmt: skip

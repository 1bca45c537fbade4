"""Orders to the loudspeakers, and what they would say to one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from xaso.core.access import SYSTEM, Actor
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.modules.audio import queries as audio
from xaso.modules.bulletins.models import Bulletin
from xaso.modules.bulletins.rules import content as contents
from xaso.modules.speakers.actions import Weekly, order_play


def play(
    by: Actor, bulletin: Bulletin, unit: Unit, /, *, unit_paths: Sequence[str], starts_at: datetime | None, purpose: str
) -> Any:
    """The loudspeakers get this bulletin's sound and hour. Raises Refused with what stands in the way."""
    kept = bulletin.weekly
    is_relayed = bulletin.level != "commune" and not bulletin.is_emergency
    later = starts_at if kept or (starts_at is not None and starts_at > clock.now()) else None
    return order_play(
        by,
        unit,
        recording=audio.recording(str(bulletin.recording)),
        title=bulletin.title,
        klass=contents.PRIORITY if is_relayed else bulletin.klass,
        origin_level=bulletin.level,
        unit_paths=tuple(unit_paths),
        starts_at=later,
        until=bulletin.until if kept or later else None,
        weekly=Weekly(tuple(kept["days"]), tuple(kept["times"])) if kept else None,
        loops=bulletin.loops,
        volume=bulletin.volume,
        when_interrupted="resume",
        purpose=purpose,
    )


def rehearsed(bulletin: Bulletin) -> str:
    """The sentence the loudspeakers would refuse this bulletin with, or empty. Nothing is kept of the question."""
    if bulletin.recording is None or not audio.recording(bulletin.recording).is_ready:
        return ""
    try:
        with transaction.atomic():
            play(
                SYSTEM, bulletin, bulletin.unit, unit_paths=bulletin.unit_paths, starts_at=bulletin.starts_at,
                purpose=bulletin.ref,
            )  # fmt: skip
            transaction.set_rollback(True)
    except Refused as refusal:
        return refusal.message
    return ""

"""Recordings a village head may play: those of his village, and of the commune it lies in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from xaso.core.access import SYSTEM
from xaso.core.units.models import Unit
from xaso.kit.errors import Missing
from xaso.modules.audio import queries as audio

NO_RECORDING = "Không tìm thấy bản thu này ở thôn của bạn. Hãy làm lại thông báo."


def notice_recordings(village: Unit) -> list[Any]:
    """The newest ready ones."""
    paths = [village.path, village.parent.path] if village.parent else [village.path]
    return list(audio.usable(SYSTEM).filter(unit_path__in=paths).order_by("-pk")[:20])


def notice_recording(village: Unit, key: UUID) -> Any:
    """Raises Missing for what is neither the village's nor its commune's."""
    found = audio.recording(key)
    if found.unit_path not in (village.path, village.parent.path if village.parent else village.path):
        raise Missing(NO_RECORDING)
    return found

"""When a device counts as silent."""

from __future__ import annotations

from datetime import datetime, timedelta

BEAT = timedelta(seconds=60)
MISSED = 3
BREAK = timedelta(seconds=20)
"""A modem that changes its cell is away this long. The broker's word of a lost connection is believed after it."""


def is_silent(is_online: bool, seen_at: datetime | None, offline_since: datetime | None, now: datetime) -> bool:
    if not is_online:
        return offline_since is not None and now - offline_since >= BREAK
    return seen_at is None or now - seen_at >= BEAT * MISSED

"""Accounts on axes and the mailbox, from the environment. Read when asked, so that nothing of them is kept in rows.

One account: XASO_AXIS_URL, XASO_AXIS_ORGAN, XASO_AXIS_USER, XASO_AXIS_PASSWORD, XASO_AXIS_SYSTEM, XASO_AXIS_SECRET,
and XASO_AXIS_DIALECT (“rest”). Several: XASO_AXIS_FILE names a JSON list of objects with the keys of `Settings`.
"""

from __future__ import annotations

import json
import os
from functools import lru_cache
from pathlib import Path

from xaso.modules.exchange.providers import DIALECTS, Axis, Settings
from xaso.modules.exchange.providers.rest import RestAxis

DIALECTS.add("rest", RestAxis)


def accounts() -> list[Settings]:
    """Every account we have, by organisation."""
    if listed := os.environ.get("XASO_AXIS_FILE", ""):
        rows = json.loads(Path(listed).read_text(encoding="utf-8"))
        return [Settings(**{"dialect": "rest", **row}) for row in rows]
    if not os.environ.get("XASO_AXIS_URL"):
        return []
    return [
        Settings(
            dialect=os.environ.get("XASO_AXIS_DIALECT", "rest"),
            url=os.environ["XASO_AXIS_URL"],
            organ_code=os.environ.get("XASO_AXIS_ORGAN", ""),
            username=os.environ.get("XASO_AXIS_USER", ""),
            password=os.environ.get("XASO_AXIS_PASSWORD", ""),
            system_id=os.environ.get("XASO_AXIS_SYSTEM", ""),
            secret_key=os.environ.get("XASO_AXIS_SECRET", ""),
        )
    ]


def axis_of(organ_code: str) -> Axis | None:
    """The axis as this organisation reaches it; None when it has no account."""
    return next((axis_with(one) for one in accounts() if one.organ_code == organ_code), None)


@lru_cache(maxsize=500)
def axis_with(settings: Settings) -> Axis:
    """Kept, because it holds its token and its connections."""
    return DIALECTS[settings.dialect](settings)

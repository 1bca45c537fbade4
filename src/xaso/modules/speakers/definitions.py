"""`content/speakers.yaml`: the limits of every station that has not set its own, and what the village head may do."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Annotated

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from xaso.kit.declared import read

FILE = "speakers.yaml"
TimeOfDay = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Village(_Part):
    """What a village head may send without anybody's leave."""

    needs_approval: bool
    longest_seconds: int = Field(ge=10, le=3600)
    earliest: TimeOfDay
    latest: TimeOfDay
    times: list[TimeOfDay] = Field(min_length=1)


class Speakers(_Part):
    valid_from: date
    to_verify: bool
    quiet: list[tuple[TimeOfDay, TimeOfDay]]
    caps: list[tuple[TimeOfDay, TimeOfDay, int]]
    longest_seconds: int = Field(ge=60, le=7200)
    volume: int = Field(ge=1, le=100)
    first: Annotated[str, StringConstraints(pattern="^(commune|province)$")]
    village: Village
    disk_free_mb: int = Field(ge=1)
    clock_offset_seconds: int = Field(ge=1)


@cache
def declared() -> Speakers:
    """Raises ContentError. A folder later in CONTENT_DIRS replaces the whole file."""
    found: Speakers | None = None
    for folder in settings.CONTENT_DIRS:
        file = folder / FILE
        if file.exists():
            found = read(file, FILE, Speakers)
    if found is None:
        raise FileNotFoundError(FILE)
    return found

"""Notices to begin from, `content/bulletins/*.yaml`. A later folder of CONTENT_DIRS replaces files of the same name."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from xaso.kit.declared import read

FOLDER = "bulletins"
Channel = Literal["speakers", "sms", "zalo", "facebook", "web", "inbox"]
_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]


class Starter(BaseModel):
    """A notice with places to fill in, written in square brackets: it cannot be handed in before they are filled."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    order: int = Field(default=50, ge=1, le=99)
    title: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    text: _Text
    sms: str = ""
    topic: str
    klass: Literal["normal", "priority"] = "normal"
    loops: int = Field(default=1, ge=1, le=10)
    channels: tuple[Channel, ...] = Field(min_length=1)


@cache
def starters() -> dict[str, Starter]:
    """code → notice, in the order of the page. Raises ContentError naming file and line."""
    files: dict[str, Path] = {}
    for folder in settings.CONTENT_DIRS:
        files |= {file.stem: file for file in sorted((folder / FOLDER).glob("*.yaml"))}
    found = {code: read(file, f"{FOLDER}/{file.name}", Starter) for code, file in files.items()}
    return dict(sorted(found.items(), key=lambda pair: (pair[1].order, pair[1].name)))

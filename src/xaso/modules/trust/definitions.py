"""The schema of `content/trust/anchors.yaml`: which authorities' certificates an operator should obtain."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from xaso.kit.declared import read

NAME = "anchors.yaml"
Text = Annotated[str, StringConstraints(min_length=1, max_length=600)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WantedAnchor(_Strict):
    """An authority to be trusted. No certificate of others is shipped: the operator fetches and compares it."""

    key: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
    title: Text
    purpose: Literal["official", "public", "own"]
    who: Text
    how: Text
    source: str = ""
    to_verify: bool = True


class Wanted(_Strict):
    anchors: tuple[WantedAnchor, ...] = Field(min_length=1)


def wanted_anchors() -> tuple[WantedAnchor, ...]:
    """A later folder of CONTENT_DIRS replaces the file."""
    files = [Path(folder) / "trust" / NAME for folder in settings.CONTENT_DIRS]
    present = [file for file in files if file.is_file()]
    return _read(present[-1], present[-1].stat().st_mtime_ns).anchors if present else ()


@cache
def _read(file: Path, changed: int) -> Wanted:
    del changed
    return read(file, f"trust/{NAME}", Wanted)

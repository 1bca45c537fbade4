"""Packs of targets and national targets, from `content/targets/`. A later folder of CONTENT_DIRS replaces files."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from xaso.kit.declared import read

NATIONAL = "national.yaml"
Text = Annotated[str, StringConstraints(min_length=1, max_length=500)]
Comparator = Literal[">=", "=", ">", "<=", "<"]
Direction = Literal["higher", "lower", "yes_no"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PackTask(_Strict):
    """The first thing to do for a target."""

    text: Text
    product: str = ""


class PackTarget(_Strict):
    """One target of a pack. A year that is not in `values` has no number yet: the unit writes it."""

    number: int = Field(ge=1, le=999)
    text: Text
    figure: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    direction: Direction = "higher"
    comparator: Comparator = ">="
    unit: str = "%"
    field: str = ""
    values: dict[int, Decimal] = {}
    source: str = ""
    to_verify: bool = True
    tasks: tuple[PackTask, ...] = Field(min_length=1)


class Pack(_Strict):
    """Targets that many units take over together."""

    title: Text
    dated: date
    source: Text
    to_verify: bool = True
    targets: tuple[PackTarget, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _each_number_once(self) -> Self:
        numbers = [one.number for one in self.targets]
        if twice := sorted({number for number in numbers if numbers.count(number) > 1}):
            raise ValueError(f"chỉ tiêu số {', '.join(map(str, twice))} được ghi hai lần")
        return self


class NationalTarget(_Strict):
    """What a document of the nation wants by the end of a year."""

    key: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    text: Text
    year: int = Field(ge=2020, le=2050)
    comparator: Comparator = ">="
    value: Decimal
    unit: str = "%"
    level: Literal["nation", "province", "district", "commune"] = "nation"
    figure: str = ""
    to_verify: bool = False

    @property
    def level_label(self) -> str:
        return {"nation": "cả nước", "province": "cấp tỉnh", "district": "cấp huyện", "commune": "cấp xã"}[self.level]


class NationalDocument(_Strict):
    number: Text
    dated: date | None = None
    title: Text
    source: str = ""
    to_verify: bool = False
    targets: tuple[NationalTarget, ...] = ()


class National(_Strict):
    documents: tuple[NationalDocument, ...]

    @model_validator(mode="after")
    def _each_key_once(self) -> Self:
        keys = [target.key for document in self.documents for target in document.targets]
        if twice := sorted({key for key in keys if keys.count(key) > 1}):
            raise ValueError(f"mục tiêu {', '.join(twice)} được ghi hai lần")
        return self


def _files() -> dict[str, Path]:
    return {file.name: file for folder in settings.CONTENT_DIRS for file in sorted((folder / "targets").glob("*.yaml"))}


@cache
def packs() -> dict[str, Pack]:
    """name → pack. Raises ContentError naming file and line."""
    return {Path(name).stem: read(file, f"targets/{name}", Pack) for name, file in _files().items() if name != NATIONAL}


@cache
def national() -> tuple[NationalDocument, ...]:
    file = _files().get(NATIONAL)
    return read(file, f"targets/{NATIONAL}", National).documents if file else ()


def national_target(key: str) -> tuple[NationalDocument, NationalTarget] | None:
    for document in national():
        for target in document.targets:
            if target.key == key:
                return document, target
    return None


def check_declared() -> None:
    """Read everything, so that a wrong file stops the start and not a reader."""
    packs()
    national()

"""Schema of `content/overview.yaml`, `content/public.yaml` and `content/map/`. A folder later in CONTENT_DIRS replaces
whole files; a wrong one is answered with its name, the line and a sentence."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from xaso.kit.declared import ContentError, read

_Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]
_Column = Annotated[int, Field(ge=1, le=12)]
_Row = Annotated[int, Field(ge=1, le=8)]
_Size = Annotated[int, Field(ge=1, le=6)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(_Part):
    """A column of the communes side by side, with a heading short enough to stand beside five others."""

    key: _Key
    short: _Text


class Board(_Part):
    """Which figures the cockpit and the province show."""

    tiles: tuple[_Key, ...] = Field(min_length=1, max_length=16)
    columns: tuple[Column, ...] = Field(min_length=1, max_length=8)
    trend: str = ""
    """The figure whose months stand beside each commune; empty shows none."""
    ways: tuple[str, ...] = ()
    """Measures that are the parts of one whole."""
    report: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        trend = (self.trend,) if self.trend else ()
        return tuple(dict.fromkeys((*self.tiles, *(one.key for one in self.columns), *trend)))


class PublicFigure(_Part):
    """A figure everybody may see, named and explained for somebody who never heard of indicators."""

    key: _Key
    words: _Text
    plain: _Text


class KnownSum(_Part):
    whole: _Key
    parts: tuple[_Key, ...] = Field(min_length=2)


class Openness(_Part):
    """What is published and how small numbers are protected."""

    period: Literal["quarter", "year"]
    smallest_base: Annotated[int, Field(ge=5)]
    licence: _Text
    figures: tuple[PublicFigure, ...] = Field(min_length=1)
    sums: tuple[KnownSum, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(one.key for one in self.figures)


class Place(_Part):
    """Where a box stands on the grid of 12 columns: a district's by its code, or one with a name and its communes."""

    code: str = ""
    name: str = ""
    communes: tuple[str, ...] = ()
    column: _Column
    row: _Row
    wide: _Size
    high: _Size

    @model_validator(mode="after")
    def _is_a_box(self) -> Place:
        if bool(self.code) == bool(self.name and self.communes):
            raise ValueError("mỗi vùng có `code` của huyện, hoặc `name` và `communes` là mã các xã, phường trong vùng")
        return self


class Layout(_Part):
    province: str
    areas: tuple[Place, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _each_once(self) -> Layout:
        codes = [code for one in self.areas for code in ((one.code,) if one.code else one.communes)]
        if twice := sorted({code for code in codes if codes.count(code) > 1}):
            raise ValueError(f"mã {', '.join(twice)} đứng ở hai vùng; mỗi huyện, xã chỉ đứng ở một vùng")
        return self


T = TypeVar("T", bound=BaseModel)


def _latest(name: str) -> Path:
    found = [folder / name for folder in settings.CONTENT_DIRS if (folder / name).exists()]
    if not found:
        raise ContentError([f"{name}: thiếu tệp này trong thư mục nội dung."])
    return found[-1]


@cache
def board() -> Board:
    return read(_latest("overview.yaml"), "overview.yaml", Board)


@cache
def openness() -> Openness:
    return read(_latest("public.yaml"), "public.yaml", Openness)


@cache
def layouts() -> dict[str, Layout]:
    """Province code → its schematic map."""
    files = {file.name: file for folder in settings.CONTENT_DIRS for file in sorted((folder / "map").glob("*.yaml"))}
    declared = [read(file, f"map/{name}", Layout) for name, file in files.items()]
    return {one.province: one for one in declared}

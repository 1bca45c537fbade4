"""Schema of `content/indicators/<code>.yaml`: one set of indicators and its dated versions."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from xaso.modules.indicators.definitions.base import (
    Code,
    Declared,
    FigureKey,
    Number,
    Points,
    Slug,
    Text,
    Threshold,
    each_once,
)
from xaso.modules.indicators.definitions.formulas import Formula, Info, Level, PassFail, Step, rising

Policy = Literal["zero", "full", "redistribute"]


class LeverDefinition(Declared):
    """What a commune can still do: raise this figure, up to `most` (a number or another figure) or by at most `room`.

    Without both, the formula knows the end: the denominator, the threshold, the highest band, "yes".
    """

    figure: FigureKey
    most: FigureKey | Number | None = None
    room: FigureKey | None = None
    step: Threshold = Decimal(1)  # the smallest amount by which it can rise
    cost_per_unit: int = Field(ge=0, le=10_000_000_000, default=0)  # đồng
    owner: str = ""

    @model_validator(mode="after")
    def _one_end(self) -> Self:
        if self.most is not None and self.room is not None:
            raise ValueError("đòn bẩy chỉ ghi most hoặc room")
        return self


def _one_or_more(given: Any) -> Any:
    return [given] if isinstance(given, dict) else given


Levers = Annotated[tuple[LeverDefinition, ...], BeforeValidator(_one_or_more)]


class Component(Declared):
    code: Code
    label: Text
    max: Points
    formula: Formula
    evidence: str = ""
    provenance: tuple[Text, ...] = ()
    owner: str = ""
    cost: int = Field(ge=0, default=0)  # đồng, once, to begin with
    to_verify: bool = False
    note: str = ""
    applies: bool = True  # false: the row is not meant for communes
    applies_when: FigureKey | None = None  # a yes-or-no figure; with "no" the row does not apply to the commune
    not_applicable: Policy | None = None  # instead of the set's
    levers: Levers = Field(default=(), alias="lever")

    def reads(self) -> list[str]:
        """Figures that decide its points."""
        asked = [self.applies_when] if self.applies_when else []
        return list(dict.fromkeys([key for _, key, _ in self.formula.reads()] + asked))

    def figures(self) -> list[str]:
        """Every figure the component reads."""
        ends = [end for lever in self.levers for end in (lever.most, lever.room) if isinstance(end, str)]
        return list(dict.fromkeys(self.reads() + ends))

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if isinstance(self.formula, (Info, Level)) and self.max:
            raise ValueError(f"{self.code}: kiểu {self.formula.type} không tính điểm nên max phải bằng 0")
        if not isinstance(self.formula, (Info, Level, PassFail)) and not self.max:
            raise ValueError(f"{self.code}: điểm tối đa phải lớn hơn 0")
        if not {lever.figure for lever in self.levers} <= {key for _, key, _ in self.formula.reads()}:
            raise ValueError(f"{self.code}: đòn bẩy phải nâng một số liệu có trong công thức")
        return self


class Group(Declared):
    code: Code
    label: Text
    max: Points
    note: str = ""
    components: tuple[Component, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        total = sum((one.max for one in self.components), Decimal(0))
        if total != self.max:
            raise ValueError(f"nhóm {self.code}: các thành phần cộng lại {total} điểm, nhóm ghi {self.max}")
        return self


class Version(Declared):
    version: Text
    valid_from: date
    valid_to: date | None = None
    legal_basis: tuple[Text, ...] = ()
    source: str = ""
    to_verify: bool = False
    note: str = ""
    max: Points
    not_applicable: Policy = "redistribute"
    ratio_places: int | None = Field(default=None, ge=0, le=6)  # a percentage is rounded so before it is judged
    levels: tuple[Step, ...] = ()  # of the total in percent of what can be counted
    groups: tuple[Group, ...] = Field(min_length=1)

    def components(self) -> Iterator[Component]:
        for group in self.groups:
            yield from group.components

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if self.valid_to and self.valid_to < self.valid_from:
            raise ValueError("valid_to đứng trước valid_from")
        total = sum((group.max for group in self.groups), Decimal(0))
        if total != self.max:
            raise ValueError(f"các nhóm cộng lại {total} điểm, bộ ghi {self.max}")
        each_once("Mã nhóm", [group.code for group in self.groups])
        each_once("Mã thành phần", [one.code for one in self.components()])
        rising(self.levels)
        self._check_circles()
        return self

    def _check_circles(self) -> None:
        """Raises ValueError when a component waits for itself."""
        waits = {one.code: one.formula.all_of for one in self.components() if isinstance(one.formula, PassFail)}
        codes = {one.code for one in self.components()}
        for code, others in waits.items():
            if lost := sorted(set(others) - codes):
                raise ValueError(f"{code}: all_of gọi thành phần không có: {', '.join(lost)}")
            if circle := circle_from(code, waits):
                raise ValueError(f"công thức chạy vòng tròn: {' → '.join(circle)}")
            points = [one for one in others if one not in waits]
            if points:
                raise ValueError(f"{code}: all_of chỉ gọi thành phần kiểu PASSFAIL, không gọi {', '.join(points)}")

    def dump(self) -> dict[str, Any]:
        """The form in which a version is stored and compared."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def circle_from(start: str, waits: dict[str, tuple[str, ...]]) -> list[str]:
    """The way from `start` back to itself; empty when there is none."""

    def walk(code: str, way: list[str]) -> list[str]:
        for other in waits.get(code, ()):
            if other == start:
                return [*way, other]
            if other not in way and (found := walk(other, [*way, other])):
                return found
        return []

    return walk(start, [start])


class SetDefinition(Declared):
    code: Slug
    title: Text
    summary: str = ""
    versions: tuple[Version, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _versions_do_not_overlap(self) -> Self:
        ordered = sorted(self.versions, key=lambda one: one.valid_from)
        for before, after in itertools.pairwise(ordered):
            if before.valid_to is None or before.valid_to >= after.valid_from:
                raise ValueError(f"phiên bản {before.version} và {after.version} chồng thời gian hiệu lực lên nhau")
        return self


def every_key(versions: Iterable[Version]) -> list[str]:
    """Figures that versions read, each once."""
    return list(dict.fromkeys(key for version in versions for one in version.components() for key in one.figures()))

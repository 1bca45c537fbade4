"""The formula types. Each says which figures it reads, under the name of the line that names them.

With it goes what the figure must be: `count` (an amount), `number`, `percent`, `yes_no`, `label`, `date` or `any`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from xaso.modules.indicators.definitions.base import (
    Code,
    Declared,
    FigureKey,
    Number,
    Share,
    Text,
    Threshold,
    each_once,
)

Reads = Iterator[tuple[tuple[str | int, ...], str, str]]  # where in the formula, figure, what it must be


class Shared(Declared):
    """A share: a of b. `share` names the percentage of the two, which somebody may have declared without them."""

    a: FigureKey
    b: FigureKey
    share: FigureKey | None = None
    less: tuple[FigureKey, ...] = ()  # taken off a before dividing
    times: FigureKey | None = None  # a percentage the share is multiplied with, e.g. of synchronised dossiers
    inverse: bool = False  # b of a: the smaller a, the better

    def reads(self) -> Reads:
        yield ("a",), self.a, "count"
        yield ("b",), self.b, "count"
        for number, key in enumerate(self.less):
            yield ("less", number), key, "count"
        if self.share:
            yield ("share",), self.share, "percent"
        if self.times:
            yield ("times",), self.times, "percent"


class Ratio(Shared):
    type: Literal["RATIO"]


class RatioT(Shared):
    type: Literal["RATIO_T"]
    threshold: Threshold  # percent


class Band(Declared):
    from_: Number = Field(alias="from")
    below: Number | None = None  # the first value that is too much; none for the last band
    share: Share
    label: str = ""


class Bands(Declared):
    type: Literal["BANDS"]
    figure: FigureKey
    bands: tuple[Band, ...] = Field(min_length=1)

    def reads(self) -> Reads:
        yield ("figure",), self.figure, "count"

    @model_validator(mode="after")
    def _cover_everything(self) -> Self:
        if self.bands[0].from_ != 0:
            raise ValueError("bậc đầu tiên phải bắt đầu từ 0")
        for band, after in itertools.pairwise(self.bands):
            if band.below is None or band.below > after.from_:
                raise ValueError(f"bậc từ {band.from_} chồng lên bậc từ {after.from_}")
            if band.below < after.from_:
                raise ValueError(f"giữa {band.below} và {after.from_} không có bậc nào")
            if band.below <= band.from_:
                raise ValueError(f"bậc từ {band.from_} phải kết thúc ở một số lớn hơn")
        if self.bands[-1].below is not None:
            raise ValueError(f"từ {self.bands[-1].below} trở lên không có bậc nào; bậc cuối không ghi below")
        return self


class Option(Declared):
    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,40}$")]
    label: Text
    share: Share


class Choice(Declared):
    """One of several answers. The figure's value is the label or the key of an option."""

    type: Literal["CHOICE"]
    figure: FigureKey
    options: tuple[Option, ...] = Field(min_length=2)

    def reads(self) -> Reads:
        yield ("figure",), self.figure, "label"

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        each_once("Lựa chọn", [*(o.key for o in self.options), *(o.label for o in self.options if o.label != o.key)])
        return self


class Part(Declared):
    figure: FigureKey
    label: Text
    weight: Threshold = Decimal(1)


class Split(Declared):
    """Several yes-or-no parts, each with its weight."""

    type: Literal["SPLIT"]
    parts: tuple[Part, ...] = Field(min_length=2)

    def reads(self) -> Reads:
        for number, part in enumerate(self.parts):
            yield ("parts", number, "figure"), part.figure, "yes_no"


class YesNo(Declared):
    type: Literal["YESNO"]
    figure: FigureKey

    def reads(self) -> Reads:
        yield ("figure",), self.figure, "yes_no"


class Doc(Declared):
    """A document in force. With `issued` and `due` (day and month of the year), a late one gets the share `late`."""

    type: Literal["DOC"]
    figure: FigureKey
    issued: FigureKey | None = None
    due: Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")] | None = None
    late: Share = Decimal("0.5")

    def reads(self) -> Reads:
        yield ("figure",), self.figure, "yes_no"
        if self.issued:
            yield ("issued",), self.issued, "date"

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if (self.issued is None) != (self.due is None):
            raise ValueError("văn bản có hạn phải ghi cả issued (ngày ban hành) và due (tháng-ngày)")
        return self


class CountT(Declared):
    """A count against a threshold, or against so many per one of `per`."""

    type: Literal["COUNT_T"]
    figure: FigureKey
    threshold: Threshold
    per: FigureKey | None = None

    def reads(self) -> Reads:
        yield ("figure",), self.figure, "count"
        if self.per:
            yield ("per",), self.per, "count"


class PerPop(Declared):
    type: Literal["PER_POP"]
    a: FigureKey
    population: FigureKey
    per: Literal[100, 1000] = 100
    threshold: Threshold

    def reads(self) -> Reads:
        yield ("a",), self.a, "count"
        yield ("population",), self.population, "count"


class Relative(Declared):
    """Against the best of the communes of the same province."""

    type: Literal["RELATIVE"]
    figure: FigureKey

    def reads(self) -> Reads:
        yield ("figure",), self.figure, "number"


class Condition(Declared):
    """Yes, or at least (at most) so much. A share is given by a and b, or declared as `share`."""

    label: Text
    figure: FigureKey | None = None
    a: FigureKey | None = None
    b: FigureKey | None = None
    share: FigureKey | None = None
    at_least: Number | None = None
    at_most: Number | None = None

    def reads(self) -> Reads:
        limited = self.at_least is not None or self.at_most is not None
        for name, key, kind in (
            ("figure", self.figure, "number" if limited else "yes_no"),
            ("a", self.a, "count"),
            ("b", self.b, "count"),
            ("share", self.share, "percent"),
        ):
            if key:
                yield (name,), key, kind

    @model_validator(mode="after")
    def _one_question(self) -> Self:
        limits = [limit for limit in (self.at_least, self.at_most) if limit is not None]
        if bool(self.figure) == bool(self.a and self.b) or bool(self.a) != bool(self.b):
            raise ValueError("điều kiện ghi figure, hoặc cả a và b")
        if self.a and len(limits) != 1:
            raise ValueError("điều kiện theo tỷ lệ phải có at_least hoặc at_most")
        if len(limits) > 1:
            raise ValueError("điều kiện chỉ có một trong at_least, at_most")
        if any(limit <= 0 for limit in limits if limit == self.at_least):
            raise ValueError("ngưỡng phải lớn hơn 0; ngưỡng 0 thì ai cũng đạt")
        return self


class PassFail(Declared):
    """Met or not met: every condition, and every component named in `all_of`."""

    type: Literal["PASSFAIL"]
    conditions: tuple[Condition, ...] = ()
    all_of: tuple[Code, ...] = ()

    def reads(self) -> Reads:
        for number, one in enumerate(self.conditions):
            for where, key, kind in one.reads():
                yield ("conditions", number, *where), key, kind

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        if not self.conditions and not self.all_of:
            raise ValueError("cần ít nhất một điều kiện")
        return self


class Step(Declared):
    """A level begins at this value."""

    level: int = Field(ge=0, le=9)
    from_: Number = Field(alias="from")
    label: Text


def rising(steps: tuple[Step, ...]) -> None:
    """Raises ValueError unless levels and values rise together from 0."""
    if steps and steps[0].from_ != 0:
        raise ValueError("mức thấp nhất phải bắt đầu từ 0")
    for before, after in itertools.pairwise(steps):
        if after.from_ <= before.from_ or after.level <= before.level:
            raise ValueError(f"mức {after.level} phải cao hơn mức {before.level} và bắt đầu ở số lớn hơn")


class Level(Declared):
    """A number becomes a level; no points. The level of the whole set stands in `levels` of the version."""

    type: Literal["LEVEL"]
    figure: FigureKey
    steps: tuple[Step, ...] = Field(min_length=2)

    def reads(self) -> Reads:
        yield ("figure",), self.figure, "number"

    @model_validator(mode="after")
    def _rise(self) -> Self:
        rising(self.steps)
        return self


class Info(Declared):
    """Shown, not scored."""

    type: Literal["INFO"]
    figures: tuple[FigureKey, ...] = ()

    def reads(self) -> Reads:
        for number, key in enumerate(self.figures):
            yield ("figures", number), key, "any"


TYPES = (
    "RATIO", "RATIO_T", "BANDS", "CHOICE", "SPLIT", "YESNO", "DOC", "COUNT_T", "PER_POP", "RELATIVE", "PASSFAIL",
    "LEVEL", "INFO",
)  # fmt: skip


def _known_type(given: Any) -> Any:
    if isinstance(given, dict) and given.get("type") not in TYPES:
        raise ValueError(f"không có kiểu công thức {given.get('type')}; dùng một trong: {', '.join(TYPES)}")
    return given


Formula = Annotated[
    Ratio | RatioT | Bands | Choice | Split | YesNo | Doc | CountT | PerPop | Relative | PassFail | Level | Info,
    Field(discriminator="type"),
    BeforeValidator(_known_type),
]

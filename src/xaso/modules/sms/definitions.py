"""Schema of `content/sms.yaml`: hours, limits, prices, keywords. A later folder of CONTENT_DIRS replaces the file."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import cache
from typing import Annotated, Literal, Self, get_args

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from xaso.kit.declared import ContentError, read
from xaso.kit.errors import Refused

FILE = "sms.yaml"
_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=160)]
_Word = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]+( [A-Z0-9]+)*$", max_length=40)]
KindCode = Literal["code", "emergency", "answer", "service", "notice"]
_Strict = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Kind(BaseModel):
    """A kind of message: when it may leave, how often to one number, how long it is worth sending."""

    model_config = _Strict

    code: KindCode
    label: _Text
    window: tuple[time, time] | None = None
    per_day: int = Field(default=0, ge=0, le=100)
    valid_minutes: int = Field(ge=1, le=43_200)
    priority: int = Field(ge=0, le=9)
    to_verify: bool = False

    @field_validator("window", mode="before")
    @classmethod
    def _clock_times(cls, given: object) -> object:
        """YAML reads an unquoted 06:00 as a number; only quoted hours are taken."""
        if isinstance(given, list) and all(isinstance(one, str) for one in given):
            return tuple(datetime.strptime(one, "%H:%M").time() for one in given)  # noqa: DTZ007 - a time of day
        return given

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.window and self.window[0] >= self.window[1]:
            raise ValueError("giờ bắt đầu phải trước giờ kết thúc")
        return self


class Price(BaseModel):
    """What one part costs from a day on."""

    model_config = _Strict

    kind: KindCode
    encoding: Literal["gsm7", "ucs2"]
    since: date = Field(alias="from")
    dong: int = Field(ge=0, le=100_000)
    to_verify: bool = False


class Keywords(BaseModel):
    model_config = _Strict

    stop: tuple[_Word, ...] = Field(min_length=1)
    start: tuple[_Word, ...] = Field(min_length=1)


class Answers(BaseModel):
    model_config = _Strict

    stopped_all: _Text
    stopped: _Text
    started_all: _Text
    started: _Text
    which_topic: _Text


class Declared(BaseModel):
    model_config = _Strict

    kinds: tuple[Kind, ...]
    prices: tuple[Price, ...]
    keywords: Keywords
    topic_words: dict[str, tuple[_Word, ...]]
    answers: Answers

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if sorted(one.code for one in self.kinds) != sorted(get_args(KindCode)):
            raise ValueError(f"cần đúng các loại tin: {', '.join(get_args(KindCode))}")
        return self


@cache
def declared() -> Declared:
    """Raises ContentError naming file and line."""
    for folder in reversed(settings.CONTENT_DIRS):
        if (folder / FILE).exists():
            return read(folder / FILE, FILE, Declared)
    raise ContentError([f"{FILE}: chưa có tệp này trong thư mục nội dung."])


def kinds() -> dict[str, Kind]:
    return {one.code: one for one in declared().kinds}


def kind_named(code: str) -> Kind:
    if code not in kinds():
        raise Refused(f"Không có loại tin “{code}”.")
    return kinds()[code]


def price_of(kind: str, encoding: str, on: date) -> Price | None:
    """The newest price of that kind and alphabet not after that day."""
    known = [p for p in declared().prices if (p.kind, p.encoding) == (kind, encoding) and p.since <= on]
    return max(known, key=lambda one: one.since, default=None)

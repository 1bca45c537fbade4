"""Schema of `content/zalo.yaml`: what Zalo's errors mean, lengths, hours. A later content folder replaces the file."""

from __future__ import annotations

from datetime import date, time
from functools import cache
from typing import Annotated, Literal, Self

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from xaso.kit.declared import ContentError, read

FILE = "zalo.yaml"
_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
_Clock = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class Fault(BaseModel):
    """An error code: what it means to a person, and what becomes of the message."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: int
    meaning: _Text
    then: Literal["retry", "no_retry", "sms"]
    to_verify: bool = True


class ParamType(BaseModel):
    """A type of a template's value and how many characters Zalo takes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,20}$")]
    label: _Text
    longest: int = Field(ge=1, le=400)


class Hours(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    begins: _Clock
    ends: _Clock
    to_verify: bool = True

    @property
    def span(self) -> tuple[time, time]:
        return time.fromisoformat(self.begins), time.fromisoformat(self.ends)


class Zalo(BaseModel):
    """Everything about Zalo that Zalo may change without us."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    checked_on: date
    source: _Text
    night: Hours
    answer_hours: int = Field(ge=1, le=24 * 30)
    notice_minutes: int = Field(ge=1, le=24 * 60)
    refresh_hours_before: int = Field(ge=1, le=24)
    refresh_days: int = Field(ge=1, le=365)
    picture_bytes: int = Field(ge=1024, le=20 * 1024 * 1024)
    picture_hosts: tuple[_Text, ...] = Field(min_length=1)
    params: tuple[ParamType, ...] = Field(min_length=1)
    unknown: Fault
    errors: tuple[Fault, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        codes = [one.code for one in self.errors]
        if len(codes) > len(set(codes)):
            raise ValueError("hai lỗi cùng một mã")
        return self

    def fault(self, code: int) -> Fault:
        """What a code means; what nobody wrote down gets the entry `unknown` with the code."""
        found = next((one for one in self.errors if one.code == code), None)
        return found or self.unknown.model_copy(update={"code": code, "meaning": f"{self.unknown.meaning} (mã {code})"})

    def longest(self, kind: str) -> int | None:
        return next((one.longest for one in self.params if one.code == kind), None)


@cache
def zalo() -> Zalo:
    """Raises ContentError naming file and line."""
    for folder in reversed(settings.CONTENT_DIRS):
        if (folder / FILE).exists():
            return read(folder / FILE, FILE, Zalo)
    raise ContentError([f"{FILE}: chưa có tệp này trong thư mục nội dung."])

"""Schema of `content/feedback.yaml`: categories, limits, the clock. A later content folder replaces the file."""

from __future__ import annotations

from datetime import date
from functools import cache
from string import Formatter
from typing import Annotated, Literal, Self

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from xaso.kit.declared import ContentError, read

FILE = "feedback.yaml"
# What a sender on Zalo is told of, and what the sentences may name. SMS and the inbox have theirs in content/messages.
TOLD = ("received", "refused", "forwarded", "merged", "asked", "answered", "extended", "apology")
VALUES = {"number", "code", "unit", "due", "note"}
_Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=20)]
_UnitCode = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z.-]+$", max_length=20)]
_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
_Count = Annotated[int, Field(ge=1, le=10_000)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Category(_Part):
    """What a report is about. `owner` is the role that gets it when nobody else is named.

    `owner_units`: commune → the unit of it (an agency or the commune itself) whose people are asked first.
    """

    code: _Code
    name: _Text
    help: str = ""
    needs_place: bool = False
    owner: Annotated[str, StringConstraints(pattern=r"^[a-z_]+$")]
    owner_units: dict[_UnitCode, _UnitCode] = {}
    confidential: bool = False
    keywords: tuple[str, ...] = ()


class Anonymous(_Part):
    allowed: bool
    phone: Literal["none", "optional", "required", "confirmed"]


class Limits(_Part):
    address_hour: _Count
    phone_day: _Count
    person_day: _Count
    unit_hour: _Count
    look_up_tries: _Count


class Photos(_Part):
    most: Annotated[int, Field(ge=0, le=20)]


class Reason(_Part):
    code: _Code
    text: _Text


class Agency(_Part):
    code: _Code
    name: _Text


class Span(_Part):
    days: Annotated[int, Field(ge=1, le=365)]
    meaning: _Text


class Clock(_Part):
    """The four limits in force from a day on."""

    valid_from: date
    source: _Text
    to_verify: bool
    triage: Span
    supplement: Span
    answer: Span
    publish: Span


class Duplicates(_Part):
    """How like, how near and how recent two reports are that may be one. `share` is in percent of the words."""

    days: _Count
    metres: _Count
    share: Annotated[int, Field(ge=1, le=100)]


class Sms(_Part):
    keywords: tuple[_Text, ...] = Field(min_length=1)
    fallback_unit: str = ""


class Public(_Part):
    smallest: _Count
    smallest_base: _Count


class Desk(_Part):
    """Everything declared about reports."""

    categories: tuple[Category, ...] = Field(min_length=1)
    anonymous: Anonymous
    limits: Limits
    photos: Photos
    refusals: tuple[Reason, ...] = Field(min_length=1)
    agencies: tuple[Agency, ...] = Field(min_length=1)
    clock: tuple[Clock, ...] = Field(min_length=1)
    duplicates: Duplicates
    reopen_days: Annotated[int, Field(ge=1, le=365)]
    sms: Sms
    public: Public
    zalo: dict[str, str]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        for what, codes in (
            ("nhóm phản ánh", [one.code for one in self.categories]),
            ("lý do từ chối", [one.code for one in self.refusals]),
            ("nơi chuyển đến", [one.code for one in self.agencies]),
            ("thời hạn", [str(one.valid_from) for one in self.clock]),
        ):
            if len(codes) > len(set(codes)):
                raise ValueError(f"hai dòng {what} cùng một mã")
        if missing := [name for name in TOLD if name not in self.zalo]:
            raise ValueError(f"zalo: thiếu câu cho {', '.join(missing)}")
        for name, text in self.zalo.items():
            if unknown := {part for _, part, _, _ in Formatter().parse(text) if part} - VALUES:
                raise ValueError(f"zalo.{name}: không có giá trị {', '.join(sorted(unknown))}")
        return self

    def category(self, code: str) -> Category | None:
        return next((one for one in self.categories if one.code == code), None)

    def category_name(self, code: str) -> str:
        """Its name; the code of a category that is no longer kept."""
        found = self.category(code)
        return found.name if found else code

    def clock_on(self, day: date) -> Clock:
        """The limits in force on that day; the earliest ones before them."""
        begun = [one for one in self.clock if one.valid_from <= day]
        return max(begun or [min(self.clock, key=lambda one: one.valid_from)], key=lambda one: one.valid_from)


@cache
def desk() -> Desk:
    """Raises ContentError naming file and line."""
    for folder in reversed(settings.CONTENT_DIRS):
        if (folder / FILE).exists():
            return read(folder / FILE, FILE, Desk)
    raise ContentError([f"{FILE}: chưa có tệp này trong thư mục nội dung."])

"""Schema of `content/facebook.yaml`: errors and limits of Facebook. A later content folder replaces the file."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Annotated, Literal

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from xaso.kit.declared import ContentError, read

FILE = "facebook.yaml"
_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class Fault(BaseModel):
    """An error code: what it means to a person, and whether to try again."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: int
    meaning: _Text
    then: Literal["retry", "stop"]
    to_verify: bool = True


class Facebook(BaseModel):
    """Everything about Facebook that Facebook may change without us."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    checked_on: date
    source: _Text
    version: Annotated[str, StringConstraints(pattern=r"^v\d{1,3}\.\d$")]
    schedule_minutes: int = Field(ge=1, le=120)
    schedule_days: int = Field(ge=1, le=365)
    unknown: Fault
    errors: tuple[Fault, ...] = Field(min_length=1)

    def fault(self, code: int) -> Fault:
        """What a code means; what nobody wrote down gets the entry `unknown` with the code."""
        found = next((one for one in self.errors if one.code == code), None)
        return found or self.unknown.model_copy(update={"code": code, "meaning": f"{self.unknown.meaning} (mã {code})"})


@cache
def facebook() -> Facebook:
    """Raises ContentError naming file and line."""
    for folder in reversed(settings.CONTENT_DIRS):
        if (folder / FILE).exists():
            return read(folder / FILE, FILE, Facebook)
    raise ContentError([f"{FILE}: chưa có tệp này trong thư mục nội dung."])

"""Schema of `content/topics.yaml`. A folder later in CONTENT_DIRS replaces the whole file."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Self

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from xaso.kit.declared import ContentError, read
from xaso.kit.errors import Refused

FILE = "topics.yaml"
_Code = Annotated[str, StringConstraints(pattern=r"^[a-z]+(_[a-z]+)*$", max_length=20)]
_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]


class Topic(BaseModel):
    """Something a resident can choose to hear about, or not."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: _Code
    label: _Text
    about: _Text = ""
    emergency_exempt: bool = False
    needs_consent: bool = False


class Declared(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    topics: tuple[Topic, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        codes = [one.code for one in self.topics]
        if len(codes) > len(set(codes)):
            raise ValueError("hai chủ đề cùng một mã")
        if not any(one.emergency_exempt for one in self.topics):
            raise ValueError("cần một chủ đề khẩn cấp (emergency_exempt: true)")
        return self


@cache
def topics() -> dict[str, Topic]:
    """By code, in the order they are shown. Raises ContentError naming file and line."""
    for folder in reversed(settings.CONTENT_DIRS):
        if (folder / FILE).exists():
            return {one.code: one for one in read(folder / FILE, FILE, Declared).topics}
    raise ContentError([f"{FILE}: chưa có tệp này trong thư mục nội dung."])


def topic_named(code: str) -> Topic:
    if code not in topics():
        raise Refused(f"Không có chủ đề “{code}”. Hãy chọn một chủ đề trong danh sách.")
    return topics()[code]

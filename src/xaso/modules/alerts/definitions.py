"""Schema of `content/alerts.yaml`. A folder later in CONTENT_DIRS replaces the whole file."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from xaso.kit.declared import ContentError, read

FILE = "alerts.yaml"
_Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Feed(_Strict):
    """A place of an upper level that we ask; what comes belongs to `unit` (a code)."""

    code: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,40}$")]
    label: _Words
    url: str
    unit: str


class Geocodes(_Strict):
    to_verify: bool = False
    names: tuple[str, ...]


class Alerts(_Strict):
    at_once: tuple[Literal["api", "feed"], ...]
    channels: tuple[Literal["speakers", "sms", "zalo", "web", "inbox"], ...] = Field(min_length=1)
    drill_hours: int = Field(ge=1, le=24)
    feed_days: int = Field(ge=1, le=365)
    geocodes: Geocodes
    hosts: tuple[str, ...] = ()
    feeds: tuple[Feed, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        for feed in self.feeds:
            if not self.allows(feed.url):
                raise ValueError(f"nguồn {feed.code}: máy chủ của {feed.url} không nằm trong danh sách hosts")
        return self

    def allows(self, url: str) -> bool:
        """Whether we may ask this address: a named host, http or https, no login inside."""
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and parts.netloc in self.hosts


@cache
def alerts() -> Alerts:
    """Raises ContentError naming file and line."""
    for folder in reversed(settings.CONTENT_DIRS):
        if (folder / FILE).exists():
            return read(folder / FILE, FILE, Alerts)
    raise ContentError([f"{FILE}: chưa có tệp này trong thư mục nội dung."])

"""Schemas of `content/audio.yaml` and `content/speech.yaml`. A folder later in CONTENT_DIRS replaces a whole file."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Annotated, Self, TypeVar

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from xaso.kit.declared import ContentError, read

AUDIO, SPEECH = "audio.yaml", "speech.yaml"
_Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
_Host = Annotated[str, StringConstraints(pattern=r"^\.?[a-z0-9-]+(\.[a-z0-9-]+)*$")]
T = TypeVar("T", bound=BaseModel)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Voice(_Strict):
    """A voice somebody can choose. `command`: read by the program the operator installed, if it is there."""

    code: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,20}$")]
    label: _Words
    espeak: str
    command: bool = False


class Limits(_Strict):
    speech_characters: int = Field(ge=100, le=100_000)
    upload_megabytes: int = Field(ge=1, le=500)
    upload_seconds: int = Field(ge=10, le=7200)
    shortest_seconds: float = Field(ge=0.1, le=10)
    live_minutes: int = Field(ge=1, le=480)
    live_silence_seconds: int = Field(ge=5, le=600)


class Loudness(_Strict):
    target_lufs: float = Field(ge=-30, le=-8)
    true_peak_dbtp: float = Field(ge=-9, le=-0.1)
    bitrate: int = Field(ge=32_000, le=192_000)
    sample_rate: int


class RelayHosts(_Strict):
    """Stations whose stream may be relayed. `.vov.vn` stands for every name under it, and for itself."""

    to_verify: bool = False
    hosts: tuple[_Host, ...]

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(f"mọi tên thuộc {one[1:]}" if one[0] == "." else one for one in self.hosts)

    def allows(self, host: str) -> bool:
        return any(host == one.lstrip(".") or (one[0] == "." and host.endswith(one)) for one in self.hosts)


class Audio(_Strict):
    voices: tuple[Voice, ...] = Field(min_length=1)
    limits: Limits
    speech_rate: int = Field(ge=80, le=300)
    loudness: Loudness
    relay_hosts: RelayHosts

    @model_validator(mode="after")
    def _whole(self) -> Self:
        codes = [one.code for one in self.voices]
        if len(codes) > len(set(codes)):
            raise ValueError("hai giọng cùng một mã")
        if self.voices[0].command:
            raise ValueError("giọng đầu tiên là giọng mặc định, phải có sẵn trong máy (không ghi command: true)")
        return self

    def voice(self, code: str) -> Voice | None:
        return next((one for one in self.voices if one.code == code), None)


class Speech(_Strict):
    """How written signs are read. `as_of`: when a person last went through the list."""

    as_of: date
    abbreviations: dict[_Words, _Words]
    document_kinds: dict[_Words, _Words]
    units: dict[_Words, _Words]
    roads: dict[_Words, _Words]
    letters: dict[_Words, _Words]


@cache
def audio() -> Audio:
    """Raises ContentError naming file and line."""
    return _last(AUDIO, Audio)


@cache
def speech() -> Speech:
    """Raises ContentError naming file and line."""
    return _last(SPEECH, Speech)


def _last(name: str, schema: type[T]) -> T:
    for folder in reversed(settings.CONTENT_DIRS):
        if (folder / name).exists():
            return read(folder / name, name, schema)
    raise ContentError([f"{name}: chưa có tệp này trong thư mục nội dung."])

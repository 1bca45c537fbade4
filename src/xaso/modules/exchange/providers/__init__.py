"""Ways to a document axis (trục liên thông). One dialect is one file on the same interface.

Built: `rest`, the REST dialect of one province. Not built: the X-Road dialect (`X-Road-Client` header and
`/r1/<subsystem>/…/document/new`), which other axes speak; the connection page says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from xaso.kit.registry import Registry

NOT_BUILT = {"xroad": "X-Road (/r1/…/document/new)"}


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of an axis's list: a message for us, or how it stands with one of ours."""

    doc_id: str
    sender: str
    receiver: str
    status: str
    at: datetime | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Agency:
    """An organisation on the axis."""

    code: str
    name: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A message as the axis handed it over. `files` are those the axis keeps beside the XML."""

    raw: bytes
    files: tuple[tuple[str, bytes], ...] = ()


class AxisFailed(Exception):
    """The axis did not do it. The message is Vietnamese, for the clerk. `again`: later it may."""

    def __init__(self, message: str, *, again: bool, code: int | None = None) -> None:
        super().__init__(message)
        self.again = again
        self.code = code


class Axis(Protocol):
    """One organisation's account on an axis. Every call may raise AxisFailed."""

    title: str

    def send(self, raw: bytes, name: str) -> str:
        """The axis's own id of the message. No axis promises to notice a repetition: receivers do, by DocumentId."""
        ...

    def received_since(self, since: date, until: date) -> list[Listed]:
        """Messages for us in those days, both included."""
        ...

    def statuses_since(self, since: date, until: date) -> list[Listed]:
        """How receivers stand with what we sent."""
        ...

    def fetch(self, doc_id: str) -> Fetched: ...

    def update_status(self, doc_id: str, status: str) -> None: ...

    def agencies(self) -> list[Agency]: ...

    def check(self) -> str:
        """Empty when all is well, else a sentence for the connection page."""
        ...


@dataclass(frozen=True, slots=True)
class Settings:
    """How to reach an axis as one organisation. Comes from the environment; shown nowhere, kept in no row."""

    dialect: str
    url: str
    organ_code: str
    username: str
    password: str
    system_id: str
    secret_key: str

    def __repr__(self) -> str:
        return f"Settings({self.dialect} {self.url} {self.organ_code})"


class Dialect(Protocol):
    """Makes an Axis from settings."""

    def __call__(self, settings: Settings) -> Axis: ...


DIALECTS: Registry[Dialect] = Registry("axis dialect")

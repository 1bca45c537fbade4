"""What a gateway must be able to do, and which one this installation has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.conf import settings

from xaso.kit.registry import Registry
from xaso.modules.sms.rules.answers import Answer


@dataclass(frozen=True, slots=True)
class Settings:
    """From the environment, `XASO_SMS_…`; never stored, never shown.

    `long`: how SMPP carries long messages, udh or payload. `ids`: same, hex or dec, see `rules.receipts.receipt_id`.
    """

    provider: str = ""
    url: str = ""
    user: str = ""
    password: str = ""
    sender: str = ""
    callback: str = ""
    inbound_secret: str = ""
    long: str = "udh"
    ids: str = "same"
    params: tuple[tuple[str, str], ...] = ()

    def param(self, name: str, otherwise: str = "") -> str:
        return dict(self.params).get(name, otherwise)


def configured() -> Settings:
    given: dict[str, Any] = dict(settings.SMS)
    return Settings(**{**given, "params": tuple(dict(given.get("params") or {}).items())})


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message as a gateway gets it."""

    key: int
    uuid: str
    phone: str
    text: str
    encoding: str
    kind: str
    seconds: int


class Transport(Protocol):
    """A gateway that is asked message by message. One that holds a connection is `smpp/`."""

    title: str

    def send(self, given: Settings, messages: Sequence[Outgoing]) -> Iterator[Answer]:
        """An answer for each, as it comes. Never raises for what a gateway can do wrong."""
        ...

    def check(self, given: Settings) -> str:
        """Empty when all is well, else a sentence for the health page."""
        ...


TRANSPORTS: Registry[Transport] = Registry("sms transport")
TITLES = {"file": "Tệp trên máy chủ", "smpp": "SMPP", "kannel": "Kannel", "vnpt": "VNPT SMS", "viettel": "Viettel SMS"}

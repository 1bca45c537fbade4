"""Ways out of the house: one file each, on the same interface."""

from dataclasses import dataclass
from typing import Protocol

from xaso.kit.registry import Registry


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What a provider gets. `uuid` is the idempotency key: the same one may come twice. `is_secret`: a one-time code,
    which nobody may store readable."""

    uuid: str
    channel: str
    to: str
    title: str
    body: str
    unit_path: str = ""
    is_secret: bool = False


class DeliveryFailed(Exception):
    """The provider did not take the message. `again`: later it may."""

    def __init__(self, message: str, *, again: bool) -> None:
        super().__init__(message)
        self.again = again


class ChannelProvider(Protocol):
    """Delivers one channel's messages."""

    def send(self, message: Outgoing) -> str:
        """The provider's reference. Raises DeliveryFailed."""
        ...

    def check(self) -> str:
        """Empty when all is well, else a sentence for the health page."""
        ...


PROVIDERS: Registry[ChannelProvider] = Registry("channel provider")

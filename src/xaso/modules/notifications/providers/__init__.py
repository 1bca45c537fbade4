"""Ways out of the house. SMS and Zalo come later as one more file each, on the same interface."""

from dataclasses import dataclass
from typing import Protocol

from xaso.kit.registry import Registry


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What a provider gets. `uuid` is the idempotency key: the same one may come twice."""

    uuid: str
    channel: str
    to: str
    title: str
    body: str


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

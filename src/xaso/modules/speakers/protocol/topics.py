"""Where each message travels."""

import re
from dataclasses import dataclass

ROOT = "tt/v1"
UP, DOWN = ("state", "log", "lwt"), ("cfg", "cmd")
_PART = r"[0-9A-Za-z][0-9A-Za-z._-]{0,63}"
_DEVICE = re.compile(rf"tt/v1/({_PART})/dev/({_PART})/(cfg|cmd|state|log|lwt)")
SERIAL = re.compile(_PART)


@dataclass(frozen=True, slots=True)
class Address:
    """One device: the commune it belongs to and the serial it is known by everywhere."""

    commune: str
    serial: str


def device(address: Address, channel: str) -> str:
    return f"{ROOT}/{address.commune}/dev/{address.serial}/{channel}"


def zone(commune: str, name: str) -> str:
    return f"{ROOT}/{commune}/zone/{name}/cmd"


def from_device(topic: str) -> tuple[Address, str] | None:
    """Whose topic it is and which channel; None when it is no topic of a device."""
    found = _DEVICE.fullmatch(topic)
    return (Address(found[1], found[2]), found[3]) if found else None


def everything_said() -> tuple[str, ...]:
    """What the link listens to."""
    return tuple(f"{ROOT}/+/dev/+/{channel}" for channel in UP)

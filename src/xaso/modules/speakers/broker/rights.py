"""The topics of each one who may connect. One rule for both brokers; plain Python.

A device writes under its own serial and reads its own and its zone's topics. The link reads what devices say and
writes what they are told. Everything else is refused.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from xaso.modules.speakers.protocol import topics
from xaso.modules.speakers.rules import credentials
from xaso.modules.speakers.vendor import shape

LINK = "link"
"""The user name of the server's own connection; no serial may be called so."""


@dataclass(frozen=True, slots=True)
class Rights:
    """Topic filters: `+` stands for one level."""

    write: frozenset[str]
    read: frozenset[str]

    def may_write(self, topic: str) -> bool:
        return topic in self.write or any(matches(topic, given) for given in self.write if "+" in given)

    def may_read(self, topic: str) -> bool:
        """A topic, or the filter of a subscription: only exactly what was granted, or a part of it."""
        return topic in self.read or any(matches(topic, given) for given in self.read if "+" in given)


def of_device(serial: str, commune: str, zone: str, protocol: str) -> Rights:
    if protocol == "vendor":
        return Rights(shape.writes(serial, commune), shape.reads(serial, commune))
    address = topics.Address(commune, serial)
    read = {topics.device(address, channel) for channel in topics.DOWN}
    if zone:
        read.add(topics.zone(commune, zone))
    return Rights(frozenset(topics.device(address, channel) for channel in topics.UP), frozenset(read))


def of_link() -> Rights:
    write = {f"{topics.ROOT}/+/dev/+/{channel}" for channel in topics.DOWN} | {f"{topics.ROOT}/+/zone/+/cmd"}
    return Rights(frozenset(write | shape.SPOKEN), frozenset({*topics.everything_said(), *shape.HEARD}))


@dataclass(frozen=True, slots=True)
class Register:
    """One moment's state: user → digest, and user → what he may."""

    digests: dict[str, str] = field(default_factory=dict)
    may: dict[str, Rights] = field(default_factory=dict)

    def knows(self, user: str, secret: str) -> bool:
        return credentials.matches(secret, self.digests.get(user, ""))


def register(digests: dict[str, str], devices: Iterable[tuple[str, str, str, str]]) -> Register:
    """`devices`: (serial, commune, zone, protocol)."""
    may = {row[0]: of_device(*row) for row in devices}
    may[LINK] = of_link()
    return Register(digests, may)


def matches(topic: str, given: str) -> bool:
    """`+` of a filter takes any one level, but never a wildcard that somebody subscribes with."""
    levels, wanted = topic.split("/"), given.split("/")
    if len(levels) != len(wanted) or "#" in topic:
        return False
    return all(level == want or (want == "+" and "+" not in level) for level, want in zip(levels, wanted, strict=True))


def client_id(user: str, secret: str) -> str:
    """Nobody else can say this id, so nobody else can push the device's connection aside."""
    return f"{user}.{hashlib.sha256(secret.encode()).hexdigest()[:16]}"


def access_list(devices: Iterable[tuple[str, str, str, str]]) -> str:
    """The acl_file of Mosquitto for (serial, commune, zone, protocol)."""
    lines = [*_lines(LINK, of_link())]
    for serial, commune, zone, protocol in devices:
        lines += _lines(serial, of_device(serial, commune, zone, protocol))
    return "\n".join(lines) + "\n"


def _lines(user: str, rights: Rights) -> list[str]:
    given = [f"topic write {topic}" for topic in sorted(rights.write)]
    return [f"user {user}", *given, *(f"topic read {topic}" for topic in sorted(rights.read)), ""]

"""The vendor's topics, as seen in the field. `tx` carries commands to a group; the group here is the commune.

ttn/g2d/<serial>      server → device   default content
rx/<serial>           server → device   configuration: its groups
tx/<group>            server → devices  commands, addressed inside by serial, QoS 1
tx/<group>/<serial>   device → server   heartbeats, QoS 2
"""


def content(serial: str) -> str:
    return f"ttn/g2d/{serial}"


def configuration(serial: str) -> str:
    return f"rx/{serial}"


def commands(group: str) -> str:
    return f"tx/{group}"


def said(group: str, serial: str) -> str:
    return f"tx/{group}/{serial}"


def speaker(topic: str) -> tuple[str, str] | None:
    """(group, serial) of something a device said."""
    parts = topic.split("/")
    return (parts[1], parts[2]) if len(parts) == 3 and parts[0] == "tx" else None


def writes(serial: str, group: str) -> frozenset[str]:
    return frozenset({said(group, serial)})


def reads(serial: str, group: str) -> frozenset[str]:
    return frozenset({content(serial), configuration(serial), commands(group)})


SPOKEN = frozenset({"ttn/g2d/+", "rx/+", "tx/+"})
HEARD = frozenset({"tx/+/+"})

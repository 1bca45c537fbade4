"""What the machine knows about itself. What it cannot know is left out, never invented."""

import shutil
from pathlib import Path
from typing import Any

from xaso.modules.speakers.protocol.messages import Network

FIRMWARE = "xaso-speaker 1"
THERMAL = Path("/sys/class/thermal/thermal_zone0/temp")
WIRELESS = Path("/proc/net/wireless")


class Telemetry:
    def __init__(self, folder: Path, firmware: str = FIRMWARE) -> None:
        self._folder, self._firmware = folder, firmware

    def now(self) -> dict[str, Any]:
        return {
            "firmware": self._firmware,
            "network": _network(),
            "temperature": _temperature(),
            "disk_free": shutil.disk_usage(self._folder).free,
        }


def _temperature() -> float | None:
    try:
        return round(int(THERMAL.read_text()) / 1000, 1)
    except (OSError, ValueError):
        return None


def _network() -> Network:
    """The wireless card when there is one; which cable or modem it is otherwise, Linux does not say in one place."""
    try:
        lines = WIRELESS.read_text().splitlines()[2:]
        level = round(float(lines[0].split()[3].rstrip(".")))
    except (OSError, ValueError, IndexError):
        return Network()
    return Network("wifi", signal=level) if -200 <= level <= 100 else Network("wifi")

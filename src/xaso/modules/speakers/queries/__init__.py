"""Questions about speakers. What the wire asks is in `door.py`."""

from xaso.modules.speakers.queries.door import (
    Pending,
    addresses,
    device_by_serial,
    device_with,
    file_for,
    password_lines,
    pending_commands,
    programme_for,
    programmes_by_serial,
    programmes_for,
)
from xaso.modules.speakers.queries.playing import (
    Outcome,
    Page,
    outcome,
    played_rows,
    silent_rows,
    villages_without,
)
from xaso.modules.speakers.queries.targets import devices_under, points_under

__all__ = [
    "Outcome",
    "Page",
    "Pending",
    "addresses",
    "device_by_serial",
    "device_with",
    "devices_under",
    "file_for",
    "outcome",
    "password_lines",
    "pending_commands",
    "played_rows",
    "points_under",
    "programme_for",
    "programmes_by_serial",
    "programmes_for",
    "silent_rows",
    "villages_without",
]

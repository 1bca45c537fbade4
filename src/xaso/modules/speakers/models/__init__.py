"""Speakers, what they shall play, what they were told, what they played, what broke. Every change is an action."""

from xaso.modules.speakers.models.care import Alarm, Repair
from xaso.modules.speakers.models.devices import Device, DeviceImport, Pulse, Station, Zone
from xaso.modules.speakers.models.playing import Command, Piece, Play, Run

__all__ = [
    "Alarm",
    "Command",
    "Device",
    "DeviceImport",
    "Piece",
    "Play",
    "Pulse",
    "Repair",
    "Run",
    "Station",
    "Zone",
]

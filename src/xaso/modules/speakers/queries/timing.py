"""The limits that hold for a commune, a zone and a play, as the rules want them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from xaso.modules.speakers.definitions import declared
from xaso.modules.speakers.models import Device, Play, Station
from xaso.modules.speakers.queries.targets import prefixes
from xaso.modules.speakers.rules import limits as limiting
from xaso.modules.speakers.rules.limits import Cap, Limits
from xaso.modules.speakers.rules.scheduling import Timing, Weekly


def station_of(unit_path: str) -> Station | None:
    """The station of the commune this unit is or lies in, when it has set limits of its own."""
    rows = Station.objects.filter(unit_path__in=prefixes(unit_path)).select_related("unit")
    return rows.order_by("-unit_path").first()


def limits_of(unit_path: str) -> Limits:
    content, station = declared(), station_of(unit_path)
    if station is None:
        return Limits(tuple(content.quiet), tuple(content.caps), content.longest_seconds, content.volume)
    return Limits(
        tuple((start, end) for start, end in station.quiet),
        _caps(station.caps),
        station.longest_seconds,
        content.volume,
    )


def first_of(unit_path: str) -> str:
    """Which of two priority items goes first in this commune: "commune" or "province"."""
    station = station_of(unit_path)
    return station.first if station else declared().first


def drill_is_armed(paths: Sequence[str], now: datetime) -> bool:
    """Whether every one of these units has said that a drill is on."""
    stations = [station_of(path) for path in paths]
    return all(one is not None and one.drill_until is not None and one.drill_until > now for one in stations)


def _caps(kept: list[list[object]]) -> tuple[Cap, ...]:
    return tuple((str(start), str(end), int(str(volume))) for start, end, volume in kept)


def caps_of(devices: Sequence[Device]) -> dict[int, tuple[Cap, ...]]:
    """device id → the caps of its commune and of its zone. One statement besides the devices' zones."""
    paths = {path for device in devices for path in prefixes(device.unit_path)}
    stations = {row.unit_path: _caps(row.caps) for row in Station.objects.filter(unit_path__in=paths)}
    general = tuple(declared().caps)
    found = {}
    for device in devices:
        own = next((stations[path] for path in reversed(prefixes(device.unit_path)) if path in stations), general)
        found[device.pk] = own + (_caps(device.zone.caps) if device.zone else ())
    return found


def volume_at(play: Play, caps: Sequence[Cap], minute: int) -> int:
    """How loud this play may be at that minute of the day."""
    wanted = play.volume if play.volume is not None else declared().volume
    if play.klass == "emergency":
        return play.volume if play.volume is not None else 100
    return min(wanted, limiting.cap_at(caps, minute))


def wanted_seconds(play: Play) -> float:
    """How long it sounds when nothing disturbs it; 0 when nobody knows (a stream without an end)."""
    if play.kind == Play.Kind.FILE:
        return play.seconds * play.loops
    if play.kind == Play.Kind.LIVE:
        return 0.0
    if play.until and play.starts_at and not play.days:
        return (play.until - play.starts_at).total_seconds()
    return play.seconds


def timing_of(play: Play) -> Timing:
    weekly = Weekly(tuple(play.days), tuple(play.times)) if play.days else None
    return Timing(play.starts_at, play.until, weekly, wanted_seconds(play), play.starts_at if weekly else None)


LIVE_AT_MOST = 4 * 3600.0


def longest_of(play: Play) -> float:
    """How long a part may sound before one asks what became of it. A broadcast without an end is stopped by people."""
    if play.kind == Play.Kind.LIVE and play.until and play.starts_at:
        return (play.until - play.starts_at).total_seconds()
    return wanted_seconds(play) or LIVE_AT_MOST

"""Which devices a play reaches."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from xaso.core.access.queries import under
from xaso.modules.speakers.models import Device, Play, Zone


def points_under(path: str) -> list[tuple[str, float, float]]:
    """(path of its unit, latitude, longitude) of every speaker in use whose place on the map is known."""
    rows = Device.objects.filter(under(path), state__in=["in_use", "repair"], latitude__isnull=False)
    known = rows.values_list("unit_path", "latitude", "longitude")
    return [(path, float(lat), float(lon)) for path, lat, lon in known if lat is not None and lon is not None]


def prefixes(path: str) -> list[str]:
    """`26.252.` → `26.`, `26.252.`: the units this one lies in, and itself."""
    parts = path.rstrip(".").split(".")
    return [".".join(parts[: count + 1]) + "." for count in range(len(parts))]


def reaches(play: Play, device: Device, groups: set[int] | None) -> bool:
    """`groups`: the groups the device is in; None when that does not matter (a file may be fetched ahead)."""
    if not any(device.unit_path.startswith(path) for path in play.unit_paths):
        return False
    if play.zone is None:
        return True
    if play.zone.kind == Zone.Kind.ZONE:
        return device.zone_id == play.zone_id
    return groups is None or play.zone_id in groups


def devices_under(paths: Sequence[str], zone: Zone | None = None) -> QuerySet[Device]:
    """Devices in use of these units and everything below them."""
    wanted = Q(pk__in=[])
    for path in paths:
        wanted |= under(path)
    rows = Device.objects.filter(wanted, state=Device.State.IN_USE)
    if zone is None:
        return rows
    return rows.filter(zone=zone) if zone.kind == Zone.Kind.ZONE else rows.filter(groups=zone)

"""What stands in the way of a wish to play something: limits and other items on the same speakers."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from xaso.core.access.queries import under
from xaso.modules.speakers.models import Device, Play, Zone
from xaso.modules.speakers.queries.targets import prefixes
from xaso.modules.speakers.queries.timing import timing_of
from xaso.modules.speakers.rules.collisions import Booked


def plays_in_the_way(unit_path: str, paths: Sequence[str], zone: Zone | None, rank: int) -> list[Play]:
    """Planned plays of the commune's own, of the same rank, that at least one of the same speakers would play."""
    rows = Play.objects.filter(
        Q(unit_path__in=prefixes(unit_path)) | under(unit_path), state="planned", rank=rank, origin_level="commune"
    )
    return [play for play in rows.select_related("zone").order_by("pk") if _shares(play, paths, zone)]


def booked(plays: Sequence[Play]) -> list[Booked]:
    return [Booked(play.title, timing_of(play)) for play in plays]


def _shares(play: Play, paths: Sequence[str], zone: Zone | None) -> bool:
    if not any(mine.startswith(other) or other.startswith(mine) for mine in paths for other in play.unit_paths):
        return False
    if zone is None or play.zone is None or zone.pk == play.zone.pk:
        return True
    if zone.kind == play.zone.kind == Zone.Kind.ZONE:
        return False
    return (_members(zone) & _members(play.zone)) != set()


def _members(zone: Zone) -> set[int]:
    rows = Device.objects.filter(zone=zone) if zone.kind == Zone.Kind.ZONE else Device.objects.filter(groups=zone)
    return set(rows.values_list("pk", flat=True))

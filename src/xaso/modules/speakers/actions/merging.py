"""Devices follow the unit tree: what a unit had goes to the one unit it became part of."""

from __future__ import annotations

from xaso.core.access import Actor
from xaso.core.access.queries import under
from xaso.core.actions import action, note
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.modules.speakers.actions.ordering import version_of
from xaso.modules.speakers.actions.telling import tell_programme
from xaso.modules.speakers.models import Alarm, Device, Play, Repair, Zone

STOPPED = "Đơn vị đã sáp nhập và không còn thôn này. Hãy đặt lại lịch ở đơn vị mới."


@action("speakers.hand_over", "Chuyển loa theo đơn vị mới")
def hand_over(by: Actor, predecessor: Unit, /, *, successor: Unit) -> int:
    """Devices, zones, open alarms and repairs, and planned plays. A village keeps its name, or its speakers become the
    new commune's. The topics of a device stay: it is configured with them. Returns how many devices moved."""
    del by
    villages = {
        one.name: one for one in Unit.objects.on(clock.today()).under(successor.path) if one.parent_id == successor.pk
    }
    devices = list(Device.objects.filter(under(predecessor.path)).select_related("unit"))
    for device in devices:
        home = successor if device.unit_path == predecessor.path else villages.get(device.unit.name, successor)
        device.unit, device.unit_path = home, home.path
    Device.objects.bulk_update(devices, ["unit", "unit_path"])
    for device in devices:
        Alarm.objects.filter(device=device, cleared_at=None).update(unit_path=device.unit_path)
        Repair.objects.filter(device=device).exclude(state=Repair.State.CLOSED).update(unit_path=device.unit_path)
    _move_zones(predecessor, successor)
    moved = _move_plays(predecessor, successor, villages)
    tell_programme(devices)
    note(devices=len(devices), plays=moved, successor=successor.code)
    return len(devices)


def _move_zones(predecessor: Unit, successor: Unit) -> None:
    taken = set(Zone.objects.filter(unit_path=successor.path).values_list("code", flat=True))
    for zone in Zone.objects.filter(unit_path=predecessor.path):
        if zone.code in taken:
            zone.code = f"{zone.code[:13]}-{predecessor.code}"[:20]
        zone.unit, zone.unit_path = successor, successor.path
        zone.save(update_fields=["unit", "unit_path", "code"])


def _move_plays(predecessor: Unit, successor: Unit, villages: dict[str, Unit]) -> int:
    """Never to more people than it was meant for: an item of a village that is no more is stopped."""
    names = dict(Unit.objects.under(predecessor.path).values_list("path", "name"))
    rows = list(Play.objects.filter(under(predecessor.path), state=Play.State.PLANNED))
    for play in rows:
        home = _home(play.unit_path, predecessor, successor, names, villages)
        paths = [_home(path, predecessor, successor, names, villages) for path in play.unit_paths]
        if home is None or None in paths:
            play.state, play.stopped_at, play.stop_reason = Play.State.STOPPED, clock.now(), STOPPED
        else:
            play.unit, play.unit_path = home, home.path
            play.unit_paths = [unit.path for unit in paths if unit is not None]
            play.version = version_of(play)
        play.save(update_fields=["unit", "unit_path", "unit_paths", "version", "state", "stopped_at", "stop_reason"])
    return len(rows)


def _home(
    path: str, predecessor: Unit, successor: Unit, names: dict[str, str], villages: dict[str, Unit]
) -> Unit | None:
    return successor if path == predecessor.path else villages.get(names.get(path, ""))

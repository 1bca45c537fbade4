"""The station's own limits, drills, zones and groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import tidy
from xaso.modules.speakers.actions.telling import tell_programme
from xaso.modules.speakers.definitions import declared
from xaso.modules.speakers.models import Device, Station, Zone
from xaso.modules.speakers.queries.targets import devices_under
from xaso.modules.speakers.rules.limits import faults_of_limits
from xaso.modules.speakers.rules.topics import CODE

DRILL_HOURS = 12


@dataclass(frozen=True, slots=True)
class HouseRules:
    """What a commune sets for its own speakers."""

    quiet: tuple[tuple[str, str], ...]
    caps: tuple[tuple[str, str, int], ...]
    longest_seconds: int
    longest_by_village: int
    first: str

    def for_audit(self) -> str:
        return str(asdict(self))


def station_row(unit: Unit) -> Station:
    """The commune's row, not yet stored when it never set limits of its own."""
    content = declared()
    return Station.objects.filter(unit=unit).first() or Station(
        unit=unit,
        unit_path=unit.path,
        quiet=[list(pair) for pair in content.quiet],
        caps=[list(cap) for cap in content.caps],
        longest_seconds=content.longest_seconds,
        longest_by_village=content.village.longest_seconds,
        first=content.first,
    )


@action("speakers.set_rules", "Đặt quy định phát")
def set_rules(by: Actor, unit: Unit, /, *, rules: HouseRules) -> Station:
    """Quiet hours, caps, lengths, and whose priority items go first. Volumes on the devices follow."""
    del by
    if found := faults_of_limits(rules.quiet, rules.caps, rules.longest_seconds, rules.longest_by_village):
        raise Refused(" ".join(found))
    if rules.first not in ("commune", "province"):
        raise Refused("Hãy chọn bản tin ưu tiên của xã hay của tỉnh được phát trước.")
    station = station_row(unit)
    station.quiet, station.caps = [list(pair) for pair in rules.quiet], [list(cap) for cap in rules.caps]
    station.longest_seconds, station.longest_by_village = rules.longest_seconds, rules.longest_by_village
    station.first = rules.first
    station.save()
    tell_programme(list(devices_under((unit.path,))))
    return station


@action("speakers.arm_drill", "Mở diễn tập")
def arm_drill(by: Actor, unit: Unit, /, *, hours: int) -> Station:
    """For so many hours, items marked as drill reach the speakers; 0 ends it."""
    del by
    if not 0 <= hours <= DRILL_HOURS:
        raise Refused(f"Diễn tập mở được nhiều nhất {DRILL_HOURS} giờ. Hãy ghi lại số giờ.")
    station = station_row(unit)
    station.drill_until = clock.now() + timedelta(hours=hours) if hours else None
    station.save()
    return station


@action("speakers.manage_zone", "Khai báo cụm loa")
def manage_zone(
    by: Actor,
    zone: Zone,
    /,
    *,
    name: str,
    code: str,
    caps: Sequence[tuple[str, str, int]],
    devices: Sequence[Device],
) -> Zone:
    """A zone or group, new (with unit, unit_path and kind) or known, and which devices are in it."""
    del by
    if not tidy(name) or not CODE.fullmatch(code):
        raise Refused("Cụm loa cần tên, và mã gồm 1–20 chữ không dấu, số hoặc gạch, ví dụ: dong-moi.")
    if Zone.objects.filter(unit_path=zone.unit_path, code=code).exclude(pk=zone.pk).exists():
        raise Refused(f"Đã có cụm hoặc nhóm mang mã {code}. Hãy chọn mã khác.")
    if found := faults_of_limits((), tuple(caps), 60, 60):
        raise Refused(" ".join(found))
    if any(not device.unit_path.startswith(zone.unit_path) for device in devices):
        raise Refused("Chỉ đưa loa của xã mình vào cụm.")
    zone.name, zone.code, zone.caps = tidy(name)[:120], code, [list(cap) for cap in caps]
    zone.save()
    touched = list(zone.devices.all()) if zone.kind == Zone.Kind.ZONE else list(zone.members.all())
    if zone.kind == Zone.Kind.ZONE:
        zone.devices.update(zone=None)
        Device.objects.filter(pk__in=[one.pk for one in devices]).update(zone=zone)
    else:
        zone.members.set(devices)
    tell_programme(list({one.pk: one for one in [*touched, *devices]}.values()))
    note(devices=len(devices))
    return zone


@action("speakers.retire_zone", "Bỏ cụm loa")
def retire_zone(by: Actor, zone: Zone, /) -> Zone:
    """Its devices stay; its past plays keep its name."""
    del by
    if zone.play_set.filter(state="planned").exists():
        raise Refused("Cụm này còn lịch phát. Hãy dừng các lịch đó trước.")
    touched = [*zone.devices.all(), *zone.members.all()]
    zone.devices.update(zone=None)
    zone.members.clear()
    zone.retired_on = clock.today()
    zone.save(update_fields=["retired_on"])
    tell_programme(touched)
    return zone

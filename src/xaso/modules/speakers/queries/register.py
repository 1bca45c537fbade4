"""The register: units a device may stand in, devices an actor may see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from xaso.core.access import Actor, visible
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Missing
from xaso.modules.speakers.models import Alarm, Device, DeviceImport, Play, Repair, Zone

NO_DEVICE = "Không tìm thấy loa này ở đơn vị của bạn. Hãy quay lại danh sách và chọn lại."
NO_PLAY = "Không tìm thấy lượt phát này ở đơn vị của bạn. Hãy quay lại danh sách và chọn lại."
NO_REPAIR = "Không tìm thấy phiếu sửa chữa này ở đơn vị của bạn."
NO_ZONE = "Không tìm thấy cụm loa này ở đơn vị của bạn."
NO_IMPORT = "Không tìm thấy bảng này. Hãy tải bảng lên lại."


def commune_of(unit: Unit) -> Unit:
    """The commune a village lies in; the unit itself when it is one or stands above."""
    if unit.kind in (Unit.Kind.VILLAGE, Unit.Kind.QUARTER) and unit.parent is not None:
        return unit.parent
    return unit


def villages_of(unit: Unit) -> list[Unit]:
    """The unit itself, then its villages by name."""
    below = Unit.objects.on(clock.today()).under(unit.path).filter(kind__in=[Unit.Kind.VILLAGE, Unit.Kind.QUARTER])
    return [unit, *below.exclude(pk=unit.pk).order_by("name")]


def units_by_name(unit: Unit) -> dict[str, Unit]:
    """Villages by name as people write it, with "thôn" before it or without."""
    found: dict[str, Unit] = {}
    for one in villages_of(unit):
        name = one.name.casefold()
        for spelling in (name, name.removeprefix("thôn "), f"thôn {name.removeprefix('thôn ')}"):
            found.setdefault(spelling, one)
    return found


def devices(by: Actor, permission: str = "speakers.view") -> QuerySet[Device]:
    return visible(by, permission, Device.objects.select_related("unit", "zone", "pulse"))


def device(by: Actor, permission: str, key: UUID) -> Device:
    """Raises Missing."""
    return _one(devices(by, permission), key, NO_DEVICE)


def play(by: Actor, permission: str, key: UUID) -> Play:
    return _one(visible(by, permission, Play.objects.select_related("unit", "zone", "file__blob")), key, NO_PLAY)


def repairs(by: Actor, permission: str = "speakers.view") -> QuerySet[Repair]:
    return visible(by, permission, Repair.objects.select_related("device__unit"))


def repair(by: Actor, permission: str, key: UUID) -> Repair:
    return _one(repairs(by, permission), key, NO_REPAIR)


def zones(by: Actor, permission: str = "speakers.view") -> QuerySet[Zone]:
    return visible(by, permission, Zone.objects.filter(retired_on=None)).order_by("kind", "code")


def zone(by: Actor, permission: str, key: UUID) -> Zone:
    return _one(zones(by, permission), key, NO_ZONE)


def open_alarms(by: Actor) -> QuerySet[Alarm]:
    return visible(by, "speakers.view", Alarm.objects.filter(cleared_at=None).select_related("device__unit"))


def device_import(by: Actor, key: UUID) -> DeviceImport:
    mine = DeviceImport.objects.filter(by_account=by.account_id).select_related("unit")
    return _one(visible(by, "speakers.preview_import", mine), key, NO_IMPORT)


def _one(rows: QuerySet[Any], key: UUID, sentence: str) -> Any:
    found = rows.filter(uuid=key).first()
    if found is None:
        raise Missing(sentence)
    return found


def device_named(key: str) -> Device:
    """Asks no permission: for handlers. Raises Missing."""
    return _one(Device.objects.all(), UUID(key), NO_DEVICE)


def alarms_named(keys: Sequence[str]) -> list[Alarm]:
    """Those still open, the oldest first."""
    rows = Alarm.objects.filter(uuid__in=keys, cleared_at=None).select_related("device")
    return list(rows.order_by("since", "pk"))

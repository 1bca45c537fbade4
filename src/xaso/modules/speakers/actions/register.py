"""The register of devices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from xaso.core.access import Actor
from xaso.core.access.queries import require
from xaso.core.actions import action, entry_for, note
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import tidy
from xaso.modules.speakers.actions.alarming import clear_alarms
from xaso.modules.speakers.actions.telling import tell_programme, tell_report, tell_volume
from xaso.modules.speakers.models import Alarm, Device, DeviceImport, Pulse, Zone
from xaso.modules.speakers.queries.register import commune_of, units_by_name
from xaso.modules.speakers.rules import credentials
from xaso.modules.speakers.rules.entries import Entry, faults_of

TAKEN = "Số máy {serial} đã có trong sổ. Hãy kiểm tra lại số máy trên vỏ loa."
APPLIED = "Bảng này đã được ghi vào sổ. Hãy tải bảng mới nếu còn loa khác."


@dataclass(frozen=True, slots=True)
class Issued:
    """A device with its secret, shown this one time."""

    device: Device
    secret: str


def _fill(device: Device, entry: Entry) -> None:
    for name in (field.name for field in fields(Entry)):
        if name not in ("latitude", "longitude", "installed_on"):
            setattr(device, name, getattr(entry, name))
    device.latitude = Decimal(entry.latitude) if entry.latitude else None
    device.longitude = Decimal(entry.longitude) if entry.longitude else None
    device.installed_on = date.fromisoformat(entry.installed_on) if entry.installed_on else None


def _check(entry: Entry, known: Device | None) -> None:
    if found := faults_of(entry):
        raise Refused(" ".join(found))
    rows = Device.objects.filter(serial=entry.serial)
    if (rows.exclude(pk=known.pk) if known else rows).exists():
        raise Refused(TAKEN.format(serial=entry.serial))


@action("speakers.register", "Đăng ký loa")
def register_device(by: Actor, unit: Unit, /, *, entry: Entry, zone: Zone | None = None) -> Device:
    """A new device of a village or commune. It can connect after `issue_credential`."""
    del by
    _check(entry, None)
    device = Device(unit=unit, unit_path=unit.path, commune_code=commune_of(unit).code, state_since=clock.today())
    _fill(device, entry)
    device.zone = _zone_for(device, zone)
    device.save(force_insert=True)
    Pulse.objects.create(device=device)
    return device


@action("speakers.change_device", "Sửa thông tin loa")
def change_device(by: Actor, device: Device, /, *, entry: Entry, unit: Unit, zone: Zone | None = None) -> Device:
    """The serial and the protocol stay once the device may connect: its credential hangs on them."""
    _check(entry, device)
    if device.credential and entry.serial != device.serial:
        raise Refused("Loa đã được cấp mật khẩu nên không đổi số máy được. Hãy đăng ký loa mới.")
    require(by, "speakers.change_device", unit)
    _fill(device, entry)
    device.unit, device.unit_path = unit, unit.path
    device.zone = _zone_for(device, zone)
    device.save()
    tell_programme([device])
    return device


def _zone_for(device: Device, zone: Zone | None) -> Zone | None:
    if zone is not None and not device.unit_path.startswith(zone.unit_path):
        raise Refused("Cụm loa này thuộc đơn vị khác. Hãy chọn cụm của xã mình.")
    return zone


@action("speakers.issue_credential", "Cấp mật khẩu cho loa")
def issue_credential(by: Actor, device: Device, /) -> str:
    """A new secret; the old one is good no more. Only its digest is kept, so it is shown this one time."""
    del by
    if device.state in (Device.State.LOST, Device.State.RETIRED):
        raise Refused("Loa này không còn dùng. Hãy đổi tình trạng loa trước khi cấp mật khẩu.")
    secret = credentials.new_secret()
    device.credential, device.credential_at = credentials.digest(secret), clock.now()
    device.save(update_fields=["credential", "credential_at"])
    tell_programme([device])
    return secret


@action("speakers.set_state", "Đổi tình trạng loa")
def set_state(by: Actor, device: Device, /, *, state: str, reason: str = "") -> Device:
    """A device that is lost or retired may connect no more, at once."""
    if state not in Device.State.values:
        raise Refused("Tình trạng này không có. Hãy chọn lại.")
    if not tidy(reason) and state != Device.State.IN_USE:
        raise Refused("Hãy ghi lý do, ví dụ: cháy tăng âm, mất trộm ngày 12/5.")
    device.state, device.state_since = state, clock.today()
    if state in (Device.State.LOST, Device.State.RETIRED):
        device.credential, device.credential_at = "", None
    device.save(update_fields=["state", "state_since", "credential", "credential_at"])
    if state != Device.State.IN_USE:
        for kind in Alarm.Kind.values:
            clear_alarms(by, [device], kind=kind)
    else:
        tell_programme([device])
    return device


@action("speakers.set_volume", "Chỉnh âm lượng loa")
def set_volume(by: Actor, device: Device, /, *, volume: int) -> None:
    del by
    if not 0 <= volume <= 100:
        raise Refused("Âm lượng từ 0 đến 100.")
    tell_volume(device, volume)


@action("speakers.ask_report", "Hỏi lại nhật ký loa")
def ask_report(by: Actor, device: Device, /) -> None:
    """The device sends its log and its programme anew."""
    del by
    tell_report(device)
    tell_programme([device])


@action("speakers.preview_import", "Xem trước bảng loa")
def preview_import(by: Actor, unit: Unit, /, *, name: str, entries: Sequence[tuple[int, str, Entry]]) -> DeviceImport:
    """(line, name of its village, entry). What is wrong with a line stands at the line; right lines can be taken."""
    homes = units_by_name(unit)
    known = set(
        Device.objects.filter(serial__in=[one.serial for _, _, one in entries]).values_list("serial", flat=True)
    )
    seen: dict[str, int] = {}
    rows: list[dict[str, Any]] = []
    for line, village, entry in entries:
        faults = faults_of(entry)
        if entry.serial in known:
            faults.append(TAKEN.format(serial=entry.serial))
        if (before := seen.setdefault(entry.serial, line)) != line:
            faults.append(f"Trùng số máy với dòng {before}.")
        home = homes.get(tidy(village).casefold()) if village else unit
        if home is None:
            faults.append(f"Không có thôn “{village[:60]}” trong {unit}.")
        kept = {field.name: getattr(entry, field.name) for field in fields(Entry)}
        rows.append(
            {"line": line, "village": village, "unit": home.pk if home else None, "entry": kept, "faults": faults}
        )
    note(lines=len(rows))
    return DeviceImport.objects.create(
        unit=unit, unit_path=unit.path, by_account=by.account_id, name=name[:120], rows=rows, made_at=clock.now()
    )


@action("speakers.apply_import", "Ghi bảng loa vào sổ")
def apply_import(by: Actor, preview: DeviceImport, /) -> list[Issued]:
    """Registers every right line and gives each device its secret: shown this one time."""
    if preview.by_account != by.account_id:
        raise Refused("Bảng này do người khác tải lên. Hãy tải bảng của bạn.")
    if not DeviceImport.objects.filter(pk=preview.pk, applied_at=None).update(applied_at=clock.now()):
        raise Refused(APPLIED)
    units = Unit.objects.in_bulk({row["unit"] for row in preview.rows if row["unit"]})
    issued = []
    for row in preview.rows:
        if not row["faults"]:
            device = register_device(by, units[row["unit"]], entry=Entry(**row["entry"]))
            issued.append(Issued(device, issue_credential(by, device)))
    if not issued:
        raise Refused("Bảng không có dòng nào ghi được. Hãy sửa các dòng bị lỗi rồi tải lại.")
    entry_for(preview, devices=len(issued))
    return issued

"""Alarms: opened once, told once to the people who look after speakers, cleared when the device is well again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.core.outbox.actions import announce
from xaso.kit import clock
from xaso.modules.notifications.actions import notify
from xaso.modules.speakers.definitions import declared
from xaso.modules.speakers.events import AlarmsOpened, DeviceBack, DeviceSilent
from xaso.modules.speakers.models import Alarm, Device, Pulse, Run
from xaso.modules.speakers.protocol import messages as m
from xaso.modules.speakers.queries.people import keepers_of
from xaso.modules.speakers.rules.clocks import fault_in_words
from xaso.modules.speakers.rules.silence import BREAK, is_silent

Kind = Alarm.Kind
BOARD = "/desk/speakers/"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a device since a moment."""

    device: Device
    kind: str
    since: datetime
    detail: str = ""


@action("speakers.open_alarms", "Báo động về loa")
def open_alarms(by: Actor, faults: Sequence[Fault], /) -> int:
    """Those that are not open yet. Returns how many are new."""
    del by
    now = clock.now()
    devices = {fault.device.pk for fault in faults}
    known = set(Alarm.objects.filter(device__in=devices, cleared_at=None).values_list("device_id", "kind"))
    fresh = {(fault.device.pk, fault.kind): fault for fault in faults if (fault.device.pk, fault.kind) not in known}
    rows = [
        Alarm(
            device=fault.device,
            unit_path=fault.device.unit_path,
            kind=fault.kind,
            detail=fault.detail[:200],
            since=fault.since,
            opened_at=now,
        )
        for fault in fresh.values()
    ]
    Alarm.objects.bulk_create(rows, ignore_conflicts=True)
    for row in rows:
        if row.kind == Kind.SILENT:
            announce(DeviceSilent(str(row.device.uuid)))
    for path, uuids in _by_commune(rows).items():
        announce(AlarmsOpened(path, uuids))
    note(alarms=[f"{row.device.serial}: {row.kind}" for row in rows][:50], count=len(rows))
    return len(rows)


def _by_commune(rows: Sequence[Alarm]) -> dict[str, list[str]]:
    communes = dict(Device.objects.filter(pk__in=[row.device_id for row in rows]).values_list("pk", "commune_code"))
    found: dict[str, list[str]] = {}
    for row in rows:
        parts = row.unit_path.split(".")
        code = communes[row.device_id]
        path = ".".join(parts[: parts.index(code) + 1]) + "." if code in parts else row.unit_path
        found.setdefault(path, []).append(str(row.uuid))
    return found


@action("speakers.tell_alarms", "Báo người trông loa")
def tell_people(by: Actor, alarms: Sequence[Alarm], /) -> int:
    """One message to each keeper for all alarms of a commune that opened together. Returns how many were told."""
    path = min((alarm.unit_path for alarm in alarms), key=len)
    people = keepers_of(path)
    names = ", ".join(f"{alarm.device.name} ({alarm.get_kind_display().lower()})" for alarm in alarms[:5])
    more = f" và {len(alarms) - 5} loa khác" if len(alarms) > 5 else ""
    values = {
        "unit": alarms[0].device.unit.full_name,
        "count": len(alarms),
        "devices": names + more,
        "since": f"{clock.local(alarms[0].since):%H:%M %d/%m}",
    }
    for person in people:
        key = f"speakers.alarm:{alarms[0].uuid}:{person.pk}"
        notify(by, person, "speakers.alarm", subject=alarms[0], unit_path=path, values=values, link=BOARD, key=key)
    return len(people)


@action("speakers.quieten", "Ghi loa ngừng trả lời")
def quieten(by: Actor, device: Device, /) -> None:
    """What it said it was playing is not known any more: its log will tell."""
    del by
    Run.objects.filter(device=device, state=Run.State.PLAYING, settled_at=None).update(state=Run.State.EXPECTED)


@action("speakers.clear_alarms", "Hết báo động về loa")
def clear_alarms(by: Actor, devices: Sequence[Device], /, *, kind: str) -> int:
    del by
    uuids = {one.pk: one.uuid for one in devices}
    rows = Alarm.objects.filter(device__in=uuids, kind=kind, cleared_at=None)
    cleared = list(rows.values_list("device_id", flat=True))
    rows.update(cleared_at=clock.now())
    if kind == Kind.SILENT:
        for pk in cleared:
            announce(DeviceBack(str(uuids[pk])))
    note(count=len(cleared))
    return len(cleared)


def welcome_back(by: Actor, devices: Sequence[Device]) -> None:
    """Devices that were away are heard again."""
    if Alarm.objects.filter(device__in=[one.pk for one in devices], kind=Kind.SILENT, cleared_at=None).exists():
        clear_alarms(by, devices, kind=Kind.SILENT)


def judge_beats(by: Actor, beats: Sequence[tuple[Device, m.Beat]]) -> None:
    """Full disks and wrong clocks, found and mended. Nothing is written while nothing changes."""
    content = declared()
    wrong: dict[tuple[int, str], Fault] = {}
    now = clock.now()
    for device, beat in beats:
        if beat.disk_free is not None and beat.disk_free < content.disk_free_mb * 1_000_000:
            left = f"còn {beat.disk_free // 1_000_000} MB"
            wrong[device.pk, Kind.DISK] = Fault(device, Kind.DISK, now, left)
        if beat.clock_offset is not None and abs(beat.clock_offset) > content.clock_offset_seconds:
            wrong[device.pk, Kind.CLOCK] = Fault(device, Kind.CLOCK, now, fault_in_words(beat.clock_offset))
    rows = Alarm.objects.filter(device__in=[one.pk for one, _ in beats], kind__in=[Kind.DISK, Kind.CLOCK])
    known = set(rows.filter(cleared_at=None).values_list("device_id", "kind"))
    if fresh := [fault for key, fault in wrong.items() if key not in known]:
        open_alarms(by, fresh)
    for kind in (Kind.DISK, Kind.CLOCK):
        if well := [one for one, _ in beats if (one.pk, kind) in known and (one.pk, kind) not in wrong]:
            clear_alarms(by, well, kind=kind)


def tell_not_played(by: Actor, runs: Sequence[Run]) -> None:
    """A device that was connected and gave no sound is broken in a way its beats do not show. Inside an action."""
    silent = [run for run in runs if run.state == Run.State.SILENT]
    if silent:
        names = {run.play_id: run.play.title for run in silent}
        devices = Device.objects.in_bulk([run.device_id for run in silent])
        open_alarms(
            by, [Fault(devices[run.device_id], Kind.NOT_PLAYED, run.scheduled_at, names[run.play_id]) for run in silent]
        )
    played = [run.device_id for run in runs if run.state == Run.State.PLAYED]
    rows = Alarm.objects.filter(device__in=played, kind=Kind.NOT_PLAYED, cleared_at=None).select_related("device")
    if well := [row.device for row in rows]:
        clear_alarms(by, well, kind=Kind.NOT_PLAYED)


def watch(by: Actor) -> int:
    """Devices that fell silent: three beats missed, or the broker said so and they did not come back at once.

    The link calls it every few seconds. Returns how many alarms are new; nothing is written while all are heard.
    """
    now = clock.now()
    quiet = Pulse.objects.filter(
        Q(is_online=False, offline_since__lte=now - BREAK) | Q(seen_at__lt=now - timedelta(minutes=2))
    )
    quiet = quiet.filter(device__state=Device.State.IN_USE).exclude(
        device__alarms__in=Alarm.objects.filter(kind=Kind.SILENT, cleared_at=None)
    )
    silent = [
        row for row in quiet.select_related("device") if is_silent(row.is_online, row.seen_at, row.offline_since, now)
    ]
    if not silent:
        return 0
    return _fall_silent(by, silent, now)


def _fall_silent(by: Actor, pulses: Sequence[Pulse], now: datetime) -> int:
    """From now on they count as away, so that the next beat is a return."""
    away = Pulse.objects.filter(device__in=[row.device_id for row in pulses], is_online=True)
    away.update(is_online=False, offline_since=F("seen_at"), playing="")
    return open_alarms(by, [Fault(row.device, Kind.SILENT, row.offline_since or row.seen_at or now) for row in pulses])

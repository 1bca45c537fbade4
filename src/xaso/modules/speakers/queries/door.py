"""What the wire asks: who may connect, what must live on a device, what is to be sent, which file a device may have.

The shapes are those of `protocol/messages.py`; ids of items are the uuids of plays.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from xaso.core.files.models import StoredFile
from xaso.kit import clock
from xaso.kit.errors import Missing
from xaso.modules.speakers.definitions import declared
from xaso.modules.speakers.models import Command, Device, Play
from xaso.modules.speakers.protocol import messages as m
from xaso.modules.speakers.protocol.shapes import read_record, write_record
from xaso.modules.speakers.queries.targets import prefixes, reaches
from xaso.modules.speakers.queries.timing import caps_of, timing_of, volume_at, wanted_seconds
from xaso.modules.speakers.rules import credentials, scheduling
from xaso.modules.speakers.rules.limits import Cap

NO_DEVICE = "Không có loa nào mang số máy này."
NO_FILE = "Loa này không được giao tệp âm thanh này."
AHEAD = timedelta(days=8)
"""A single item further ahead than this is not yet given to the device."""
LATE = timedelta(hours=1)
"""A single item may be kept this long after its end: an interrupted one goes on."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A command to publish. Kind "programme" has no command: publish the device's programme (retained) instead.

    `body` is the command as it was written down; it is read only where somebody must look inside.
    """

    id: int
    ulid: str
    serial: str
    commune: str
    protocol: str
    kind: str
    rank: int
    body: dict[str, Any]
    created_at: datetime
    expires_at: datetime

    @property
    def command(self) -> m.Command | None:
        return read_record(m.Command, self.body, "command") if self.body else None


def device_by_serial(serial: str) -> Device:
    """Raises Missing. A device that is lost or retired is none."""
    found = Device.objects.filter(serial=serial, state__in=["in_use", "repair"]).select_related("zone").first()
    if found is None:
        raise Missing(NO_DEVICE)
    return found


def device_with(serial: str, secret: str) -> Device | None:
    """The device that shows this secret, or nobody."""
    found = Device.objects.filter(serial=serial, state__in=["in_use", "repair"]).select_related("zone").first()
    return found if found is not None and credentials.matches(secret, found.credential) else None


def password_lines() -> list[str]:
    """`serial:digest` of every device that may connect: the lines of Mosquitto's password file."""
    known = Device.objects.filter(state__in=["in_use", "repair"]).exclude(credential="")
    return [f"{serial}:{digest}" for serial, digest in known.order_by("serial").values_list("serial", "credential")]


def addresses() -> list[tuple[str, str, str, str]]:
    """(serial, commune code, zone code or "", protocol) of every device that may connect, for the access list."""
    known = Device.objects.filter(state__in=["in_use", "repair"]).exclude(credential="").order_by("serial")
    rows = known.values_list("serial", "commune_code", "zone__code", "protocol")
    return [(serial, commune, zone or "", protocol) for serial, commune, zone, protocol in rows]


def pending_commands(after: int = 0, limit: int = 2000) -> list[Pending]:
    """Queued and not expired, the highest rank first, then the oldest. `after`: only ids above it."""
    rows = Command.objects.filter(state="queued", expires_at__gt=clock.now(), pk__gt=after).order_by("rank", "pk")
    return as_pending(rows[:limit])


def as_pending(rows: QuerySet[Command]) -> list[Pending]:
    """Rows as the link publishes them."""
    values = rows.values_list(
        "pk", "ulid", "device__serial", "device__commune_code", "device__protocol", "kind", "rank", "body",
        "created_at", "expires_at",
    )  # fmt: skip
    return [Pending(*row) for row in values]


def body_of(command: m.Command) -> dict[str, Any]:
    """A command as its row keeps it."""
    return write_record(command)


def programme_for(device: Device) -> m.Programme:
    """What must live on the device now."""
    return programmes_for([device])[device.serial]


def programmes_by_serial(serials: Iterable[str]) -> dict[str, m.Programme]:
    """The same by serials, as the link knows devices."""
    return programmes_for(list(Device.objects.filter(serial__in=list(serials)).select_related("zone")))


def programmes_for(devices: Sequence[Device]) -> dict[str, m.Programme]:
    """serial → its programme, in a handful of statements for any number of devices."""
    now = clock.now()
    paths = {path for device in devices for path in prefixes(device.unit_path)}
    plays = Play.objects.filter(state="planned", at_once=False, unit_path__in=paths).exclude(kind="live")
    living = [play for play in plays.select_related("zone").order_by("rank", "order", "pk") if _lives(play, now)]
    groups, caps = _groups(devices), caps_of(devices)
    made: dict[tuple[int, tuple[Cap, ...]], m.Item] = {}
    found = {}
    for device in devices:
        own, names = caps[device.pk], groups.get(device.pk, {})
        items = []
        for play in living:
            if reaches(play, device, set(names)):
                if (play.pk, own) not in made:
                    made[play.pk, own] = item_of(play, own)
                items.append(made[play.pk, own])
        zones = [device.zone.code] if device.zone else []
        found[device.serial] = _programme((*zones, *names.values()), items)
    return found


def _programme(zones: tuple[str, ...], items: list[m.Item]) -> m.Programme:
    """Its version changes when anything of it does; a device says in its beats which one it has."""
    volume = declared().volume
    told = [[item.id, item.version, item.volume, [slot.volume for slot in item.slots]] for item in items]
    version = hashlib.sha256(json.dumps([zones, volume, told]).encode()).hexdigest()[:16]
    return m.Programme(version, zones, volume, tuple(items))


def _groups(devices: Sequence[Device]) -> dict[int, dict[int, str]]:
    """device id → its groups, id → code."""
    members: dict[int, dict[int, str]] = {}
    through = Device.groups.through.objects.filter(device_id__in=[one.pk for one in devices])
    for device_id, zone_id, code in through.values_list("device_id", "zone_id", "zone__code"):
        members.setdefault(device_id, {})[zone_id] = code
    return members


def _lives(play: Play, now: datetime) -> bool:
    if play.days:
        # A weekly relay needs the network anyway: the server starts it each time, with its end.
        return play.kind != Play.Kind.RELAY and (play.until is None or play.until > now)
    return play.starts_at is not None and end_of(play) > now and play.starts_at < now + AHEAD


def end_of(play: Play) -> datetime:
    """The last moment at which anything of a play that is not weekly may sound."""
    start = play.starts_at or play.ordered_at
    return play.until or start + timedelta(seconds=wanted_seconds(play)) + LATE


def item_of(play: Play, caps: Sequence[Cap]) -> m.Item:
    """The play as a device keeps it, with its volume under the caps of that device's zone."""
    weekly = timing_of(play).weekly
    slots: tuple[m.Slot, ...] = ()
    if weekly is not None:
        minutes = sorted({scheduling.minute_of(text) for text in weekly.times})
        slots = tuple(m.Slot(day, at, volume_at(play, caps, at)) for day in sorted(weekly.days) for at in minutes)
    at = scheduling.minute_of_day(play.starts_at) if play.starts_at else 12 * 60
    sound = None
    if play.sha256:
        path = reverse("portal-speakers:device_file", args=[play.sha256])
        sound = m.Sound(play.sha256, play.size, play.seconds, path)
    return m.Item(
        id=str(play.uuid),
        version=play.version,
        rank=m.Rank(play.rank),
        volume=volume_at(play, caps, at),
        sound=sound,
        stream=play.stream,
        starts_at=play.starts_at,
        until=play.until,
        expires_at=play.until if slots else end_of(play),
        slots=slots,
        order=play.order,
        loops=play.loops,
        when_interrupted=play.when_interrupted,
        title=play.title,
        drill=play.is_drill,
    )


def file_for(device: Device, sha256: str) -> StoredFile:
    """The recording of a play that reaches this device. Raises Missing: a device sees nothing of other communes'."""
    plays = Play.objects.filter(sha256=sha256, unit_path__in=prefixes(device.unit_path), file__isnull=False)
    for play in plays.select_related("zone", "file__blob").order_by("-pk")[:20]:
        if play.file is not None and reaches(play, device, None):
            return play.file
    raise Missing(NO_FILE)

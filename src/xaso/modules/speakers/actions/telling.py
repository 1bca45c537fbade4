"""Commands to devices: rows that the link publishes. One row a device, so that every device's answer is its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from xaso.kit import clock
from xaso.kit.rows import insert
from xaso.modules.speakers.models import Command, Device, Play
from xaso.modules.speakers.protocol import messages as m
from xaso.modules.speakers.protocol.ids import ulid
from xaso.modules.speakers.queries.door import body_of, end_of, item_of
from xaso.modules.speakers.queries.targets import devices_under
from xaso.modules.speakers.queries.timing import caps_of
from xaso.modules.speakers.rules.limits import Cap
from xaso.modules.speakers.rules.priority import EMERGENCY

Kind, State = Command.Kind, Command.State
STOP_LASTS = timedelta(hours=24)
PROGRAMME_LASTS = timedelta(days=7)
PLAY_LASTS = timedelta(minutes=10)
"""A device that was away this long does not begin what everybody else has heard. An emergency is heard late."""
ORDINARY = 9
PORTION = 250
"""Devices of one order that are written down, and so published, together."""


def tell_portion(play: Play) -> int:
    """The next devices of an order to play at once. They are on record together with how far the order has come.

    0: another has told them, or the order was stopped meanwhile.
    """
    rows = devices_under(play.unit_paths, play.zone).filter(pk__gt=play.told_to or 0).order_by("pk")
    devices = list(rows.select_related("zone").only("unit_path", "zone__caps")[: PORTION + 1])
    reached = devices[PORTION - 1].pk if len(devices) > PORTION else None
    with transaction.atomic():
        mine = Play.objects.filter(pk=play.pk, told_to=play.told_to, state=Play.State.PLANNED)
        if not mine.update(told_to=reached):
            return 0
        play.told_to = reached
        return tell_play(play, devices[:PORTION], play.starts_at or play.ordered_at)


def tell_more() -> int:
    """The next portion of the most urgent order that is not told to its last device. The link asks after each one."""
    rows = Play.objects.filter(told_to__isnull=False).select_related("zone")
    play = rows.order_by("rank", "pk").first()
    return tell_portion(play) if play is not None else 0


def tell_play(play: Play, devices: Sequence[Device], at: datetime, until: datetime | None = None) -> int:
    """Play it now (or at `at`, which is near)."""
    now = clock.now()
    expires_at = until or play.until or (end_of(play) if play.rank == EMERGENCY else at + PLAY_LASTS)
    caps = caps_of(devices)
    # A whole province at once: the body is written out once for each set of volume caps, only its id differs.
    bodies: dict[tuple[Cap, ...], dict[str, Any]] = {}
    rows = []
    for device in devices:
        own, number = caps[device.pk], _ulid(now)
        if own not in bodies:
            item = _now(item_of(play, own), at, until or play.until)
            bodies[own] = body_of(m.Command(number, m.PLAY, now, expires_at, item=item))
        rows.append(
            Command(
                ulid=number, device=device, play=play, kind=Kind.PLAY, rank=play.rank, created_at=now,
                expires_at=expires_at, body={**bodies[own], "id": number},
            )
        )  # fmt: skip
    insert(rows)
    return len(rows)


def _now(item: m.Item, at: datetime, until: datetime | None) -> m.Item:
    return m.Item(
        id=item.id, version=item.version, rank=item.rank, volume=item.volume, sound=item.sound, stream=item.stream,
        starts_at=at, until=until, expires_at=item.expires_at or until, order=item.order, loops=item.loops,
        when_interrupted=item.when_interrupted, title=item.title, drill=item.drill,
    )  # fmt: skip


def tell_stop(play: Play, devices: Sequence[Device], reason: str) -> int:
    """What was not sent yet is not sent any more; the stop goes to all the same, for it may be under way."""
    now = clock.now()
    Command.objects.filter(play=play, kind=Kind.PLAY, state=State.QUEUED).update(state=State.EXPIRED)
    rows = []
    for device in devices:
        command = m.Command(_ulid(now), m.STOP, now, now + STOP_LASTS, item_id=str(play.uuid), reason=reason[:300])
        rows.append(_row(device, Kind.STOP, command, play, play.rank))
    insert(rows)
    return len(rows)


def tell_volume(device: Device, volume: int) -> None:
    now = clock.now()
    command = m.Command(_ulid(now), m.VOLUME, now, now + timedelta(hours=1), volume=volume)
    Command.objects.bulk_create([_row(device, Kind.VOLUME, command, None, ORDINARY)])


def tell_report(device: Device) -> None:
    """Ask for the log anew."""
    now = clock.now()
    command = m.Command(_ulid(now), m.REPORT, now, now + timedelta(hours=1))
    Command.objects.bulk_create([_row(device, Kind.REPORT, command, None, ORDINARY)])


def tell_programme(devices: Sequence[Device]) -> int:
    """Their programme has changed. One waiting line a device is enough: the link publishes what holds then."""
    now = clock.now()
    ids = [one.pk for one in devices]
    waiting = set(
        Command.objects.filter(device__in=ids, kind=Kind.PROGRAMME, state=State.QUEUED, expires_at__gt=now).values_list(
            "device_id", flat=True
        )
    )
    rows = [
        Command(ulid=_ulid(now), device=device, kind=Kind.PROGRAMME, created_at=now, expires_at=now + PROGRAMME_LASTS)
        for device in devices
        if device.pk not in waiting
    ]
    insert(rows)
    Device.objects.filter(pk__in=ids).update(programme_changed_at=now)
    return len(rows)


def _row(device: Device, kind: str, command: m.Command, play: Play | None, rank: int) -> Command:
    return Command(
        ulid=command.id,
        device=device,
        play=play,
        kind=kind,
        rank=rank,
        body=body_of(command),
        created_at=command.sent_at,
        expires_at=command.exp,
    )


def _ulid(moment: datetime) -> str:
    return ulid(round(moment.timestamp() * 1000))

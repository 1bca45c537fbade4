"""What devices report, many at a time. Called by the link with SYSTEM.

Beats, answers and presence are telemetry: they change no decision of anybody's and are written without audit entries,
1,239 a minute. What follows from them (an alarm, a settled play) is an action.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.kit import clock
from xaso.modules.speakers.actions.alarming import judge_beats, welcome_back
from xaso.modules.speakers.actions.settling import expected_run, settle_runs
from xaso.modules.speakers.models import Command, Device, Piece, Play, Pulse, Run
from xaso.modules.speakers.protocol import messages as m
from xaso.modules.speakers.queries.targets import prefixes
from xaso.modules.speakers.rules.beats import with_beat

Heard = tuple[str, m.Beat, datetime]
"""(serial, its beat, when it arrived)."""
TELLS = ("uptime", "firmware", "network", "signal", "temperature", "power", "relay", "volume", "playing", "offset",
         "disk_free", "clock_offset", "programme")  # fmt: skip
WRITTEN = ("is_online", "seen_at", "online_since", "offline_since", "history", "history_hour", *TELLS)
LONGEST = 86_400.0
EARLY, AHEAD = timedelta(days=1), timedelta(days=1)


def record_beats(by: Actor, beats: Sequence[Heard]) -> int:
    """Any number of beats of any number of devices in one transaction. Returns how many were of known devices."""
    with transaction.atomic():
        known = _devices({serial for serial, _, _ in beats})
        pulses = {row.device_id: row for row in Pulse.objects.filter(device__in=[one.pk for one in known.values()])}
        back: list[Device] = []
        latest: dict[int, tuple[Device, m.Beat]] = {}
        for serial, beat, at in sorted(beats, key=lambda one: one[2]):
            if (device := known.get(serial)) is None:
                continue
            pulse = pulses.setdefault(device.pk, Pulse(device=device))
            if not pulse.is_online:
                back.append(device)
            _take(pulse, beat, at)
            latest[device.pk] = (device, beat)
        Pulse.objects.bulk_create(
            [pulses[pk] for pk in latest], update_conflicts=True, unique_fields=["device"], update_fields=WRITTEN
        )
        _mark_playing(latest, pulses)
    if back:
        welcome_back(by, back)
    judge_beats(by, list(latest.values()))
    return len(latest)


def _devices(serials: Iterable[str]) -> dict[str, Device]:
    return {one.serial: one for one in Device.objects.filter(serial__in=serials, state__in=["in_use", "repair"])}


def _take(pulse: Pulse, beat: m.Beat, at: datetime) -> None:
    if not pulse.is_online:
        pulse.is_online, pulse.online_since, pulse.offline_since = True, at, None
    pulse.seen_at = at
    pulse.history, pulse.history_hour = with_beat(pulse.history, pulse.history_hour, at)
    pulse.uptime, pulse.firmware = min(beat.uptime, 2**31 - 1), beat.firmware[:40]
    pulse.network, pulse.signal = beat.network.kind, beat.network.rsrp or beat.network.signal or 0
    pulse.temperature, pulse.power = beat.temperature or 0.0, "" if beat.supply is None else f"{beat.supply:g} V"[:20]
    pulse.relay, pulse.volume = bool(beat.relay), beat.volume or 0
    pulse.playing, pulse.offset = beat.playing, beat.offset
    pulse.disk_free = -1 if beat.disk_free is None else beat.disk_free
    pulse.clock_offset, pulse.programme = beat.clock_offset or 0.0, beat.programme


def _mark_playing(latest: dict[int, tuple[Device, m.Beat]], pulses: dict[int, Pulse]) -> None:
    """A part whose device says that it plays now is shown as such; its log line settles it later."""
    playing: dict[UUID, list[int]] = defaultdict(list)
    for pk, (_, beat) in latest.items():
        if (key := _key(beat.playing)) is not None:
            playing[key].append(pk)
    for play, devices in playing.items():
        moment = max(seen for pk in devices if (seen := pulses[pk].seen_at))
        waiting = Run.objects.filter(play__uuid=play, device__in=devices, state=Run.State.EXPECTED)
        due = waiting.filter(scheduled_at__lte=moment + timedelta(minutes=1), ends_at__gte=moment)
        due.update(state=Run.State.PLAYING)


def record_presence(by: Actor, /, *, online: Sequence[str] = (), offline: Sequence[str] = ()) -> None:
    """What the broker says of connections (the last will). The alarm follows in `watch`, not for a short break."""
    now = clock.now()
    with transaction.atomic():
        lost = Pulse.objects.filter(device__serial__in=list(offline), is_online=True)
        lost.update(is_online=False, offline_since=now, playing="")
        found = list(_devices(online).values())
        known = {row.device_id: row for row in Pulse.objects.filter(device__in=[one.pk for one in found])}
        back = [one for one in found if one.pk not in known or not known[one.pk].is_online]
        rows = [Pulse(device=one, is_online=True, online_since=now, seen_at=now) for one in back]
        Pulse.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["device"],
            update_fields=["is_online", "online_since", "offline_since", "seen_at"],
        )
    if back:
        welcome_back(by, back)


def mark_sent(by: Actor, ids: Sequence[int]) -> None:
    """The link has handed these commands to the broker."""
    del by
    Command.objects.filter(pk__in=list(ids), state="queued").update(state="sent", sent_at=clock.now())


def record_acks(by: Actor, acks: Sequence[tuple[str, m.Ack]]) -> int:
    """(serial, its answer). An answer to somebody else's command counts for nothing; the first answer stays."""
    answers = {ack.id: (serial, ack) for serial, ack in reversed(acks)}
    now = clock.now()
    with transaction.atomic():
        rows = Command.objects.filter(ulid__in=answers, state__in=["queued", "sent"]).select_related("device", "play")
        mine = [row for row in rows if row.device.serial == answers[row.ulid][0]]
        by_answer: dict[tuple[str, str], list[int]] = defaultdict(list)
        for row in mine:
            ack = answers[row.ulid][1]
            by_answer[ack.verdict, ack.reason[:200]].append(row.pk)
        for (verdict, reason), ids in by_answer.items():
            Command.objects.filter(pk__in=ids).update(state=verdict, reason=reason, answered_at=now)
    unwilling = [
        row for row in mine if row.play_id and row.kind == "play" and answers[row.ulid][1].verdict != "accepted"
    ]
    if unwilling:
        runs = Run.objects.filter(play__in={row.play_id for row in unwilling}, settled_at=None)
        settle_runs(by, list(runs.filter(device__in=[row.device_id for row in unwilling])))
    return len(mine)


@action("speakers.record_plays", "Ghi nhật ký phát của loa")
def record_plays(by: Actor, rows: Sequence[tuple[str, m.LogRow]], /) -> dict[str, list[str]]:
    """(serial, a line of its log), also a day late. Returns serial → ids of lines the device may forget.

    A line of a play that never was this device's is forgotten too, or it would be sent for ever. The same line again
    changes nothing; a new one settles its part again, and so corrects the report.
    """
    devices = _devices({serial for serial, _ in rows})
    keys = {key for _, row in rows if (key := _key(row.item))}
    plays = {str(one.uuid): one for one in Play.objects.filter(uuid__in=keys)}
    now = clock.now()
    done: dict[str, list[str]] = defaultdict(list)
    pieces: dict[tuple[int, int, datetime, int], Piece] = {}
    for serial, row in rows:
        if (device := devices.get(serial)) is None:
            continue
        done[serial].append(row.id)
        play = plays.get(row.item)
        if play is not None and _fits(play, device, row, now):
            piece = _piece(play, device, row, now)
            pieces.setdefault((device.pk, play.pk, piece.scheduled_at, piece.sequence), piece)
    Piece.objects.bulk_create(pieces.values(), ignore_conflicts=True)
    parts = {(play, device, at) for device, play, at, _ in pieces}
    settle_runs(by, _runs(parts, pieces))
    note(lines=len(rows), taken=len(pieces))
    return dict(done)


def _key(text: str) -> UUID | None:
    """A play's uuid; a device may say anything."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _fits(play: Play, device: Device, row: m.LogRow, now: datetime) -> bool:
    """The play reaches this device's unit and the times are possible. What a device says beyond that is not kept."""
    is_mine = play.unit_path in prefixes(device.unit_path) and any(
        device.unit_path.startswith(path) for path in play.unit_paths
    )
    return is_mine and play.ordered_at - EARLY <= row.due_at <= now + AHEAD and row.seconds <= LONGEST


def _piece(play: Play, device: Device, row: m.LogRow, now: datetime) -> Piece:
    return Piece(
        device=device,
        play=play,
        version=row.version[:16],
        scheduled_at=play.starts_at if play.at_once and play.starts_at else row.due_at,
        sequence=row.sequence,
        started_at=row.started_at,
        ended_at=row.ended_at,
        seconds=row.seconds,
        result=row.result[:11],
        interrupted_by=row.by[:80],
        volume=row.volume or 0,
        level=row.rms,
        reason=row.reason[:200],
        received_at=now,
    )


def _runs(parts: set[tuple[int, int, datetime]], pieces: dict[Any, Piece]) -> list[Run]:
    """The parts these lines belong to; one that nobody expected (a schedule deleted meanwhile) is written down now."""
    fresh = {(piece.play_id, piece.device_id, piece.scheduled_at): piece for piece in pieces.values()}
    Run.objects.bulk_create(
        [expected_run(fresh[part].play, fresh[part].device, part[2]) for part in parts], ignore_conflicts=True
    )
    rows = Run.objects.filter(play__in={part[0] for part in parts}, device__in={part[1] for part in parts})
    found = rows.filter(scheduled_at__in={part[2] for part in parts})
    return [row for row in found if (row.play_id, row.device_id, row.scheduled_at) in parts]

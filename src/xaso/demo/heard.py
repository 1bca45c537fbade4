"""What the demonstration's loudspeakers said: beats, answers and play logs, stored as the link stores them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from xaso.core.access import SYSTEM
from xaso.core.outbox.actions import deliver_all
from xaso.kit import clock
from xaso.modules.speakers import queries
from xaso.modules.speakers.actions import reporting
from xaso.modules.speakers.actions.alarming import watch
from xaso.modules.speakers.actions.expecting import settle_due
from xaso.modules.speakers.models import Device, Run
from xaso.modules.speakers.protocol import messages as m
from xaso.modules.speakers.protocol.ids import row_id
from xaso.modules.speakers.rules.settling import GRACE

FIRMWARE = "minh-hoa"
A_DAY = 24 * 60
LOUD = -18.0


def hear_all_day(devices: Sequence[Device], until: datetime) -> None:
    """A beat a minute for the last day."""
    moments = [until - timedelta(minutes=ago) for ago in range(A_DAY, -1, -1)]
    with clock.replaying(until):
        reporting.record_beats(SYSTEM, [(one.serial, _beat(at), at) for one in devices for at in moments])
        deliver_all()


def last_heard(device: Device, at: datetime) -> None:
    """Then nothing more, and the alarm that follows from it."""
    with clock.replaying(at):
        reporting.record_beats(SYSTEM, [(device.serial, _beat(at), at)])
    with clock.replaying(at + timedelta(minutes=5)):
        watch(SYSTEM)
        deliver_all()


def play_what_waits(silent: Collection[str], at: datetime) -> None:
    """Every device that is heard takes the order and plays it to the end; of the others nothing comes."""
    with clock.replaying(at + timedelta(seconds=2)):
        waiting = [one for one in queries.pending_commands() if one.serial not in silent]
        reporting.mark_sent(SYSTEM, [one.id for one in waiting])
        reporting.record_acks(SYSTEM, [(one.serial, m.Ack(one.ulid, m.ACCEPTED, clock.now())) for one in waiting])
    due = Run.objects.filter(settled_at=None, scheduled_at__lte=at + timedelta(minutes=1))
    runs = list(due.select_related("play", "device"))
    if not runs:
        return
    ended = max(run.ends_at for run in runs)
    with clock.replaying(ended + timedelta(seconds=5)):
        rows = [(run.device.serial, _line(run)) for run in runs if run.device.serial not in silent]
        reporting.record_plays(SYSTEM, rows)
        deliver_all()
    with clock.replaying(ended + GRACE + timedelta(minutes=1)):
        settle_due(SYSTEM)
        deliver_all()


def _beat(at: datetime) -> m.Beat:
    return m.Beat(
        at=at, uptime=86_400, firmware=FIRMWARE, network=m.Network("lte", rsrp=-92), temperature=38.5, volume=70,
        disk_free=20 * 10**9, clock_offset=0.02,
    )  # fmt: skip


def _line(run: Run) -> m.LogRow:
    started = run.scheduled_at + timedelta(seconds=2)
    return m.LogRow(
        id=row_id(run.device.serial, str(run.play.uuid), int(run.scheduled_at.timestamp() * 1000), 0),
        item=str(run.play.uuid), version=run.play.version, due_at=run.scheduled_at, sequence=0, started_at=started,
        ended_at=started + timedelta(seconds=run.wanted_seconds), seconds=run.wanted_seconds, result=m.PLAYED,
        volume=70, rms=LOUD,
    )  # fmt: skip

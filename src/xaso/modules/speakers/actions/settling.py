"""What became of each part of a play, and when a play is over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.core.outbox.actions import announce
from xaso.kit import clock
from xaso.modules.speakers.actions.alarming import tell_not_played
from xaso.modules.speakers.events import PlayEnded
from xaso.modules.speakers.models import Command, Device, Piece, Play, Pulse, Run
from xaso.modules.speakers.queries.timing import longest_of, wanted_seconds
from xaso.modules.speakers.rules import settling
from xaso.modules.speakers.rules.beats import was_heard

TOO_LATE = "Lệnh đến loa khi đã quá giờ."
NOT_TAKEN = "Loa không nhận lệnh."
SET = ("state", "started_at", "ended_at", "seconds", "interrupted_by", "volume", "level", "reason", "settled_at")


def expected_run(play: Play, device: Device, at: datetime) -> Run:
    """What is expected of one device at one time. Not yet stored."""
    run = run_at(play, at)
    run.device, run.unit_path = device, device.unit_path
    return run


def run_at(play: Play, at: datetime) -> Run:
    """The same for whatever device."""
    return Run(
        play=play,
        scheduled_at=at,
        ends_at=at + timedelta(seconds=longest_of(play)),
        wanted_seconds=wanted_seconds(play),
        month_on=clock.local(at).date(),
    )


@action("speakers.settle", "Kết luận kết quả phát")
def settle_runs(by: Actor, runs: Sequence[Run], /) -> int:
    """Weigh the log lines of these parts, also of settled ones: lines come late. Returns how many changed."""
    now = clock.now()
    plays = {one.pk: one for one in Play.objects.filter(pk__in={run.play_id for run in runs})}
    was = {run.pk: run.state for run in runs}
    changed = _weigh(runs, plays, now)
    # An upsert of rows that are there: bulk_update writes a CASE of a thousand branches for each column.
    Run.objects.bulk_create(changed, update_conflicts=True, unique_fields=["id"], update_fields=SET)
    tell_not_played(by, [run for run in changed if run.state != was[run.pk]])
    end_plays(by, [plays[pk] for pk in {run.play_id for run in changed}])
    note(parts=len(runs), changed=len(changed))
    return len(changed)


def _weigh(runs: Sequence[Run], plays: dict[int, Play], now: datetime) -> list[Run]:
    """The runs whose outcome is another than before, with it."""
    lines, refusals, pulses, mute = _lines(runs), _refusals(runs), _pulses(runs), _without_log(runs)
    changed = []
    for run in runs:
        key = (run.play_id, run.device_id)
        stopped_at, keeps_log = plays[run.play_id].stopped_at, run.device_id not in mute
        part = settling.Part(
            run.scheduled_at, run.ends_at, run.wanted_seconds, stopped_at, refusals.get(key, ""), keeps_log
        )
        pulse = pulses.get(run.device_id)
        heard = pulse is not None and was_heard(pulse.history, pulse.history_hour, run.scheduled_at, run.ends_at)
        if _apply(run, settling.settle(part, lines.get((*key, run.scheduled_at), []), now, heard), now):
            changed.append(run)
    return changed


def _without_log(runs: Sequence[Run]) -> set[int]:
    rows = Device.objects.filter(pk__in={run.device_id for run in runs}, protocol=Device.Protocol.VENDOR)
    return set(rows.values_list("pk", flat=True))


def _apply(run: Run, outcome: settling.Outcome, now: datetime) -> bool:
    if run.state == Run.State.PLAYING and outcome.state == settling.EXPECTED:
        return False  # the device says in its beats that it plays; its log comes at the end
    before = (run.state, run.seconds, run.started_at, run.ended_at, run.settled_at is not None)
    run.state, run.seconds, run.reason = outcome.state, outcome.seconds, outcome.reason[:200]
    run.started_at, run.ended_at = outcome.started_at, outcome.ended_at
    run.interrupted_by, run.volume, run.level = outcome.interrupted_by, outcome.volume, outcome.level
    run.settled_at = (run.settled_at or now) if outcome.is_settled else None
    return before != (run.state, run.seconds, run.started_at, run.ended_at, run.settled_at is not None)


def _lines(runs: Sequence[Run]) -> dict[tuple[int, int, datetime], list[settling.Line]]:
    found: dict[tuple[int, int, datetime], list[settling.Line]] = defaultdict(list)
    rows = Piece.objects.filter(
        play__in={run.play_id for run in runs},
        device__in={run.device_id for run in runs},
        scheduled_at__in={run.scheduled_at for run in runs},
    )
    for row in rows:
        found[row.play_id, row.device_id, row.scheduled_at].append(
            settling.Line(
                row.sequence, row.started_at, row.ended_at, row.seconds, row.result, row.interrupted_by, row.volume,
                row.level, row.reason, row.clock_offset,
            )
        )  # fmt: skip
    return found


def _refusals(runs: Sequence[Run]) -> dict[tuple[int, int], str]:
    """(play, device) → why the device did not take the order."""
    rows = Command.objects.filter(
        play__in={run.play_id for run in runs},
        device__in={run.device_id for run in runs},
        kind=Command.Kind.PLAY,
        state__in=[Command.State.REFUSED, Command.State.EXPIRED],
        answered_at__isnull=False,
    )
    values = rows.values_list("play_id", "device_id", "reason", "state")
    return {
        (play, device): reason or (TOO_LATE if state == Command.State.EXPIRED else NOT_TAKEN)
        for play, device, reason, state in values
    }


def _pulses(runs: Sequence[Run]) -> dict[int, Pulse]:
    silent = {run.device_id for run in runs}
    return {row.device_id: row for row in Pulse.objects.filter(device__in=silent)}


def end_plays(by: Actor, plays: Sequence[Play]) -> None:
    """A play that will sound no more and whose parts are all settled is over, and that is told once. In an action."""
    del by
    now = clock.now()
    over = [play for play in plays if play.ended_at is None and _will_sound_no_more(play, now)]
    waiting = Run.objects.filter(play__in=over, settled_at=None).values_list("play_id", flat=True).distinct()
    open_still = set(waiting)
    for play in over:
        if play.pk in open_still:
            continue
        ended = Play.objects.filter(pk=play.pk, ended_at=None).update(
            ended_at=now, state=Play.State.STOPPED if play.stopped_at else Play.State.ENDED
        )
        if ended:
            announce(PlayEnded(str(play.uuid), play.purpose, play.stopped_at is not None))


def _will_sound_no_more(play: Play, now: datetime) -> bool:
    if play.stopped_at is not None:
        return True
    if play.days:
        return play.until is not None and play.until < now
    start = play.starts_at or play.ordered_at
    return start + timedelta(seconds=longest_of(play)) < now

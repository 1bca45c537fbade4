"""Rounds by the clock: what the next day should bring, what became of what is over."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.kit import clock
from xaso.modules.speakers.actions.ordering import SOON, write_expected
from xaso.modules.speakers.actions.settling import end_plays, settle_runs
from xaso.modules.speakers.actions.telling import tell_more, tell_play, tell_programme
from xaso.modules.speakers.models import Command, Play, Run
from xaso.modules.speakers.queries.door import AHEAD
from xaso.modules.speakers.queries.targets import devices_under
from xaso.modules.speakers.queries.timing import timing_of, wanted_seconds
from xaso.modules.speakers.rules.scheduling import occurrences
from xaso.modules.speakers.rules.settling import GRACE

REFILL = timedelta(hours=2)
AT_ONCE = 3000
RELAY_AHEAD = timedelta(minutes=2)


@action("speakers.expect", "Ghi các lượt phát sắp đến")
def expect(by: Actor, plays: list[Play], /) -> int:
    """Parts of these plays up to a day ahead. A single item that has come near is given to the devices."""
    del by
    now = clock.now()
    written = 0
    for play in plays:
        devices = devices_under(play.unit_paths, play.zone)
        was = play.expected_until or now
        if not play.days and play.starts_at and was + AHEAD - SOON <= play.starts_at < now + AHEAD:
            tell_programme(list(devices))
        written += write_expected(play, devices, min(was, now), now + SOON)
    note(plays=len(plays), parts=written)
    return written


def expect_all(by: Actor) -> int:
    """Every planned play whose written parts run out soon."""
    near = clock.now() + SOON - REFILL
    rows = Play.objects.filter(Q(expected_until=None) | Q(expected_until__lt=near), state="planned", at_once=False)
    plays = list(rows.select_related("zone").order_by("pk")[:AT_ONCE])
    return expect(by, plays) if plays else 0


@action("speakers.start_relays", "Tiếp sóng theo lịch")
def start_relays(by: Actor, plays: list[Play], /) -> int:
    """Weekly relays need the network anyway, so the server starts them, each with its end."""
    del by
    now = clock.now()
    told = 0
    for play in plays:
        for at in occurrences(timing_of(play), now, now + RELAY_AHEAD):
            until = at + timedelta(seconds=wanted_seconds(play))
            if not Command.objects.filter(play=play, kind=Command.Kind.PLAY, expires_at=until).exists():
                devices = list(devices_under(play.unit_paths, play.zone).select_related("zone").order_by("pk"))
                told += tell_play(play, devices, at, until)
    note(devices=told)
    return told


def relay_all(by: Actor) -> int:
    now = clock.now()
    rows = Play.objects.filter(state="planned", kind="relay", at_once=False).exclude(days=[]).select_related("zone")
    due = [play for play in rows if any(True for _ in occurrences(timing_of(play), now, now + RELAY_AHEAD))]
    return start_relays(by, due) if due else 0


def settle_due(by: Actor) -> int:
    """Parts that are over and have waited long enough for their log."""
    now = clock.now()
    rows = Run.objects.filter(settled_at=None, ends_at__lt=now - GRACE).select_related("play").order_by("ends_at")
    runs = list(rows[:AT_ONCE])
    return settle_runs(by, runs) if runs else 0


@action("speakers.close_plays", "Kết thúc các lượt phát đã xong")
def close_plays(by: Actor, plays: list[Play], /) -> None:
    end_plays(by, plays)


def close_over(by: Actor) -> int:
    """Weekly items past their last day, and items that no device had."""
    now = clock.now()
    over = Q(until__lt=now) | Q(stopped_at__isnull=False) | Q(days=[], starts_at__lt=now - timedelta(hours=6))
    rows = list(Play.objects.filter(over, ended_at=None).order_by("pk")[:AT_ONCE])
    if rows:
        close_plays(by, rows)
    return len(rows)


def tell_rest() -> int:
    """Orders that nobody has told to the last device: the link does that at once; this is for when there is none."""
    told = 0
    while portion := tell_more():
        told += portion
    return told


def expire_commands() -> int:
    """Nobody answers a command after its end. Telemetry, like the answers themselves."""
    rows = Command.objects.filter(state__in=["queued", "sent"], expires_at__lte=clock.now())
    return rows.update(state=Command.State.EXPIRED)


def forget_commands() -> int:
    """Commands older than ninety days: the log of plays is the proof, not these."""
    return Command.objects.filter(created_at__lt=clock.now() - timedelta(days=90)).delete()[0]

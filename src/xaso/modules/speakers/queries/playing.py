"""Plays and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from xaso.core.access import Actor, visible
from xaso.core.access.queries import under
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Missing
from xaso.kit.pages import Page, oldest
from xaso.modules.speakers.models import Device, Play, Run
from xaso.modules.speakers.queries.targets import prefixes
from xaso.modules.speakers.queries.timing import timing_of
from xaso.modules.speakers.rules.scheduling import occurrences

State = Run.State
FAILED = (State.REFUSED, State.OFFLINE)
PAGE = 50


@dataclass(frozen=True, slots=True)
class Outcome:
    """Counts of parts, one per device and time. `devices` is how many devices were meant."""

    devices: int = 0
    played: int = 0
    playing: int = 0
    silent: int = 0
    failed: int = 0
    interrupted: int = 0
    waiting: int = 0
    unproven: int = 0

    @property
    def parts(self) -> int:
        heard = self.played + self.playing + self.waiting
        return heard + self.silent + self.failed + self.interrupted + self.unproven


def _outcome(rows: QuerySet[Run]) -> Outcome:
    def count(*states: str) -> Count:
        return Count("pk", filter=Q(state__in=states))

    found = rows.aggregate(
        devices=Count("device", distinct=True),
        played=count(State.PLAYED),
        playing=count(State.PLAYING),
        silent=count(State.SILENT),
        failed=count(*FAILED),
        interrupted=count(State.INTERRUPTED, State.PARTLY),
        waiting=count(State.EXPECTED),
        unproven=count(State.UNPROVEN),
    )
    return Outcome(**found)


def outcome(purpose: str) -> Outcome:
    """Of everything played for a purpose: "đã phát / tổng cụm loa"."""
    return _outcome(Run.objects.filter(play__purpose=purpose).exclude(state=State.CANCELLED))


def outcome_of(play: Play) -> Outcome:
    return _outcome(Run.objects.filter(play=play).exclude(state=State.CANCELLED))


def _page(rows: QuerySet[Run], after: str) -> Page[Run]:
    return oldest(rows.select_related("device__unit", "play"), after, PAGE)


def played_rows(purpose: str, after: str = "") -> Page[Run]:
    """What every device did for a purpose, row by row."""
    return _page(Run.objects.filter(play__purpose=purpose), after)


def silent_rows(purpose: str, after: str = "") -> Page[Run]:
    """Devices whose people did not hear it, or not all of it."""
    lost = [State.SILENT, State.REFUSED, State.OFFLINE, State.INTERRUPTED, State.PARTLY]
    return _page(Run.objects.filter(play__purpose=purpose, state__in=lost), after)


def villages_without(paths: Sequence[str]) -> list[Unit]:
    """Villages of these units where no device in use stands."""
    wanted = Q(pk__in=[])
    for path in paths:
        wanted |= Q(path__gte=path, path__lt=path[:-1] + "/")
    rows = Unit.objects.on(clock.today()).filter(wanted, kind__in=[Unit.Kind.VILLAGE, Unit.Kind.QUARTER])
    with_one = set(
        Device.objects.filter(state=Device.State.IN_USE).filter(_under(paths)).values_list("unit_path", flat=True)
    )
    return [unit for unit in rows.order_by("path") if not any(path.startswith(unit.path) for path in with_one)]


def _under(paths: Sequence[str]) -> Q:
    wanted = Q(pk__in=[])
    for path in paths:
        wanted |= under(path)
    return wanted


def live_play(live: str) -> Play | None:
    """The play that carries this microphone, while it is on."""
    return Play.objects.filter(kind=Play.Kind.LIVE, recording=live, state=Play.State.PLANNED).first()


def has_devices(unit: Unit) -> bool:
    return Device.objects.filter(under(unit.path)).exists()


def plays(by: Actor) -> QuerySet[Play]:
    return visible(by, "speakers.view", Play.objects.select_related("unit", "zone"))


def own_play(by: Actor, key: UUID) -> Play:
    """Raises Missing."""
    found = plays(by).filter(uuid=key).first()
    if found is None:
        raise Missing("Không tìm thấy thông báo này. Hãy quay lại trang phát loa của thôn.")
    return found


@dataclass(frozen=True, slots=True)
class Due:
    """One time at which something plays."""

    at: datetime
    play: Play


def due_between(by: Actor, after: datetime, before: datetime) -> list[Due]:
    """What is planned between two moments, the earliest first: the actor's own, and what upper levels planned for the
    same speakers."""
    above = Play.objects.filter(unit_path__in=prefixes(by.unit_path)) if by.unit_path else Play.objects.none()
    rows = (visible(by, "speakers.view", Play.objects.all()) | above).filter(state=Play.State.PLANNED, at_once=False)
    mine = [play for play in rows.select_related("zone") if _concerns(play, by.unit_path)]
    found = [Due(at, play) for play in mine for at in occurrences(timing_of(play), after, before)]
    return sorted(found, key=lambda due: (due.at, due.play.rank, due.play.order, due.play.pk))


def _concerns(play: Play, path: str) -> bool:
    return any(path.startswith(one) or one.startswith(path) for one in play.unit_paths)


def on_air(by: Actor) -> list[dict[str, Any]]:
    """What plays now: the play, and on how many devices."""
    now = clock.now()
    recent = Run.objects.filter(settled_at=None, state=State.PLAYING, ends_at__gt=now - timedelta(minutes=5))
    rows = visible(by, "speakers.view", recent)
    counted = rows.values("play").annotate(devices=Count("device", distinct=True)).order_by("play")
    found = {row["play"]: row["devices"] for row in counted}
    known = Play.objects.in_bulk(found)
    return [{"play": known[pk], "devices": count} for pk, count in found.items()]


def gone_wrong(by: Actor, since: datetime) -> QuerySet[Run]:
    """Parts of the last hours that people did not hear."""
    lost = [State.SILENT, State.REFUSED, State.OFFLINE, State.INTERRUPTED, State.PARTLY]
    rows = visible(by, "speakers.view", Run.objects.filter(state__in=lost, scheduled_at__gte=since))
    return rows.select_related("play", "device__unit")


def places_of(plays: Sequence[Play]) -> dict[int, str]:
    """play id → where it is heard, in words. One statement."""
    paths = {path for play in plays for path in play.unit_paths}
    names = {
        unit.path: str(unit) if unit.kind in Unit.COMMUNE_KINDS else unit.name
        for unit in Unit.objects.filter(path__in=paths)
    }
    found = {}
    for play in plays:
        known = [names.get(path, "đơn vị cũ") for path in play.unit_paths]
        words = ", ".join(known[:3]) + (f" và {len(known) - 3} nơi khác" if len(known) > 3 else "")
        found[play.pk] = f"{words} ({play.zone.name})" if play.zone else words
    return found

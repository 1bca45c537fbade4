"""Orders to play and to stop."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol, Required, TypedDict, Unpack
from uuid import UUID

from django.db.models import QuerySet

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.core.files.models import StoredFile
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import tidy
from xaso.kit.rows import insert_like
from xaso.modules.audio import queries as audio
from xaso.modules.speakers.actions.settling import end_plays, run_at, settle_runs
from xaso.modules.speakers.actions.telling import tell_portion, tell_programme, tell_stop
from xaso.modules.speakers.models import Device, Play, Run, Zone
from xaso.modules.speakers.queries.booking import booked, plays_in_the_way
from xaso.modules.speakers.queries.targets import devices_under
from xaso.modules.speakers.queries.timing import (
    drill_is_armed,
    first_of,
    limits_of,
    timing_of,
    wanted_seconds,
)
from xaso.modules.speakers.rules import collisions, priority, scheduling
from xaso.modules.speakers.rules import limits as limiting
from xaso.modules.speakers.rules.scheduling import Weekly

NO_DEVICES = "Nơi được chọn chưa có loa nào đang dùng. Hãy chọn nơi khác, hoặc đăng ký loa trước."
NOT_READY = "Bản thu này chưa nghe được nên chưa phát được. Hãy đợi máy làm xong, nghe thử rồi gửi lại."
ONE_SOUND = "Hãy chọn một bản thu, hoặc một địa chỉ tiếp sóng."
PAST = "Giờ phát {at} đã qua. Hãy chọn giờ khác, hoặc phát ngay."
OUTSIDE = "Chỉ phát được ở các nơi thuộc {unit}. Hãy chọn lại nơi phát."
NO_DRILL = "Diễn tập chưa được mở nên bản tin thử không ra loa. Người quản trị mở diễn tập ở trang “Quy định phát”."
STOPPED = "Lượt phát này đã dừng hoặc đã xong. Hãy tải lại trang."
FAR = timedelta(days=366)
LATE = timedelta(seconds=60)
SOON = timedelta(hours=26)
"""Parts of the next day are written down ahead; `expect` writes the later ones."""


class Recorded(Protocol):
    """What a play needs of a recording."""

    uuid: UUID
    title: str
    text: str
    state: str
    file: StoredFile | None
    seconds: Decimal | None


class Wish(TypedDict, total=False):
    """What `order_play` takes. `starts_at` None means now, unless it is weekly; then from now on.

    `minutes`: how long a relay lasts each time. `zone`: only this zone or group of the units.
    """

    recording: Recorded | None
    stream: str
    title: str
    klass: Required[str]
    origin_level: str
    unit_paths: Required[tuple[str, ...]]
    zone: Zone | None
    starts_at: datetime | None
    until: datetime | None
    weekly: Weekly | None
    minutes: int
    loops: int
    volume: int | None
    when_interrupted: str
    purpose: str
    drill: bool


@action("speakers.order_play", "Phát loa")
def order_play(by: Actor, unit: Unit, /, **wish: Unpack[Wish]) -> Play:
    """Schedule a play, or start it now. Raises Refused with the sentence of what stands in the way."""
    now = clock.now()
    play = _play_of(by, unit, wish, now)
    if play.stream:
        audio.need_known_stream(play.stream)
    devices = _targets(play, unit)
    _check_times(play, now)
    if play.is_drill and not drill_is_armed(play.unit_paths, now):
        raise Refused(NO_DRILL)
    if play.rank != priority.EMERGENCY:
        _check_limits(play)
        _check_collisions(play, now)
    play.version = version_of(play)
    play.save(force_insert=True)
    put_on_air(play, devices, now)
    note(devices=devices.count(), title=play.title)
    return play


def _play_of(by: Actor, unit: Unit, wish: Wish, now: datetime) -> Play:
    recording, stream, weekly = wish.get("recording"), wish.get("stream", "").strip(), wish.get("weekly")
    if (recording is None) == (not stream):
        raise Refused(ONE_SOUND)
    klass, level = wish["klass"], wish.get("origin_level", "commune")
    if klass not in priority.CLASSES or level not in priority.LEVELS:
        raise ValueError(f"no such class or level: {klass!r}, {level!r}")
    kind = Play.Kind.FILE if recording is not None else Play.Kind.RELAY
    starts_at = wish.get("starts_at")
    play = Play(
        unit=unit,
        unit_path=unit.path,
        kind=kind,
        title=tidy(wish.get("title", "") or (recording.title if recording else "Tiếp sóng"))[:200],
        stream=stream[:500],
        seconds=float(wish.get("minutes", 0) * 60),
        klass=klass,
        origin_level=level,
        rank=priority.rank_of(klass, kind),
        order=priority.order_of(level, first_of(unit.path)),
        unit_paths=list(wish["unit_paths"]),
        zone=wish.get("zone"),
        starts_at=_whole_second(starts_at or now),
        until=wish.get("until"),
        days=sorted(set(weekly.days)) if weekly else [],
        times=sorted(set(weekly.times)) if weekly else [],
        loops=wish.get("loops", 1),
        volume=wish.get("volume"),
        when_interrupted=wish.get("when_interrupted", "resume"),
        purpose=wish.get("purpose", "")[:80],
        is_drill=wish.get("drill", False),
        at_once=starts_at is None and weekly is None,
        ordered_by=by.account_id,
        ordered_by_name=by.name[:120],
        ordered_at=now,
    )
    if recording is not None:
        _copy_recording(play, recording)
    return play


def _copy_recording(play: Play, recording: Recorded) -> None:
    """The play stays what it was, whatever becomes of the recording."""
    if recording.file is None or recording.seconds is None or recording.state != "ready":
        raise Refused(NOT_READY)
    play.recording, play.file, play.text = recording.uuid, recording.file, recording.text
    play.sha256, play.size = recording.file.blob_id, recording.file.size
    play.seconds = float(recording.seconds)


def _whole_second(moment: datetime) -> datetime:
    """Devices speak in milliseconds, databases in microseconds: a moment that both keep is the key of a part."""
    return moment.replace(microsecond=0)


def _targets(play: Play, unit: Unit) -> QuerySet[Device]:
    if not play.unit_paths or not all(path.startswith(unit.path) for path in play.unit_paths):
        raise Refused(OUTSIDE.format(unit=unit))
    if play.zone is not None and not play.zone.unit_path.startswith(unit.path):
        raise Refused(OUTSIDE.format(unit=unit))
    devices = devices_under(play.unit_paths, play.zone)
    if not devices.exists():
        raise Refused(NO_DEVICES)
    return devices


def _check_times(play: Play, now: datetime) -> None:
    start = play.starts_at or now
    if not play.days and start < now - LATE:
        raise Refused(PAST.format(at=f"{clock.local(start):%H:%M ngày %d/%m}"))
    if start > now + FAR or (play.until is not None and play.until > now + 3 * FAR):
        raise Refused("Ngày phát xa quá một năm. Hãy kiểm tra lại ngày.")
    if play.until is not None and play.until <= max(start, now):
        raise Refused("Ngày kết thúc phải sau giờ bắt đầu phát.")
    if play.kind == Play.Kind.RELAY and not wanted_seconds(play):
        raise Refused("Hãy ghi thời gian tiếp sóng mỗi lần là bao nhiêu phút.")
    if not 1 <= play.loops <= 20:
        raise Refused("Số lần đọc lại từ 1 đến 20. Hãy ghi lại.")
    if play.volume is not None and not 1 <= play.volume <= 100:
        raise Refused("Âm lượng từ 1 đến 100. Hãy ghi lại.")
    if play.when_interrupted not in ("resume", "restart", "drop"):
        raise ValueError(f"no such way to go on: {play.when_interrupted!r}")


def _minutes(play: Play) -> list[int]:
    if play.times:
        return [scheduling.minute_of(text) for text in play.times]
    return [scheduling.minute_of_day(play.starts_at or play.ordered_at)]


def _check_limits(play: Play) -> None:
    limits = limits_of(play.unit_path)
    found = limiting.refusals(limits, _minutes(play), wanted_seconds(play), play.volume)
    if found:
        raise Refused(" ".join(found))


def _check_collisions(play: Play, now: datetime) -> None:
    """Only the commune's own items are weighed against each other; the ladder decides between levels."""
    if play.origin_level != "commune":
        return
    others = booked(plays_in_the_way(play.unit_path, play.unit_paths, play.zone, play.rank))
    hits = collisions.meetings(timing_of(play), others, now)
    if not hits:
        return
    named = "; ".join(f"“{hit.title}” lúc {clock.local(hit.at):%H:%M ngày %d/%m}" for hit in hits[:3])
    free = collisions.next_free(hits[0].at, wanted_seconds(play), others, limits_of(play.unit_path))
    offer = f" Giờ trống gần nhất: {clock.local(free):%H:%M ngày %d/%m}." if free else ""
    raise Refused(f"Trùng giờ với {named}.{offer} Hãy chọn giờ khác, hoặc dừng bản kia trước.")


def version_of(play: Play) -> str:
    """Changes when anything a device must know of the play does."""
    told: list[Any] = [
        play.sha256, play.stream, play.klass, play.rank, play.order, str(play.starts_at), str(play.until), play.days,
        play.times, play.loops, play.volume, play.when_interrupted, play.is_drill,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


def put_on_air(play: Play, devices: QuerySet[Device], now: datetime) -> None:
    """Write down what is expected of the devices, and tell them: the first ones here, the rest as these are published.

    So an emergency to a whole province sounds in its first villages while the last ones are still being written to.
    """
    if play.at_once:
        tell_portion(play)
    elif play.kind != Play.Kind.RELAY or not play.days:
        tell_programme(list(devices))
    write_expected(play, devices, now, now + SOON)


def write_expected(play: Play, devices: QuerySet[Device], after: datetime, before: datetime) -> int:
    """Parts of the occurrences in [after, before). Written twice, they are there once."""
    if play.at_once:
        moments = [play.starts_at or play.ordered_at]
    else:
        moments = list(scheduling.occurrences(timing_of(play), min(after, play.starts_at or after), before))
        moments = [at for at in moments if at >= after - LATE]
    written = sum(insert_like(run_at(play, at), devices, device_id="pk", unit_path="unit_path") for at in moments)
    Play.objects.filter(pk=play.pk).update(expected_until=before)
    return written


@action("speakers.stop_play", "Dừng phát")
def stop_play(by: Actor, play: Play, /, *, reason: str) -> Play:
    """Silence now, and never again. What has been played stays in the log."""
    if not tidy(reason):
        raise Refused("Hãy ghi lý do dừng phát.")
    now = clock.now()
    stopped = {"state": Play.State.STOPPED, "stopped_at": now, "stop_reason": tidy(reason)[:300], "told_to": None}
    if not Play.objects.filter(pk=play.pk, state=Play.State.PLANNED).update(**stopped):
        raise Refused(STOPPED)
    play.refresh_from_db()
    was_told = play.kind != Play.Kind.LIVE or play.expected_until is not None
    devices = list(devices_under(play.unit_paths, play.zone).select_related("zone")) if was_told else []
    tell_stop(play, devices, play.stop_reason)
    if not play.at_once:
        tell_programme(devices)
    runs = Run.objects.filter(play=play, settled_at=None)
    runs.filter(scheduled_at__lte=now, ends_at__gt=now).update(ends_at=now)
    settle_runs(by, list(runs))
    end_plays(by, [play])
    note(devices=len(devices))
    return play

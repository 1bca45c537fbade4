"""The microphone on the speakers."""

from __future__ import annotations

from datetime import datetime, timedelta

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.modules.audio import actions as audio
from xaso.modules.audio import queries as sounds
from xaso.modules.speakers.actions.ordering import NO_DEVICES, OUTSIDE, put_on_air, stop_play, version_of
from xaso.modules.speakers.models import Play
from xaso.modules.speakers.queries.targets import devices_under
from xaso.modules.speakers.queries.timing import limits_of
from xaso.modules.speakers.rules import priority, scheduling
from xaso.modules.speakers.rules.limits import quiet_at


@action("speakers.start_live", "Phát trực tiếp")
def start_live(
    by: Actor,
    unit: Unit,
    /,
    *,
    title: str,
    unit_paths: tuple[str, ...],
    minutes: int | None = None,
    klass: str = "priority",
    volume: int | None = None,
) -> Play:
    """Open a microphone; the speakers are told at its first sound, so that nobody hears silence. Raises Refused."""
    now = clock.now().replace(microsecond=0)
    _need_devices(unit, unit_paths)
    if klass != "emergency":
        _need_no_quiet(unit, now)
    live = audio.open_live(by, unit, title=title, minutes=minutes)
    play = Play(
        unit=unit,
        unit_path=unit.path,
        kind=Play.Kind.LIVE,
        title=live.title,
        recording=live.uuid,
        stream=live.listen_url[:500],
        klass=klass,
        origin_level="commune",
        rank=priority.rank_of(klass, "live"),
        unit_paths=list(unit_paths),
        starts_at=now,
        until=now + timedelta(minutes=minutes) if minutes else live.until,
        volume=volume,
        at_once=True,
        ordered_by=by.account_id,
        ordered_by_name=by.name[:120],
        ordered_at=now,
    )
    play.version = version_of(play)
    play.save(force_insert=True)
    return play


@action("speakers.live_on_air", "Đưa tiếng trực tiếp ra loa")
def live_on_air(by: Actor, play: Play, /) -> bool:
    """The first sound came. Told again, or after the end, it changes nothing."""
    del by
    held = Play.objects.select_for_update().get(pk=play.pk)
    if held.state != Play.State.PLANNED or held.expected_until is not None:
        return False
    held.starts_at = clock.now().replace(microsecond=0)
    held.save(update_fields=["starts_at"])
    devices = devices_under(held.unit_paths)
    put_on_air(held, devices, held.starts_at)
    note(devices=devices.count())
    return True


def _need_devices(unit: Unit, unit_paths: tuple[str, ...]) -> None:
    if not unit_paths or not all(path.startswith(unit.path) for path in unit_paths):
        raise Refused(OUTSIDE.format(unit=unit))
    if not devices_under(unit_paths).exists():
        raise Refused(NO_DEVICES)


def _need_no_quiet(unit: Unit, now: datetime) -> None:
    if hit := quiet_at(limits_of(unit.path), scheduling.minute_of_day(now), 60):
        raise Refused(f"Bây giờ là giờ yên tĩnh {hit[0]}–{hit[1]}. Chỉ bản tin khẩn cấp được phát lúc này.")


@action("speakers.stop_live", "Dừng phát trực tiếp")
def stop_live(by: Actor, play: Play, /, *, reason: str = "Đã nói xong") -> Play:
    """The microphone is closed and the speakers go back to what they were playing."""
    if play.kind != Play.Kind.LIVE or play.recording is None:
        raise Refused("Lượt phát này không phải phát trực tiếp.")
    audio.close_live(by, sounds.live(play.recording), why=reason)
    return stop_play(by, play, reason=reason)

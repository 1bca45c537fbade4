"""What speakers hear."""

from xaso.core.access import SYSTEM
from xaso.kit.events import on
from xaso.modules.audio.events import LiveClosed, LiveHeard
from xaso.modules.speakers.actions import alarming, stop_play
from xaso.modules.speakers.actions.live import live_on_air
from xaso.modules.speakers.actions.register import ask_report
from xaso.modules.speakers.events import AlarmsOpened, DeviceBack, DeviceSilent
from xaso.modules.speakers.queries.playing import live_play
from xaso.modules.speakers.queries.register import alarms_named, device_named


@on(LiveHeard)
def begin_with_the_first_sound(fact: LiveHeard) -> None:
    if (play := live_play(fact.live)) is not None:
        live_on_air(SYSTEM, play)


@on(LiveClosed)
def stop_with_the_microphone(fact: LiveClosed) -> None:
    """The microphone was closed by hand elsewhere, by its limit, or fell silent."""
    if (play := live_play(fact.live)) is not None:
        stop_play(SYSTEM, play, reason=fact.why or "Micrô đã đóng")


@on(AlarmsOpened)
def tell_the_keepers(fact: AlarmsOpened) -> None:
    if alarms := alarms_named(fact.alarms):
        alarming.tell_people(SYSTEM, alarms)


@on(DeviceSilent)
def forget_what_it_plays(fact: DeviceSilent) -> None:
    alarming.quieten(SYSTEM, device_named(fact.device))


@on(DeviceBack)
def ask_what_it_played(fact: DeviceBack) -> None:
    """It was away: its log comes by itself, its programme may be old."""
    ask_report(SYSTEM, device_named(fact.device))

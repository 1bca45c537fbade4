"""Rounds by the clock. The link calls `watch` much more often; this one is for when there is no link."""

from xaso.core.access import SYSTEM
from xaso.core.units.queries import ended_with_one_successor
from xaso.kit import clock
from xaso.modules.speakers.actions import expecting
from xaso.modules.speakers.actions.alarming import watch
from xaso.modules.speakers.actions.merging import hand_over
from xaso.modules.speakers.configured import link_is_wanted
from xaso.modules.speakers.queries.playing import has_devices


def every_minute() -> None:
    if link_is_wanted():
        watch(SYSTEM)  # where no device may connect, nobody waits for a beat
    expecting.tell_rest()
    expecting.relay_all(SYSTEM)
    expecting.settle_due(SYSTEM)
    expecting.expire_commands()


def every_quarter() -> None:
    expecting.expect_all(SYSTEM)
    expecting.close_over(SYSTEM)


def forget() -> int:
    return expecting.forget_commands()


def hand_over_after_mergers() -> int:
    """What a merged or renamed unit had goes to its one successor. A split is decided by people, device by device."""
    moved = 0
    for predecessor, successor in ended_with_one_successor(clock.today()):
        if has_devices(predecessor):
            moved += hand_over(SYSTEM, predecessor, successor=successor)
    return moved

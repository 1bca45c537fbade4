"""Work by the clock."""

from xaso.core.access import SYSTEM
from xaso.core.units.queries import ended_with_one_successor
from xaso.kit import clock
from xaso.modules.feedback.actions.closing import end_waits, hand_over, remind
from xaso.modules.feedback.queries.reports import has_open


def remind_officers() -> int:
    """Until nobody is left to tell. Safe to run twice."""
    total = 0
    while told := remind(SYSTEM, None, now=clock.now()):
        total += told
    return total


def end_what_waited() -> int:
    total = 0
    while ended := end_waits(SYSTEM, None, now=clock.now()):
        total += ended
    return total


def hand_over_after_mergers() -> int:
    """What a merged or renamed unit left open goes to its one successor. A split is decided by people, row by row."""
    moved = 0
    for predecessor, successor in ended_with_one_successor(clock.today()):
        if has_open(predecessor):
            moved += hand_over(SYSTEM, predecessor, successor=successor)
    return moved

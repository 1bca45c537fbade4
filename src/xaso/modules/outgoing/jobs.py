"""Work by the clock."""

from xaso.core.access import SYSTEM
from xaso.core.units.queries import ended_with_one_successor
from xaso.kit import clock
from xaso.modules.outgoing.actions.merging import hand_over
from xaso.modules.outgoing.queries.documents import has_waiting


def hand_over_after_mergers() -> int:
    """What a merged or renamed unit left unissued goes to its one successor. A split is decided by people."""
    moved = 0
    for predecessor, successor in ended_with_one_successor(clock.today()):
        if has_waiting(predecessor):
            moved += hand_over(SYSTEM, predecessor, successor=successor)
    return moved

"""The ladder of TT 39/2020: who speaks first when two things want the same speaker. 0 is highest.

0 emergency of any level · 1 the commune's microphone · 2 priority of province or country, priority of the commune ·
3 normal · 4 signature tune and relay.
"""

from __future__ import annotations

EMERGENCY, LIVE, PRIORITY, NORMAL, RELAY = range(5)
CLASSES = ("normal", "priority", "emergency")
LEVELS = ("commune", "province", "national")
CLASS_WORDS = {"normal": "Thông thường", "priority": "Ưu tiên", "emergency": "Khẩn cấp"}


def rank_of(klass: str, kind: str) -> int:
    """`kind`: file, live or relay. A relay that is ordered as priority is one: only a normal one stands at the end."""
    if klass == "emergency":
        return EMERGENCY
    if kind == "live":
        return LIVE
    if klass == "priority":
        return PRIORITY
    return RELAY if kind == "relay" else NORMAL


def order_of(origin_level: str, first: str) -> int:
    """Within one rank: what the commune chose to put first, "commune" or "province"."""
    is_own = origin_level == "commune"
    return 0 if is_own == (first == "commune") else 1


def beats(rank: int, order: int, other_rank: int, other_order: int) -> bool:
    """Whether the first would take the speaker from the second. Equals never do: who plays, plays on."""
    return (rank, order) < (other_rank, other_order) if rank <= PRIORITY else rank < other_rank

"""Questions about bulletins, for those above."""

from xaso.modules.bulletins.queries.listing import bulletin, bulletin_for, inbox, of_origin, published
from xaso.modules.bulletins.queries.reports import Reach, not_reached, reach

__all__ = [
    "Reach", "bulletin", "bulletin_for", "inbox", "not_reached", "of_origin", "published", "reach",
]  # fmt: skip

"""Questions about bulletins, for those above."""

from xaso.modules.bulletins.queries.listing import Page, bulletin, bulletin_for, inbox, of_origin, published
from xaso.modules.bulletins.queries.reports import Reach, not_reached, reach

__all__ = [
    "Page", "Reach", "bulletin", "bulletin_for", "inbox", "not_reached", "of_origin", "published", "reach",
]  # fmt: skip

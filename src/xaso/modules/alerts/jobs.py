"""Work by the clock."""

from xaso.modules.alerts import asking


def ask_feeds() -> int:
    """Feeds of upper levels that content names; none by default."""
    return asking.ask_all()

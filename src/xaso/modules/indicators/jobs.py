"""Work without a person behind it."""

from xaso.core.access import SYSTEM
from xaso.modules.indicators.actions import load_sets


def load_declared() -> None:
    """Take over what `content/indicators` declares; does nothing when nothing changed."""
    load_sets(SYSTEM)

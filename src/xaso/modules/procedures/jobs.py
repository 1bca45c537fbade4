"""Work without a person behind it."""

from xaso.core.access import SYSTEM
from xaso.modules.procedures.actions import load_procedures


def load_declared() -> None:
    """Take over what `content/procedures` declares; does nothing when nothing changed."""
    load_procedures(SYSTEM)

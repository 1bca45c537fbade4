"""One answer to "may I?" and to "which ones?"."""

from xaso.core.access.actor import ANONYMOUS, PUBLIC, SYSTEM, Actor, Grant
from xaso.core.access.queries import require, visible

__all__ = ["ANONYMOUS", "PUBLIC", "SYSTEM", "Actor", "Grant", "require", "visible"]

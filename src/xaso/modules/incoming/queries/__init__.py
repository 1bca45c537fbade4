"""Questions about incoming documents."""

from xaso.modules.incoming.queries.backlog import Backlog, Held, backlog, backlog_by_unit, trend
from xaso.modules.incoming.queries.documents import document, found, listed, parts_of, seen, steps_of, twins_of
from xaso.modules.incoming.rules import urgency_of

__all__ = [
    "Backlog", "Held", "backlog", "backlog_by_unit", "document", "found", "listed", "parts_of", "seen",
    "steps_of", "trend", "twins_of", "urgency_of",
]  # fmt: skip

"""Questions about reports of residents."""

from xaso.modules.feedback.queries.duplicates import Likely, likely_twins
from xaso.modules.feedback.queries.reports import found, listed, report, seen

__all__ = ["Likely", "found", "likely_twins", "listed", "report", "seen"]

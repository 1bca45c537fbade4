"""Verbs of alerts."""

from xaso.modules.alerts.actions.acting import act, dismiss, play_drill
from xaso.modules.alerts.actions.drills import arm_drill, disarm_drill
from xaso.modules.alerts.actions.issuing import issue_alert, issue_cancel
from xaso.modules.alerts.actions.taking import note_feed, take_in

__all__ = [
    "act", "arm_drill", "disarm_drill", "dismiss", "issue_alert", "issue_cancel", "note_feed", "play_drill", "take_in",
]  # fmt: skip

"""Verbs of reports."""

from xaso.modules.feedback.actions.closing import end_waits, hand_over, note_late, remind, warn
from xaso.modules.feedback.actions.moving import Words
from xaso.modules.feedback.actions.publishing import keep_private, publish
from xaso.modules.feedback.actions.receiving import Given, add_photos, send_report, take_in, take_message
from xaso.modules.feedback.actions.resident import (
    confirm_phone,
    give_more,
    go_on_without,
    rate,
    reopen,
    withdraw_consent,
)
from xaso.modules.feedback.actions.triaging import accept, ask_more, confide, forward, merge, refuse
from xaso.modules.feedback.actions.working import answer, assign, close, contribute, extend, take

__all__ = [
    "Given", "Words", "accept", "add_photos", "answer", "ask_more", "assign", "close", "confide", "confirm_phone",
    "contribute", "end_waits", "extend", "forward", "give_more", "go_on_without", "hand_over", "keep_private", "merge",
    "note_late", "publish", "rate", "refuse", "remind", "reopen", "send_report", "take", "take_in", "take_message",
    "warn", "withdraw_consent",
]  # fmt: skip

"""Verbs of short messages."""

from xaso.modules.sms.actions.gateway import report_gateway
from xaso.modules.sms.actions.queueing import Words, call_off, hand_in, queue, queue_many
from xaso.modules.sms.actions.receiving import Incoming, take_in
from xaso.modules.sms.actions.sending import (
    Leaving,
    claim,
    doubt,
    give_back,
    record_answers,
    resend,
    settle_by_hand,
    tidy_up,
)
from xaso.modules.sms.actions.settling import forget_early, take_receipts
from xaso.modules.sms.rules.answers import Answer
from xaso.modules.sms.rules.receipts import Heard

__all__ = [
    "Answer",
    "Heard",
    "Incoming",
    "Leaving",
    "Words",
    "call_off",
    "claim",
    "doubt",
    "forget_early",
    "give_back",
    "hand_in",
    "queue",
    "queue_many",
    "record_answers",
    "report_gateway",
    "resend",
    "settle_by_hand",
    "take_in",
    "take_receipts",
    "tidy_up",
]

"""Verbs of Zalo. Nothing here talks to Zalo: see `tokens` and `carrying`."""

from xaso.modules.zalo.actions.queueing import Said, queue_many
from xaso.modules.zalo.actions.sending import call_off, queue_template, queue_text

__all__ = ["Said", "call_off", "queue_many", "queue_template", "queue_text"]

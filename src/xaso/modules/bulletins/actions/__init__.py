"""Verbs of bulletins."""

from xaso.modules.bulletins.actions.deciding import approve, cancel, refuse, submit
from xaso.modules.bulletins.actions.drafting import copy_bulletin, edit, replace, write
from xaso.modules.bulletins.actions.emergency import review, send_emergency
from xaso.modules.bulletins.actions.sending import retry_channel

__all__ = [
    "approve", "cancel", "copy_bulletin", "edit", "refuse", "replace", "retry_channel", "review", "send_emergency",
    "submit", "write",
]  # fmt: skip

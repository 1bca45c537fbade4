"""Verbs of push."""

from xaso.modules.push.actions.devices import subscribe, tell_device, unsubscribe
from xaso.modules.push.actions.notices import queue_many
from xaso.modules.push.actions.reading import mark_seen

__all__ = ["mark_seen", "queue_many", "subscribe", "tell_device", "unsubscribe"]

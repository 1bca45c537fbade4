"""Verbs of the speakers: for those above, and for our pages."""

from xaso.modules.speakers.actions.live import start_live, stop_live
from xaso.modules.speakers.actions.ordering import order_play, stop_play
from xaso.modules.speakers.actions.reporting import record_plays
from xaso.modules.speakers.rules.scheduling import Weekly

__all__ = ["Weekly", "order_play", "record_plays", "start_live", "stop_live", "stop_play"]

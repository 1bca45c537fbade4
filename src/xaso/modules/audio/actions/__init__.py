"""Verbs of sound."""

from xaso.modules.audio.actions.live import close_live, open_live, open_relay
from xaso.modules.audio.actions.recordings import keep_recording, retire_recording, say
from xaso.modules.audio.receiving import receive_sound

__all__ = ["close_live", "keep_recording", "open_live", "open_relay", "receive_sound", "retire_recording", "say"]

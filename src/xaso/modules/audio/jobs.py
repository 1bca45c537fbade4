"""Work by the clock."""

from datetime import timedelta

from xaso.core.access import SYSTEM
from xaso.kit import clock
from xaso.modules.audio import queries
from xaso.modules.audio.actions.live import NO_SOUND, close_live
from xaso.modules.audio.actions.recordings import fail_recording
from xaso.modules.audio.definitions import audio
from xaso.modules.audio.making import make

LEFT_BEHIND = timedelta(minutes=10)
GIVEN_UP = timedelta(hours=2)
TOO_OFTEN = "Máy đã thử nhiều lần mà chưa làm được bản này. Hãy thử lại với nội dung ngắn hơn hoặc báo người quản trị."
LIMIT = "Hết thời gian của buổi phát"


def take_up_recordings() -> int:
    """What a dead process left behind is made anew; what never comes to an end is told as failed."""
    now = clock.now()
    waiting = queries.stale_making(now - LEFT_BEHIND)
    for recording in waiting:
        if recording.created_at < now - GIVEN_UP:
            fail_recording(SYSTEM, recording, why=TOO_OFTEN)
        else:
            make(recording)
    return len(waiting)


def close_overdue_lives() -> int:
    """Even when the process that carries the sound is gone, no microphone stays open in the books."""
    now = clock.now()
    overdue = queries.overdue_lives(now)
    for live in overdue:
        close_live(SYSTEM, live, why=LIMIT)
    unheard = queries.unheard_microphones(now - timedelta(seconds=2 * audio().limits.live_silence_seconds))
    for live in unheard:
        close_live(SYSTEM, live, why=NO_SOUND)
    return len(overdue) + len(unheard)

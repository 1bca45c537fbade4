"""The worker's part of making recordings."""

import os
import subprocess
import sys

from xaso.kit.events import on
from xaso.modules.audio import queries
from xaso.modules.audio.events import RecordingAsked
from xaso.modules.audio.making import is_long, make

beside: list[subprocess.Popen[bytes]] = []
"""Long recordings at work beside this worker."""


@on(RecordingAsked, reaches_out=True)
def a_recording_was_asked(fact: RecordingAsked) -> None:
    """A notice at once: an emergency waits for it. A long one in a process of its own: nothing waits for that.

    If that process dies, `jobs.take_up_recordings` notices and it is made anew.
    """
    recording = queries.recording(fact.recording)
    if not is_long(recording):
        make(recording)
        return
    beside[:] = [one for one in beside if one.poll() is None]
    beside.append(
        subprocess.Popen(
            [sys.executable, "-m", "xaso.modules.audio.alone", fact.recording],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            stdin=subprocess.DEVNULL,
        )
    )

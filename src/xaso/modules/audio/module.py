"""What audio offers to the faces."""

import os

from xaso.kit.module import Job, MenuItem, Module, Service
from xaso.modules.audio import definitions, jobs


def _live_is_wanted() -> bool:
    return os.environ.get("XASO_LIVE", "on").lower() not in {"0", "no", "false", "off"}


MODULE = Module(
    "audio",
    "Âm thanh",
    menu=(MenuItem("desk", "Bản thu", "desk-audio:listed", "audio.view", "speaker", 44),),
    jobs=(
        Job("audio.take_up_recordings", "*/5 * * * *", jobs.take_up_recordings),
        Job("audio.close_overdue_lives", "* * * * *", jobs.close_overdue_lives),
    ),
    content=(definitions.audio, definitions.speech),
    services=(Service("Phát trực tiếp", "xaso.modules.audio.live.carrier:serve", _live_is_wanted),),
)

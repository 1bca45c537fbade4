"""The worker's part: judge each signed file that comes in, and look again when more is known."""

from uuid import UUID

from xaso.core.access import SYSTEM
from xaso.core.files import queries as files
from xaso.core.files.events import SignedFileStored
from xaso.kit.errors import Missing
from xaso.kit.events import on
from xaso.modules.trust.actions import rejudge_unsure, verify_file
from xaso.modules.trust.events import AnchorsChanged
from xaso.modules.trust.queries import latest


# Judging takes a while and may ask an authority: outside the transaction, at least once.
@on(SignedFileStored, reaches_out=True)
def a_signed_file_was_stored(fact: SignedFileStored) -> None:
    try:
        stored = files.file(UUID(fact.uuid))
    except Missing:
        return  # taken back meanwhile: nobody relies on it
    if latest(stored) is None:
        verify_file(SYSTEM, stored, asks_outside=True)


@on(AnchorsChanged, reaches_out=True)
def the_anchors_changed(fact: AnchorsChanged) -> None:
    del fact
    rejudge_unsure()

"""What happened to sound."""

from xaso.kit.events import event


@event
class RecordingAsked:
    """A recording waits to be made. `recording` is its uuid, here and below."""

    recording: str


@event
class RecordingReady:
    """A recording can be heard and played."""

    recording: str


@event
class RecordingFailed:
    """A recording could not be made; `why` is a Vietnamese sentence."""

    recording: str
    why: str


@event
class LiveHeard:
    """The first sound of a microphone came. `live` is its uuid."""

    live: str


@event
class LiveClosed:
    """Live sound ended: by hand, by its limit, or by silence of the source. `live` is its uuid, `why` a sentence."""

    live: str
    why: str

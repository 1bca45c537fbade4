"""What push announces."""

from xaso.kit.events import event


@event
class NoticeQueued:
    """A notice waits for devices; the first of them are told at once, the rest by the clock."""

    notice: str

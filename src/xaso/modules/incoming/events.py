"""What happens to an incoming document that others may care about."""

from xaso.kit.events import event


@event
class IncomingRegistered:
    """It has its number in the book. `document` is the uuid."""

    document: str


@event
class IncomingStateChanged:
    """What the sender may know, each at most once: 02 refused, 03 received, 04 given to somebody, 05 being worked on,
    06 done; 15 and 16 answer a recall (accepted, refused). `note` is the reason of 02 and 16."""

    document: str
    state: str
    note: str = ""


@event
class IncomingFilesAdded:
    """A registered document got more files; its text is read anew."""

    document: str

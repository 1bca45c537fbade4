"""What outgoing documents tell: those above deliver, file and answer."""

from xaso.kit.events import event


@event
class NumberGiven:
    """A number and a day stand on record; they are to be written into the signed file."""

    document: str


@event
class DocumentIssued:
    """The document has left. `answers` is the reference of what it answers, or empty."""

    document: str
    answers: str


@event
class DocumentRecalled:
    """The document is taken back; whoever got it is to be told."""

    document: str
    reason: str

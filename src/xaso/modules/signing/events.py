from xaso.kit.events import event


@event
class SignatureAsked:
    """Somebody asked for a signature; the document is to be prepared and sent to whoever holds the key."""

    request: str


@event
class SignatureGiven:
    """The signed file lies with the same subject."""

    request: str
    subject: str
    file: str
    role: str


@event
class SignatureRefused:
    """No signature came. `state`: refused, timed_out, failed or cancelled; `why` is a sentence for people."""

    request: str
    subject: str
    role: str
    state: str
    why: str

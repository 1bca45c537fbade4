"""What files tell whoever listens."""

from xaso.kit.events import event


@event
class SignedFileStored:
    """A PDF that carries a signature belongs to its subject now. Nobody has judged the signature yet."""

    uuid: str

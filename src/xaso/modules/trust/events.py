"""What trust tells whoever listens."""

from xaso.kit.events import event


@event
class AnchorsChanged:
    """What is trusted changed: files that could not be judged are worth another look."""

    anchor: str

"""What became of messages, and what residents sent."""

from xaso.kit.events import event


@event
class SmsQueued:
    """One message wants to leave at once; of the many of a bulletin nobody is told."""

    uuid: str


@event
class SmsSettled:
    """A message sent one by one has its end: delivered, failed, expired or unknown."""

    uuid: str
    purpose: str
    state: str


@event
class SmsReceived:
    """A resident wrote something that is no keyword. `sender` is 84…; `at` is ISO 8601."""

    uuid: str
    sender: str
    text: str
    at: str

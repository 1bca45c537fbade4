from xaso.kit.events import event


@event
class MessageQueued:
    """A message waits for its channel's provider."""

    message_uuid: str
    channel: str

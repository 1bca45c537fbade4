from xaso.kit.events import event


@event
class MessageQueued:
    """A message waits for its channel's provider."""

    message_uuid: str
    channel: str


@event
class MessageShown:
    """A message stands in the inbox of a person."""

    message_uuid: str
    person_id: int

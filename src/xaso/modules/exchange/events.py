"""What waits for the axis."""

from xaso.kit.events import event


@event
class ParcelQueued:
    """A parcel waits to be sent. `parcel` is the uuid."""

    parcel: str


@event
class StatusQueued:
    """A state waits to be told to the sender of a parcel. `parcel` is the uuid."""

    parcel: str

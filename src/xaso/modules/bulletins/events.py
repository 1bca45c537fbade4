"""What bulletins announce. `uuid` is the bulletin's."""

from xaso.kit.events import event


@event
class BulletinApproved:
    """From now on every channel may begin, each on its own."""

    uuid: str


@event
class BulletinPublished:
    """Its time has come: residents may see it; what is not loudspeakers goes out."""

    uuid: str


@event
class BulletinCancelled:
    """What has not gone out must not, and what plays stops."""

    uuid: str
    reason: str


@event
class ChannelRetried:
    """A person tries one failed channel again."""

    uuid: str
    channel: str

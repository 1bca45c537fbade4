"""What zalo tells those above, and what it tells itself across a commit."""

from xaso.kit.events import event


@event
class ZaloQueued:
    """A message waits to be sent. `message` is the uuid."""

    message: str


@event
class ManyQueued:
    """Messages of an emergency wait to be sent: they are not left to the clock."""

    purpose: str


@event
class ZaloTold:
    """Zalo told something over the webhook; it is stored and waits to be understood. `notice` is the uuid."""

    notice: str


@event
class PictureWaits:
    """Somebody sent a picture; it is still at Zalo. `received` is the uuid."""

    received: str


@event
class ZaloReceived:
    """Somebody wrote to the official account. `picture` is the uuid of a stored file or empty, `at` is ISO 8601."""

    uuid: str
    user: str
    text: str
    picture: str
    at: str


@event
class ZaloFollowed:
    """Somebody follows the official account of this unit."""

    user: str
    unit_path: str


@event
class ZaloUnfollowed:
    """Somebody follows the official account of this unit no longer."""

    user: str
    unit_path: str


@event
class ZaloChainBroken:
    """No token can be had any more: a person must give consent again. `account` is the uuid."""

    account: str
    why: str

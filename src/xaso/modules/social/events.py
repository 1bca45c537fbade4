"""What social tells itself across a commit."""

from xaso.kit.events import event


@event
class PostWaits:
    """A post waits for a step at Facebook. `post` is the uuid."""

    post: str


@event
class FacebookTold:
    """Facebook told of a post of ours over the webhook."""

    post_id: str
    kind: str

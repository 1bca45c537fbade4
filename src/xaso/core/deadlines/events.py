"""What the clock announces to whoever handles the subject."""

from xaso.kit.events import event


@event
class DeadlineNear:
    """One working day is left until the promised date. `due` is an ISO moment."""

    subject: str
    due: str


@event
class DeadlinePassed:
    """The promised date has passed and the work is not done."""

    subject: str

"""What happens to speakers and to what they play."""

from xaso.kit.events import event


@event
class PlayEnded:
    """Every device's part in the play has been settled, or the play was stopped. `play` is its uuid."""

    play: str
    purpose: str
    was_stopped: bool


@event
class DeviceSilent:
    """A device was not heard for three beats. `device` is its uuid."""

    device: str


@event
class DeviceBack:
    """A silent device is heard again."""

    device: str


@event
class AlarmsOpened:
    """New alarms of one commune, by their uuids: one message for all of them, whatever fell at once."""

    unit_path: str
    alarms: list[str]

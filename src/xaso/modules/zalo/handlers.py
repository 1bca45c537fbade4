"""What happens when a message waits, when Zalo told something, when a picture is still there."""

from xaso.core.access import SYSTEM
from xaso.kit.events import on
from xaso.modules.zalo import queries
from xaso.modules.zalo.actions import hearing
from xaso.modules.zalo.carrying import deliver, fetch_picture, send_waiting
from xaso.modules.zalo.events import ManyQueued, PictureWaits, ZaloQueued, ZaloTold


@on(ZaloQueued, reaches_out=True)
def a_message_waits(fact: ZaloQueued) -> None:
    """Tried at once; what fails is tried again by the clock."""
    message = queries.message_with(fact.message)
    if message is not None:
        deliver(message)


@on(ManyQueued, reaches_out=True)
def an_emergency_waits(fact: ManyQueued) -> None:
    """What this turn leaves is taken up by the clock."""
    del fact
    send_waiting()


@on(ZaloTold)
def zalo_told_something(fact: ZaloTold) -> None:
    notice = queries.notice_with(fact.notice)
    if notice is not None:
        hearing.understand(SYSTEM, notice)


@on(PictureWaits, reaches_out=True)
def a_picture_waits(fact: PictureWaits) -> None:
    received = queries.received(fact.received)
    if received is not None:
        fetch_picture(received)

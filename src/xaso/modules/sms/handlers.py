"""The door to the gateway for single messages: they leave at once, not with the next round of the clock."""

from xaso.kit.events import on
from xaso.modules.sms import carrying, queries
from xaso.modules.sms.events import SmsQueued


@on(SmsQueued, reaches_out=True)
def a_message_was_queued(fact: SmsQueued) -> None:
    """Told again about a message that was taken up already, it does nothing."""
    message = queries.message_with(fact.uuid)
    if message is not None and message.state == "queued":
        carrying.carry(message)

"""Short messages through this installation's SMS gateway: into its queue, where each waits for its hour and receipt."""

from django.conf import settings

from xaso.core.access import SYSTEM
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.modules.notifications.providers import DeliveryFailed, Outgoing
from xaso.modules.sms import queries as sms
from xaso.modules.sms.actions import Words, hand_in, resend

PURPOSE = "notifications:"
AGAIN = "Gửi lại từ danh sách tin chưa gửi được"
GATEWAY_DOWN = "Tổng đài SMS không hoạt động: {said}"


class SmsProvider:
    """The reference names the message in the queue; its uuid is the key, so a message handed in twice is sent once."""

    def send(self, message: Outgoing) -> str:
        unit = Unit.objects.on(clock.today()).filter(path=message.unit_path).first() if message.unit_path else None
        words = Words(
            to=message.to,
            text=message.body,
            purpose=f"{PURPOSE}{message.uuid}",
            kind="code" if message.is_secret else "service",
            key=f"{PURPOSE}{message.uuid}",
            secret=message.is_secret,
        )
        try:
            queued = hand_in(SYSTEM, unit, words=words)
        except Refused as refusal:
            raise DeliveryFailed(refusal.message, again=False) from refusal
        if queued.state in ("failed", "expired", "unknown") and not message.is_secret:
            # A person asked for it: the queue itself never sends such a message again.
            resend(SYSTEM, queued, reason=AGAIN)
        return f"sms:{queued.uuid}"

    def check(self) -> str:
        wanted = settings.SMS.get("provider", "")
        for gateway in sms.gateways():
            if gateway.provider == wanted and gateway.state in ("down", "off"):
                return GATEWAY_DOWN.format(said=gateway.said or "chưa nối được.")
        return ""

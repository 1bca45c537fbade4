"""The door to the providers."""

import uuid as uuids
from itertools import chain

from django.conf import settings

from xaso.core.access import SYSTEM
from xaso.core.accounts.events import CodeRequested
from xaso.core.accounts.queries import code_of
from xaso.kit.events import on
from xaso.modules.notifications import actions, queries
from xaso.modules.notifications.definitions import text_named
from xaso.modules.notifications.events import MessageQueued
from xaso.modules.notifications.models import Message
from xaso.modules.notifications.providers import PROVIDERS, ChannelProvider, DeliveryFailed, Outgoing
from xaso.modules.notifications.providers.email import EmailProvider
from xaso.modules.notifications.providers.file import FileProvider
from xaso.modules.notifications.short_messages import PURPOSE, SmsProvider
from xaso.modules.sms.events import SmsSettled

PROVIDERS.add("file", FileProvider())
PROVIDERS.add("email", EmailProvider())
PROVIDERS.add("sms", SmsProvider())
ENDED = {
    "failed": "Nhà mạng không đưa được tin tới máy.",
    "expired": "Quá hạn trước khi gửi được.",
    "unknown": "Tổng đài không báo kết quả; tin có thể đã tới.",
}
HIDDEN_CODE = "••••••"


def provider_of(channel: str) -> ChannelProvider:
    """Who delivers a channel now: its provider when one is set up, else the file."""
    if channel == Message.Channel.EMAIL and settings.EMAIL_HOST:
        return PROVIDERS["email"]
    if channel == Message.Channel.SMS and settings.SMS.get("provider"):
        return PROVIDERS["sms"]
    return PROVIDERS["file"]


@on(MessageQueued, reaches_out=True)
def a_message_was_queued(fact: MessageQueued) -> None:
    """Send it and record the outcome. Told again about a message already sent, it does nothing."""
    message = queries.message_with(fact.message_uuid)
    if message is None or message.state in {Message.State.SENT, Message.State.READ}:
        return
    to = message.email if message.channel == Message.Channel.EMAIL else message.phone
    try:
        reference = provider_of(message.channel).send(
            Outgoing(str(message.uuid), message.channel, to, message.title, message.body, message.unit_path)
        )
    except DeliveryFailed as failure:
        actions.record_delivery(SYSTEM, message, error=str(failure))
        if failure.again:
            raise
        return
    actions.record_delivery(SYSTEM, message, provider_ref=reference)


@on(CodeRequested, reaches_out=True)
def a_code_was_requested(fact: CodeRequested) -> None:
    """Send a code while it lives, to the phone or the address. What is kept of the message has no code in it."""
    key = f"code:{fact.code_uuid}"
    code = code_of(fact.code_uuid)
    if code is None or queries.was_sent(key):
        return
    channel = Message.Channel.EMAIL if fact.email else Message.Channel.SMS
    text = text_named("accounts.email_code" if fact.email else "accounts.code")
    title, body = text.render(channel, {"code": code, "minutes": fact.minutes})
    hidden = text.render(channel, {"code": HIDDEN_CODE, "minutes": fact.minutes})[1]
    message = Message(
        uuid=uuids.UUID(fact.code_uuid),
        phone=fact.phone,
        email=fact.email,
        template=text.name,
        channel=channel,
        title=title,
        body=hidden,
        idempotency_key=key,
    )
    sent = Outgoing(fact.code_uuid, message.channel, fact.email or fact.phone, title, body, is_secret=True)
    message.provider_ref = provider_of(message.channel).send(sent)
    actions.record_code(SYSTEM, message)


@on(SmsSettled)
def a_short_message_ended(fact: SmsSettled) -> None:
    """What the gateway took and the operator then could not deliver stands among the failures."""
    if not fact.purpose.startswith(PURPOSE) or fact.state == "delivered":
        return
    message = queries.message_with(fact.purpose.removeprefix(PURPOSE))
    if message is not None:
        actions.record_bad_end(SYSTEM, message, error=ENDED[fact.state])


def check_providers() -> list[str]:
    """Sentences about providers that do not work, for the health page."""
    in_use = {id(one): one for one in map(provider_of, (Message.Channel.SMS, Message.Channel.EMAIL))}
    return list(chain(filter(None, (one.check() for one in in_use.values()))))

"""The rounds between our rows and Zalo: one message sent, one picture fetched, one account connected.

Never in a transaction. Each step asks first and then calls an action with the outcome. A template sent again after a
crash carries the same tracking id, under which Zalo takes it once; an answer has no such mark, so it is not repeated.
"""

from __future__ import annotations

import time
from datetime import timedelta
from functools import partial

from xaso.core.access import SYSTEM
from xaso.core.files.receiving import receive_bytes
from xaso.kit import clock
from xaso.modules.zalo import queries, rules, tokens
from xaso.modules.zalo.actions import hearing, sending
from xaso.modules.zalo.actions.sending import LOST_TRACK, NOT_CONNECTED, QUOTA_SPENT, Failure
from xaso.modules.zalo.definitions import zalo
from xaso.modules.zalo.models import Account, Message, Received
from xaso.modules.zalo.providers import NotSet, Ticket, ZaloFailed, is_development, openapi, pictures
from xaso.modules.zalo.rules import Sent

EXPIRED = (-216, -124)
TURN_SECONDS = 50.0
NOT_AT_NIGHT = "Zalo không nhận tin theo mẫu vào ban đêm."
PICTURE_PATIENCE = timedelta(minutes=10)
TOO_LATE = "Người này đã quá {hours} giờ chưa nhắn trang, Zalo không cho trả lời. Hãy gọi điện."


def send_waiting() -> int:
    """Messages whose next try has come, for most of a minute: then the next turn goes on, beside other jobs."""
    until, count = time.monotonic() + TURN_SECONDS, 0
    while waiting := queries.waiting(clock.now()):
        for message in waiting:
            deliver(message)
            count += 1
            if time.monotonic() > until:
                return count
    return count


def deliver(message: Message) -> None:
    """Send one message that waits. Of several workers one does it."""
    if message.state != Message.State.QUEUED:
        return
    if message.kind == Message.Kind.TEMPLATE and rules.is_night(clock.local(clock.now()), *zalo().night.span):
        _at_night(message)
        return
    tried_before = message.attempts > 0 and not message.error
    if not sending.begin_sending(SYSTEM, message):
        return
    if tried_before and message.kind == Message.Kind.TEXT:
        _fail(message, Failure(LOST_TRACK, rules.NO_RETRY))
        return
    _carry(message)


def _at_night(message: Message) -> None:
    """Zalo takes no template before the morning; an emergency does not wait for it."""
    if message.sms_kind == "emergency" and message.fallback_text:
        _fail(message, Failure(NOT_AT_NIGHT, rules.SMS))
    else:
        sending.wait_for_morning(SYSTEM, message)


def _carry(message: Message) -> None:
    account = queries.account_for(message.unit_path)
    if account is None or account.state == Account.State.DISCONNECTED:
        _fail(message, Failure(NOT_CONNECTED, rules.SMS))
        return
    if why := _known_refusal(account, message):
        _fail(message, why)
        return
    try:
        sent = _sent(account, message)
    except ZaloFailed as failure:
        _fail(message, _judged(message, failure))
    except NotSet as missing:
        _fail(message, Failure(str(missing), rules.RETRY))
    else:
        sending.record_sent(SYSTEM, message, sent=sent)


def _known_refusal(account: Account, message: Message) -> Failure | None:
    """What Zalo would say, known without asking."""
    if message.kind == Message.Kind.TEMPLATE:
        if queries.quota_spent(account):
            spent = zalo().fault(QUOTA_SPENT)
            return Failure(spent.meaning, spent.then, QUOTA_SPENT)
        return None
    follower = queries.follower(account, message.user)
    hours = zalo().answer_hours
    if rules.may_answer(follower.wrote_at if follower else None, clock.now(), hours):
        return None
    return Failure(TOO_LATE.format(hours=hours), rules.NO_RETRY)


def _sent(account: Account, message: Message) -> Sent:
    """Ask; when the token has run out on the way, refresh once and ask once more."""
    ask = partial(_asked, message)
    token = tokens.access_token(account)
    try:
        return ask(token)
    except ZaloFailed as failure:
        if failure.code not in EXPIRED:
            raise
        return ask(tokens.access_token(account, stale=token))


def _asked(message: Message, token: str) -> Sent:
    if message.kind == Message.Kind.TEXT:
        return openapi.send_text(token, message.user, message.text)
    assert message.template is not None  # noqa: S101 - a template message without one never leaves `queue_template`
    mode = message.mode or ("development" if is_development() else "")
    ticket = Ticket(message.phone, message.template.zalo_id, message.values, str(message.uuid), mode)
    return openapi.send_template(token, ticket)


def _judged(message: Message, failure: ZaloFailed) -> Failure:
    """By the table of errors where Zalo gave a code; by how the question ended where it did not."""
    if failure.code is not None:
        return Failure(str(failure), zalo().fault(failure.code).then, failure.code)
    if failure.unsure and message.kind == Message.Kind.TEXT:
        return Failure(LOST_TRACK, rules.NO_RETRY)
    return Failure(str(failure), rules.RETRY if failure.again else rules.SMS)


def _fail(message: Message, failure: Failure) -> None:
    sending.record_failure(SYSTEM, message, failure=failure)


def fetch_picture(received: Received) -> None:
    """Raises PictureLater for ten minutes: the outbox asks again. Then the words go on without it."""
    if received.picture_id or received.picture_error:
        return
    try:
        content, name = pictures.fetch(received.picture_url)
    except pictures.PictureRefused as refusal:
        hearing.keep_picture(SYSTEM, received, file=None, why=str(refusal))
    except pictures.PictureLater as later:
        if clock.machine_now() - received.at < PICTURE_PATIENCE:
            raise
        hearing.keep_picture(SYSTEM, received, file=None, why=str(later))
    else:
        hearing.keep_picture(SYSTEM, received, file=receive_bytes(content, name=name))

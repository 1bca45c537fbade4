"""Carries what is due to the push services, in portions, outside any transaction."""

from datetime import timedelta
from typing import Any

from xaso.core.access import SYSTEM
from xaso.kit import clock
from xaso.kit.sure import sure
from xaso.modules.push.actions.notices import claim, settle
from xaso.modules.push.models import Push
from xaso.modules.push.providers import engine

PORTION = 200
AT_MOST = timedelta(seconds=45)


def send_due(at_most: timedelta = AT_MOST) -> int:
    """Until nothing is due or the time is up; the next round goes on. Returns how many were asked about."""
    until, sent = clock.now() + at_most, 0
    while clock.now() < until and (held := claim(PORTION)):
        post = engine()
        answers = post.send([_outgoing(post, one) for one in held if one.device is not None])
        nobody = [post.Answered(one.pk, 410) for one in held if one.device is None]
        settle(SYSTEM, None, answers=[*answers, *nobody])
        sent += len(held)
    return sent


def _outgoing(post: Any, push: Push) -> Any:
    device, notice = sure(push.device), push.notice
    return post.Outgoing(
        push.pk, device.endpoint, device.p256dh, device.auth, notice.text, notice.url, notice.uuid.hex, notice.is_urgent
    )

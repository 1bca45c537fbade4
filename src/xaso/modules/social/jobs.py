"""Rounds by the clock."""

import logging
from datetime import timedelta

from xaso.core.access import SYSTEM
from xaso.kit import clock
from xaso.modules.social import queries
from xaso.modules.social.actions import telling
from xaso.modules.social.carrying import carry, look_at
from xaso.modules.social.configured import NotSet
from xaso.modules.social.providers import FacebookFailed

log = logging.getLogger(__name__)
KEEP_NOTICES = timedelta(days=30)


def carry_waiting() -> int:
    """Posts whose next try has come."""
    waiting = queries.waiting(clock.now())
    for post in waiting:
        carry(post)
    return len(waiting)


def look_at_scheduled() -> int:
    """Scheduled posts whose hour has come. Facebook out of reach is asked again at the next turn."""
    looked = 0
    for post in queries.due_at_facebook(clock.machine_now()):
        try:
            look_at(post)
            looked += 1
        except (FacebookFailed, NotSet) as failure:
            log.warning("post %s: %s", post.uuid, failure)
    return looked


def forget_notices() -> int:
    """Notices are kept only to know a repetition."""
    return telling.forget_notices(SYSTEM, before=clock.now() - KEEP_NOTICES)

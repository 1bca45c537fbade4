"""Rounds by the clock."""

import logging
from datetime import timedelta

from xaso.core.access import SYSTEM
from xaso.kit import clock
from xaso.modules.zalo import queries, tokens
from xaso.modules.zalo.actions import hearing
from xaso.modules.zalo.providers import ZaloFailed

log = logging.getLogger(__name__)
KEEP_NOTICES = timedelta(days=30)


def refresh_soon() -> int:
    """Every account whose access token ends in the next hours. What goes wrong stands in the account's row."""
    well = 0
    for account in queries.to_refresh(clock.machine_now()):
        try:
            tokens.refresh(account)
            well += 1
        except ZaloFailed as failure:
            log.warning("zalo account %s: %s", account.uuid, failure)
    return well


def forget_notices() -> int:
    """Notices are kept only to know a repetition."""
    return hearing.forget_notices(SYSTEM, before=clock.now() - KEEP_NOTICES)

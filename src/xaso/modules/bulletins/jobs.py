"""Work by the clock: what is due begins, what runs is looked at, relays nobody ordered play at the wanted hour."""

from __future__ import annotations

from xaso.core.access import SYSTEM
from xaso.kit.errors import Refused
from xaso.modules.bulletins.actions import reaching, relaying, sending
from xaso.modules.bulletins.queries import listing


def begin_due() -> int:
    found = listing.due()
    for bulletin in found:
        sending.begin(SYSTEM, bulletin)
    return len(found)


def look_at_running() -> int:
    found = listing.running()
    for bulletin in found:
        reaching.look(SYSTEM, bulletin)
    return len(found)


def count_missed() -> int:
    """For what went out in the last days: receipts come late, and the list of names follows them."""
    return sum(reaching.count_if_changed(SYSTEM, bulletin) for bulletin in listing.to_count())


def order_due_relays() -> int:
    found = listing.relays_due()
    for relay in found:
        try:
            relaying.order_relay(SYSTEM, relay)
        except Refused as refusal:
            relaying.fail_relay(SYSTEM, relay, why=refusal.message)
    return len(found)


def call_stale() -> int:
    """A channel that never began long after its hour is a fault that somebody must see."""
    found = listing.never_begun()
    for one in found:
        sending.record_failure(SYSTEM, one.bulletin, channel=one.channel, why=listing.NEVER_BEGAN)
    return len(found)

"""Rounds by the clock."""

from xaso.kit import clock
from xaso.modules.exchange import queries
from xaso.modules.exchange.carrying import ask_axis, ask_mailbox, deliver, learn_register, tell_waiting
from xaso.modules.exchange.providers.accounts import accounts, axis_with
from xaso.modules.exchange.providers.mailbox import mailbox


def ask_every_axis() -> int:
    """Every account of ours whose unit exists. Returns how many went without a fault."""
    well = 0
    for settings in accounts():
        unit = queries.unit_of(settings.organ_code)
        if unit is not None:
            well += not ask_axis(axis_with(settings), settings.organ_code, unit)
    return well


def sync_register() -> int:
    """The organisations of every axis of ours, once a night. Returns how many are new."""
    added = 0
    for settings in accounts():
        unit = queries.unit_of(settings.organ_code)
        if unit is not None:
            added += learn_register(axis_with(settings), unit)
    return added


def send_waiting() -> int:
    """Parcels and states whose next try has come."""
    now = clock.now()
    parcels, told = queries.waiting_parcels(now), queries.parcels_with_waiting_statuses(now)
    for parcel in parcels:
        deliver(parcel)
    for parcel in told:
        tell_waiting(parcel)
    return len(parcels) + len(told)


def read_mailbox() -> str:
    """Returns what went wrong, or nothing."""
    box = mailbox()
    unit = queries.unit_coded(box.unit_code) if box else None
    return ask_mailbox(box, unit) if box and unit else ""

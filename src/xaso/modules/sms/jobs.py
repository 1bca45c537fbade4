"""By the clock: what the file takes, tidying, asking the gateway how it does. A real gateway has its own process."""

from xaso.core.access import SYSTEM
from xaso.modules.sms import actions, carrying, queries


def send_waiting() -> int:
    return 0 if carrying.has_a_gateway() else carrying.carry()


def tidy() -> None:
    if queries.needs_tidying():
        actions.tidy_up(SYSTEM, None, lives_by_process=carrying.holds_a_connection())


def forget() -> int:
    return actions.forget_early(SYSTEM, None)


def ask_gateway() -> str:
    return carrying.ask_how_it_does()

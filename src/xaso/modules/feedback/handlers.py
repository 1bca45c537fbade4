"""What reports do after an event: a message is heard, a deadline nears or has passed."""

from uuid import UUID

from xaso.core.access import SYSTEM
from xaso.core.deadlines.events import DeadlineNear, DeadlinePassed
from xaso.core.files.actions import Received
from xaso.core.files.queries import file
from xaso.kit.errors import Missing, Refused
from xaso.kit.events import on
from xaso.modules.feedback.actions.closing import note_late, warn
from xaso.modules.feedback.actions.hearing import Heard, hear
from xaso.modules.feedback.models import Report
from xaso.modules.feedback.photos import receive_stored
from xaso.modules.feedback.queries.reports import of_clock
from xaso.modules.sms.events import SmsReceived
from xaso.modules.zalo.events import ZaloReceived
from xaso.modules.zalo.queries import received


@on(SmsReceived)
def an_sms_came(fact: SmsReceived) -> None:
    hear(SYSTEM, None, heard=Heard("sms", f"sms:{fact.uuid}", fact.text, sender=fact.sender))


@on(ZaloReceived)
def a_zalo_message_came(fact: ZaloReceived) -> None:
    known = received(fact.uuid)
    unit = known.account.unit if known else None
    heard = Heard("zalo", f"zalo:{fact.uuid}", fact.text, user=fact.user, unit=unit, photos=_photos(fact.picture))
    hear(SYSTEM, None, heard=heard)


def _photos(picture: str) -> tuple[Received, ...]:
    """Made anew like any other; a picture that cannot be is left out, the words still count."""
    if not picture:
        return ()
    try:
        return (receive_stored(file(UUID(picture))),)
    except (Missing, Refused):
        return ()


def _running(subject: str) -> Report | None:
    """The report of that clock while it still is the clock of its present round."""
    report = of_clock(subject)
    return report if report is not None and report.is_open else None


@on(DeadlineNear)
def a_deadline_is_near(fact: DeadlineNear) -> None:
    if report := _running(fact.subject):
        warn(SYSTEM, report)


@on(DeadlinePassed)
def a_deadline_has_passed(fact: DeadlinePassed) -> None:
    if report := _running(fact.subject):
        note_late(SYSTEM, report)

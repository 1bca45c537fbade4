"""Work by the clock: ask again, give up, warn before certificates end."""

from datetime import timedelta

from xaso.core.access import SYSTEM
from xaso.core.accounts.models import Person
from xaso.core.accounts.queries import officers_of
from xaso.kit import clock
from xaso.modules.signing import actions, performing, rules
from xaso.modules.signing import queries as signing
from xaso.modules.signing.models import Certificate

ADMIN = "unit_admin"


def ask_again() -> int:
    return performing.ask_again()


def give_up() -> int:
    return performing.give_up()


def warn_of_ends() -> int:
    """Holder and administrator hear at 60, 30 and 7 days; a late start tells only the nearest of them."""
    now = clock.now()
    told = 0
    admins: dict[str, list[Person]] = {}
    for certificate in signing.near_their_end(now, now + timedelta(days=max(rules.ALARM_DAYS) + 1)):
        left = (certificate.valid_to - now).days
        days = rules.alarm_for(left)
        if days is None or (certificate.alarmed_days is not None and certificate.alarmed_days <= days):
            continue
        if certificate.unit_path not in admins:
            admins[certificate.unit_path] = [post.account.person for post in officers_of(certificate.unit_path, ADMIN)]
        people = _told(certificate, admins[certificate.unit_path])
        link = certificate.get_absolute_url()
        told += actions.alarm(SYSTEM, certificate, days=days, left=left, people=people, link=link)
    return told


def _told(certificate: Certificate, admins: list[Person]) -> list[Person]:
    holder = [certificate.account.person] if certificate.account else []
    return list({person.pk: person for person in [*holder, *admins]}.values())

"""Notices go out; a bulletin that came out is told to the devices of its places."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from typing import Any

from xaso.core.access import SYSTEM
from xaso.core.units.models import Unit
from xaso.kit.events import on
from xaso.modules.audiences import queries as audiences
from xaso.modules.bulletins.events import BulletinCancelled, BulletinPublished
from xaso.modules.bulletins.queries import listing as bulletins
from xaso.modules.notifications.events import MessageShown
from xaso.modules.push import queries
from xaso.modules.push.actions.notices import call_off, queue_many, tell_person
from xaso.modules.push.events import NoticeQueued
from xaso.modules.push.sending import send_due

AT_FIRST = timedelta(seconds=20)
PORTION = 2_000
INBOX = "inbox"


@on(NoticeQueued, reaches_out=True)
def a_notice_waits(fact: NoticeQueued) -> None:
    """The first at once; a province's many are carried on by the clock. Told again, it finds nothing due."""
    del fact
    send_due(AT_FIRST)


@on(MessageShown)
def a_letter_came(fact: MessageShown) -> None:
    """To one person: told on the devices that person switched notices on, if there are any."""
    if queries.has_devices_of(fact.person_id):
        tell_person(SYSTEM, None, person_id=fact.person_id, purpose=f"notifications.Message:{fact.message_uuid}")


@on(BulletinPublished, reaches_out=True)
def a_bulletin_is_out(fact: BulletinPublished) -> None:
    """Slow for a province, so without one large transaction: each portion is an action of its own, once a device."""
    bulletin = bulletins.bulletin(fact.uuid)
    if INBOX not in bulletin.channels or not queries.has_devices():
        return
    people = audiences.recipients(bulletin.unit_paths, bulletin.topic, "push", emergency=bulletin.is_emergency)
    for portion in _portions(people):
        queue_many(
            SYSTEM, bulletin.unit, portion, text=words(bulletin.unit, is_urgent=bulletin.is_emergency),
            purpose=bulletin.ref, topic=bulletin.topic, is_urgent=bulletin.is_emergency,
        )  # fmt: skip


def words(unit: Unit, *, is_urgent: bool) -> str:
    name = f"{unit.get_kind_display()} {unit.name}"
    return f"Tin khẩn của {name}. Hãy mở xem ngay." if is_urgent else f"Bạn có tin mới của {name}."


def _portions(people: Iterable[Any]) -> Iterator[list[Any]]:
    left = iter(people)
    while portion := list(islice(left, PORTION)):
        yield portion


@on(BulletinCancelled)
def a_bulletin_was_called_off(fact: BulletinCancelled) -> None:
    call_off(SYSTEM, None, purpose=bulletins.bulletin(fact.uuid).ref)

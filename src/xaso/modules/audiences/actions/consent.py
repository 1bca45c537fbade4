"""What people said about being told: yes, no, how and with which evidence. Rows are added, never rewritten."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import tidy
from xaso.modules.audiences import rules
from xaso.modules.audiences.definitions import topic_named, topics
from xaso.modules.audiences.models import Consent, Contact
from xaso.modules.audiences.queries import standing

ALWAYS = "Tin khẩn cấp luôn được gửi, không từ chối được."


@action("audiences.withdraw_consent", "Ghi từ chối nhận tin")
def withdraw_consent(
    by: Actor, contact: Contact, /, *, topic: str, channel: str, how: str, evidence: str, said_on: date | None = None
) -> Consent:
    """No to a topic through a channel; an empty topic or channel means all of them."""
    return _say(by, contact, contact.phone, (topic, channel, False), (how, evidence, said_on))


@action("audiences.give_consent", "Ghi đồng ý nhận tin")
def give_consent(
    by: Actor, contact: Contact, /, *, topic: str, channel: str, how: str, evidence: str, said_on: date | None = None
) -> Consent:
    """Yes to a topic through a channel; an empty topic or channel means all of them."""
    return _say(by, contact, contact.phone, (topic, channel, True), (how, evidence, said_on))


@action("audiences.hear_number", "Ghi ý muốn của một số điện thoại")
def hear_number(
    by: Actor, contact: Contact | None, /, *, phone: str, topic: str, given: bool, evidence: str
) -> Consent:
    """A number said yes or no by SMS. It need not stand in the book: its refusal counts from now on, also later."""
    return _say(by, contact, rules.phone_of(phone), (topic, "sms", given), ("sms", evidence, None))


@action("audiences.choose", "Chọn tin muốn nhận")
def choose(by: Actor, contact: Contact, /, *, wanted: Iterable[str]) -> int:
    """What a resident ticked on the own page, as `topic:channel`. Only what changes is put on record."""
    ticked = set(wanted)
    changed = 0
    for topic, channel, now_on in standing(contact):
        wants = f"{topic}:{channel}" in ticked
        if wants != now_on and not topics()[topic].emergency_exempt:
            _say(
                by,
                contact,
                contact.phone,
                (topic, channel, wants),
                ("portal", f"Trang Nhận tin của xã, {by.name}", None),
            )
            changed += 1
    note(changed=changed)
    return changed


def _say(
    by: Actor,
    contact: Contact | None,
    phone: str,
    what: tuple[str, str, bool],
    proof: tuple[str, str, date | None],
) -> Consent:
    (topic, channel, given), (how, evidence, said_on) = what, proof
    today = clock.today()
    rules.check_said(how, evidence, said_on or today, today)
    if topic and topic_named(topic).emergency_exempt and not given:
        raise Refused(ALWAYS)
    if channel and channel not in rules.CHANNELS:
        raise Refused(f"Không có kênh “{channel}”.")
    return Consent.objects.create(
        contact=contact,
        unit_path=contact.unit_path if contact else "",
        phone=phone,
        topic=topic,
        channel=channel,
        given=given,
        how=how,
        evidence=tidy(evidence)[:300],
        said_on=said_on or today,
        at=clock.now(),
        by_name=by.name[:120],
        by_account_id=by.account_id,
    )

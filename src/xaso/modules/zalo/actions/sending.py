"""Messages on their way out. Nothing here talks to Zalo: whoever does records the outcome here.

`queue_template` and `queue_text` are called inside another module's action, as `notify` is: one row, sent after the
commit. What cannot be sent by Zalo, and has words for it, goes on by SMS.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.core.outbox.actions import announce
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Refused
from xaso.kit.fold import plain, tidy
from xaso.modules.audiences import queries as audiences
from xaso.modules.sms import actions as sms
from xaso.modules.zalo import queries, rules
from xaso.modules.zalo.definitions import zalo
from xaso.modules.zalo.events import ZaloQueued
from xaso.modules.zalo.models import Account, Message, Template
from xaso.modules.zalo.rules import Sent

State, Kind = Message.State, Message.Kind
LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 8

NOT_CONNECTED = "Đơn vị chưa nối trang Zalo OA nào. Hãy nối ở trang Zalo, rồi gửi lại."
NO_TEMPLATE = "Chưa có mẫu ZNS “{code}” dùng được. Hãy đăng ký mẫu ở trang Zalo, mục Mẫu tin."
NOT_APPROVED = "Mẫu “{title}” chưa được Zalo duyệt. Hãy chờ duyệt hoặc chọn mẫu khác."
TOO_OFTEN = "Đã thử {count} lần mà chưa gửi được. Lần cuối: {why}"
LOST_TRACK = "Không rõ Zalo đã nhận tin trả lời này chưa nên không gửi lại, để người dân không nhận hai lần."
NOT_FAILED = "Tin này không ở trạng thái chưa gửi được. Hãy tải lại danh sách."
EMPTY = "Tin trả lời còn trống. Hãy viết nội dung."


@dataclass(frozen=True, slots=True)
class Failure:
    """Why it did not go. `code` is Zalo's, None when Zalo was not asked or did not answer."""

    why: str
    then: str
    code: int | None = None


def queue_template(
    by: Actor, unit: Unit, /, *, to: str, template: str, values: Mapping[str, object], purpose: str, key: str,
    fallback_text: str = "", mode: str = "",
) -> Message:  # fmt: skip
    """A template (by our code) to a phone number. The same key twice: the first. Inside an action.

    What is wrong with it is known at once: the row then says why, or the words go by SMS.
    """
    if known := Message.objects.filter(key=key[:160]).first():
        return known
    found = queries.template_named(unit, template)
    phone, bad_phone = _phone(to)
    made = Message(
        unit=unit, unit_path=unit.path, kind=Kind.TEMPLATE, key=key[:160], purpose=purpose[:80],
        phone=phone, template=found, fallback_text=plain(fallback_text).strip(), mode=mode,
        values={name: tidy(str(value)) for name, value in values.items()}, price=found.price if found else None,
        created_at=clock.now(), retry_at=clock.now(),
    )  # fmt: skip
    if bad_phone:
        made.state, made.error = State.FAILED, bad_phone
        made.save(force_insert=True)
        return made
    return _queued(by, made, fault_of(unit, found, template, made.values))


def call_off(by: Actor, unit: Unit, /, *, purpose: str, reason: str) -> int:
    """What of a purpose has not left yet does not leave any more, inside the caller's action. How many that were."""
    del by, unit
    waiting = Message.objects.filter(purpose=purpose[:80], state=Message.State.QUEUED)
    return waiting.update(state=Message.State.FAILED, error=reason[:500], retry_at=None)


def _phone(typed: str) -> tuple[str, str]:
    """(84…, nothing), or (nothing, why): one bad number of a list must not undo what was done for the others."""
    try:
        return audiences.phone_of(typed), ""
    except Refused as refusal:
        return "", refusal.message


def fault_of(unit: Unit, found: Template | None, code: str, values: dict[str, str]) -> str:
    if not queries.is_connected(unit):
        return NOT_CONNECTED
    if found is None:
        return NO_TEMPLATE.format(code=code)
    if found.state != Template.State.APPROVED:
        return NOT_APPROVED.format(title=found.title)
    return " ".join(rules.faults_of(found.params, values))


def queue_text(by: Actor, unit: Unit, /, *, user: str, text: str, purpose: str, key: str) -> Message:
    """An answer to somebody who wrote or followed lately. Inside an action."""
    if known := Message.objects.filter(key=key[:160]).first():
        return known
    text = plain(text).strip()[: rules.LONGEST_TEXT]
    if not text:
        raise Refused(EMPTY)
    made = Message(
        unit=unit, unit_path=unit.path, kind=Kind.TEXT, key=key[:160], purpose=purpose[:80], user=user[:40], text=text,
        created_at=clock.now(), retry_at=clock.now(),
    )  # fmt: skip
    return _queued(by, made, "" if queries.is_connected(unit) else NOT_CONNECTED)


def _queued(by: Actor, made: Message, fault: str) -> Message:
    made.save(force_insert=True)
    if fault:
        _settle(by, made, Failure(fault, rules.SMS))
    else:
        announce(ZaloQueued(message=str(made.uuid)))
    return made


@action("zalo.try_template", "Gửi thử một mẫu ZNS")
def try_template(by: Actor, template: Template, /, *, filled: Mapping[str, Any], key: str) -> Message:
    """To one number, in the development mode of Zalo: it reaches only administrators of the app or the account.

    `filled`: {"to", "values"}; kept out of the audit chain, which could never forget a number.
    """
    if wrong := rules.faults_of(template.params, filled["values"]):
        raise Refused(" ".join(wrong))
    return queue_template(
        by, template.unit, to=filled["to"], template=template.code, values=filled["values"],
        purpose=f"zalo.Template:{template.pk}", key=key, mode="development",
    )  # fmt: skip


@action("zalo.begin_sending", "Bắt đầu gửi tin Zalo")
def begin_sending(by: Actor, message: Message, /) -> bool:
    """True for the one worker that may send it now. If that worker dies, another may after the lease."""
    now = clock.now()
    seen = {"pk": message.pk, "state": State.QUEUED, "attempts": message.attempts, "retry_at__lte": now}
    won = Message.objects.filter(**seen).update(attempts=message.attempts + 1, retry_at=now + LEASE)
    message.refresh_from_db()
    return bool(won)


@action("zalo.record_sent", "Ghi tin Zalo đã gửi")
def record_sent(by: Actor, message: Message, /, *, sent: Sent) -> Message:
    """Zalo has it. A report that was faster than its answer stays."""
    rows = Message.objects.filter(pk=message.pk)
    rows.update(msg_id=sent.msg_id, error="", code=None)
    if rows.filter(state__in=rules.before("sent")).update(state=State.SENT, sent_at=clock.now()):
        note(msg_id=sent.msg_id)
    account = queries.account_for(message.unit_path)
    if account is not None and sent.left is not None:
        Account.objects.filter(pk=account.pk).update(
            quota_on=clock.today(), quota_daily=sent.daily, quota_left=sent.left
        )
    message.refresh_from_db()
    return message


@action("zalo.record_failure", "Ghi tin Zalo chưa gửi được")
def record_failure(by: Actor, message: Message, /, *, failure: Failure) -> Message:
    """By the table of errors: tried again later, given up, or handed on to SMS."""
    message.refresh_from_db()
    if message.state != State.QUEUED:
        return message
    if failure.code == QUOTA_SPENT:
        _note_quota(message)
    if failure.then == rules.RETRY:
        if message.attempts < MOST_ATTEMPTS:
            return _postpone(message, failure)
        failure = Failure(TOO_OFTEN.format(count=message.attempts, why=failure.why), rules.SMS, failure.code)
    _settle(by, message, failure)
    return message


QUOTA_SPENT = -144
NIGHT = -133


def _note_quota(message: Message) -> None:
    account = queries.account_for(message.unit_path)
    if account is not None:
        Account.objects.filter(pk=account.pk).update(quota_on=clock.today(), quota_left=0)


def _postpone(message: Message, failure: Failure) -> Message:
    retry_at = clock.now() + rules.wait_after(message.attempts)
    if failure.code == NIGHT:
        retry_at = rules.morning(clock.local(clock.now()), zalo().night.span[1])
    message.retry_at, message.error, message.code = retry_at, failure.why[:500], failure.code
    message.save(update_fields=["retry_at", "error", "code"])
    return message


@action("zalo.wait_for_morning", "Hoãn tin ZNS đến sáng")
def wait_for_morning(by: Actor, message: Message, /) -> Message:
    """Not an attempt: Zalo is not asked at night."""
    at = rules.morning(clock.local(clock.now()), zalo().night.span[1])
    Message.objects.filter(pk=message.pk, state=State.QUEUED).update(retry_at=at)
    message.refresh_from_db()
    return message


def takers(phones: Sequence[str], topic: str, sms_kind: str) -> set[str]:
    """Those of the numbers to which the words may go by SMS instead: who follows on Zalo may have refused SMS."""
    if not topic:
        return set(phones)
    return audiences.who_takes(phones, topic, "sms", emergency=sms_kind == "emergency")


def _settle(by: Actor, message: Message, failure: Failure) -> None:
    """It will not go by Zalo. With words for it, and where the table allows, they go by SMS under a key of this row."""
    message.error, message.code, message.state = failure.why[:500], failure.code, State.FAILED
    is_for_sms = failure.then == rules.SMS and message.fallback_text and message.phone
    if is_for_sms and takers([message.phone], message.topic, message.sms_kind):
        try:
            handed = sms.queue(
                by, message.unit, to=message.phone, text=message.fallback_text, purpose=message.purpose,
                kind=message.sms_kind, topic=message.topic, key=f"zalo:{message.uuid}",
            )  # fmt: skip
        except Refused as refusal:
            message.error = f"{failure.why} {refusal.message}"[:500]
        else:
            message.state, message.sms_uuid = State.FELL_BACK, handed.uuid
    message.save(update_fields=["error", "code", "state", "sms_uuid"])


@action("zalo.record_report", "Ghi tin Zalo đã đến, đã xem")
def record_report(by: Actor, message: Message, /, *, state: str) -> bool:
    """Reports come twice and in any order; each moves a message forward or not at all."""
    now = clock.now()
    values: dict[str, Any] = {"state": state, f"{state}_at": now}
    moved = Message.objects.filter(pk=message.pk, state__in=rules.before(state)).update(**values)
    if moved and state == State.SEEN:
        Message.objects.filter(pk=message.pk, delivered_at=None).update(delivered_at=now)
    return bool(moved)


@action("zalo.retry", "Gửi lại tin Zalo")
def retry(by: Actor, message: Message, /) -> Message:
    """After a person mended the cause. What went by SMS stays there."""
    fault = fault_of(message.unit, message.template, "", message.values) if message.kind == Kind.TEMPLATE else ""
    if fault:
        raise Refused(fault)
    values: dict[str, Any] = {"state": State.QUEUED, "error": "", "code": None, "attempts": 0, "retry_at": clock.now()}
    if not Message.objects.filter(pk=message.pk, state=State.FAILED).update(**values):
        raise Refused(NOT_FAILED)
    message.refresh_from_db()
    announce(ZaloQueued(message=str(message.uuid)))
    return message

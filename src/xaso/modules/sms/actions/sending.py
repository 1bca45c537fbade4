"""What a sender does with the queue: takes messages, says what the gateway answered. A message is taken once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import F, Q

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.core.outbox.actions import announce
from xaso.kit import clock
from xaso.kit.among import Among
from xaso.kit.errors import Refused
from xaso.kit.rows import insert
from xaso.kit.sure import sure
from xaso.modules.audiences.actions import mark_phone
from xaso.modules.audiences.queries import contact_by_phone
from xaso.modules.sms import definitions
from xaso.modules.sms.actions.settling import match_early, one_at_a_time, settle_doubts
from xaso.modules.sms.events import SmsQueued, SmsSettled
from xaso.modules.sms.models import Part, Sms
from xaso.modules.sms.queries import SILENT_AFTER, STALE_AFTER
from xaso.modules.sms.rules import pacing
from xaso.modules.sms.rules.answers import Answer

State = Sms.State
LOOKS = 10
MOST_ATTEMPTS = 6
WITH_RECEIPTS = ("smpp", "kannel")
UNSURE = (
    "Tiến trình gửi dừng giữa chừng: tổng đài có thể đã nhận tin này. Hãy đợi báo nhận, hoặc tự quyết định gửi lại."
)
TOO_LATE = "Quá hạn trước khi gửi được."
NO_RECEIPT = "Tổng đài nhận tin nhưng không báo kết quả trong 72 giờ."


class Leaving(NamedTuple):
    """What a sender needs to know of a message. Thousands a second: a whole model costs three times as much to read."""

    pk: int
    uuid: UUID
    phone: str
    text: str
    sealed: str
    encoding: str
    kind: str
    expires_at: datetime


@action("sms.claim", "Lấy tin để gửi")
def claim(by: Actor, only: Sms | None, /, *, provider: str, mark: str, limit: int) -> list[Leaving]:
    """Up to `limit` messages that may leave now, most urgent first; they are `sending` from here on."""
    del by
    now = clock.now()
    waiting = Sms.objects.filter(state=State.QUEUED, due_at__lte=now)
    waiting = waiting.filter(pk=only.pk) if only else waiting.order_by("priority", "id")
    found: list[Leaving] = []
    for _ in range(LOOKS):
        rows = [Leaving(*row) for row in waiting.values_list(*Leaving._fields)[:limit]]
        found = _allowed(rows, now)
        if found or not rows:
            break
    keys = [one.pk for one in found]
    taken = Sms.objects.filter(Among("pk", keys), state=State.QUEUED).update(
        state=State.SENDING, claim=mark, claimed_at=now, provider=provider, attempts=F("attempts") + 1
    )
    if taken < len(keys):
        mine = set(Sms.objects.filter(Among("pk", keys), claim=mark, state=State.SENDING).values_list("pk", flat=True))
        found = [one for one in found if one.pk in mine]
    note(count=len(found))
    return found


def _allowed(rows: list[Leaving], now: datetime) -> list[Leaving]:
    """Those that may leave now. The others get the moment at which they may, or are too late."""
    kinds = definitions.kinds()
    late = [one for one in rows if one.expires_at <= now]
    if late:
        _expire(Q(pk__in=[one.pk for one in late]), now)
    rows = [one for one in rows if one.expires_at > now]
    sent = _sent_lately([one.phone for one in rows if kinds[one.kind].per_day], now)
    local, allowed = clock.local(now), []
    for one in rows:
        kind = kinds[one.kind]
        free = max(pacing.opens_at(local, kind.window), pacing.room_at(now, sent[one.phone], kind.per_day))
        if free > now:
            Sms.objects.filter(pk=one.pk, state=State.QUEUED).update(due_at=free)
            continue
        if kind.per_day:
            sent[one.phone].append(now)
        allowed.append(one)
    return allowed


def _sent_lately(phones: list[str], now: datetime) -> defaultdict[str, list[datetime]]:
    """Moments at which limited kinds left for these numbers."""
    found: defaultdict[str, list[datetime]] = defaultdict(list)
    if not phones:
        return found
    limited = [code for code, kind in definitions.kinds().items() if kind.per_day]
    rows = Sms.objects.filter(phone__in=set(phones), kind__in=limited, handed_at__gt=now - pacing.DAY)
    for phone, at in rows.values_list("phone", "handed_at"):
        found[phone].append(sure(at))
    return found


@action("sms.record_answers", "Ghi trả lời của tổng đài")
def record_answers(by: Actor, only: Sms | None, /, *, mark: str, answers: Sequence[Answer]) -> None:
    """Hand-overs, refusals and doubts of one portion. Receipts that came before their answer are counted now."""
    del only
    now = clock.now()
    held = Sms.objects.filter(Among("pk", [one.key for one in answers]), claim=mark, state=State.SENDING)
    providers = dict(held.values_list("pk", "provider"))
    ours = [one for one in answers if one.key in providers]
    taken = [one.key for one in ours if one.ids and not one.unsure]
    others = {one.key: one for one in ours if one.unsure or not one.ids}
    for sms in Sms.objects.filter(pk__in=others) if others else ():
        _not_taken(by, others[sms.pk], sms, now)
    if taken:
        Sms.objects.filter(Among("pk", taken)).update(state=State.HANDED, handed_at=now, sealed="", error="", claim="")
    _keep_ids([one for one in ours if one.ids], providers)
    if any(one.unsure for one in answers):
        settle_doubts()
    note(**Counter("unsure" if one.unsure else "taken" if one.ids else "refused" for one in answers))


def _keep_ids(named: list[Answer], providers: dict[int, str]) -> None:
    parts = [
        Part(sms_id=one.key, number=number, provider=providers[one.key], gateway_id=ref[:64])
        for one in named
        for number, ref in enumerate(one.ids, start=1)
    ]
    if not parts:
        return
    one_at_a_time()
    insert(parts)
    match_early({part.gateway_id for part in parts}, parts[0].provider)


def _not_taken(by: Actor, answer: Answer, sms: Sms, now: datetime) -> None:
    error = answer.error[:300]
    mine = Sms.objects.filter(pk=sms.pk, state=State.SENDING)
    if answer.unsure:
        mine.update(state=State.UNKNOWN, error=error or UNSURE, handed_at=now, claim="", sealed="")
    elif answer.again is not None and sms.attempts < MOST_ATTEMPTS:
        mine.update(state=State.QUEUED, error=error, due_at=now + timedelta(seconds=answer.again), claim="")
    else:
        mine.update(state=State.FAILED, error=error, settled_at=now, claim="", sealed="")
        _tell(sms, State.FAILED)
        contact = contact_by_phone(sms.phone) if answer.bad_number else None
        if contact is not None:
            mark_phone(by, contact, fault=error)


def _tell(sms: Sms, state: str) -> None:
    if sms.is_told:
        announce(SmsSettled(str(sms.uuid), sms.purpose, state))


@action("sms.give_back", "Trả tin chưa gửi về hàng")
def give_back(by: Actor, only: Sms | None, /, *, mark: str, keys: list[int]) -> int:
    """Messages that were taken but surely never spoken of to the gateway, such as when the link broke before."""
    del by, only
    return Sms.objects.filter(Among("pk", keys), claim=mark, state=State.SENDING).update(
        state=State.QUEUED, claim="", attempts=F("attempts") - 1
    )


@action("sms.doubt", "Ghi tin chưa rõ đã gửi hay chưa")
def doubt(by: Actor, only: Sms | None, /, *, provider: str) -> int:
    """Whatever an earlier process of this provider held when it died. It is not sent again by itself: it may have
    arrived. Called by a process before it takes anything, when no other can be holding messages."""
    del by, only
    now = clock.now()
    held = Sms.objects.filter(state=State.SENDING, provider=provider)
    count = held.update(state=State.UNKNOWN, error=UNSURE, handed_at=now, claim="", sealed="")
    if count:
        settle_doubts()
    note(count=count)
    return count


@action("sms.tidy_up", "Dọn hàng gửi")
def tidy_up(by: Actor, only: Sms | None, /, *, lives_by_process: bool) -> None:
    """What is too late to send; what no receipt ever came for; what a dead sender of short life left behind."""
    del by, only
    now = clock.now()
    _expire(Q(expires_at__lte=now), now)
    Sms.objects.filter(state=State.HANDED, handed_at__lt=now - SILENT_AFTER, provider__in=WITH_RECEIPTS).update(
        state=State.UNKNOWN, error=NO_RECEIPT
    )
    if not lives_by_process:
        Sms.objects.filter(state=State.SENDING, claimed_at__lt=now - STALE_AFTER).update(
            state=State.UNKNOWN, error=UNSURE, handed_at=now, claim="", sealed=""
        )


def _expire(which: Q, now: datetime) -> None:
    late = Sms.objects.filter(which, state=State.QUEUED)
    for one in late.filter(is_told=True).only("uuid", "purpose", "is_told")[:1000]:
        _tell(one, State.EXPIRED)
    late.update(state=State.EXPIRED, settled_at=now, error=TOO_LATE, sealed="")


@action("sms.resend", "Gửi lại tin nhắn")
def resend(by: Actor, sms: Sms, /, *, reason: str) -> Sms:
    """By a person's decision: a failed or expired message, or one of which nobody knows whether it arrived."""
    del by
    if sms.is_secret:
        raise Refused("Tin chứa mã dùng một lần, không gửi lại được. Người dân cần xin mã mới.")
    if not reason.strip():
        raise Refused("Hãy ghi lý do gửi lại.")
    now = clock.now()
    kind = definitions.kind_named(sms.kind)
    again = Sms.objects.filter(pk=sms.pk, state__in=[State.FAILED, State.EXPIRED, State.UNKNOWN]).update(
        state=State.QUEUED, error="", attempts=0, due_at=now, settled_at=None, handed_at=None,
        expires_at=now + timedelta(minutes=kind.valid_minutes),
    )  # fmt: skip
    if not again:
        raise Refused("Tin này đang gửi hoặc đã tới máy, không gửi lại. Hãy tải lại trang.")
    Part.objects.filter(sms=sms).delete()
    announce(SmsQueued(str(sms.uuid)))
    sms.refresh_from_db()
    return sms


@action("sms.settle_by_hand", "Kết luận tin chưa rõ")
def settle_by_hand(by: Actor, sms: Sms, /, *, delivered: bool, reason: str) -> Sms:
    """Somebody asked the resident or the operator what became of an unclear message."""
    del by
    if not reason.strip():
        raise Refused("Hãy ghi căn cứ: đã hỏi ai, nhà mạng trả lời thế nào.")
    state = State.DELIVERED if delivered else State.FAILED
    settled = Sms.objects.filter(pk=sms.pk, state=State.UNKNOWN).update(
        state=state, settled_at=clock.now(), error="" if delivered else reason.strip()[:300]
    )
    if not settled:
        raise Refused("Tin này không ở trạng thái chưa rõ. Hãy tải lại trang.")
    _tell(sms, state)
    sms.refresh_from_db()
    return sms

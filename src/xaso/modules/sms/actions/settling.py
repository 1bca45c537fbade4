"""Receipts: in any order, before the answer they belong to, twice. A message is settled once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db import connection

from xaso.core.access import Actor
from xaso.core.actions import action, note
from xaso.core.outbox.actions import announce
from xaso.kit import clock
from xaso.kit.among import Among
from xaso.modules.sms.events import SmsSettled
from xaso.modules.sms.models import Part, Receipt, Sms
from xaso.modules.sms.rules.receipts import FINAL, UNKNOWN, Heard, may_become, whole

State = Sms.State
KEPT_EARLY = timedelta(days=7)
LOST_ANSWER = timedelta(hours=72)

RECEIPTS_LOCK = 3_400_340
"""Any number that no other lock of ours has."""


@action("sms.take_receipts", "Ghi báo nhận của tổng đài")
def take_receipts(by: Actor, only: Sms | None, /, *, provider: str, heard: Sequence[Heard]) -> int:
    """Count each once. How many belonged to a message we know; the others wait for their answer."""
    del by, only
    one_at_a_time()
    news = [one for one in heard if one.state]
    strangers = _apply(news, provider)
    waiting = [one for one in strangers if not _answers_a_doubt(one)]
    Receipt.objects.bulk_create([_kept(one, provider) for one in waiting], ignore_conflicts=True)
    note(heard=len(heard), early=len(waiting))
    return len(news) - len(waiting)


def one_at_a_time() -> None:
    """Ids being stored and receipts for them wait for each other until the commit: else each would miss the other.

    PostgreSQL only; SQLite has one writer anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [RECEIPTS_LOCK])


def match_early(ids: Iterable[str], provider: str) -> None:
    """Receipts that overtook the answers in which these ids came; inside the action that stores the answers."""
    found = list(Receipt.objects.filter(Among("gateway_id", ids), provider=provider).order_by("id"))
    if found:
        _apply([Heard(one.gateway_id, one.state, one.error) for one in found], provider)
        Receipt.objects.filter(pk__in=[one.pk for one in found]).delete()


def _apply(news: Sequence[Heard], provider: str) -> list[Heard]:
    """Those that belong to no known part are given back. An id used again means the part that still waits."""
    ids = {one.gateway_id for one in news}
    known: dict[str, Part] = {}
    for part in Part.objects.filter(Among("gateway_id", ids), provider=provider).order_by("id"):
        before = known.get(part.gateway_id)
        if before is None or before.state in FINAL:
            known[part.gateway_id] = part
    changed: defaultdict[tuple[str, str], list[Part]] = defaultdict(list)
    for one in news:
        told = known.get(one.gateway_id)
        if told is not None and told.state not in FINAL and told.state != one.state:
            told.state = one.state
            changed[one.state, one.error].append(told)
    now = clock.now()
    for (state, error), parts in changed.items():
        fresh = [part.pk for part in parts if part.state == state]
        Part.objects.filter(Among("pk", fresh)).exclude(state__in=FINAL).update(
            state=state, error=error, settled_at=now
        )
    _settle({part.sms_id for parts in changed.values() for part in parts})
    return [one for one in news if one.gateway_id not in known]


def _settle(keys: set[int]) -> None:
    """Messages whose parts now say what became of them: one statement per outcome."""
    states: defaultdict[int, list[str]] = defaultdict(list)
    errors: dict[int, str] = {}
    for key, state, error in Part.objects.filter(Among("sms_id", keys)).values_list("sms_id", "state", "error"):
        states[key].append(state)
        errors[key] = errors.get(key) or error
    ended: defaultdict[tuple[str, str], list[Sms]] = defaultdict(list)
    for sms in Sms.objects.filter(Among("pk", keys)).only("uuid", "purpose", "is_told", "parts", "state", "provider"):
        expected = 1 if sms.provider == "kannel" else sms.parts
        then = whole(states[sms.pk], expected)
        if then and may_become(sms.state, then):
            ended[then, errors[sms.pk] if then != State.DELIVERED else ""].append(sms)
    for (state, error), rows in ended.items():
        _end(rows, state, error)


def _end(rows: list[Sms], state: str, error: str) -> None:
    open_ones = [State.SENDING, State.HANDED] if state == UNKNOWN else [State.SENDING, State.HANDED, State.UNKNOWN]
    Sms.objects.filter(Among("pk", [one.pk for one in rows]), state__in=open_ones).update(
        state=state, settled_at=None if state == UNKNOWN else clock.now(), error=error, sealed="", claim=""
    )
    for one in rows:
        if one.is_told:
            announce(SmsSettled(str(one.uuid), one.purpose, state))


def settle_doubts() -> None:
    """Receipts that wait for nobody's answer may be those of messages that have just become unclear."""
    phones = Sms.objects.filter(state=State.UNKNOWN, claimed_at__gte=clock.now() - LOST_ANSWER).values("phone")
    for one in Receipt.objects.filter(phone__in=phones, state__in=FINAL).order_by("id")[:1000]:
        if _answers_a_doubt(Heard(one.gateway_id, one.state, one.error, one.phone)):
            one.delete()


def _answers_a_doubt(one: Heard) -> bool:
    """A receipt whose answer was lost when our process died: it settles the one unclear message to that number."""
    if not one.phone or one.state not in FINAL:
        return False
    since = clock.now() - LOST_ANSWER
    unclear = Sms.objects.filter(state=State.UNKNOWN, phone=one.phone, claimed_at__gte=since, parts=1)
    found = list(unclear.filter(pieces=None)[:2])
    if len(found) != 1:
        return False
    _end(found, one.state, one.error)
    Part.objects.create(
        sms=found[0], number=1, provider=found[0].provider, gateway_id=one.gateway_id, state=one.state,
        error=one.error, settled_at=clock.now(),
    )  # fmt: skip
    return True


def _kept(one: Heard, provider: str) -> Receipt:
    return Receipt(
        provider=provider, gateway_id=one.gateway_id, state=one.state, error=one.error, phone=one.phone, at=clock.now()
    )


@action("sms.forget_early", "Xoá báo nhận không của ai")
def forget_early(by: Actor, only: Sms | None, /) -> int:
    """Receipts that no answer came for in a week: of another system on the same account, or of another base of ids."""
    del by, only
    return Receipt.objects.filter(at__lt=clock.now() - KEPT_EARLY).delete()[0]

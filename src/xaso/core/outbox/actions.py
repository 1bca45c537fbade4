"""Store events with the change; deliver them after it.

A handler on our own data runs in one transaction with its done mark: exactly once. A handler that reaches out runs
without a transaction and is marked afterwards: at least once, so its provider call carries an idempotency key.
A worker that dies leaves a lease that runs out, and another takes the delivery up.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from xaso.core.outbox import current
from xaso.core.outbox.models import Delivery
from xaso.kit import clock, events
from xaso.kit.rows import insert

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 8
DIED_EACH_TIME = (
    "Phần việc nền đã chết {attempts} lần giữa chừng khi làm việc này, nên không thử lại nữa. "
    "Hãy xem nhật ký của tiến trình (hết bộ nhớ, bị tắt), sửa nguyên nhân rồi cho chạy lại."
)
KEEP_DONE = timedelta(days=30)


def announce(fact: Any) -> None:
    """Tell whoever listens. Only inside an action; stored with the action's change."""
    current.pending().append(fact)


def store(facts: list[Any], cause: str) -> int:
    """Insert one delivery per handler of each fact, in one statement."""
    now = clock.now()
    rows = [
        Delivery(
            event=fact.event_name,
            handler=handler.name,
            payload=events.pack(fact),
            cause=cause,
            created_at=now,
            next_at=now,
        )
        for fact in facts
        for handler in events.handlers_of(fact.event_name)
    ]
    insert(rows)
    return len(rows)


def _never() -> bool:
    return False


def deliver_due(limit: int = 100, stopping: Callable[[], bool] = _never) -> int:
    """Deliver what is due now. Returns how many deliveries were tried. `stopping` is asked before each one."""
    now = clock.now()
    due = Delivery.objects.filter(
        Q(state="waiting", next_at__lte=now) | Q(state="running", lease_until__lt=now), state__in=["waiting", "running"]
    )
    tried = 0
    for delivery in due.order_by("id")[:limit]:
        if stopping():
            break
        tried += _deliver(delivery)
    return tried


def deliver_all() -> int:
    """Deliver until nothing is due, also what the handlers announce meanwhile. For tests and commands."""
    total = 0
    while tried := deliver_due():
        total += tried
    return total


def _deliver(delivery: Delivery) -> int:
    """0 when another worker has it. What has killed its worker at every attempt is left for a person."""
    if delivery.attempts >= MAX_ATTEMPTS:
        return _give_up(delivery)
    claimed = Delivery.objects.filter(pk=delivery.pk, state=delivery.state, attempts=delivery.attempts).update(
        state="running", attempts=delivery.attempts + 1, lease_until=clock.now() + LEASE
    )
    if not claimed:
        return 0
    try:
        handler = events.handler_named(delivery.event, delivery.handler)
        fact = events.unpack(delivery.event, delivery.payload)
        if handler.reaches_out:
            handler.function(fact)
            _mark_done(delivery)
        else:
            with transaction.atomic():
                handler.function(fact)
                _mark_done(delivery)
    except Exception as error:
        log.exception("delivery %s failed", delivery.pk)
        _mark_failed(delivery, error)
    return 1


def _give_up(delivery: Delivery) -> int:
    """No attempt ever came back to say why: the sentence is ours, behind what the last failure said."""
    said = [delivery.error, DIED_EACH_TIME.format(attempts=delivery.attempts)]
    seen = {"pk": delivery.pk, "state": delivery.state, "attempts": delivery.attempts}
    return Delivery.objects.filter(**seen).update(
        state="stuck", lease_until=None, error="\n".join(part for part in reversed(said) if part)[:2000]
    )


class LeaseLostError(RuntimeError):
    """The handler took longer than its lease and another worker has taken the delivery up."""


def _ours(delivery: Delivery) -> QuerySet[Delivery]:
    """The delivery while this worker holds it: every claim raises `attempts`."""
    return Delivery.objects.filter(pk=delivery.pk, state="running", attempts=delivery.attempts + 1)


def _mark_done(delivery: Delivery) -> None:
    """Raises LeaseLostError when another worker took over, so that the effect is rolled back and not doubled."""
    if not _ours(delivery).update(state="done", done_at=clock.now(), error="", lease_until=None):
        raise LeaseLostError(f"delivery {delivery.pk} was taken over")


def _mark_failed(delivery: Delivery, error: Exception) -> None:
    attempts = delivery.attempts + 1
    _ours(delivery).update(
        state="stuck" if attempts >= MAX_ATTEMPTS else "waiting",
        next_at=clock.now() + timedelta(seconds=min(2**attempts, 3600)),
        lease_until=None,
        error=f"{type(error).__name__}: {error}"[:2000],
    )


def retry_stuck() -> int:
    """Give every stuck delivery a new start, after a person mended the cause."""
    return Delivery.objects.filter(state="stuck").update(state="waiting", attempts=0, next_at=clock.now())


def forget_done() -> int:
    """Remove deliveries done more than thirty days ago."""
    return Delivery.objects.filter(state="done", done_at__lt=clock.now() - KEEP_DONE).delete()[0]

"""What a text costs, what became of messages, what a month cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from xaso.core.access import Actor, visible
from xaso.core.access.queries import under
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Missing
from xaso.kit.pages import Page, oldest
from xaso.modules.sms import definitions
from xaso.modules.sms.models import Gateway, Part, Received, Sms
from xaso.modules.sms.rules.segments import Segments, segments, without_marks

__all__ = ["Outcomes", "Page", "Segments", "monthly_cost", "outcomes", "price", "rows", "segments", "without_marks"]
SIZE = 50
SILENT_AFTER = timedelta(hours=72)
STALE_AFTER = timedelta(minutes=10)
GATEWAY_SILENT = timedelta(minutes=15)
State = Sms.State


def price(text: str, count: int, kind: str = "notice", on: date | None = None) -> int | None:
    """đồng for that text to so many numbers; None when no price is declared for the day."""
    measured = segments(text)
    declared = definitions.price_of(kind, measured.encoding, on or clock.today())
    return None if declared is None else declared.dong * measured.parts * count


def price_is_to_verify(text: str, kind: str = "notice") -> bool:
    declared = definitions.price_of(kind, segments(text).encoding, clock.today())
    return declared is not None and declared.to_verify


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What became of everything sent for one purpose. `queued` includes what a sender holds right now."""

    queued: int = 0
    handed: int = 0
    delivered: int = 0
    failed: int = 0
    expired: int = 0
    unknown: int = 0
    parts: int = 0
    cost: int = 0

    @property
    def total(self) -> int:
        return self.queued + self.handed + self.delivered + self.failed + self.expired + self.unknown


def uuids_of(purpose: str, phones: Iterable[str]) -> dict[str, UUID]:
    """Number → the message to it under this purpose."""
    rows = Sms.objects.filter(purpose=purpose[:80], phone__in=list(phones)).order_by("-id")
    return dict(rows.values_list("phone", "uuid"))


def outcomes(purpose: str) -> Outcomes:
    """`parts` and `cost` count what a gateway took."""
    found = Sms.objects.filter(purpose=purpose).order_by()
    counted: Counter[str] = Counter()
    parts = cost = 0
    taken = Q(handed_at__isnull=False)
    sums = {"all_parts": Sum("parts", filter=taken), "all_cost": Sum("cost", filter=taken)}
    for row in found.values("state").annotate(n=Count("id"), **sums):
        counted[State.QUEUED if row["state"] == State.SENDING else row["state"]] += row["n"]
        parts, cost = parts + (row["all_parts"] or 0), cost + (row["all_cost"] or 0)
    return Outcomes(**counted, parts=parts, cost=cost)


def rows(purpose: str, state: str = "", after: str = "") -> Page[Sms]:
    """In the order they were queued."""
    found = Sms.objects.filter(purpose=purpose)
    if state:
        states = [State.QUEUED, State.SENDING] if state == State.QUEUED else [state]
        found = found.filter(state__in=states)
    return oldest(found, after, SIZE)


@dataclass(frozen=True, slots=True)
class Cost:
    """One budget line in one month. `unpriced`: messages for which no price was declared."""

    budget_line: str
    kind: str
    messages: int
    parts: int
    dong: int
    unpriced: int


def monthly_cost(unit: Unit, month: date) -> list[Cost]:
    """What the gateways took in that month for a unit and below, by budget line and kind."""
    first = datetime.combine(month.replace(day=1), time(), clock.VIETNAM)
    following = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
    last = datetime.combine(following, time(), clock.VIETNAM)
    found = Sms.objects.filter(under(unit.path), handed_at__gte=first, handed_at__lt=last).order_by()
    lines = found.values("budget_line", "kind").annotate(
        n=Count("id"), all_parts=Sum("parts"), all_cost=Sum("cost"), unpriced=Count("id", filter=Q(cost=None))
    )
    return sorted(
        (Cost(r["budget_line"], r["kind"], r["n"], r["all_parts"], r["all_cost"] or 0, r["unpriced"]) for r in lines),
        key=lambda one: (one.budget_line, one.kind),
    )


def messages(by: Actor, state: str = "", words: str = "") -> QuerySet[Sms]:
    """The outbox this officer may see."""
    found = visible(by, "sms.view", Sms.objects.all())
    if state:
        states = [State.QUEUED, State.SENDING] if state == State.QUEUED else [state]
        found = found.filter(state__in=states)
    if digits := "".join(c for c in words if c.isdigit()):
        found = found.filter(phone__endswith=digits.removeprefix("0"))
    return found


def message(by: Actor, uuid: UUID) -> Sms:
    """Raises Missing."""
    found = visible(by, "sms.view", Sms.objects.all()).filter(uuid=uuid).first()
    if found is None:
        raise Missing("Không tìm thấy tin nhắn này, hoặc bạn không được xem. Hãy quay lại danh sách.")
    return found


def is_something_due() -> bool:
    """Whether a message may leave now. Asked many times a minute, so it is one look into a small index."""
    return Sms.objects.filter(state=State.QUEUED, due_at__lte=clock.now()).exists()


def needs_tidying() -> bool:
    """Whether something is too late, silent for too long or left behind."""
    now = clock.now()
    late = Q(state=State.QUEUED, expires_at__lte=now) | Q(state=State.SENDING, claimed_at__lt=now - STALE_AFTER)
    return Sms.objects.filter(late | Q(state=State.HANDED, handed_at__lt=now - SILENT_AFTER)).exists()


def message_with(uuid: str) -> Sms | None:
    return Sms.objects.filter(uuid=uuid).first()


def received(by: Actor) -> QuerySet[Received]:
    return visible(by, "sms.view", Received.objects.all())


def parts_of(sms: Sms) -> list[Part]:
    return list(sms.pieces.order_by("number"))


def gateways() -> list[Gateway]:
    return list(Gateway.objects.order_by("provider"))


def counts(by: Actor) -> dict[str, Any]:
    """How many of each state are still somebody's business."""
    found = visible(by, "sms.view", Sms.objects.filter(state__in=["queued", "sending", "failed", "unknown"]))
    return dict(found.order_by().values_list("state").annotate(n=Count("id")))

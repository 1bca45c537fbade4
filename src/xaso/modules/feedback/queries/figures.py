"""Tables for leaders: what is late and by whom it is held, and a month by category and village."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from xaso.core.access import Actor
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.pages import Page, by_deadline
from xaso.modules.feedback.definitions import desk
from xaso.modules.feedback.models import Report
from xaso.modules.feedback.queries.reports import PAGE, seen
from xaso.modules.feedback.rules import moves

UNTRIAGED, NOBODY, NO_VILLAGE = "Chờ phân loại", "Chờ giao người", "Không ghi thôn"


@dataclass(frozen=True, slots=True)
class Held:
    """What one person, or one stage, has open."""

    name: str
    total: int
    late: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Board:
    """Everything open the reader may see."""

    total: int
    late: int
    untriaged: int
    untriaged_late: int
    to_publish: int
    holders: list[Held]


def _open(by: Actor) -> QuerySet[Report]:
    return seen(by, "feedback.book").filter(state__in=moves.OPEN)


def board(by: Actor) -> Board:
    """Two statements, however much there is."""
    now = clock.now()
    grouped = _open(by).order_by().values("state", "lead_person_id", "lead_name")
    rows: list[Any] = list(
        grouped.annotate(
            total=Count("pk"),
            late=Count("pk", filter=Q(due_at__lt=now)),
            slow=Count("pk", filter=Q(state="received", triage_due_at__lt=now)),
            oldest=Min("received_at"),
        )
    )
    undecided = seen(by, "feedback.book").filter(state__in=moves.DONE, publish_due_at__isnull=False)
    held: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        held.setdefault(_holder(row), []).append(row)
    return Board(
        total=sum(row["total"] for row in rows),
        late=sum(row["late"] for row in rows),
        untriaged=sum(row["total"] for row in rows if row["state"] == moves.State.RECEIVED),
        untriaged_late=sum(row["slow"] for row in rows),
        to_publish=undecided.count(),
        holders=sorted((_held(name, found) for name, found in held.items()), key=lambda one: (-one.late, -one.total)),
    )


def _holder(row: dict[str, Any]) -> str:
    return row["lead_name"] or (UNTRIAGED if row["state"] == moves.State.RECEIVED else NOBODY)


def _held(name: str, rows: list[dict[str, Any]]) -> Held:
    oldest = min((row["oldest"] for row in rows if row["oldest"]), default=None)
    return Held(name, sum(row["total"] for row in rows), sum(row["late"] for row in rows), oldest)


def overdue(by: Actor, after: str = "", size: int = PAGE) -> Page[Report]:
    """What is late, the longest first."""
    return by_deadline(_open(by).filter(due_at__lt=clock.now()).select_related("unit", "village"), after, size)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the monthly sheet."""

    label: str
    received: int
    answered: int
    on_time: int
    late: int
    refused: int
    open: int
    satisfied: int
    unhappy: int

    @property
    def numbers(self) -> tuple[int, ...]:
        went = (self.received, self.answered, self.on_time, self.late, self.refused, self.open)
        return (*went, self.satisfied, self.unhappy)


HEAD = (
    "Đã nhận", "Đã trả lời", "Đúng hạn", "Quá hạn", "Không tiếp nhận", "Chưa xong", "Hài lòng", "Không hài lòng",
)  # fmt: skip


def month_sheet(by: Actor, unit: Unit, year: int, month: int) -> tuple[list[Line], list[Line]]:
    """(by category, by village) of what came in that month. Two statements."""
    first = datetime.combine(date(year, month, 1), time(), tzinfo=clock.VIETNAM)
    until = (first + timedelta(days=31)).replace(day=1)
    rows = seen(by, "feedback.book").filter(unit_path=unit.path, received_at__gte=first, received_at__lt=until)
    rows = rows.exclude(state=moves.State.DUPLICATE).order_by()
    by_category = {row["category"]: row for row in _counted(rows, "category")}
    names = [*(one.code for one in desk().categories), *sorted(set(by_category) - {c.code for c in desk().categories})]
    categories = [_line(desk().category_name(code), by_category[code]) for code in names if code in by_category]
    villages = [_line(row["village__name"] or NO_VILLAGE, row) for row in _counted(rows, "village__name")]
    return categories, sorted(villages, key=lambda one: (one.label == NO_VILLAGE, one.label))


def _counted(rows: QuerySet[Report], by: str) -> QuerySet[Any, Any]:
    done = Q(state__in=moves.DONE)
    return rows.values(by).annotate(
        n_received=Count("pk"),
        n_answered=Count("pk", filter=done),
        n_on_time=Count("pk", filter=done & Q(on_time=True)),
        n_late=Count("pk", filter=done & Q(on_time=False)),
        n_refused=Count("pk", filter=Q(state="refused")),
        n_open=Count("pk", filter=Q(state__in=moves.OPEN)),
        n_satisfied=Count("pk", filter=Q(satisfaction=3)),
        n_unhappy=Count("pk", filter=Q(satisfaction=1)),
    )


def _line(label: str, row: dict[str, Any]) -> Line:
    names = ("received", "answered", "on_time", "late", "refused", "open", "satisfied", "unhappy")
    return Line(label, *(row[f"n_{name}"] for name in names))


def added(lines: list[Line]) -> Line:
    sums = (
        [sum(numbers) for numbers in zip(*(line.numbers for line in lines), strict=True)] if lines else [0] * len(HEAD)
    )
    return Line("Cộng", *sums)

"""What is not done: by whom it is held, how old it is, how much of it is late. Down to a visible zero."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from xaso.core.access import Actor, visible
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.modules.incoming import rules
from xaso.modules.incoming.models import Document
from xaso.modules.incoming.queries.documents import shown_to

CLERK, LEADER = "Văn thư: chờ đăng ký, chờ trình", "Lãnh đạo: chờ bút phê"
TREND_DAYS = 14
_AT_CLERK = frozenset({rules.State.WAITING, rules.State.REGISTERED})


@dataclass(slots=True)
class Held:
    """What one person, or one desk, has open."""

    name: str
    lead_person_id: int | None = None
    waiting: int = 0
    working: int = 0
    overdue: int = 0
    ages: list[int] = field(default_factory=lambda: [0] * len(rules.AGES))
    oldest_on: date | None = None

    @property
    def total(self) -> int:
        return self.waiting + self.working

    def add(self, row: dict[str, Any]) -> None:
        if row["state"] == rules.State.WORKING:
            self.working += row["total"]
        else:
            self.waiting += row["total"]
        self.overdue += row["late"]
        self.ages = [mine + row[f"age{place}"] for place, mine in enumerate(self.ages)]
        oldest = clock.local(row["oldest"]).date()
        self.oldest_on = min(self.oldest_on or oldest, oldest)


@dataclass(frozen=True, slots=True)
class Backlog:
    """Everything open of a unit. `clear`: nothing is left."""

    total: int
    unregistered: int
    unremarked: int
    assigned: int
    working: int
    overdue: int
    register_late: int
    holders: tuple[Held, ...]

    @property
    def clear(self) -> bool:
        return self.total == 0


def backlog(unit: Unit | str) -> Backlog:
    """One statement, however much there is."""
    path = unit if isinstance(unit, str) else unit.path
    rows = list(_grouped(_open().filter(unit_path=path), "state", "lead_person_id", "lead_name"))
    counted = {state: sum(row["total"] for row in rows if row["state"] == state) for state in rules.OPEN}
    held: dict[str, Held] = {}
    for row in rows:
        name, person = _holder(row)
        held.setdefault(f"{person}|{name}", Held(name, person)).add(row)
    return Backlog(
        total=sum(counted.values()),
        unregistered=counted[rules.State.WAITING],
        unremarked=counted[rules.State.REGISTERED] + counted[rules.State.SHOWN],
        assigned=counted[rules.State.ASSIGNED],
        working=counted[rules.State.WORKING],
        overdue=sum(row["late"] for row in rows),
        register_late=sum(row["register_late"] for row in rows),
        holders=tuple(sorted(held.values(), key=lambda one: (-one.overdue, -one.total, one.name))),
    )


def _holder(row: dict[str, Any]) -> tuple[str, int | None]:
    if row["state"] in _AT_CLERK:
        return CLERK, None
    if row["state"] == rules.State.SHOWN:
        return LEADER, None
    return row["lead_name"], row["lead_person_id"]


def backlog_by_unit(by: Actor) -> list[tuple[str, Held]]:
    """(unit path, what is open there) of every unit the actor watches, the latest first."""
    rows = visible(by, "incoming.view", _open())
    found: dict[str, Held] = {}
    for row in _grouped(rows, "unit_path", "state"):
        found.setdefault(row["unit_path"], Held(row["unit_path"])).add(row)
    return sorted(found.items(), key=lambda pair: (-pair[1].overdue, -pair[1].total, pair[0]))


def _open() -> QuerySet[Document]:
    return Document.objects.filter(state__in=rules.OPEN, secrecy="")


def _grouped(rows: QuerySet[Document], *by: str) -> QuerySet[Any, Any]:
    now = clock.now()
    ages: dict[str, Any] = {}
    newest: datetime | None = None
    for place, (most, _) in enumerate(rules.AGES):
        until = None if most is None else _midnight(most)
        older = Q(arrived_at__gte=until) if until else Q()
        ages[f"age{place}"] = Count("pk", filter=(older & Q(arrived_at__lt=newest)) if newest else older)
        newest = until
    return (
        rows.order_by()
        .values(*by)
        .annotate(
            total=Count("pk"),
            late=Count("pk", filter=Q(due_at__lt=now)),
            register_late=Count("pk", filter=Q(state="waiting", register_by_at__lt=now)),
            oldest=Min("arrived_at"),
            **ages,
        )
    )


def _midnight(days_ago: int) -> datetime:
    """The beginning of the day so many days ago."""
    return datetime.combine(clock.today() - timedelta(days=days_ago), time(), tzinfo=clock.VIETNAM)


def trend(unit_path: str, days: int = TREND_DAYS) -> list[tuple[date, int]]:
    """How much was open at the end of each of the last days, today as it is now. One statement."""
    shown = [clock.today() - timedelta(days=back) for back in range(days - 1, -1, -1)]
    first = datetime.combine(shown[0] + timedelta(days=1), time(), tzinfo=clock.VIETNAM)
    counts = {f"n{place}": Count("pk", filter=_open_at(day)) for place, day in enumerate(shown)}
    rows = Document.objects.filter(Q(ended_at=None) | Q(ended_at__gte=first), unit_path=unit_path, secrecy="")
    found = rows.aggregate(**counts)
    return [(day, found[f"n{place}"]) for place, day in enumerate(shown)]


def _open_at(day: date) -> Q:
    night = datetime.combine(day + timedelta(days=1), time(), tzinfo=clock.VIETNAM)
    return Q(arrived_at__lt=night) & (Q(ended_at=None) | Q(ended_at__gte=night))


def counts_for(by: Actor) -> dict[str, int]:
    """For the desk's first page: what waits for this person, in each of the roles held. One or two statements."""
    now = clock.now()
    mine = Document.objects.filter(lead_person_id=by.person_id, state__in=rules.WITH_SOMEBODY)
    own: dict[str, int] = mine.aggregate(mine=Count("pk"), late=Count("pk", filter=Q(due_at__lt=now)))
    places = Q(pk__in=[])
    for path in _paths(by):
        places |= Q(unit_path=path)
    asked = Document.objects.filter(places, state__in=["waiting", "registered", "shown"], secrecy="")
    shared = asked.aggregate(
        waiting=Count("pk", filter=Q(state="waiting")),
        unshown=Count("pk", filter=Q(state="registered")),
        shown=Count("pk", filter=Q(state="shown") & shown_to(by)),
    )
    return own | shared


def _paths(by: Actor) -> Iterable[str]:
    return dict.fromkeys(grant.unit_path for grant in by.grants if grant.unit_path)


def is_tree(by: Actor) -> bool:
    """Whether this person watches many units."""
    return any(scope in {"tree", "all"} for scope, _ in by.scopes_of("incoming.view"))

"""Documents one by one and in lists. Lists are keyset pages; nobody learns of another unit's documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from xaso.core.access import Actor, visible
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Missing
from xaso.kit.pages import Page, by_deadline, cut, newest, number_in
from xaso.modules.incoming import rules
from xaso.modules.incoming.models import Assignment, Document, Reading, Step

PAGE = 20
MOST_IDS = 50
GONE = "Không tìm thấy văn bản này ở đơn vị của bạn. Hãy quay lại danh sách và chọn lại."
PART_GONE = "Không tìm thấy phần việc này. Có thể văn bản đã được giao lại."


def document(key: UUID | str) -> Document:
    """The document with that uuid, for other modules. Asks no permission; raises Missing."""
    found = Document.objects.select_related("unit", "lead__account__person").filter(uuid=key).first()
    if found is None:
        raise Missing(GONE)
    return found


def seen(by: Actor, permission: str = "incoming.view") -> QuerySet[Document]:
    """What the actor may see. A line of the secret book only those who keep or direct it."""
    rows = visible(by, permission, Document.objects.all())
    return rows if by.may("incoming.view_secret") else rows.filter(secrecy="")


def found(by: Actor, key: UUID) -> Document:
    """One document the actor may see. Raises Missing."""
    one = seen(by).select_related("unit", "lead__account__person", "leader__account__person").filter(uuid=key).first()
    if one is None:
        raise Missing(GONE)
    return one


def several(by: Actor, keys: Sequence[UUID]) -> list[Document]:
    """Those of the keys the actor may remark on, in the order of the book."""
    rows = seen(by, "incoming.remark").select_related("unit").filter(uuid__in=list(keys)[: MOST_IDS + 1])
    return list(rows.order_by("-urgency", "id"))


def part(by: Actor, key: UUID) -> Assignment:
    """An own part in a document. Raises Missing."""
    one = Assignment.objects.select_related("document__unit").filter(uuid=key, person_id=by.person_id).first()
    if one is None or by.person_id is None:
        raise Missing(PART_GONE)
    return one


def parts_of(document: Document) -> list[Assignment]:
    """Everybody who has a part, the lead first; then those who had one, the newest first."""
    rows = document.assignments.order_by("-id")[:100]
    order = [role.value for role in Assignment.Role]
    return sorted(rows, key=lambda one: (one.ended_at is not None, 0 if one.ended_at else order.index(one.role)))


def steps_of(document: Document) -> list[Step]:
    return list(document.steps.order_by("-id")[:100])


def reading_of(document: Document) -> Reading | None:
    return Reading.objects.filter(document=document).defer("text").first()


def twins_of(document: Document) -> list[Document]:
    """Other arrivals of what looks like the same document: same sender, number and day."""
    return same_as(document.unit_path, document.twin_key, document.pk)


def same_as(unit_path: str, key: str, but: int | None = None) -> list[Document]:
    if not key:
        return []
    rows = Document.objects.filter(unit_path=unit_path, twin_key=key, secrecy="").exclude(pk=but)
    return list(rows.order_by("-id")[:5])


def has_open(unit: Unit) -> bool:
    return Document.objects.filter(unit=unit, unit_path=unit.path, state__in=rules.OPEN).exists()


def listed(by: Actor, filters: Mapping[str, Any], after: str = "", size: int = PAGE) -> Page[Document]:
    """Newest first, filtered."""
    return newest(_filtered(seen(by), filters), after, size)


STANDINGS: dict[str, frozenset[rules.State]] = {
    "waiting": frozenset({rules.State.WAITING}),
    "shown": frozenset({rules.State.REGISTERED, rules.State.SHOWN}),
    "working": rules.WITH_SOMEBODY,
    "open": rules.OPEN,
    "late": rules.OPEN,
    "done": frozenset({rules.State.DONE}),
    "ended": rules.CLOSED,
}


def _filtered(rows: QuerySet[Document], filters: Mapping[str, Any]) -> QuerySet[Document]:
    if states := STANDINGS.get(filters.get("standing") or ""):
        # The few open ones among a million have an index of their own; named by their states as well, PostgreSQL
        # takes them for fewer than they are and sorts them all.
        rows = rows.filter(ended_at=None) if states == rules.OPEN else rows.filter(state__in=states)
    if filters.get("standing") == "late":
        rows = rows.filter(due_at__lt=clock.now())
    if (urgency := filters.get("urgency")) not in (None, ""):
        rows = rows.filter(urgency=urgency)
    if lead := filters.get("lead"):
        rows = rows.filter(lead__uuid=lead)
    if since := filters.get("since"):
        rows = rows.filter(arrived_at__gte=_start(since))
    if until := filters.get("until"):
        rows = rows.filter(arrived_at__lt=_start(until + timedelta(days=1)))
    if text := filters.get("q"):
        rows = rows.filter(_numbered(text))
    return rows


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.VIETNAM)


def _numbered(text: str) -> Q:
    """A number of ours, or theirs as they write it. Words are what the search page is for."""
    number, symbol = rules.split_number(text)
    if symbol and symbol.isdecimal() and len(symbol) == 4 and number.isdecimal():
        return Q(number=number_in(number), year=int(symbol))
    theirs = Q(doc_number__iexact=number, symbol__iexact=symbol) if symbol else Q(doc_number__iexact=number)
    return theirs | Q(number=number_in(number)) if not symbol and number_in(number) else theirs


def queue(by: Actor, permission: str, states: Sequence[str], after: str = "", size: int = PAGE) -> Page[Document]:
    """What waits for the actor's decision: the most urgent first, then the oldest. `after` is `urgency|id`."""
    rows = seen(by, permission).filter(state__in=states, secrecy="")
    if permission == "incoming.remark":
        rows = rows.filter(shown_to(by))
    rank, _, last = after.partition("|")
    if pk := number_in(last):
        rows = rows.filter(Q(urgency__lt=number_in(rank)) | Q(urgency=number_in(rank), pk__gt=pk))
    return cut(list(rows.order_by("-urgency", "pk")[: size + 1]), size, lambda row: f"{row.urgency}|{row.pk}")


def shown_to(by: Actor) -> Q:
    """Put before this leader, or before whoever of them comes first; a leader who has left keeps nothing back."""
    left = Q(leader__valid_to__lt=clock.today())
    return Q(leader=None) | Q(leader__account_id=by.account_id) | left


def led_by(by: Actor, after: str = "", size: int = PAGE) -> Page[Document]:
    """What this person leads, by deadline; what has none comes last, the oldest first."""
    if by.person_id is None:
        return Page()
    rows = Document.objects.filter(lead_person_id=by.person_id, state__in=rules.WITH_SOMEBODY)
    return by_deadline(rows, after, size)


def helped_by(by: Actor, role: str, after: str = "", size: int = PAGE) -> Page[Assignment]:
    """Parts of this person that are not over, newest first."""
    if by.person_id is None:
        return Page()
    rows = Assignment.objects.filter(person_id=by.person_id, role=role, ended_at=None)
    return newest(rows.select_related("document"), after, size)

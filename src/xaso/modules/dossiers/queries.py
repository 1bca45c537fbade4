"""Questions about dossiers. Lists are keyset pages, newest first unless said; nothing counts more than a cap."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from xaso.core.access import Actor, visible
from xaso.core.access.queries import under
from xaso.core.units import queries as units
from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.kit.errors import Missing
from xaso.kit.pages import Page, by_deadline, cut, moment_in, newest, number_in
from xaso.kit.sure import sure
from xaso.modules.dossiers import rules
from xaso.modules.dossiers.models import Consultation, Dossier, Draft, Result
from xaso.modules.dossiers.searching import matching
from xaso.modules.procedures.queries import Entry, catalogue

PAGE = 20
CAP = 1000
NUMBER = re.compile(r"^(?:[A-Z]\d{2}(?:\.\d{2,3}){0,3}|\d{3}(?:\.\d{2}){2}\.[A-Z]\d{2})-(?:\d{6}|\d{8})-\d{4,7}$")
GONE = "Không tìm thấy hồ sơ này, hoặc bạn không được xem. Hãy kiểm tra lại mã hồ sơ."


def dossier(by: Actor, key: UUID) -> Dossier:
    """One dossier the actor may see. Raises Missing, so that nobody learns whether another unit's dossier exists."""
    rows = visible(by, "dossiers.view", Dossier.objects.all())
    found = rows.select_related("unit", "received_by_unit", "assignee__person", "result__file").filter(uuid=key).first()
    if found is None:
        raise Missing(GONE)
    return found


def dossier_with_handler(by: Actor, key: UUID) -> Dossier:
    """The same with nothing but its handler beside it: what machines get."""
    return _one(by, Dossier.objects.select_related("assignee__person"), key)


def dossier_to_turn(by: Actor, key: UUID) -> Dossier:
    """The same as a row to act on, with its unit. Raises Missing."""
    found = _one(by, Dossier.objects.all(), key)
    found.unit = units.unit(found.unit_id)
    return found


def _one(by: Actor, rows: QuerySet[Dossier], key: UUID) -> Dossier:
    found = visible(by, "dossiers.view", rows).filter(uuid=key).first()
    if found is None:
        raise Missing(GONE)
    return found


def dossier_by_number(by: Actor, number: str) -> Dossier:
    rows = visible(by, "dossiers.view", Dossier.objects.all())
    found = rows.select_related("unit").filter(number=number.strip().upper()).first()
    if found is None:
        raise Missing(GONE)
    return found


FILTERS = ("state", "procedure", "channel", "light", "received_from", "received_to", "work")


def listed(by: Actor, filters: Mapping[str, Any], text: str = "", after: str = "", size: int = PAGE) -> Page[Dossier]:
    """Dossiers the actor may see, filtered, newest first."""
    rows = visible(by, "dossiers.view", Dossier.objects.all())
    if by.unit_path:
        rows = matching(rows, by.unit_path, text) if not _is_number(text) else rows.filter(number=text.strip().upper())
    return newest(_filtered(rows, filters).select_related("assignee__person"), after, size)


def _is_number(text: str) -> bool:
    return bool(NUMBER.match(text.strip().upper()))


def _filtered(rows: QuerySet[Dossier], filters: Mapping[str, Any]) -> QuerySet[Dossier]:
    if state := filters.get("state"):
        rows = rows.filter(state__in=state if isinstance(state, list | tuple) else [state])
    if procedure := filters.get("procedure"):
        rows = rows.filter(procedure__code=procedure)
    if channel := filters.get("channel"):
        rows = rows.filter(channel=channel)
    if since := filters.get("received_from"):
        rows = rows.filter(accepted_at__gte=_start_of(since))
    if until := filters.get("received_to"):
        rows = rows.filter(accepted_at__lt=_start_of(until + timedelta(days=1)))
    if question := work_questions().get(filters.get("work") or ""):
        rows = rows.filter(question)
    for field in ("on_time_legal", "on_time_shown", "on_time_766", "filing", "unit_path"):
        if (value := filters.get(field)) is not None:
            rows = rows.filter(**{field: value})
    return rows


def _start_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=clock.VIETNAM)


def waiting_for(by: Actor, after: str = "", size: int = PAGE) -> Page[Dossier]:
    """What this officer has to do, the most urgent first: steps of the officer's roles in the officer's units, given to
    nobody else. A dossier that nobody has accepted has no deadline yet and comes before all others: the applicant waits
    for the number. `after` is `due|id` of the last row shown."""
    mine = Q(assignee=None) | Q(assignee_id=by.account_id)
    places = Q(pk__in=[])
    for grant in by.grants:
        if grant.unit_path:
            places |= Q(unit_path=grant.unit_path, step_role=grant.role)
    rows = Dossier.objects.filter(places, mine, state__in=[1, 2, 4, 5, 9]).exclude(
        state=rules.State.SUPPLEMENT, supplement_answered_at=None
    )
    return by_deadline(rows.select_related("assignee__person"), after, size, undated_first=True)


def work_questions() -> dict[str, Q]:
    """The kinds of work that tiles count and the list shows, in the officer's words."""
    now = clock.now()
    tonight = _start_of(clock.today() + timedelta(days=1))
    return {
        "new": Q(state=1),
        "today": Q(state__in=[2, 4], due_at__gte=now, due_at__lt=tonight),
        "late": Q(state__in=[2, 4, 6], due_at__lt=now),
        "answered": Q(state=5, supplement_answered_at__isnull=False),
        "waiting": Q(state=5, supplement_answered_at=None),
        "ready": Q(state=9),
        "apology": Q(needs_apology=True),
    }


def counts_of(by: Actor) -> dict[str, int]:
    """Work of this officer's unit by colour, each capped just above 1,000."""
    rows = visible(by, "dossiers.view", Dossier.objects.all())
    return {name: rows.filter(question)[: CAP + 1].count() for name, question in work_questions().items()}


def filed_by(by: Actor, after: str = "", size: int = PAGE) -> Page[Dossier]:
    """A resident's own dossiers, newest first."""
    rows = Dossier.objects.filter(owner_person_id=by.person_id) if by.person_id else Dossier.objects.none()
    return newest(rows, after, size)


def moved_lately(by: Actor, until: datetime | None, size: int) -> list[Dossier]:
    """A resident's own dossiers by when they last moved; of very many the newest hundred are looked at."""
    if by.person_id is None:
        return []
    rows = Dossier.objects.filter(owner_person_id=by.person_id).defer("answers", "search_tokens")
    found = [row for row in rows.order_by("-pk")[:100] if until is None or row.moved_at <= until]
    return sorted(found, key=lambda row: row.moved_at, reverse=True)[:size]


def drafts_of(by: Actor) -> list[Draft]:
    """Forms not yet sent, newest first; at most twenty are shown."""
    rows = Draft.objects.filter(account_id=by.account_id, submitted=None).select_related("procedure")
    return list(rows.order_by("-updated_at")[:PAGE])


def draft(by: Actor, key: UUID) -> Draft:
    found = Draft.objects.filter(uuid=key, account_id=by.account_id).select_related("procedure", "unit").first()
    if found is None:
        raise Missing("Không tìm thấy tờ khai nháp. Hãy chọn lại thủ tục để khai từ đầu.")
    return found


def whole(found: Dossier) -> dict[str, Any]:
    """Everything of one dossier: papers with files, stints, parties, supplements.

    Two statements, and one more for a helped dossier and for one that was ever asked for papers.
    """
    steps = list(found.steps.order_by("started_at", "pk"))
    was_asked = any(step.key == "supplement" for step in steps)
    return {
        "papers": list(found.papers.select_related("file__blob").order_by("pk")),
        "steps": steps,
        "parties": [] if found.filing == Dossier.Filing.SELF else list(found.parties.order_by("pk")),
        "supplements": list(found.supplements.order_by("pk")) if was_asked else [],
    }


def duplicates(unit_path: str, personal_id: str, procedure_id: int, day: date) -> list[Dossier]:
    """Dossiers of the same person and procedure on the same day, to warn the officer (§7 row 12)."""
    if not personal_id:
        return []
    since = _start_of(day)
    rows = Dossier.objects.filter(applicant_id=personal_id, procedure_id=procedure_id, unit_path=unit_path)
    return list(rows.filter(submitted_at__gte=since, submitted_at__lt=since + timedelta(days=1)).order_by("-pk")[:5])


RECENT = 500


def most_used(unit_path: str) -> list[Entry]:
    """Procedures of the unit's latest dossiers, the most frequent first."""
    latest = Dossier.objects.filter(unit_path=unit_path).order_by("-pk").values_list("procedure_id", flat=True)
    by_id = {one.id: one for one in catalogue().entries.values()}
    return [by_id[number] for number, _ in Counter(latest[:RECENT]).most_common(15) if number in by_id]


def filed_with(by: Actor, key: str) -> Dossier | None:
    """The dossier that an earlier send of the same page made."""
    return visible(by, "dossiers.view", Dossier.objects.all()).filter(idempotency_key=key).first()


@dataclass(frozen=True, slots=True)
class Glance:
    """What the public look-up says: done or not; with the secret also the steps. Never personal data."""

    number: str
    is_done: bool
    steps: list[tuple[str, datetime | None]] | None
    state: str = ""
    due_at: datetime | None = None


def look_up(number: str, secret: str = "") -> Glance | None:
    """By number only: done or not. By number and secret: the steps with their times (TT 01/2018)."""
    wanted = number.strip().upper()
    found = Dossier.objects.filter(number=wanted).first()
    if found is None:
        return None
    done = found.state in {rules.State.FINISHED, rules.State.RETURNED}
    if not secret:
        return Glance(wanted, done, None)
    if found.secret != secret.strip().upper():
        return None
    steps = [(step.label, step.finished_at) for step in found.steps.order_by("started_at", "pk")]
    return Glance(wanted, done, steps, found.get_state_display(), found.due_at)


def consultations_for(by: Actor) -> list[Consultation]:
    """Questions other units ask this officer's unit, unanswered first."""
    rows = visible(by, "dossiers.answer_consultation", Consultation.objects.all())
    rows = rows.filter(answered_at=None).select_related("dossier", "dossier__unit")
    return list(rows.order_by("answer_by_at")[:PAGE])


def consultation(by: Actor, key: UUID) -> Consultation:
    rows = visible(by, "dossiers.answer_consultation", Consultation.objects.all())
    found = rows.select_related("dossier", "asked_unit").filter(uuid=key).first()
    if found is None:
        raise Missing(GONE)
    return found


def result_of(found: Dossier) -> Result | None:
    return Result.objects.filter(dossier=found).select_related("file").first()


def in_book(unit_path: str, year: int) -> QuerySet[Dossier]:
    """Rows of the year's Sổ theo dõi (Mẫu 07), in order of number."""
    first, last = _start_of(date(year, 1, 1)), _start_of(date(year + 1, 1, 1))
    rows = Dossier.objects.filter(unit_path=unit_path, accepted_at__gte=first, accepted_at__lt=last)
    return rows.select_related("procedure", "unit").order_by("accepted_at", "pk")


@dataclass(frozen=True, slots=True)
class BookRow:
    """A line of Mẫu 07."""

    entry: int
    dossier: Dossier

    @property
    def contact(self) -> str:
        return ", ".join(part for part in (self.dossier.applicant_address, self.dossier.applicant_phone) if part)

    @property
    def agency(self) -> str:
        return self.dossier.unit.full_name

    @property
    def note(self) -> str:
        return "" if self.dossier.state == rules.State.RETURNED else self.dossier.get_state_display()


BOOK_PAGE = 50


def _numbered(rows: Iterable[Dossier], before: int) -> Iterator[BookRow]:
    return (BookRow(number, row) for number, row in enumerate(rows, start=before + 1))


def book_page(unit_path: str, year: int, after: str = "", size: int = BOOK_PAGE) -> Page[BookRow]:
    """Lines in order; the entry number is the place in the year, counted on the index of the book."""
    rows, before = in_book(unit_path, year), 0
    moment, _, number = after.partition("|")
    if since := moment_in(moment):
        later = Q(accepted_at__gt=since) | Q(accepted_at=since, pk__gt=number_in(number))
        before = rows.exclude(later).count()
        rows = rows.filter(later)
    found = list(_numbered(rows[: size + 1], before))
    return cut(found, size, lambda row: f"{sure(row.dossier.accepted_at).isoformat()}|{row.dossier.pk}")


def book_of_year(unit_path: str, year: int) -> Iterator[BookRow]:
    """Every line of the year, a few at a time, for export."""
    return _numbered(in_book(unit_path, year).iterator(500), 0)


def book_of_month(unit_path: str, year: int, month: int) -> list[BookRow]:
    """The lines of a month, numbered within the year."""
    first = _start_of(date(year, month, 1))
    end = _start_of(date(year + month // 12, month % 12 + 1, 1))
    rows = in_book(unit_path, year)
    before = rows.filter(accepted_at__lt=first).count()
    return list(_numbered(rows.filter(accepted_at__gte=first, accepted_at__lt=end), before))


def of_units(path: str, since: date, until: date) -> QuerySet[Dossier]:
    """Dossiers accepted in a period under a unit: the rows behind the cockpit's figures."""
    return Dossier.objects.filter(under(path), accepted_at__gte=_start_of(since), accepted_at__lt=_start_of(until))


def has_open(unit: Unit) -> bool:
    """Whether this very unit still has dossiers that are not closed, or questions that wait for its answer."""
    return (
        Dossier.objects.filter(unit_path=unit.path, unit=unit, state__in=rules.OPEN).exists()
        or Consultation.objects.filter(asked_unit=unit, answered_at=None).exists()
    )

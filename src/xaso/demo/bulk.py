"""A million dossiers in minutes: computed as plain rows, written in blocks, equal to what the actions write.

Deliveries of the outbox are not written: nobody is to get a message about a past year. Everything else is there.
"""

from __future__ import annotations

import sys
import time
from collections import Counter as Tally
from collections.abc import Iterator
from datetime import date
from itertools import islice
from random import Random

from django.db import connection, transaction
from django.db.models import Max

from xaso.core.accounts.models import Account, Person
from xaso.core.accounts.queries import actor_of
from xaso.core.audit import actions as audit
from xaso.core.audit.models import ChainHead
from xaso.core.files.models import Blob
from xaso.core.files.receiving import Received, receive_bytes
from xaso.core.measures.counting import rebuild_all
from xaso.core.numbering.actions import period_of
from xaso.core.numbering.schemes import Scheme, scheme_for
from xaso.core.units.models import Unit
from xaso.demo import office
from xaso.demo.course import Course, place_of
from xaso.demo.office import day_of, moment, stamp
from xaso.demo.people import make_officers
from xaso.demo.plan import FIRST, People, Planner, Site, account_row, person_row, weight_of
from xaso.demo.play import RESULT
from xaso.demo.rows import Folder
from xaso.demo.scenario import Scenario
from xaso.demo.sheets import Sheets
from xaso.demo.tables import check_columns, lock_tables, next_ids, quick, write
from xaso.kit import clock

BATCH = 10_000
AT_ONCE = 200
Book = tuple[str, str, str]
MANY_NEXT = """
    INSERT INTO numbering_counter (book, unit_path, period, value) VALUES {rows}
    ON CONFLICT (book, unit_path, period) DO UPDATE SET value = numbering_counter.value + excluded.value
    RETURNING book, unit_path, period, value
"""


def fill(count: int, scenario: Scenario) -> None:
    """`count` more dossiers over every commune. Another run with the same data adds as many others."""
    check_columns()
    office.forget()
    sheet = shared_sheet()
    people = _people(scenario)
    sites = [_site(scenario, unit) for unit in Unit.objects.communes().filter(valid_from__lte=clock.today())]
    planner = Planner(scenario, sites, people, people.rng, clock.today())
    courses = planner.courses(count)
    begun, done = time.monotonic(), 0
    with quick():
        while stored := load(courses, people, sheet):
            done += stored
            _say(done, count, time.monotonic() - begun)
    rebuild_all()


def load(courses: Iterator[Course], people: People, sheet: Received) -> int:
    """The next batch in one transaction. Returns how many; 0 at the end."""
    with transaction.atomic():
        lock_tables()
        audit.seal()
        ChainHead.objects.bulk_create([ChainHead(pk=1)], ignore_conflicts=True)
        head = ChainHead.objects.select_for_update().get(pk=1)
        ids = next_ids()
        people.person_id, people.account_id = ids["accounts.Person"], ids["accounts.Account"]
        batch = list(islice(courses, BATCH))
        sheets = Sheets(ids, head.position, head.link, people.rng, sheet)
        _add_people(sheets, people)
        _add_dossiers(sheets, batch)
        write(sheets.rows)
        head.position, head.link = sheets.position, sheets.link
        head.save()
    return len(batch)


def _add_people(sheets: Sheets, people: People) -> None:
    at = stamp(moment(clock.now()) // 1_000_000 * 1_000_000)
    sheets.rows["accounts.Person"] = [person_row(one, sheets.uuid()) for one in people.fresh]
    sheets.rows["accounts.Account"] = [account_row(one, sheets.uuid(), at) for one in people.fresh]
    people.fresh.clear()


def _add_dossiers(sheets: Sheets, batch: list[Course]) -> None:
    books = Books(batch)
    for course in batch:
        Folder(sheets, course, books.number(course), books.serial(course)).fill()


class Books:
    """The numbers of a batch: one block for each book of a unit and period, taken at once, so the next real number
    follows without a gap."""

    def __init__(self, batch: list[Course]) -> None:
        self._schemes: dict[date, tuple[Scheme, str]] = {}
        wanted: Tally[Book] = Tally()
        for course in batch:
            if course.is_accepted:
                wanted[self._day_book(course)] += 1
                if course.fee.total and course.ended_at and course.state != 6:
                    wanted["payments.book", course.place.path, ""] += 0
            if course.paid_at:
                wanted[self._receipt_book(course)] += 1
                wanted["payments.book", course.place.path, ""] += 0
        self._next = take_blocks(wanted)

    def number(self, course: Course) -> str | None:
        if not course.is_accepted:
            return None
        scheme, _ = self._scheme(course.accepted_at)
        return scheme.text(course.place.agency_code, day_of(course.accepted_at), self._take(self._day_book(course)))

    def serial(self, course: Course) -> int:
        return self._take(self._receipt_book(course)) if course.paid_at else 0

    def _take(self, book: Book) -> int:
        value = self._next[book]
        self._next[book] = value + 1
        return value

    def _scheme(self, at: int) -> tuple[Scheme, str]:
        day = day_of(at)
        if day not in self._schemes:
            scheme = scheme_for("dossier", day)
            self._schemes[day] = scheme, period_of(scheme, day)
        return self._schemes[day]

    def _day_book(self, course: Course) -> Book:
        scheme, period = self._scheme(course.accepted_at)
        return scheme.book, course.place.path, period

    def _receipt_book(self, course: Course) -> Book:
        return "receipt", course.place.path, str(day_of(course.paid_at).year)


def take_blocks(wanted: Tally[Book]) -> dict[Book, int]:
    """Raise many counters in a few statements. Gives the first number of each block."""
    first: dict[Book, int] = {}
    rows = sorted(wanted.items())
    with connection.cursor() as cursor:
        for start in range(0, len(rows), AT_ONCE):
            some = rows[start : start + AT_ONCE]
            values = ", ".join(["(%s, %s, %s, %s)"] * len(some))
            cursor.execute(MANY_NEXT.format(rows=values), [value for book, many in some for value in (*book, many)])
            for name, path, period, value in cursor.fetchall():
                first[name, path, period] = value - wanted[name, path, period] + 1
    return first


def shared_sheet() -> Received:
    """The one sheet of paper that everybody scans, with its row."""
    sheet = receive_bytes(RESULT, name="ban-quet.pdf")
    saved = sheet.saved
    Blob.objects.get_or_create(
        sha256=saved.sha256,
        defaults={"size": saved.size, "media_type": saved.media_type, "created_at": clock.now()},
    )
    return sheet


def _people(scenario: Scenario) -> People:
    """Their serials, and with them everything random, go on from the last load."""
    last = Person.objects.filter(is_demo=True, phone__startswith="03").aggregate(last=Max("phone"))["last"]
    serial = int(last[2:]) + 1 if last else 0
    return People(scenario, Random(scenario.seed + serial), serial, (0, 0))  # noqa: S311 - made-up people


def _site(scenario: Scenario, unit: Unit) -> Site:
    """A commune with its officers: those who were played, or else new ones under the commune's code."""
    slug = next((plan.slug for plan in scenario.communes if plan.code == unit.code), "")
    known = _officers(scenario, slug) or _officers(scenario, unit.code)
    if not known:
        with transaction.atomic():
            made = make_officers(scenario, unit, unit.code, Random(unit.code))  # noqa: S311 - made-up people
        known = {role: by.account_id or 0 for role, by in made.items()}
    place = place_of(unit, {role: actor_of(account) for role, account in known.items()})
    for one in place.officers.values():
        one.unit_path = unit.path
    return Site(place, weight_of(unit.kind, unit.code), max(unit.valid_from, FIRST), unit.valid_to)


def _officers(scenario: Scenario, slug: str) -> dict[str, int]:
    usernames = {f"{name}.{slug}": role for role, name in scenario.officers.items()}
    found = Account.objects.filter(username__in=usernames).values_list("username", "pk")
    return {usernames[username]: pk for username, pk in found}


def _say(done: int, count: int, seconds: float) -> None:
    numbers = [f"{number:,.0f}".replace(",", ".") for number in (done, count, done / max(seconds, 0.001))]
    sys.stdout.write("    {} / {} hồ sơ, {} hồ sơ/giây\n".format(*numbers))
    sys.stdout.flush()

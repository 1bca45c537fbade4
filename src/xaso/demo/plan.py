"""The courses of a bulk load: how many in which state, where, when, of which procedure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from random import Random
from typing import Any

from xaso.core.deadlines.calendar import calendar_for
from xaso.demo.course import MOST_PAGES, Course, Pattern, Place, Resident, in_order, pattern, resident
from xaso.demo.office import DAY, FIRST_DAY, HOUR, MINUTE, SHIFT, office_of
from xaso.demo.people import personal_id
from xaso.demo.scenario import Mix, Scenario
from xaso.kit.fold import fold
from xaso.modules.dossiers.rules import State
from xaso.modules.procedures.queries import VersionView, current

FIRST = date(2022, 1, 4)
LAST = date(2024, 12, 31)
OPEN_DAYS = 15
# What is not returned, in per mille; the rest, 92 %, is.
OPEN_STATES = {
    State.SUBMITTED: 12,
    State.ACCEPTED: 4,
    State.PROCESSING: 26,
    State.SUPPLEMENT: 6,
    State.DUTY: 2,
    State.FINISHED: 12,
}
CLOSED_STATES = {State.DECLINED: 8, State.WITHDRAWN: 5, State.STOPPED: 5}
ONLINE, SELF, DIGITISED, ON_TIME, SUPPLEMENTED = 0.45, 0.62, 0.9, 0.975, 0.03
OF_A_KIND = {"ward": 2.6, "township": 2.0, "commune": 1.0}
DOSSIERS_EACH = 4
KEPT_RESIDENTS = 400
FORMS = 3


@dataclass(frozen=True, slots=True)
class Site:
    """A commune with its share of the province's dossiers and the days it existed."""

    place: Place
    weight: float
    valid_from: date
    valid_to: date | None

    def existed(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def weight_of(kind: str, code: str) -> float:
    """Wards file more than villages; within a kind every commune has its own share."""
    return OF_A_KIND.get(kind, 1.0) * Random(f"share {code}").uniform(0.6, 1.6)  # noqa: S311 - not a secret


def counts(count: int, shares: dict[State, int]) -> dict[State, int]:
    return {state: round(count * share / 1000) for state, share in shares.items()}


class People:
    """Residents, made when they are first needed. Their serials never meet those of the played communes."""

    def __init__(self, scenario: Scenario, rng: Random, serial: int, ids: tuple[int, int]) -> None:
        self.names, self.rng, self.serial = scenario.names, rng, serial
        self.person_id, self.account_id = ids
        self.fresh: list[Resident] = []

    def one_of(self, place: Place) -> Resident:
        known = place.residents
        if len(known) < DOSSIERS_EACH or self.rng.random() * DOSSIERS_EACH < 1:
            return self._make(place)
        return known[int(self.rng.random() * len(known))]

    def _make(self, place: Place) -> Resident:
        rng, serial = self.rng, self.serial
        female = (serial // 60) % 2 == 1
        born = date(1945 + serial % 60, rng.randint(1, 12), rng.randint(1, 28))
        kind = "female" if female else "male"
        name = " ".join(rng.choice(self.names[part]) for part in ("families", f"middles_{kind}", f"given_{kind}"))
        values = {
            "id": self.person_id,
            "account_id": self.account_id,
            "full_name": name,
            "personal_id": personal_id(born, female=female, serial=110_000 + serial // 120),
            "birth_on": born.isoformat(),
            "sex": kind,
            "phone": f"03{serial:08d}",
            "address": f"thôn {rng.randint(1, 9)}, {place.name}",
        }
        self.serial, self.person_id, self.account_id = serial + 1, self.person_id + 1, self.account_id + 1
        made = resident(values, place)
        if len(place.residents) < KEPT_RESIDENTS:
            place.residents.append(made)
        else:
            place.residents[int(rng.random() * KEPT_RESIDENTS)] = made
        self.fresh.append(made)
        return made


def person_row(one: Resident, uuid: str) -> tuple[Any, ...]:
    return (
        one.id, uuid, one.full_name, fold(one.full_name), one.personal_id, "", one.birth_on, one.sex, one.phone, "",
        one.address, True,
    )  # fmt: skip


def account_row(one: Resident, uuid: str, at: str) -> tuple[Any, ...]:
    """No password: residents sign in with a code on their phone."""
    return (one.account_id, f"!{uuid}", None, uuid, one.phone, one.id, one.phone, "", None, None, True, False, 0, at)


class Planner:
    """Courses day by day in the order of their hours, over all communes at once, as they would have come."""

    def __init__(self, scenario: Scenario, sites: list[Site], people: People, rng: Random, today: date) -> None:
        self.scenario, self.sites, self.people, self.rng = scenario, sites, people, rng
        self.days = _working_days(sites[0].place.path, FIRST, min(today - timedelta(days=1), LAST))
        self.horizon = office_of(sites[0].place.path, _start(self.days[-1])).add(_start(self.days[-1]), 7 * HOUR)
        self._patterns: dict[tuple[str, int, int, int], Pattern] = {}
        self._versions: dict[tuple[str, date], VersionView] = {}
        self._mixes = {online: _weighted(scenario.mix, online=online) for online in (True, False)}

    def courses(self, count: int) -> Iterator[Course]:
        opened = self._deck(counts(count, OPEN_STATES), 0)
        closed = self._deck(counts(count, CLOSED_STATES), count - len(opened))
        last_days = len(self.days) - OPEN_DAYS
        for number, day in enumerate(self.days):
            states = _portion(closed, number, len(self.days))
            if number >= last_days:
                states += _portion(opened, number - last_days, OPEN_DAYS)
            yield from self._day(day, states)

    def _deck(self, wanted: dict[State, int], whole: int) -> bytes:
        """One byte for each dossier's state, shuffled; returned ones fill up to `whole`."""
        deck = bytearray(state for state, many in wanted.items() for _ in range(many))
        deck += bytes([State.RETURNED]) * max(whole - len(deck), 0)
        self.rng.shuffle(deck)
        return bytes(deck)

    def _day(self, day: date, states: bytes) -> list[Course]:
        if not states:
            return []
        sites = [site for site in self.sites if site.existed(day)]
        weights = list(accumulate(site.weight for site in sites))
        chosen = self.rng.choices(sites, cum_weights=weights, k=len(states))
        return in_order(self._course(site.place, day, state) for site, state in zip(chosen, states, strict=True))

    def _course(self, place: Place, day: date, state: int) -> Course:
        rng = self.rng
        online = rng.random() < ONLINE or state in {State.SUBMITTED, State.DECLINED}
        codes, weights = self._mixes[online]
        [code] = rng.choices(codes, cum_weights=weights)
        at = _start(day) + rng.choice(OFFICE_MINUTES) * MINUTE
        course = Course(
            place=place,
            person=self.people.one_of(place),
            pattern=self._pattern(code, day),
            channel="online" if online else "counter",
            is_self=not online or rng.random() < SELF,
            is_digitised=rng.random() < DIGITISED,
            pages=1 + int(rng.random() * MOST_PAGES),
            state=state,
            filed_at=at,
        )
        if online:
            course.filed_at -= int(rng.random() * 90) * MINUTE
        self._run(course, at)
        return course

    def _run(self, course: Course, at: int) -> None:
        """When what happens. Nothing happens after the horizon, so what is late is late before it."""
        if course.state == State.DECLINED:
            course.ended_at = at
        if not course.is_accepted:
            return
        course.accepted_at = at
        office = office_of(course.place.path, at)
        course.due_at = office.due(at, course.limit)
        if course.state == State.ACCEPTED:
            return
        due = self._wait(course)
        begun, last = course.resumed_at or at, min(due, self.horizon)
        room = office.between(begun, last)
        late = self.rng.random() >= ON_TIME and due + 3 * DAY < self.horizon

        def after(part: float) -> int:
            return office.add(begun, int(room * part)) // MINUTE * MINUTE

        turns = len(course.pattern.turns)
        if course.is_finished:
            end = office.add(due, 90 * MINUTE) if late else 0
            if late:
                self._apologise(course, begun, due)
            course.done_at = tuple(end or after(0.3 + 0.5 * turn / turns) for turn in range(turns))
        elif course.state == State.PROCESSING:
            course.done_at = tuple(after(0.3 + 0.1 * turn) for turn in range(int(self.rng.random() * turns)))
        elif course.state != State.SUPPLEMENT:
            course.ended_at = after(0.7)
        if course.state == State.RETURNED:
            done = course.done_at[-1]
            course.returned_at = max(done, min(office.add(done, self.rng.randrange(240) * MINUTE), self.horizon))

    def _apologise(self, course: Course, begun: int, due: int) -> None:
        """The working day before, or, where everything is due on its day, at its very end; two working days more."""
        office = office_of(course.place.path, begun)
        near = office.near(begun, due)
        course.apologised_at = office.add(near, HOUR) if near and near > begun else due
        course.promised_at = office.add(due, 16 * HOUR)

    def _wait(self, course: Course) -> int:
        """Sometimes papers are missing. Gives the date that counts from then on."""
        is_open = course.state == State.SUPPLEMENT
        if not is_open and (not course.is_finished or self.rng.random() >= SUPPLEMENTED):
            return course.due_at
        office = office_of(course.place.path, course.accepted_at)
        asked = office.add(course.accepted_at, 20 * MINUTE)
        answered = office.add(asked, (4 + 8 * int(self.rng.random() * 4)) * HOUR)
        if is_open:
            course.asked_at = min(asked, self.horizon)
        elif answered + HOUR < self.horizon:
            course.asked_at, course.answered_at, course.resumed_at = asked, answered, answered + 10 * MINUTE
            return office_of(course.place.path, course.resumed_at).due(course.resumed_at, course.limit)
        return course.due_at

    def _pattern(self, code: str, day: date) -> Pattern:
        """A few filled forms for every season and version, each used by many."""
        version = self._versions.get((code, day))
        if version is None:
            version = self._versions[code, day] = current(code, day)
        key = (code, version.id, day.year * 4 + day.month // 4, int(self.rng.random() * FORMS))
        found = self._patterns.get(key)
        if found is None:
            rng = Random(f"{key}")  # noqa: S311 - not a secret
            found = self._patterns[key] = pattern(version, rng, max(day.replace(day=1), version.valid_from))
        return found


OFFICE_MINUTES = [*range(7 * 60 + 15, 11 * 60 + 15), *range(13 * 60 + 30, 16 * 60 + 30)]


def _start(day: date) -> int:
    """Midnight in Vietnam."""
    return (day - FIRST_DAY).days * DAY - SHIFT


def _working_days(path: str, first: date, last: date) -> list[date]:
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [day for day in days if calendar_for(path, day).shifts_on(day)]


def _portion(deck: bytes, number: int, parts: int) -> bytes:
    return deck[len(deck) * number // parts : len(deck) * (number + 1) // parts]


def _weighted(mix: tuple[Mix, ...], *, online: bool) -> tuple[list[str], list[int]]:
    fit = [one for one in mix if not (online and one.counter_only)]
    return [one.code for one in fit], list(accumulate(one.weight for one in fit))

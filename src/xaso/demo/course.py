"""What the bulk load is made of: places, residents, patterns of procedures, and the course of one dossier."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

from xaso.core.access import Actor
from xaso.core.accounts.models import Person
from xaso.core.deadlines.rules import Limit
from xaso.core.units.models import Unit
from xaso.demo.answers import Typist
from xaso.demo.people import personal_id
from xaso.demo.play import DEMO_FEE
from xaso.kit.fold import words
from xaso.modules.dossiers import rules
from xaso.modules.dossiers.actions.reception import Price, limit_of, payment_state_of, quote_for
from xaso.modules.dossiers.models import Dossier
from xaso.modules.procedures.queries import VersionView

STAND_IN_BIRTH = date(1961, 7, 23)
STAND_IN_UNIT = "Đơn vị Mẫu"
MOST_PAGES = 4


compact = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
"""JSON as the audit chain digests it."""


def checksum(value: Any) -> str:
    """As `core.actions` keeps an argument that is not plain."""
    text = json.dumps(value, default=str, sort_keys=True, ensure_ascii=False)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


@dataclass(slots=True)
class Who:
    """An actor as it stands in rows; `text` is its part of an audit entry's digest."""

    kind: str
    account_id: int | None
    name: str
    via: str
    unit_path: str
    text: str = ""

    def __post_init__(self) -> None:
        self.text = compact([self.kind, self.account_id, self.name, self.via])[1:-1]


def who(by: Actor) -> Who:
    return Who(by.kind, by.account_id, by.name, by.via, by.unit_path)


@dataclass(slots=True)
class Resident:
    """An applicant with everything that the rows repeat."""

    id: int
    account_id: int
    full_name: str
    personal_id: str
    birth_on: str
    sex: str
    phone: str
    address: str
    unit_name: str
    tokens: str
    who: Who


def resident(values: dict[str, Any], unit: Place) -> Resident:
    tokens = rules.tokens(unit.path, [" ".join(words(values["full_name"])), values["personal_id"], values["phone"]])
    acting = Who("person", values["account_id"], values["full_name"], "web", "")
    return Resident(**values, unit_name=unit.name, tokens=tokens, who=acting)


def resident_of(person: Person, unit: Place) -> Resident:
    """A stored person as an applicant."""
    columns = ("id", "full_name", "personal_id", "sex", "phone", "address")
    values = {name: getattr(person, name) for name in columns}
    return resident(
        values | {"account_id": person.account.pk, "birth_on": person.birth_on.isoformat() if person.birth_on else ""},
        unit,
    )


@dataclass(slots=True)
class Place:
    """A commune with its officers by role."""

    id: int
    path: str
    name: str
    agency_code: str
    officers: dict[str, Who]
    residents: list[Resident] = field(default_factory=list)


def place_of(unit: Unit, officers: dict[str, Actor]) -> Place:
    return Place(unit.pk, unit.path, unit.name, unit.agency_code, {role: who(by) for role, by in officers.items()})


@dataclass(frozen=True, slots=True)
class Fee:
    payment_state: str
    total: int | None
    lines: str
    collect_at: str


@dataclass(slots=True)
class Pattern:
    """A filled form of a procedure, with a stand-in for the applicant, and what follows from the answers."""

    version: VersionView
    answers: str
    case_key: str
    papers: tuple[tuple[str, str, bool, bool], ...]
    turns: tuple[rules.StepLike, ...]
    limits: dict[str, Limit]
    fees: dict[tuple[str, int], Fee]
    checksum: str

    def answers_of(self, person: Resident) -> str:
        """The JSON text for this applicant."""
        text = self.answers.replace(f'"{STAND_IN.full_name}"', f'"{person.full_name}"')
        text = text.replace(f'"{STAND_IN.personal_id}"', f'"{person.personal_id}"')
        text = text.replace(f'"{STAND_IN_BIRTH}"', f'"{person.birth_on}"')
        text = text.replace(f'"{STAND_IN.phone}"', f'"{person.phone}"').replace(STAND_IN_UNIT, person.unit_name)
        return text.replace('"sex":"male"', f'"sex":"{person.sex}"')


STAND_IN = Person(
    full_name="Nguyễn Thế Mẫu",
    personal_id=personal_id(STAND_IN_BIRTH, female=False, serial=4321),
    birth_on=STAND_IN_BIRTH,
    sex="male",
    phone="0398765432",
)


def pattern(version: VersionView, rng: Random, on: date) -> Pattern:
    """Filled in as on that day."""
    answers = Typist(rng, STAND_IN, Unit(name=STAND_IN_UNIT), on).fill(version)
    case = version.case_for(answers)
    channels = [channel for channel in ("counter", "online") if channel in version.definition.channels]
    turns = rules.steps_of(version.definition.steps)
    first = turns.index(rules.first_step(turns))
    blank = {channel: Dossier(case_key=case.key, channel=channel) for channel in channels}
    return Pattern(
        version=version,
        answers=compact(answers),
        case_key=case.key,
        papers=tuple(
            (part.key, part.name, part.need != "optional", bool(part.from_data)) for part in version.papers(answers)
        ),
        turns=tuple(turn for turn in turns[first:] if turn.kind != "return"),
        limits={channel: limit_of(row, version) for channel, row in blank.items()},
        fees={
            (channel, pages): _fee(version, channel, pages, on, answers, case.key)
            for channel in channels
            for pages in range(1, MOST_PAGES + 1)
        },
        checksum=checksum(answers),
    )


def price_of(pages: int) -> Price:
    return Price({"copy": 1, "page": pages, "act": 1})


def _fee(version: VersionView, channel: str, pages: int, on: date, answers: dict[str, Any], case_key: str) -> Fee:
    quote = quote_for(version, channel, price_of(pages), on, answers, case_key)
    lines = [
        {
            "label": line.label,
            "kind": line.kind,
            "quantity": 1,
            "unit_amount": line.amount,
            "amount": line.amount,
            "note": "; ".join(step.text for step in line.steps),
        }
        for line in quote.lines
        if line.amount
    ]
    return Fee(str(payment_state_of(quote)), quote.total, compact(lines), version.definition.collect_fee_at)


@dataclass(slots=True)
class Course:
    """One dossier from filing to where it stands. Moments are microseconds; `done_at` ends each turn of the work."""

    place: Place
    person: Resident
    pattern: Pattern
    channel: str
    is_self: bool
    is_digitised: bool
    pages: int
    state: int
    filed_at: int
    accepted_at: int = 0
    due_at: int = 0
    asked_at: int = 0
    answered_at: int = 0
    resumed_at: int = 0
    done_at: tuple[int, ...] = ()
    ended_at: int = 0
    returned_at: int = 0
    apologised_at: int = 0
    promised_at: int = 0

    @property
    def is_accepted(self) -> bool:
        return self.state not in {rules.State.SUBMITTED, rules.State.DECLINED}

    @property
    def is_finished(self) -> bool:
        return self.state in {rules.State.FINISHED, rules.State.RETURNED}

    @property
    def fee(self) -> Fee:
        return self.pattern.fees[self.channel, self.pages]

    @property
    def limit(self) -> Limit:
        return self.pattern.limits[self.channel]

    @property
    def total(self) -> int:
        """What is paid in the end. A fee that the catalogue does not know is settled when the work is done."""
        return self.fee.total or (DEMO_FEE if self.is_fee_unknown else 0)

    @property
    def is_fee_unknown(self) -> bool:
        return self.fee.payment_state == "unknown"

    @property
    def paid_at(self) -> int:
        """Paid when the work is done; 0 when nothing was, or is not yet."""
        return self.done_at[-1] if self.is_finished and self.total else 0


def in_order(courses: Iterable[Course]) -> list[Course]:
    """By the moment a number is given, so that a day's numbers rise with its hours."""
    return sorted(courses, key=lambda one: one.accepted_at or one.filed_at)

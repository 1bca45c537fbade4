"""Plays dossiers through the real actions at the moments they would have happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import ceil
from random import Random
from typing import Any

from django.db import transaction

from xaso.core.access import SYSTEM, Actor, Grant
from xaso.core.accounts.models import Account, Person
from xaso.core.deadlines.calendar import calendar_for
from xaso.core.deadlines.rules import Calendar, near_from, nth_working_day
from xaso.core.files import actions as files
from xaso.core.files.receiving import Received, receive_bytes
from xaso.core.outbox.actions import deliver_all
from xaso.core.outbox.models import Delivery
from xaso.core.units.models import Unit
from xaso.core.units.queries import unit_by_code
from xaso.demo.answers import Typist
from xaso.demo.people import make_officers, make_province_officers, make_residents
from xaso.demo.scenario import CommunePlan, Scenario, YearPlan
from xaso.kit import clock, subject
from xaso.kit.sure import sure
from xaso.modules.dossiers import rules
from xaso.modules.dossiers.actions import closing, filing, processing, reception
from xaso.modules.dossiers.actions.filing import Applicant, Filing, Helper, PaperIn
from xaso.modules.dossiers.actions.payment import mark_fee, set_fee
from xaso.modules.dossiers.models import Dossier
from xaso.modules.payments.actions import take_cash
from xaso.modules.payments.queries import open_charge
from xaso.modules.procedures.queries import VersionView, current

BATCH = 40
RESIDENTS = 60
DEMO_FEE = 8000
SORRY = "Hồ sơ nhiều, cán bộ xử lý chưa kịp"
# Work in hand: mostly fresh, one in eight late. What takes more than a day is what can have waited for days.
OPEN_DAYS_BACK = (0, 1, 2, 0, 1, 0, 2, 6)
DAYS_LONG = ("1.004873", "1.001612", "1.013225")
RESULT = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\nxref\n0 4\n0000000000 65535 f \n"
    b"0000000009 00000 n \n0000000052 00000 n \n0000000101 00000 n \ntrailer<</Size 4/Root 1 0 R>>\n"
    b"startxref\n163\n%%EOF\n"
)


@dataclass(slots=True)
class Stage:
    """A commune with its people, and the one sheet of paper that everybody scans."""

    unit: Unit
    officers: dict[str, Actor]
    residents: list[Person]
    sheet: Received
    rng: Random
    scenario: Scenario


@dataclass(frozen=True, slots=True)
class Part:
    """What one dossier is to be."""

    at: datetime
    code: str
    is_online: bool
    is_self: bool
    is_on_time: bool
    is_digitised: bool
    until: str = "returned"  # or where it stands now: submitted, begun, finished


def play_province(scenario: Scenario) -> None:
    """Every commune of the scenario. A commune whose officers exist has been played."""
    rng = Random(scenario.seed)  # noqa: S311 - made-up people, not secrets
    province = unit_by_code("26", date(2024, 1, 1))
    if not Account.objects.filter(username="giam-sat.tinh").exists():
        make_province_officers(scenario, province, rng)
    for number, plan in enumerate(scenario.communes):
        if not Account.objects.filter(username=f"{scenario.officers['reception']}.{plan.slug}").exists():
            play_commune(scenario, plan, Random(scenario.seed + number))  # noqa: S311


def play_commune(scenario: Scenario, plan: CommunePlan, rng: Random) -> None:
    unit = unit_by_code(plan.code, date(2022, 6, 1))
    with transaction.atomic():
        officers = make_officers(scenario, unit, plan.slug, rng)
        residents = make_residents(scenario, unit, rng, RESIDENTS, shown=bool(plan.open_now))
        stage = Stage(unit, officers, residents, receive_bytes(RESULT, name="ban-quet.pdf"), rng, scenario)
    for year in plan.years:
        play_year(stage, year)
    play_open(stage, plan.open_now)


def play_year(stage: Stage, year: YearPlan) -> None:
    parts = plan_year(stage, year)
    for start in range(0, len(parts), BATCH):
        with transaction.atomic():
            for part in parts[start : start + BATCH]:
                play(stage, part)
            # Nobody is to get a message about 2022 today, and slips of past years are printed when asked for.
            Delivery.objects.filter(state=Delivery.State.WAITING).delete()


def plan_year(stage: Stage, year: YearPlan) -> list[Part]:
    """Exactly the shares asked for, spread over the year's working days in order of time."""
    rng, count = stage.rng, year.dossiers
    moments = sorted(_office_moment(stage, rng, year.year) for _ in range(count))
    online = _flags(rng, count, year.online)
    by_self = iter(_flags(rng, sum(online), year.self))
    on_time, digitised = _flags(rng, count, year.on_time), _flags(rng, count, year.digitised)
    parts = []
    for number, at in enumerate(moments):
        code = _code(stage.scenario, rng, online=online[number], late=not on_time[number])
        is_self = next(by_self) if online[number] else True
        parts.append(Part(at, code, online[number], is_self, on_time[number], digitised[number]))
    return parts


def _flags(rng: Random, count: int, percent: float) -> list[bool]:
    yes = min(count, ceil(count * percent / 100))
    flags = [True] * yes + [False] * (count - yes)
    rng.shuffle(flags)
    return flags


def _code(scenario: Scenario, rng: Random, *, online: bool, late: bool) -> str:
    """A procedure of the mix that can be filed so; a late one needs a limit of days."""
    fit = [one for one in scenario.mix if not (online and one.counter_only) and not (late and one.code != "1.004873")]
    return rng.choices([one.code for one in fit], [one.weight for one in fit])[0]


def _office_moment(stage: Stage, rng: Random, year: int) -> datetime:
    """A working hour of a working day, early enough in the year to be finished in it."""
    while True:
        day = date(year, 1, 3) + timedelta(days=rng.randint(0, 325))
        if calendar_for(stage.unit.path, day).shifts_on(day):
            return datetime.combine(day, time(rng.choice([8, 9, 10, 14]), rng.randint(0, 59)), tzinfo=clock.VIETNAM)


def play(stage: Stage, part: Part) -> Dossier:
    """One dossier from filing to its end."""
    person = stage.rng.choice(stage.residents)
    with clock.replaying(part.at):
        dossier = _begin(stage, part, person)
    if not part.is_on_time:
        _apologise(stage, dossier)
    with clock.replaying(_end_moment(part, dossier)):
        _work(stage, dossier)
        closing.return_result(stage.officers["reception"], dossier, handed_how="CCCD")
    return dossier


def _end_moment(part: Part, dossier: Dossier) -> datetime:
    due_at = sure(dossier.due_at)
    if part.is_on_time:
        return part.at + (due_at - part.at) * 0.6
    # One working day before the new promise, which is two after the first date.
    return near_from(due_at, _calendar(dossier)) + timedelta(hours=2)


def _apologise(stage: Stage, dossier: Dossier) -> None:
    """An hour into the working day before the date, or the date itself, with two working days more."""
    due_at = sure(dossier.due_at)
    calendar = _calendar(dossier)
    near = near_from(due_at, calendar) + timedelta(hours=1)
    at = near if near > sure(dossier.accepted_at) else due_at
    new_due = calendar.closing(nth_working_day(clock.local(due_at).date(), 2, calendar))
    with clock.replaying(at):
        processing.apologise(stage.officers["handler"], dossier, reason=SORRY, new_due=new_due)


def _calendar(dossier: Dossier) -> Calendar:
    return calendar_for(dossier.unit_path, clock.local(sure(dossier.due_at)).date())


def _begin(stage: Stage, part: Part, person: Person) -> Dossier:
    clerk = stage.officers["reception"]
    version = current(part.code, clock.today())
    price = reception.Price({"copy": 1, "page": stage.rng.randint(1, 4), "act": 1})
    if not part.is_online:
        filed = _filed(stage, part, version, person, clerk)
        return reception.receive_dossier(clerk, stage.unit, filed=filed, price=price, forward=True)
    by = _resident(person) if part.is_self else clerk
    dossier = filing.submit_dossier(by, stage.unit, filed=_filed(stage, part, version, person, by))
    if part.until == "submitted":
        return dossier
    return reception.accept_dossier(clerk, dossier, price=price, forward=True)


def _resident(person: Person) -> Actor:
    return Actor(
        "person", person.account.pk, person.pk, person.full_name, (Grant("anyone"), Grant("resident")), via="web"
    )


def _filed(stage: Stage, part: Part, version: VersionView, person: Person, by: Actor) -> Filing:
    answers = Typist(stage.rng, person, stage.unit, clock.today()).fill(version)
    helper = None if part.is_self else Helper(by.name, phone="", basis="Cán bộ một cửa", consented=True)
    return Filing(
        version=version,
        applicant=_applicant(person),
        answers=answers,
        papers={
            paper.key: _paper(stage, part, paper, by) for paper in version.papers(answers) if paper.need != "optional"
        },
        filing=Dossier.Filing.SELF if part.is_self else Dossier.Filing.ASSISTED,
        helper=helper,
        result_by=Dossier.ResultBy.ONLINE if part.is_online else Dossier.ResultBy.COUNTER,
    )


def _applicant(person: Person) -> Applicant:
    return Applicant(
        person.full_name, person.personal_id or "", person.birth_on, person.sex, person.phone, "", person.address
    )


def _paper(stage: Stage, part: Part, paper: Any, by: Actor) -> PaperIn:
    """Data of the State, a scan, or, where nothing was digitised, only a tick."""
    if paper.from_data and part.is_digitised:
        return PaperIn(is_handed_in=False, from_data=True)
    if not part.is_digitised:
        return PaperIn(originals=1)
    place = files.Place(files.waiting_subject(by), "", by.person_id)
    scan = files.upload(by, place, received=stage.sheet, kind=paper.key)
    return PaperIn(originals=1, upload=scan.uuid)


def _work(stage: Stage, dossier: Dossier) -> None:
    """Every step by its own officer, the result attached, the fee taken."""
    handler = stage.officers["handler"]
    place = files.Place(files.waiting_subject(handler), "", handler.person_id)
    result = files.upload(handler, place, received=stage.sheet, kind="result")
    processing.attach_result(handler, dossier, upload=result.uuid)
    while dossier.state == rules.State.PROCESSING:
        officer = stage.officers[dossier.step_role]
        if dossier.step_role == "leader":
            processing.sign_result(officer, dossier)
        else:
            processing.finish_step(officer, dossier)
    _pay(stage, dossier)


def _pay(stage: Stage, dossier: Dossier) -> None:
    if dossier.payment_state == Dossier.Payment.UNKNOWN:
        set_fee(stage.officers["reception"], dossier, amount=DEMO_FEE, basis="Biểu phí minh hoạ")
    charge = open_charge(subject.ref(dossier))
    if charge is None:
        return
    take_cash(stage.officers["cashier"], charge, amount=charge.due, idempotency_key=f"demo:{charge.pk}")
    mark_fee(SYSTEM, dossier)


def play_open(stage: Stage, count: int) -> None:
    """Work in hand on the demonstration's present day: new, running, near its date, late, ready to hand over."""
    rng, now = stage.rng, clock.now()
    with transaction.atomic():
        for number in range(count):
            back = OPEN_DAYS_BACK[number % len(OPEN_DAYS_BACK)]
            at = min(_working_day_before(stage, now, back), now - timedelta(minutes=5))
            until = ("submitted", "begun", "begun", "finished")[number % 4]
            online = until == "submitted" or rng.random() < 0.5
            code = rng.choice(DAYS_LONG) if back else _code(stage.scenario, rng, online=online, late=False)
            part = Part(at, code, online, rng.random() < 0.5 or not online, True, True, until)
            with clock.replaying(at):
                dossier = _begin(stage, part, rng.choice(stage.residents))
                deliver_all()
            if until == "finished":
                with clock.replaying(at + timedelta(hours=1)):
                    _work(stage, dossier)
                    deliver_all()


def _working_day_before(stage: Stage, now: datetime, back: int) -> datetime:
    """A morning `back` working days ago."""
    day = clock.local(now).date()
    calendar = calendar_for(stage.unit.path, day)
    while back or not calendar.shifts_on(day):
        day -= timedelta(days=1)
        if calendar.shifts_on(day):
            back = max(back - 1, 0)
    return datetime.combine(day, time(8, stage.rng.randint(0, 50)), tzinfo=clock.VIETNAM)

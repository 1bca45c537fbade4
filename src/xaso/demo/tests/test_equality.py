"""The same courses once through the actions and once in bulk, in the same commune with the same people: equal rows."""

import json
import re
from dataclasses import replace
from random import Random

import pytest
from django.core.management.color import no_style
from django.db import connection, transaction

from xaso.core.access import SYSTEM
from xaso.core.audit import actions as audit
from xaso.core.files import actions as files
from xaso.core.numbering.models import Counter
from xaso.core.outbox.models import Delivery
from xaso.demo import rows
from xaso.demo.bulk import load
from xaso.demo.course import place_of, price_of, resident_of
from xaso.demo.office import whole
from xaso.demo.plan import FIRST, People, Planner, Site
from xaso.demo.play import DEMO_FEE, _applicant, _resident
from xaso.demo.tables import COLUMNS, model_of
from xaso.kit import clock, subject
from xaso.modules.dossiers.actions import closing, filing, processing, reception
from xaso.modules.dossiers.actions.filing import Filing, Helper, PaperIn
from xaso.modules.dossiers.actions.payment import mark_fee, set_fee
from xaso.modules.dossiers.models import Dossier
from xaso.modules.dossiers.rules import State
from xaso.modules.payments.actions import take_cash
from xaso.modules.payments.queries import open_charge

WRITTEN = [label for label in COLUMNS if not label.startswith("accounts.")]
# Made anew by each path: keys, secrets, and the chain over them.
OWN = {"id", "uuid", "secret", "digest", "link", "position", "reference", "idempotency_key"}
CHECKSUM = re.compile(r"^sha256:[0-9a-f]{64}$")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Replay:
    """Plays courses through the real actions."""

    def __init__(self, stage) -> None:
        self.stage, self.officers = stage, stage.officers

    def play(self, course) -> Dossier:
        person = next(one for one in self.stage.residents if one.pk == course.person.id)
        begin = self.submit if course.channel == "online" else self.receive
        dossier = begin(course, person)
        if course.asked_at:
            self.supplement(course, dossier)
        if course.apologised_at:
            with clock.replaying(whole(course.apologised_at)):
                new_due = whole(course.promised_at)
                processing.apologise(self.officers["handler"], dossier, reason=rows.SORRY, new_due=new_due)
        if course.is_finished:
            self.attach(course, dossier)
        for at in course.done_at:
            with clock.replaying(whole(at)):
                officer = self.officers[dossier.step_role]
                step = processing.sign_result if dossier.step_role == "leader" else processing.finish_step
                step(officer, dossier)
        self.leave(course, dossier)
        return dossier

    def filed(self, course, person, by) -> Filing:
        answers = json.loads(course.pattern.answers_of(course.person))
        version = course.pattern.version
        return Filing(
            version=version, applicant=_applicant(person), answers=answers,
            papers={one.key: self.paper(course, one, by) for one in version.papers(answers) if one.need != "optional"},
            filing="self" if course.is_self else "assisted",
            helper=None if course.is_self else Helper(by.name, basis=rows.BASIS, consented=True),
            result_by="online" if course.channel == "online" else "counter",
        )  # fmt: skip

    def paper(self, course, paper, by) -> PaperIn:
        if paper.from_data and course.is_digitised:
            return PaperIn(is_handed_in=False, from_data=True)
        return PaperIn(originals=1, upload=self.upload(by, paper.key) if course.is_digitised else None)

    def upload(self, by, kind):
        place = files.Place(files.waiting_subject(by), "", by.person_id)
        return files.upload(by, place, received=self.stage.sheet, kind=kind).uuid

    def receive(self, course, person):
        clerk, price = self.officers["reception"], price_of(course.pages)
        with clock.replaying(whole(course.accepted_at)):
            filed, forward = self.filed(course, person, clerk), course.state != State.ACCEPTED
            return reception.receive_dossier(clerk, self.stage.unit, filed=filed, price=price, forward=forward)

    def submit(self, course, person):
        clerk, price = self.officers["reception"], price_of(course.pages)
        by = _resident(person) if course.is_self else clerk
        with clock.replaying(whole(course.filed_at)):
            dossier = filing.submit_dossier(by, self.stage.unit, filed=self.filed(course, person, by))
        if course.state == State.DECLINED:
            with clock.replaying(whole(course.ended_at)):
                reception.decline_dossier(clerk, dossier, reason=rows.REASONS[State.DECLINED])
        elif course.is_accepted:
            with clock.replaying(whole(course.accepted_at)):
                reception.accept_dossier(clerk, dossier, price=price, forward=course.state != State.ACCEPTED)
        return dossier

    def supplement(self, course, dossier) -> None:
        with clock.replaying(whole(course.asked_at)):
            handler = self.officers["handler"]
            processing.request_supplement(handler, dossier, items=[rows.MISSING], reason=rows.WHY)
        if course.answered_at:
            with clock.replaying(whole(course.answered_at)):
                processing.answer_supplement(self.officers["reception"], dossier, uploads={}, answer=rows.ANSWER)
            with clock.replaying(whole(course.resumed_at)):
                processing.resume_dossier(self.officers["reception"], dossier)

    def attach(self, course, dossier) -> None:
        with clock.replaying(whole(course.done_at[0])):
            handler = self.officers["handler"]
            processing.attach_result(handler, dossier, upload=self.upload(handler, "result"))

    def leave(self, course, dossier) -> None:
        with clock.replaying(whole(course.ended_at)):
            if course.state == State.DUTY:
                processing.request_duty(self.officers["handler"], dossier, notice=rows.NOTICE)
            elif course.state == State.WITHDRAWN:
                closing.withdraw_dossier(self.officers["reception"], dossier, reason=rows.REASONS[State.WITHDRAWN])
            elif course.state == State.STOPPED:
                closing.stop_dossier(self.officers["handler"], dossier, reason=rows.REASONS[State.STOPPED])
        if course.is_finished:
            with clock.replaying(whole(course.done_at[-1])):
                self.pay(dossier)
        if course.returned_at:
            with clock.replaying(whole(course.returned_at)):
                closing.return_result(self.officers["reception"], dossier, handed_how=rows.HANDED_HOW)

    def pay(self, dossier) -> None:
        if dossier.payment_state == Dossier.Payment.UNKNOWN:
            set_fee(self.officers["reception"], dossier, amount=DEMO_FEE, basis=rows.FEE_BASIS)
        charge = open_charge(subject.ref(dossier))
        if charge:
            take_cash(self.officers["cashier"], charge, amount=charge.due, idempotency_key=f"demo:{charge.pk}")
            mark_fee(SYSTEM, dossier)


def plan(stage, scenario, count: int):
    """Some courses of every state and channel, late ones and supplements too, for the people of the stage."""
    place = place_of(stage.unit, stage.officers)
    place.residents = [resident_of(person, place) for person in stage.residents]
    people = People(scenario, Random(11), 0, (0, 0))
    people.one_of = lambda at: people.rng.choice(place.residents)
    planner = Planner(scenario, [Site(place, 1.0, FIRST, None)], people, people.rng, clock.today())
    kinds: dict = {}
    for course in planner.courses(count):
        late = bool(course.apologised_at)
        key = (course.state, course.channel, bool(course.asked_at), late, bool(course.paid_at), course.is_digitised)
        kinds.setdefault(key, course)
    return list(kinds.values()), people


def stored(since: dict[str, int]) -> dict[str, list]:
    """Every row written since, with what each path makes anew left out and references counted from the first row."""
    found = {}
    for label in WRITTEN:
        names = [field.attname for field in model_of(label)._meta.concrete_fields]
        rows_ = model_of(label).objects.filter(pk__gt=since[label]).order_by("pk").values(*names)
        found[label] = [
            {name: plain(name, value, since) for name, value in row.items() if name not in OWN} for row in rows_
        ]
    return found


def plain(name: str, value, since):
    if name == "details":
        return {UUID.sub("…", key): plain(key, one, since) for key, one in value.items()}
    if isinstance(value, str):
        value = re.sub(r"\b(\w+\.\w+):(\d+)$", lambda m: f"{m[1]}+{int(m[2]) - since[m[1]]}", value)
        value = re.sub(r"^demo:\d+$", "demo:…", value)
        return CHECKSUM.sub("sha256", UUID.sub("…", value))
    owner = {"dossier_id": "dossiers.Dossier", "file_id": "files.StoredFile", "clock_id": "deadlines.Clock",
             "charge_id": "payments.Charge"}.get(name)  # fmt: skip
    return value - since[owner] if owner and value is not None else value


def last_ids() -> dict[str, int]:
    return {
        label: (model_of(label).objects.order_by("-pk").values_list("pk", flat=True).first() or 0) for label in WRITTEN
    }


def entry_key(row) -> tuple:
    return (row["subject"], row["at"], row["verb"], row["within"])


def give_ids_again() -> None:
    """Both paths begin right after the last row, whatever earlier tests counted up to and rolled back."""
    models = [model_of(label) for label in COLUMNS]
    if connection.vendor == "sqlite":
        tables = [{"table": model._meta.db_table} for model in models]
        statements = connection.ops.sequence_reset_by_name_sql(no_style(), tables)
    else:
        statements = connection.ops.sequence_reset_sql(no_style(), models)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.mark.long
def test_bulk_writes_what_the_actions_write(stage, scenario):
    courses, people = plan(stage, scenario, 1_500)
    assert {course.state for course in courses} == set(State)
    assert len(courses) >= 30
    assert len([course for course in courses if course.apologised_at]) >= 4
    give_ids_again()
    before, counters = last_ids(), set(Counter.objects.values_list("book", "unit_path", "period", "value"))
    assert not counters
    replay = Replay(stage)
    with transaction.atomic():
        played = [replay.play(course) for course in courses]
        Delivery.objects.all().delete()
        by_actions = stored(before)
        counters = set(Counter.objects.values_list("book", "unit_path", "period", "value"))
        assert len(played) == len(courses)
        transaction.set_rollback(True)
    give_ids_again()
    assert last_ids() == before
    assert load(iter(courses), people, stage.sheet) == len(courses)
    in_bulk = stored(before)
    assert set(Counter.objects.values_list("book", "unit_path", "period", "value")) == counters
    for label in WRITTEN:
        ours, theirs = by_actions[label], in_bulk[label]
        if label == "audit.Entry":
            ours, theirs = sorted(ours, key=entry_key), sorted(theirs, key=entry_key)
        assert len(ours) == len(theirs), label
        for left, right in zip(ours, theirs, strict=True):
            assert left == right, label
    assert audit.verify().broken == ""


@pytest.mark.long
def test_numbering_and_chain_go_on_after_a_bulk_load(stage, scenario):
    courses, people = plan(stage, scenario, 300)
    load(iter(courses), people, stage.sheet)
    last = max(
        (course for course in courses if course.is_accepted and course.channel == "counter"),
        key=lambda one: one.accepted_at,
    )
    given = Dossier.objects.filter(accepted_at__date=clock.local(whole(last.accepted_at)).date()).exclude(number=None)
    numbers = sorted(given.values_list("number", flat=True))
    assert [int(number[-4:]) for number in numbers] == list(range(1, len(numbers) + 1))
    again = replace(last, state=State.ACCEPTED, asked_at=0, answered_at=0, resumed_at=0, done_at=(), returned_at=0)
    following = Replay(stage).play(again)
    assert following.number == numbers[-1][:-4] + f"{len(numbers) + 1:04d}"
    assert audit.verify().broken == ""

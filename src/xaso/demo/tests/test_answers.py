"""Forms filled in by the demonstration are valid for everybody it makes up."""

import json
from datetime import date
from random import Random

import pytest

from xaso.core.access import SYSTEM
from xaso.core.accounts.models import Person
from xaso.core.units.models import Unit
from xaso.demo.answers import Typist
from xaso.demo.course import Place, pattern
from xaso.demo.people import make_people
from xaso.demo.plan import People
from xaso.demo.scenario import read_scenario
from xaso.modules.procedures.actions import load_procedures
from xaso.modules.procedures.queries import catalogue as whole_catalogue
from xaso.modules.procedures.queries import current

TODAY = date(2024, 12, 16)
UNIT = Unit(code="09148", name="Ngũ Kiên", kind="commune", path="26.09148.")


@pytest.fixture
def procedures(db):
    load_procedures(SYSTEM)


def fillable() -> list[str]:
    """Procedures with a form of fields and an online service."""
    found = []
    for code, entry in whole_catalogue().entries.items():
        row = entry.on(TODAY)
        if row and row.online_level in ("partial", "full") and current(code, TODAY).form.sections:
            found.append(code)
    return found


@pytest.mark.long
def test_every_full_form_can_be_filled_in(procedures):
    codes = {*fillable(), *(one.code for one in read_scenario().mix)}
    assert len(codes) >= 20
    people: list[Person] = list(make_people(read_scenario(), UNIT, Random(3), 4))
    for code in sorted(codes):
        version = current(code, TODAY)
        for number, person in enumerate(people):
            answers = Typist(Random(number), person, UNIT, TODAY).fill(version)
            assert version.validate(answers, today=TODAY, skip=("file",))[1] == {}, code


@pytest.mark.long
def test_a_bulk_form_is_valid_for_every_applicant(procedures):
    scenario = read_scenario()
    place = Place(1, "26.09148.", "Ngũ Kiên", "H62.1", {})
    people = People(scenario, Random(1), 0, (1, 1))
    residents = [people._make(place) for _ in range(130)]
    assert len({one.personal_id for one in residents}) == 130
    for one in scenario.mix:
        version = current(one.code, TODAY)
        form = pattern(version, Random(4), TODAY)
        for applicant in residents[::7]:
            answers = json.loads(form.answers_of(applicant))
            assert version.validate(answers, today=TODAY, skip=("file",))[1] == {}, (one.code, applicant)
            assert version.case_for(answers).key == form.case_key
            assert applicant.full_name in form.answers_of(applicant)

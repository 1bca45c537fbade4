"""Made-up residents and officers, the same at every load."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from random import Random

from django.contrib.auth.hashers import make_password

from xaso.core.access import Actor
from xaso.core.accounts.models import Account, Person, Post
from xaso.core.accounts.queries import actor_of
from xaso.core.units.models import Unit
from xaso.demo.scenario import Scenario
from xaso.kit.fold import fold

SINCE = date(2022, 1, 1)
PROVINCE_DIGITS = "026"
FIRST_PHONE = "0900000001"
PROVINCE_OFFICERS = {
    "province": "giam-sat",
    "catalogue": "danh-muc",
    "focal": "dau-moi",
    "leader": "lanh-dao",
    "appraiser": "tham-dinh",
    "council": "hoi-dong",
}


def make_people(scenario: Scenario, unit: Unit, rng: Random, count: int) -> Iterator[Person]:
    """Residents of a commune, not yet stored."""
    for number in range(count):
        female = rng.random() < 0.5
        born = date(rng.randint(1945, 2004), rng.randint(1, 12), rng.randint(1, 28))
        name = _name(scenario, rng, female=female)
        yield Person(
            full_name=name,
            folded_name=fold(name),
            personal_id=personal_id(born, female=female, serial=int(unit.code) * 100 + number),
            birth_on=born,
            sex="female" if female else "male",
            phone=f"09{int(unit.code) % 10_000:04d}{number:04d}",
            address=f"thôn {rng.randint(1, 9)}, {unit.get_kind_display()} {unit.name}",
            is_demo=True,
        )


def personal_id(born: date, *, female: bool, serial: int) -> str:
    """Twelve digits: province, sex with century, year of birth, six digits (NĐ 137/2015 Đ.13)."""
    century = 2 * (born.year // 100 - 19) + (1 if female else 0)
    return f"{PROVINCE_DIGITS}{century}{born.year % 100:02d}{serial % 1_000_000:06d}"


def _name(scenario: Scenario, rng: Random, *, female: bool) -> str:
    kind = "female" if female else "male"
    names = scenario.names
    return " ".join(rng.choice(names[part]) for part in ("families", f"middles_{kind}", f"given_{kind}"))


def make_officers(scenario: Scenario, unit: Unit, slug: str, rng: Random) -> dict[str, Actor]:
    """One officer for each role of a commune, who may sign in; whoever is there already is kept. role → Actor."""
    hashed = _hashed(scenario.password)
    people = {}
    for number, (role, username) in enumerate(scenario.officers.items()):
        people[role] = _officer(scenario, unit, f"{username}.{slug}", role, rng, 9000 + number, hashed)
    return people


def make_province_officers(scenario: Scenario, province: Unit, rng: Random) -> dict[str, Actor]:
    """Who watches, keeps the catalogue, appraises, decides and answers for figures at the province. role → Actor."""
    hashed = _hashed(scenario.password)
    return {
        role: _officer(scenario, province, f"{username}.tinh", role, rng, 9101 + number, hashed)
        for number, (role, username) in enumerate(PROVINCE_OFFICERS.items())
    }


def make_officer(scenario: Scenario, unit: Unit, username: str, role: str, rng: Random, serial: int) -> Actor:
    """One more, of a role that not every commune has."""
    return _officer(scenario, unit, username, role, rng, serial, _hashed(scenario.password))


@cache
def _hashed(password: str) -> str:
    """Slow on purpose, so once for all officers."""
    return make_password(password, salt="demonstration")


def _officer(scenario: Scenario, unit: Unit, username: str, role: str, rng: Random, serial: int, hashed: str) -> Actor:
    if known := Account.objects.filter(username=username).first():
        return actor_of(known.pk)
    female = rng.random() < 0.5
    born = date(rng.randint(1970, 1996), rng.randint(1, 12), rng.randint(1, 28))
    name = _name(scenario, rng, female=female)
    number = personal_id(born, female=female, serial=int(unit.code) * 10 + serial)
    person = Person.objects.create(
        full_name=name, folded_name=fold(name), personal_id=number, birth_on=born, is_demo=True,
        sex="female" if female else "male",
    )  # fmt: skip
    account = Account.objects.create(username=username, person=person, password=hashed)
    Post.objects.create(account=account, unit=unit, unit_path=unit.path, role=role, valid_from=SINCE)
    return actor_of(account.pk)


def make_residents(scenario: Scenario, unit: Unit, rng: Random, count: int, *, shown: bool) -> list[Person]:
    """Residents of a commune, each with a phone to sign in with; the first of the shown commune has 0900000001."""
    people = Person.objects.bulk_create(make_people(scenario, unit, rng, count))
    if shown and not Account.objects.filter(phone=FIRST_PHONE).exists():
        people[0].phone = FIRST_PHONE
        people[0].save(update_fields=["phone"])
    accounts = [
        Account(username=person.phone, person=person, phone=person.phone, password=make_password(None))
        for person in people
    ]
    Account.objects.bulk_create(accounts)
    return people

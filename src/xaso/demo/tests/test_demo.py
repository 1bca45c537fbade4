"""The played province: its shares, its officers, and that a second load changes nothing."""

from math import ceil

import pytest
from django.test import Client
from django.urls import reverse

from xaso.core.accounts.models import Account, Person
from xaso.core.audit import actions as audit
from xaso.core.audit.models import Entry
from xaso.demo.bulk import fill
from xaso.demo.play import play_province
from xaso.modules.dossiers.models import Dossier, SubmittedPaper


@pytest.fixture
def played(small_province, scenario):
    play_province(scenario)
    return small_province


def returned(unit):
    return Dossier.objects.filter(unit=unit, state=Dossier.State.RETURNED)


def share(rows, **wanted) -> float:
    return 100 * rows.filter(**wanted).count() / rows.count()


def fully_digitised(rows) -> int:
    """Every required paper scanned or taken from data, and a result file."""
    on_paper = SubmittedPaper.objects.filter(is_required=True, file=None, from_data=False).values("dossier_id")
    return rows.exclude(pk__in=on_paper).exclude(result__file=None).count()


@pytest.mark.long
def test_the_shares_of_the_articles_come_out(played, scenario):
    trung_nhi, ngu_kien, lien_chau, huong_dao = played.values()
    plans = {plan.code: plan.years[0] for plan in scenario.communes}
    for unit in played.values():
        assert returned(unit).count() == 24
        assert returned(unit).exclude(result__file=None).count() == 24
    assert share(returned(lien_chau), channel="online") > 25
    assert share(returned(trung_nhi), channel="online") > 46
    assert share(returned(huong_dao), channel="online") == 100
    assert share(returned(ngu_kien), on_time_legal=True) >= 99
    assert fully_digitised(returned(ngu_kien)) / 24 > 0.98
    for unit in played.values():
        plan, rows = plans[unit.code], returned(unit)
        assert rows.filter(channel="online").count() == ceil(24 * plan.online / 100)
        assert rows.filter(on_time_legal=True).count() == ceil(24 * plan.on_time / 100)
        assert fully_digitised(rows) == ceil(24 * plan.digitised / 100)
    assert audit.verify().broken == ""


@pytest.mark.long
def test_a_second_load_changes_nothing(played, scenario):
    before = [model.objects.count() for model in (Dossier, Person, Account, Entry)]
    play_province(scenario)
    assert [model.objects.count() for model in (Dossier, Person, Account, Entry)] == before


@pytest.mark.long
def test_every_officer_signs_in_with_the_printed_password(played, scenario):
    from xaso.core.accounts.queries import actor_of

    for role, name in scenario.officers.items():
        account = Account.objects.get(username=f"{name}.ngu-kien")
        assert account.check_password(scenario.password)
        assert role in {grant.role for grant in actor_of(account.pk).grants}
    browser = Client()
    answer = browser.post(
        reverse("accounts:officer"), {"username": "tiep-nhan.ngu-kien", "password": scenario.password}
    )
    assert answer.status_code == 302


@pytest.mark.long
def test_filling_keeps_the_chain_and_adds_others_each_time(small_province, scenario):
    fill(400, scenario)
    assert Dossier.objects.count() == 400
    assert returned(small_province["09148"]).exists()
    assert Dossier.objects.filter(state=Dossier.State.RETURNED).count() == 368
    assert set(Dossier.objects.values_list("state", flat=True)) >= {1, 2, 3, 4, 5, 6, 7, 8, 9, 10} - {6}
    first = set(Person.objects.values_list("personal_id", flat=True))
    fill(100, scenario)
    assert Dossier.objects.count() == 500
    assert (
        Dossier.objects.exclude(number=None).values("number").distinct().count()
        == Dossier.objects.exclude(number=None).count()
    )
    assert Person.objects.count() > len(first)
    assert audit.verify().broken == ""

"""The province is the sum of what its communes signed: 136 of them, some silent, some tampered with."""

from datetime import date

import pytest

from xaso.core.access import Actor, Grant
from xaso.core.units.models import Unit
from xaso.modules.packs import queries
from xaso.modules.packs.tests.making import Q1, line, sealed, share, tamper

pytestmark = pytest.mark.django_db
COMMUNES, SILENT, TAMPERED = 136, 14, 7


@pytest.fixture
def communes(district):
    Unit.objects.bulk_create(
        Unit(
            code=f"1{number:04d}", name=f"Xã {number}", kind="commune", parent=district,
            path=f"26.252.1{number:04d}.", valid_from=date(2020, 1, 1),
        )
        for number in range(COMMUNES)
    )  # fmt: skip
    return list(Unit.objects.filter(parent=district).order_by("path"))


def leader_of(unit: Unit) -> Actor:
    grants = (Grant("leader", unit.pk, unit.path),)
    return Actor("person", account_id=1000 + unit.pk, person_id=None, name=f"Chủ tịch {unit.name}", grants=grants)


def signed_by(unit: Unit, number: int):
    return sealed(leader_of(unit), unit, [line(number=number), share("fibre", number, 2 * number + 1)])


@pytest.mark.long
def test_only_whole_packs_are_added_the_silent_are_named(communes, province):
    silent, tampered, good = communes[:SILENT], communes[SILENT : SILENT + TAMPERED], communes[SILENT + TAMPERED :]
    for number, unit in enumerate(good, 100):
        signed_by(unit, number)
    for unit in tampered:
        tamper(signed_by(unit, 5), '"number":"5"', '"number":"5000"')

    total = queries.summed(province.path, Q1, "report")

    assert total.silent == silent
    assert [unit for unit, _ in total.refused] == tampered
    assert all(unit.name in sentence for unit, sentence in total.refused)
    assert [pack.unit for pack in total.counted] == good
    given = range(100, 100 + len(good))
    households, fibre = total.values["households"], total.values["fibre"]
    assert households.number == sum(given)
    assert (fibre.numerator, fibre.denominator) == (sum(given), sum(2 * n + 1 for n in given))
    assert [pack.unit for pack, _ in households.of] == good
    assert len({sentence.split("của")[1] for sentence in queries.broken_packs()}) == TAMPERED


def test_the_later_pack_of_a_unit_counts(communes, province):
    signed_by(communes[0], 10)
    signed_by(communes[0], 12)
    signed_by(communes[1], 100)
    assert queries.summed(province.path, Q1, "report").values["households"].number == 112


def test_a_tampered_pack_is_not_replaced_by_an_older_one(communes, province):
    signed_by(communes[0], 10)
    tamper(signed_by(communes[0], 12), '"number":"12"', '"number":"13"')
    total = queries.summed(province.path, Q1, "report")
    assert not total.counted
    assert [unit for unit, _ in total.refused] == [communes[0]]
    assert communes[0] not in total.silent


def test_a_missing_line_is_told_and_never_zero(communes, province):
    signed_by(communes[0], 10)
    sealed(leader_of(communes[1]), communes[1], [line(number=None, origin="missing"), line("other", 3)])
    households = queries.summed(province.path, Q1, "report").values["households"]
    assert households.number == 10
    assert households.without == (communes[1],)


def test_nobody_signed_is_no_number(communes, province):
    total = queries.summed(province.path, Q1, "report")
    assert total.values == {}
    assert len(total.silent) == COMMUNES


def test_the_sum_takes_few_statements(communes, province, django_assert_max_num_queries):
    for unit in communes[:10]:
        signed_by(unit, 10)
    with django_assert_max_num_queries(2):
        queries.summed(province.path, Q1, "report")


def test_the_page_of_the_sum_names_its_packs(communes, son, browser_of, django_assert_max_num_queries):
    packs = [signed_by(unit, 10) for unit in communes[:3]]
    browser = browser_of(son)
    with django_assert_max_num_queries(12):
        page = browser.get("/desk/packs/sum/?kind=report&period=2024-Q1").content.decode()
    assert "30 hộ" in page
    assert all(str(pack.uuid) in page for pack in packs)
    assert communes[5].name in page

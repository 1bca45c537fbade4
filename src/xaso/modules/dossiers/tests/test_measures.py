"""Cells: what they hold is what the rows say, right after the action that changed a row."""

from datetime import UTC, datetime
from random import Random

import pytest
from django.db import connection
from django.db.models import Count

from xaso.core.marks.models import Mark
from xaso.core.measures import counting, queries
from xaso.core.measures.declaring import families, family_of
from xaso.core.measures.models import Cell
from xaso.core.measures.periods import period_of
from xaso.kit import clock
from xaso.kit.errors import Missing, Refused
from xaso.modules.dossiers.models import Dossier
from xaso.modules.dossiers.tests import factories
from xaso.modules.procedures.models import ProcedureVersion

YEAR = period_of("2026")
KEYS = ["dossiers.received", "dossiers.done", "dossiers.on_time_legal", "dossiers.e_result"]


@pytest.fixture(autouse=True)
def in_november(time_machine):
    time_machine.move_to(datetime(2026, 11, 18, 3, 0, tzinfo=UTC), tick=False)


def test_the_next_question_knows_what_an_action_did(catalogue, ngu_kien, minh, an, thu, hoa, van):
    assert queries.totals(KEYS, ngu_kien.path, YEAR) == dict.fromkeys(KEYS, 0)
    factories.received(minh, ngu_kien)
    assert queries.totals(KEYS, ngu_kien.path, YEAR)["dossiers.received"] == 1
    factories.finished(ngu_kien, minh, an, thu, hoa, van)
    assert queries.totals(KEYS, ngu_kien.path, YEAR) == {
        "dossiers.received": 2,
        "dossiers.done": 1,
        "dossiers.on_time_legal": 1,
        "dossiers.e_result": 1,
    }
    assert list(counting.faults()) == []


def test_a_mark_is_stored_with_the_change_and_read_once(catalogue, ngu_kien, minh, django_assert_num_queries):
    factories.received(minh, ngu_kien)
    assert set(Mark.objects.values_list("family", "unit_path", "month")) == {("dossiers", ngu_kien.path, 202611)}
    queries.totals(KEYS, ngu_kien.path, YEAR)
    assert not Mark.objects.exists()
    with django_assert_num_queries(2):
        queries.totals(KEYS, ngu_kien.path, YEAR)


def test_what_is_refused_leaves_no_mark(catalogue, ngu_kien, minh):
    with pytest.raises(Refused, match="Còn thiếu"):
        factories.received(minh, ngu_kien, papers={})
    assert not Mark.objects.exists()


def test_a_dossier_not_yet_accepted_counts_nowhere(catalogue, ngu_kien, lan):
    factories.submitted(lan, ngu_kien)
    assert not Mark.objects.exists()
    assert queries.totals(["dossiers.received"], ngu_kien.path, YEAR) == {"dossiers.received": 0}


def rows_of_chance(unit, other, count: int, seed: int) -> None:
    """Dossiers written straight into the table, of every state and month: what no mark tells of."""
    chance = Random(seed)
    version = ProcedureVersion.objects.first()
    made = []
    for number in range(count):
        where = chance.choice([unit, other])
        at = datetime(2026, chance.randint(1, 12), chance.randint(1, 28), chance.randint(0, 23), 30, tzinfo=UTC)
        state = chance.randint(1, 10)
        made.append(
            Dossier(
                number=f"T{seed}-{number}", secret="x", procedure=version.procedure, version=version, unit=where,
                unit_path=where.path, received_by_unit=where, state=state,
                channel=chance.choice(["online", "counter"]), filing=chance.choice(["self", "assisted"]),
                applicant_name="Nguyễn Thị Lan", submitted_at=at,
                accepted_at=None if state in {1, 3} else at,
                on_time_legal=chance.choice([None, True, False]), rating=chance.choice([None, 1, 2, 3]),
                payment_state=chance.choice(["none", "due", "paid"]),
            )
        )  # fmt: skip
    Dossier.objects.bulk_create(made)


@pytest.mark.parametrize("seed", range(5))
def test_a_recount_from_nothing_equals_plain_sql(catalogue, ngu_kien, lien_chau, seed):
    rows_of_chance(ngu_kien, lien_chau, 120, seed)
    counting.rebuild_all()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT unit_path, sum(1), sum(CASE WHEN on_time_legal THEN 1 ELSE 0 END),"
            " sum(CASE WHEN channel = 'online' THEN 1 ELSE 0 END) FROM dossiers_dossier"
            " WHERE accepted_at >= '2026-06-30 17:00:00+00' AND accepted_at < '2026-09-30 17:00:00+00'"
            " GROUP BY unit_path"
        )
        expected = {path: (rows, on_time, online) for path, rows, on_time, online in cursor.fetchall()}
    asked = ["dossiers.received", "dossiers.on_time_legal", "dossiers.online"]
    found = queries.by_unit(asked, "26.", period_of("2026-Q3"))
    assert {path: tuple(row.get(key, 0) for key in asked) for path, row in found.items()} == expected
    assert list(counting.faults()) == []


def test_a_wrong_cell_is_named(catalogue, ngu_kien, minh):
    factories.received(minh, ngu_kien)
    counting.freshen_all()
    Cell.objects.filter(measure="dossiers.received").update(value=7)
    assert any("dossiers.received" in one and "ghi 7" in one and "được 1" in one for one in counting.faults())


def test_every_page_together_holds_every_row_once(catalogue, ngu_kien, lien_chau, son):
    rows_of_chance(ngu_kien, lien_chau, 150, 9)
    counting.rebuild_all()
    for key in ("dossiers.received", "dossiers.on_time_legal"):
        seen, after = [], ""
        while True:
            page = queries.page(son, key, "26.", YEAR, after, size=20)
            assert len(page.rows) <= 20
            seen += [row.pk for row in page.rows]
            if not (after := page.after):
                break
        expected = list(
            queries.rows(son, key, "26.", YEAR)
            .order_by("unit_path", "-accepted_at", "-pk")
            .values_list("pk", flat=True)
        )
        assert seen == expected
        assert len(expected) > 20


def test_rows_are_shown_only_to_whom_they_are_visible(catalogue, ngu_kien, minh, tam):
    factories.received(minh, ngu_kien)
    assert len(queries.page(minh, "dossiers.received", ngu_kien.path, YEAR).rows) == 1
    assert queries.page(tam, "dossiers.received", ngu_kien.path, YEAR).rows == []


def test_months_and_units_add_up_to_the_whole(catalogue, ngu_kien, lien_chau):
    rows_of_chance(ngu_kien, lien_chau, 100, 3)
    counting.rebuild_all()
    whole = queries.totals(["dossiers.received"], "26.", YEAR)["dossiers.received"]
    assert whole == Dossier.objects.exclude(accepted_at=None).aggregate(n=Count("pk"))["n"]
    months = queries.by_month(["dossiers.received"], "26.", YEAR)
    assert len(months) == 12
    assert sum(one["dossiers.received"] for one in months.values()) == whole
    table = queries.by_unit_and_month(["dossiers.received"], "26.", YEAR.since, YEAR.until)
    assert sum(one["dossiers.received"] for unit in table.values() for one in unit.values()) == whole


def test_what_does_not_add_up_is_counted_from_the_rows(catalogue, ngu_kien, minh):
    factories.received(minh, ngu_kien)
    factories.received(minh, ngu_kien)
    assert queries.totals(["dossiers.procedures"], ngu_kien.path, YEAR) == {"dossiers.procedures": 1}
    assert queries.by_unit(["dossiers.procedures"], "26.", YEAR) == {ngu_kien.path: {"dossiers.procedures": 1}}


def test_officials_in_post_are_counted_on_the_day(minh, an, tam, ngu_kien):
    assert queries.totals(["accounts.officers"], ngu_kien.path, YEAR) == {"accounts.officers": 2}
    assert queries.totals(["accounts.officers"], "26.", YEAR) == {"accounts.officers": 3}
    assert queries.totals(["accounts.officers"], "26.", period_of("2019")) == {"accounts.officers": 0}


def test_an_unknown_measure_is_missing(db):
    with pytest.raises(Missing, match=r"dossiers\.xyz"):
        queries.totals(["dossiers.xyz"], "26.", YEAR)


def test_a_changed_declaration_is_counted_anew_once(db):
    assert counting.rebuild_changed() == [family.name for family in families()]
    assert counting.rebuild_changed() == []
    assert counting.version_of(family_of("dossiers.received")) == counting.version_of(family_of("dossiers.done"))


def test_a_dossier_moved_by_a_merger_counts_where_it_is(catalogue, ngu_kien, lien_chau, minh):
    from xaso.core.access import SYSTEM
    from xaso.modules.dossiers.actions.closing import hand_over

    factories.received(minh, ngu_kien)
    queries.totals(KEYS, "26.", YEAR)
    hand_over(SYSTEM, ngu_kien, successor=lien_chau)
    found = queries.by_unit(["dossiers.received"], "26.", YEAR)
    assert found[lien_chau.path] == {"dossiers.received": 1}
    assert found.get(ngu_kien.path, {}).get("dossiers.received", 0) == 0
    assert list(counting.faults()) == []


def test_figures_move_to_todays_map(ngu_kien, lien_chau, province):
    from datetime import date

    from xaso.core.units.models import Succession, Unit

    after = Unit.objects.create(code="25001", name="Mới", kind="commune", path="25.25001.", valid_from=date(2025, 7, 1))
    Unit.objects.filter(pk=ngu_kien.pk).update(valid_to=date(2025, 6, 30))
    Succession.objects.create(predecessor=ngu_kien, successor=after, kind="merge", effective_on=date(2025, 7, 1))
    split = Unit.objects.create(
        code="09999", name="Chia", kind="commune", path="26.252.09999.", valid_from=date(2020, 1, 1),
        valid_to=date(2025, 6, 30),
    )  # fmt: skip
    assert clock.today() > date(2025, 7, 1)
    asked = {ngu_kien.path: {"a": 2}, after.path: {"a": 3}, lien_chau.path: {"a": 5}, split.path: {"a": 7}}
    placed, nowhere = queries.on_todays_map(asked)
    assert placed == {after.path: {"a": 5}, lien_chau.path: {"a": 5}}
    assert nowhere == {split.path: {"a": 7}}

"""Many change and many read at once: no cell is left behind, nobody waits for a counter."""

from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
from django.db import connection, connections, transaction

from xaso.core.marks.models import Mark
from xaso.core.measures import counting, queries
from xaso.core.measures.models import Cell
from xaso.core.measures.periods import period_of
from xaso.core.numbering.tests.together import all_at_once
from xaso.kit import clock
from xaso.modules.dossiers.models import Dossier
from xaso.modules.dossiers.tests import factories

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]


def test_readers_beside_writers_never_leave_a_stale_cell(catalogue, minh, tam, ngu_kien, lien_chau):
    year = period_of(f"{clock.today():%Y}")

    def work(seed):
        chance = Random(seed)
        for _ in range(4):
            if seed % 2:
                officer, unit = chance.choice([(minh, ngu_kien), (tam, lien_chau)])
                factories.received(officer, unit)
            else:
                queries.totals(["dossiers.received", "dossiers.done"], "26.", year)
        return True

    assert all_at_once(work, range(12)) == [True] * 12
    assert list(counting.faults()) == []
    assert queries.totals(["dossiers.received"], "26.", year) == {"dossiers.received": Dossier.objects.count()}
    assert Dossier.objects.count() == 24


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer: nobody waits for a mark")
def test_what_another_reader_took_is_counted_by_that_one_alone(catalogue, minh, ngu_kien):
    factories.received(minh, ngu_kien)
    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            assert Mark.objects.all().delete()[0], "the first reader holds them"
            second = other.submit(_freshened)
            while not _somebody_waits():
                assert not second.done(), second.result()
        assert second.result() > 0, "the second had seen them"
    assert not Cell.objects.exists(), "the first, which is this test, has counted nothing"


def _freshened() -> int:
    try:
        return counting.freshen_all()
    finally:
        connections.close_all()


def _somebody_waits() -> bool:
    """For this transaction to end."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND transactionid = pg_current_xact_id()::xid)"
        )
        return cursor.fetchone()[0]

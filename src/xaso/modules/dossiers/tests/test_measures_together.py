"""Many change and many read at once: no cell is left behind, nobody waits for a counter."""

from random import Random

import pytest

from xaso.core.measures import counting, queries
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

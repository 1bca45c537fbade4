"""The province's view equals a recount in plain SQL, for small random sets of dossiers."""

from datetime import datetime, timedelta
from random import Random

import pytest
import time_machine
from django.db import connection

from xaso.core.measures.periods import period_of
from xaso.kit import clock
from xaso.modules.dossiers.models import Dossier
from xaso.modules.dossiers.tests.factories import COPY, PERMIT, received
from xaso.modules.overview import queries

COUNT = """
    SELECT unit_path, COUNT(*), SUM(CASE WHEN channel = 'online' THEN 1 ELSE 0 END),
           SUM(CASE WHEN filing = 'assisted' THEN 1 ELSE 0 END)
    FROM dossiers_dossier WHERE accepted_at >= %s AND accepted_at < %s GROUP BY unit_path
"""


@pytest.mark.parametrize("seed", range(3))
def test_counts_and_shares_equal_a_recount(catalogue, minh, tam, ngu_kien, lien_chau, province, seed):
    random = Random(seed)
    start = datetime(2026, 4, 1, 8, 0, tzinfo=clock.VIETNAM)
    for _ in range(12):
        day = start + timedelta(days=random.randrange(140), hours=random.randrange(15))
        by, unit = random.choice([(minh, ngu_kien), (tam, lien_chau)])
        with time_machine.travel(day, tick=False):
            made = received(by, unit, random.choice([PERMIT, COPY]))
        # As if filed from home: only the channel matters here.
        if random.random() < 0.5:
            Dossier.objects.filter(pk=made.pk).update(channel="online")
    period = period_of("2026-Q2")
    found = queries.province(province, period)
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [period.begins_at, period.ends_at])
        plain = {path: tuple(counts) for path, *counts in cursor.fetchall()}
    for side in found.sides:
        values = {key: shown.value for key, shown in side.values.items()}
        counted, online, _ = plain.get(side.unit.path, (None, None, None))
        assert values["dossiers_received"].number == counted
        if counted:
            assert (values["online_share"].numerator, values["online_share"].denominator) == (online, counted)
        else:
            assert values["online_share"].is_missing
    whole = queries.ranking("online_share", province, period).whole.value
    assert whole.denominator == (sum(row[0] for row in plain.values()) or None)
    assert whole.numerator == (sum(row[1] for row in plain.values()) if plain else None)

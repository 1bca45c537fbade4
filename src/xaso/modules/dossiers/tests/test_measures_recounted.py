"""Five hundred random data sets: every figure equals a recount by plain SQL that shares no code with ours."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xaso.core.measures import counting, queries
from xaso.core.measures.declaring import family_of
from xaso.core.measures.periods import find_period
from xaso.modules.dossiers.models import Dossier, SubmittedPaper
from xaso.modules.procedures.models import ProcedureVersion

pytestmark = [pytest.mark.long, pytest.mark.django_db]

BEGIN = datetime(2023, 12, 31, 12, 0, tzinfo=UTC)
PERIODS = ["2024", "2024-Q1", "2024-H1", "2024-9M", "2024-01", "2024-07", "2023", "2024-H2"]
COUNTED = {
    "received": "1=1",
    "judged_legal": "on_time_legal IS NOT NULL",
    "on_time_legal": "on_time_legal",
    "late_legal": "on_time_legal IS NOT NULL AND NOT on_time_legal",
    "on_time_766": "on_time_766",
    "self": "channel = 'online' AND filing <> 'assisted'",
    "assisted": "filing = 'assisted'",
    "paper": "channel <> 'online' AND filing <> 'assisted'",
    "online": "channel = 'online'",
    "done": "state IN (9, 10)",
    "charged": "payment_state IN ('due', 'part', 'paid')",
    "paid": "payment_state = 'paid'",
    "rated": "rating IS NOT NULL",
    "satisfied": "rating = 3",
    "complained": "rating = 1",
    "reused": "id IN (SELECT dossier_id FROM dossiers_submittedpaper WHERE is_reused OR from_data)",
    "digitised": "id IN (SELECT dossier_id FROM dossiers_submittedpaper WHERE from_data) AND id NOT IN"
    " (SELECT dossier_id FROM dossiers_submittedpaper WHERE is_handed_in AND NOT from_data)",
}
numbers = count(1)

row = st.fixed_dictionaries(
    {
        "where": st.integers(0, 1),
        "minutes": st.integers(0, 370 * 24 * 60),
        "state": st.integers(1, 10),
        "channel": st.sampled_from(["online", "counter", "post"]),
        "filing": st.sampled_from(["self", "assisted", "proxy"]),
        "on_time_legal": st.sampled_from([None, True, False]),
        "on_time_766": st.sampled_from([None, True, False]),
        "payment_state": st.sampled_from(["none", "unknown", "due", "part", "paid", "waived"]),
        "rating": st.sampled_from([None, 1, 2, 3]),
        "paper": st.sampled_from([None, "data", "handed", "reused", "both"]),
    }
)


def stored(rows, units) -> None:
    version = ProcedureVersion.objects.first()
    for one in rows:
        unit, paper = units[one["where"]], one["paper"]
        at = BEGIN + timedelta(minutes=one["minutes"])
        plain = {key: value for key, value in one.items() if key not in {"where", "minutes", "paper"}}
        dossier = Dossier.objects.create(
            number=f"R{next(numbers)}", secret="x", procedure=version.procedure, version=version, unit=unit,
            unit_path=unit.path, received_by_unit=unit, applicant_name="Lan", submitted_at=at,
            accepted_at=None if one["state"] in {1, 3} else at, **plain,
        )  # fmt: skip
        if paper in {"data", "both"}:
            SubmittedPaper.objects.create(dossier=dossier, key="a", name="a", from_data=True)
        if paper in {"handed", "both", "reused"}:
            SubmittedPaper.objects.create(
                dossier=dossier, key="b", name="b", is_handed_in=True, is_reused=paper == "reused"
            )


def moment(at) -> str:
    """As the database keeps it: SQLite has text, without an offset."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}" + ("+00" if connection.vendor == "postgresql" else "")


def recounted(key: str, period) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT unit_path, count(*) FROM dossiers_dossier WHERE accepted_at >= %s AND accepted_at < %s"
            f" AND ({COUNTED[key]}) GROUP BY unit_path",
            [moment(period.begins_at), moment(period.ends_at)],
        )
        return dict(cursor.fetchall())


@settings(
    max_examples=500, deadline=None, database=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(rows=st.lists(row, max_size=7), key=st.sampled_from(PERIODS))
def test_every_figure_equals_a_recount_by_plain_sql(catalogue, ngu_kien, lien_chau, rows, key):
    period = find_period(key)
    measures = [f"dossiers.{name}" for name in COUNTED]
    with transaction.atomic():
        stored(rows, [ngu_kien, lien_chau])
        counting.rebuild(family_of("dossiers.received"))
        found = queries.by_unit(measures, "26.", period)
        whole = queries.totals(measures, "26.", period)
        for name in COUNTED:
            expected = recounted(name, period)
            ours = {path: one[f"dossiers.{name}"] for path, one in found.items() if one.get(f"dossiers.{name}")}
            assert ours == expected, name
            assert whole[f"dossiers.{name}"] == sum(expected.values()), name
        transaction.set_rollback(True)

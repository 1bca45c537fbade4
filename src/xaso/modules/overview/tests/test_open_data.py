"""What everybody sees: small numbers protected in every form, missing left empty, finished quarters only."""

import csv
import io
from datetime import date, datetime

import pytest
import time_machine
from django.core.cache import cache

from xaso.core.measures.models import Cell
from xaso.core.measures.periods import period_of
from xaso.kit import clock
from xaso.modules.overview import queries
from xaso.modules.overview.queries import opening
from xaso.modules.overview.tests.factories import communes, fill, vinh_phuc

Q3 = period_of("2024-Q3")
FILE = "/portal/overview/open/26_2024-Q3"


@pytest.fixture
def october(db):
    cache.clear()
    with time_machine.travel(datetime(2024, 10, 15, 9, 0, tzinfo=clock.VIETNAM), tick=False):
        yield
    cache.clear()


@pytest.fixture
def whole(october):
    province = vinh_phuc()
    units = communes(province, date(2024, 9, 30))
    return province, units, fill(units, Q3)


def counted(unit, **counts):
    for name, value in counts.items():
        Cell.objects.update_or_create(
            measure=f"dossiers.{name}", unit_path=unit.path, month=202409, defaults={"value": value}
        )


def table_of(client, form="json"):
    return client.get(f"{FILE}.{form}")


def test_a_small_number_is_nowhere(ngu_kien, lien_chau, october, client):
    """Neither in the file of any form nor on the page, nor can the total give it away."""
    counted(ngu_kien, received=40, online=3)
    counted(lien_chau, received=90, online=50)
    data = table_of(client).json()
    units = {unit["code"]: unit["figures"]["online_share"] for unit in data["units"]}
    assert units[ngu_kien.code] == {"value": "…", "numerator": "<5", "denominator": "40"}
    assert units[lien_chau.code]["numerator"] == "…"
    assert data["total"]["figures"]["online_share"]["numerator"] == "53"
    page = client.get(f"/portal/overview/?unit={ngu_kien.code}").content.decode()
    assert "7,5" not in page
    assert "quá ít hồ sơ" in page


def test_a_small_rest_protects_the_share(ngu_kien, october, client):
    """38 of 40 on time says that 2 were late."""
    counted(ngu_kien, received=60, judged_legal=40, on_time_legal=38)
    cell = table_of(client).json()["units"][0]["figures"]["on_time_share"]
    assert cell["value"] == "…"
    assert "…" in {cell["numerator"], cell["denominator"]}


def test_a_share_of_few_is_not_shown(ngu_kien, october, client):
    counted(ngu_kien, received=19, online=10)
    cell = table_of(client).json()["units"][0]["figures"]["online_share"]
    assert cell == {"value": "…", "numerator": "10", "denominator": "19"}


def test_missing_is_null_and_empty_never_zero(ngu_kien, lien_chau, october, client):
    counted(ngu_kien, received=60, online=30)
    data = table_of(client).json()
    silent = next(unit for unit in data["units"] if unit["code"] == lien_chau.code)
    assert {cell["value"] for cell in silent["figures"].values()} == {None}
    rows = list(csv.reader(io.StringIO(table_of(client, "csv").content.decode("utf-8-sig"))))
    line = next(row for row in rows if row and row[0] == lien_chau.code)
    assert set(line[3:]) == {""}


def test_no_number_from_one_to_four_in_a_whole_province(whole, client):
    table = queries.open_table(whole[0], Q3)
    shown = {text for row in (*table.rows, table.total) for c in row.cells for text in (c.numerator, c.denominator)}
    shown |= {row.cells[0].value for row in (*table.rows, table.total)}
    assert not shown & {"1", "2", "3", "4"}
    assert "<5" in shown
    assert len(table.rows) == 136


def test_shares_are_computed_from_what_is_shown(whole):
    table = queries.open_table(whole[0], Q3)
    shares = [cell for row in table.rows for cell in row.cells if cell.percent is not None]
    assert shares
    for cell in shares:
        assert int(cell.denominator) >= 20
        assert abs(100 * int(cell.numerator) / int(cell.denominator) - float(cell.percent)) <= 0.05


def test_a_running_period_and_another_kind_are_not_published(ngu_kien, october, client):
    for key in ("2024-Q4", "2024", "2024-09", "2024-H1", "2030-Q1"):
        assert client.get(f"/portal/overview/open/26_{key}.csv").status_code == 404
    assert client.get(f"{FILE}.csv").status_code == 200
    assert client.get(f"{FILE}.exe").status_code == 404
    assert client.get("/portal/overview/?unit=09157&period=2024-Q4").context["period"].key == "2024-Q3"


def test_files_say_licence_day_and_may_be_kept(ngu_kien, october, client):
    answer = table_of(client)
    data = answer.json()
    assert data["counted_on"] == "2024-10-15"
    assert "ghi nguồn" in data["licence"]
    assert answer["Cache-Control"] == "public, max-age=3600"
    assert "15/10/2024" in table_of(client, "csv").content.decode("utf-8-sig")
    assert table_of(client, "xlsx").content[:2] == b"PK"


def test_pages_are_open_to_everybody(whole, client):
    for path in ("", "?unit=09157", "open/"):
        answer = client.get(f"/portal/overview/{path}")
        assert answer.status_code == 200
        assert len(answer.content) < 100_000
    assert client.get("/portal/overview/?unit=khong-co").status_code == 404


def test_the_scoreboard_asks_little(whole, client, django_assert_max_num_queries):
    client.get("/portal/overview/?unit=09157")
    with django_assert_max_num_queries(8):
        client.get("/portal/overview/?unit=09157")


def test_the_table_is_worked_out_ahead_of_its_readers(whole, client, django_assert_max_num_queries):
    _, units, _ = whole
    before = table_of(client).json()
    counted(units[1], received=987_654)
    assert opening.refresh() == 1
    with django_assert_max_num_queries(12):
        after = table_of(client).json()
    shown = {unit["code"]: str(unit["figures"]) for unit in after["units"]}
    assert "987" in shown[units[1].code]
    assert before != after

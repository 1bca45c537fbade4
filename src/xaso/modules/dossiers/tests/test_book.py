"""Sổ theo dõi: every dossier of the year once, in order, on the page, in the sheet and on paper."""

from datetime import datetime, timedelta
from io import BytesIO

import openpyxl
import pytest
import time_machine

from xaso.core.audit.models import Entry
from xaso.kit import clock
from xaso.kit.errors import Forbidden, Refused
from xaso.modules.dossiers import queries
from xaso.modules.dossiers.actions.book import print_book
from xaso.modules.dossiers.actions.filing import Applicant
from xaso.modules.dossiers.models import Dossier
from xaso.modules.dossiers.tests.factories import received
from xaso.modules.papers.models import PrintedPaper

pytestmark = pytest.mark.django_db
MONDAY = datetime(2024, 3, 4, 9, 0, tzinfo=clock.VIETNAM)
BOOK = "/desk/dossiers/book/"


@pytest.fixture(autouse=True)
def _monday(catalogue):
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def year(minh, ngu_kien) -> list[Dossier]:
    """Two of January, one of March; and one of the year before that belongs to another book."""
    made = []
    for days in (-66, -56, -55, 0):
        with time_machine.travel(MONDAY + timedelta(days=days), tick=False):
            applicant = Applicant(f"=1+{days}", address="Thôn 3", phone="0912345601")
            made.append(received(minh, ngu_kien, applicant=applicant))
    return made[1:]


def test_the_page_numbers_the_year_from_one(year, van, browser_of):
    shown = browser_of(van).get(BOOK).content.decode()
    places = [shown.index(one.number) for one in year]
    assert places == sorted(places)
    assert shown.count("<tr>") == 4
    assert "2023" in browser_of(van).get(BOOK, {"year": "2023"}).content.decode()
    assert Entry.objects.filter(verb="read", subject__startswith="units.Unit", account_id=van.account_id).count() == 2


@pytest.mark.parametrize("asked", ["1066", "abcd", "99999", "٢٠٢٤"])
def test_a_strange_year_shows_this_year(year, van, browser_of, asked):
    assert year[0].number in browser_of(van).get(BOOK, {"year": asked}).content.decode()


def test_pages_go_on_where_the_last_one_ended(year, ngu_kien):
    first = queries.book_page(ngu_kien.path, 2024, size=2)
    second = queries.book_page(ngu_kien.path, 2024, first.after, size=2)
    assert [row.entry for row in first.rows + second.rows] == [1, 2, 3]
    assert [row.dossier.pk for row in first.rows + second.rows] == [one.pk for one in year]
    assert second.after == ""


@pytest.mark.parametrize("key", ["", "x", "|", "2024-01-01|5", "2024-99-99T00:00:00Z|1", "²|²", "9" * 400])
def test_a_forged_page_key_shows_the_beginning(year, ngu_kien, key):
    assert queries.book_page(ngu_kien.path, 2024, key).rows[0].entry == 1


def test_the_sheet_holds_every_line_as_text_and_times(year, van, browser_of):
    answer = browser_of(van).get(f"{BOOK}book.xlsx", {"year": "2024"})
    assert answer["Content-Disposition"] == 'attachment; filename="so-theo-doi-09157-2024.xlsx"'
    sheet = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    answer.close()
    lines = list(sheet.iter_rows(min_row=3, values_only=True))
    assert [line[0] for line in lines] == [1, 2, 3]
    assert [line[1] for line in lines] == [one.number for one in year]
    assert sheet["E3"].data_type == "s"
    assert lines[0][4] == "=1+-56"
    assert lines[0][5] == "Thôn 3, 0912345601"
    assert lines[0][7] == (MONDAY - timedelta(days=56)).replace(tzinfo=None)
    assert lines[0][9] is None


def test_a_month_on_paper(year, van, ngu_kien, browser_of):
    answer = browser_of(van).post(f"{BOOK}month/", {"year": "2024", "month": "3"})
    assert answer.status_code == 302
    paper = PrintedPaper.objects.get(code="mau-07")
    assert [row["entry"] for row in paper.data["rows"]] == [3]
    assert paper.data["rows"][0]["dossier_number"] == year[2].number
    assert (paper.data["period_from"], paper.data["period_to"]) == ("2024-03-01", "2024-03-31")
    with pytest.raises(Refused, match="chưa có hồ sơ"):
        print_book(van, ngu_kien, year=2024, month=2)
    with pytest.raises(Refused, match="chưa tới"):
        print_book(van, ngu_kien, year=2024, month=4)


@pytest.mark.parametrize("month", ["0", "13", "", "x"])
def test_a_strange_month_is_refused(year, van, browser_of, month):
    assert browser_of(van).post(f"{BOOK}month/", {"year": "2024", "month": month}).status_code == 409


def test_who_may_read_the_book(year, minh, tam, son, lan, ngu_kien, lien_chau, browser_of):
    assert browser_of(minh).get(BOOK).status_code == 403
    assert browser_of(lan).get(BOOK).status_code == 403
    assert browser_of(tam).get(BOOK).status_code == 403
    above = browser_of(son).get(BOOK, {"unit": ngu_kien.code})
    assert year[0].number in above.content.decode()
    with pytest.raises(Forbidden):
        print_book(son, ngu_kien, year=2024, month=3)


def test_another_units_book_is_not_found(year, van, lien_chau, browser_of):
    assert browser_of(van).get(BOOK, {"unit": lien_chau.code}).status_code == 404
    assert browser_of(van).get(f"{BOOK}book.xlsx", {"unit": "00000"}).status_code == 404


def test_the_page_asks_little_of_the_database(year, van, browser_of, django_assert_max_num_queries):
    client = browser_of(van)
    with django_assert_max_num_queries(8):
        client.get(BOOK)


def test_the_sheet_of_a_year_is_written_with_few_questions(year, van, browser_of, django_assert_max_num_queries):
    client = browser_of(van)
    with django_assert_max_num_queries(8):
        client.get(f"{BOOK}book.xlsx").close()

"""Figures and the rows behind them: the same question, the same count."""

from datetime import date, timedelta

import pytest
import time_machine
from django.template.loader import render_to_string

from xaso.core.measures.periods import period_of
from xaso.core.units.models import Unit
from xaso.kit.errors import Missing
from xaso.modules.dossiers import figures
from xaso.modules.dossiers.figures import FIGURES
from xaso.modules.dossiers.models import Dossier, Result, SubmittedPaper
from xaso.modules.dossiers.screens.cockpit import share, tiles
from xaso.modules.dossiers.tests.factories import uploaded
from xaso.modules.dossiers.tests.many import NOW, a_mixed_month, dossier, procedure

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _friday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def month():
    return period_of("2026-11")


@pytest.fixture
def mixed(ngu_kien, an):
    return a_mixed_month(ngu_kien)


def text(response) -> str:
    assert response.status_code == 200, response.content.decode()[:3000]
    assert len(response.content) < 100_000
    return response.content.decode()


EXPECTED = {
    "received": 31, "judged_legal": 19, "on_time_legal": 16, "late_legal": 3, "judged_shown": 19, "on_time_shown": 18,
    "late_shown": 1, "judged_766": 19, "on_time_766": 12, "late_766": 7, "self": 14, "assisted": 4, "paper": 13,
    "done": 19, "e_result": 0, "digitised": 0, "charged": 11, "paid": 9, "open": 13, "overdue": 3, "due_today": 2,
    "supplement": 2, "ready": 3,
}  # fmt: skip


def test_every_figure_of_a_known_month(hoa, ngu_kien, mixed, month):
    assert figures.totals(hoa, ngu_kien, month) == EXPECTED


def test_self_assisted_and_paper_are_the_whole(hoa, ngu_kien, mixed, month):
    found = figures.totals(hoa, ngu_kien, month)
    assert found["self"] + found["assisted"] + found["paper"] == found["received"]


@pytest.mark.parametrize("key", list(FIGURES))
def test_a_figure_opens_exactly_its_rows(browser_of, hoa, ngu_kien, mixed, month, key):
    rows = figures.rows_of(hoa, ngu_kien, month, key, {})
    assert rows.count() == EXPECTED[key]
    browser, found, address = browser_of(hoa), 0, f"/cockpit/dossiers/rows/{key}/?ky=2026-11&don-vi=09157"
    page = browser.get(address)
    assert f": {EXPECTED[key]} hồ sơ</h1>" in text(page)
    while True:
        found += len(page.context["rows"])
        if not page.context["next"]:
            break
        page = browser.get(f"/cockpit/dossiers/rows/{key}/{page.context['next']}")
    assert found == EXPECTED[key]


def test_grouped_figures_add_up_to_the_whole(hoa, ngu_kien, mixed, month):
    whole = figures.totals(hoa, ngu_kien, month)
    procedures = figures.summed(figures.by_procedure(hoa, ngu_kien, month))
    load = figures.summed(figures.workload(hoa, ngu_kien, month))
    for key, figure in FIGURES.items():
        assert (procedures if figure.basis == "period" else load)[key] == whole[key], key


def test_narrowed_rows_equal_their_group(hoa, ngu_kien, an, month):
    a_mixed_month(ngu_kien)
    Dossier.objects.filter(state=2).update(assignee_id=an.account_id)
    for row in figures.by_procedure(hoa, ngu_kien, month):
        rows = figures.rows_of(hoa, ngu_kien, month, "on_time_legal", {"thu-tuc": row["procedure__code"]})
        assert rows.count() == row["on_time_legal"]
    groups = figures.workload(hoa, ngu_kien, month)
    assert len({row["assignee__uuid"] for row in groups}) == 2
    for row in groups:
        who = {"buoc": row["step_role"], "nguoi": str(row["assignee__uuid"] or "-")}
        assert figures.rows_of(hoa, ngu_kien, month, "open", who).count() == row["open"]


def test_closing_one_dossier_moves_the_figure_at_once(browser_of, hoa, ngu_kien, mixed):
    browser = browser_of(hoa)
    assert "16/19 hồ sơ" in text(browser.get("/cockpit/dossiers/?ky=2026-11"))
    late = Dossier.objects.filter(state=4, due_at__lt=NOW).first()
    Dossier.objects.filter(pk=late.pk).update(state=9, on_time_legal=False)
    assert "16/20 hồ sơ" in text(browser.get("/cockpit/dossiers/?ky=2026-11"))


def test_digitised_and_electronic_results_need_files(hoa, ngu_kien, month, a_file):
    version = procedure("1.001193")
    rows = Dossier.objects.bulk_create([dossier(ngu_kien, version, n, state=10) for n in range(4)])
    for number, (first, second) in enumerate([(a_file, a_file), (a_file, None), (None, None)]):
        for key, file in (("a", first), ("b", second)):
            SubmittedPaper.objects.create(dossier=rows[number], key=key, name=key, is_handed_in=True, file=file)
    Result.objects.create(dossier=rows[0], file=a_file)
    Result.objects.create(dossier=rows[1])
    found = figures.totals(hoa, ngu_kien, month)
    assert (found["digitised"], found["e_result"], found["received"], found["done"]) == (1, 1, 4, 4)


@pytest.fixture
def a_file(an, settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    }
    return uploaded(an)


def test_missing_is_said_and_is_not_zero(browser_of, hoa, ngu_kien):
    page = text(browser_of(hoa).get("/cockpit/dossiers/?ky=2026-11"))
    assert "chưa có số liệu" in page
    assert "0 %" not in page
    assert share(0, 0) is None


@pytest.mark.parametrize(
    ("part", "whole", "percent"), [(0, 5, 0), (5, 5, 100), (9999, 10000, 99.9), (1, 100000, 0.1), (1, 4, 25)]
)
def test_a_share_never_rounds_to_all_or_nothing(part, whole, percent):
    assert share(part, whole) == percent


@pytest.mark.parametrize(
    ("text", "since", "until", "previous", "following"),
    [
        ("2026-10", date(2026, 10, 1), date(2026, 11, 1), "2026-09", "2026-11"),
        ("2026-11", date(2026, 11, 1), date(2026, 12, 1), "2026-10", ""),
        ("2026-12", date(2026, 12, 1), date(2027, 1, 1), "2026-11", ""),
        ("2026-Q1", date(2026, 1, 1), date(2026, 4, 1), "2025-Q4", "2026-Q2"),
        ("2026-Q4", date(2026, 10, 1), date(2027, 1, 1), "2026-Q3", ""),
        ("2025", date(2025, 1, 1), date(2026, 1, 1), "2024", "2026"),
        ("", date(2026, 11, 1), date(2026, 12, 1), "2026-10", ""),
        ("2026-13", date(2026, 11, 1), date(2026, 12, 1), "2026-10", ""),
        ("không rõ", date(2026, 11, 1), date(2026, 12, 1), "2026-10", ""),
    ],
)
def test_periods(text, since, until, previous, following):
    found = period_of(text)
    assert (found.since, found.until, found.previous, found.following) == (since, until, previous, following)


def test_the_last_minute_of_october_is_october(hoa, ngu_kien, mixed):
    assert figures.totals(hoa, ngu_kien, period_of("2026-10"))["received"] == 4
    year = figures.months(hoa, ngu_kien, period_of("2026-11"))
    assert [key for key, _ in year] == ["2025-12", *(f"2026-{month:02d}" for month in range(1, 12))]
    assert [count for _, count in year] == [0] * 10 + [4, 31]
    assert figures.totals(hoa, ngu_kien, period_of("2026-Q4"))["received"] == 35


def test_a_leader_sees_the_own_unit_only(browser_of, hoa, tam, minh, ngu_kien, lien_chau, mixed):
    browser = browser_of(hoa)
    assert browser.get("/cockpit/dossiers/?don-vi=09055").status_code == 404
    assert browser.get("/cockpit/dossiers/?don-vi=26").status_code == 404
    assert browser.get("/cockpit/dossiers/rows/received/?don-vi=09055").status_code == 404
    assert browser.get("/cockpit/dossiers/rows/no-such/").status_code == 404
    assert browser.get("/cockpit/dossiers/rows/open/?nguoi=1").status_code == 404
    assert browser_of(minh).get("/cockpit/dossiers/").status_code == 403


def test_the_province_sees_communes_side_by_side(browser_of, son, hoa, province, ngu_kien, lien_chau, mixed, month):
    other = procedure("2.000815")
    Dossier.objects.bulk_create([dossier(lien_chau, other, n, channel="online") for n in range(7)])
    pairs = figures.by_unit(son, province, month)
    assert {unit.name: counted["received"] for unit, counted in pairs} == {"Liên Châu": 7, "Ngũ Kiên": 31}
    assert {unit.code: counted for unit, counted in pairs}["09157"] == figures.totals(hoa, ngu_kien, month)
    assert figures.summed(counted for _, counted in pairs) == figures.totals(son, province, month)
    browser = browser_of(son)
    page = text(browser.get("/cockpit/dossiers/?ky=2026-11"))
    assert 'href="?ky=2026-11&amp;don-vi=09055"' in page
    assert "38" in page
    assert ": 38 hồ sơ</h1>" in text(browser.get("/cockpit/dossiers/rows/received/?ky=2026-11&don-vi=26"))
    assert ": 7 hồ sơ</h1>" in text(browser.get("/cockpit/dossiers/rows/received/?ky=2026-11&don-vi=09055"))


def test_sorting_puts_units_without_a_figure_last(browser_of, son, ngu_kien, lien_chau, mixed):
    found = browser_of(son).get("/cockpit/dossiers/?ky=2026-11&xep=dung-han").context["units"]
    assert [row["unit"].name for row in found] == ["Ngũ Kiên", "Liên Châu"]


def test_a_province_of_136_communes_stays_small(browser_of, son, province, django_assert_max_num_queries):
    version = procedure("1.001193")
    units = Unit.objects.bulk_create(
        Unit(code=f"9{n:04d}", name=f"Xã số {n}", kind="commune", path=f"26.9{n:04d}.", parent=province,
             valid_from=date(2020, 1, 1))
        for n in range(136)
    )  # fmt: skip
    Dossier.objects.bulk_create(
        [dossier(unit, version, n, state=10, on_time_legal=True) for n, unit in enumerate(units)]
    )
    browser = browser_of(son)
    with django_assert_max_num_queries(8):
        page = text(browser.get("/cockpit/dossiers/?ky=2026-11"))
    assert "Các đơn vị (136)" in page
    second = browser.get("/cockpit/dossiers/" + browser.get("/cockpit/dossiers/?ky=2026-11").context["units_next"])
    assert len(second.context["units"]) == 66


@pytest.mark.parametrize("address", ["/cockpit/dossiers/?ky=2026-11", "/cockpit/dossiers/rows/received/?ky=2026-11"])
def test_a_commune_asks_few_questions(browser_of, hoa, mixed, django_assert_max_num_queries, address):
    browser = browser_of(hoa)
    with django_assert_max_num_queries(8):
        text(browser.get(address))


def test_the_tiles_of_the_first_page_are_this_month(rf, hoa, lan, mixed, django_assert_max_num_queries):
    request = rf.get("/cockpit/")
    request.actor = hoa
    with django_assert_max_num_queries(3):
        part = tiles(request)
    page = render_to_string(part["template"], {"part": part})
    assert "16/19 hồ sơ" in page
    assert "/cockpit/dossiers/rows/overdue/?" in page
    request.actor = lan
    assert tiles(request) is None


def test_figures_of_another_unit_are_missing(hoa, lien_chau):
    with pytest.raises(Missing):
        figures.unit_for(hoa, lien_chau.code)


def test_now_figures_move_with_the_clock(hoa, ngu_kien, mixed, month):
    with time_machine.travel(NOW + timedelta(hours=3), tick=False):
        found = figures.totals(hoa, ngu_kien, month)
    assert (found["overdue"], found["due_today"]) == (5, 0)


def test_an_official_without_dossiers_still_has_a_cockpit(browser_of, mai):
    """Everybody may see their own dossiers as a resident; that opens no commune's figures."""
    page = browser_of(mai).get("/cockpit/")
    assert page.status_code == 200
    assert "Số liệu một cửa</h2>" not in page.content.decode()

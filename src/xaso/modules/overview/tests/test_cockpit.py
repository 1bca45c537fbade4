"""The board of a commune and the province's view: who may, how many statements, what is shown and what is not."""

from datetime import date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.db.models import F

from xaso.core.audit.models import Entry
from xaso.core.measures.models import Cell
from xaso.core.measures.periods import period_of
from xaso.core.units.models import Succession
from xaso.kit import clock
from xaso.modules.dossiers.tests.factories import received
from xaso.modules.overview import queries
from xaso.modules.overview.tests.factories import declared, fill, officer, promised

Q3 = "period=2024-Q3"


@pytest.mark.parametrize("path", ["", "ranking/on_time_share/", "map/on_time_share/", "behind/on_time_share/"])
def test_who_has_no_role_for_it_is_turned_away(minh, lan, browser_of, path):
    assert browser_of(minh).get(f"/cockpit/overview/{path}").status_code == 403
    assert browser_of(lan).get(f"/cockpit/overview/{path}").status_code == 403


@pytest.mark.parametrize("path", ["", "behind/on_time_share/", "rows/dossiers.received/", "sheet/board/-.csv"])
def test_a_commune_sees_only_itself(hoa, lien_chau, browser_of, path):
    browser = browser_of(hoa)
    assert browser.get(f"/cockpit/overview/{path}").status_code == 200
    assert browser.get(f"/cockpit/overview/{path}?unit={lien_chau.code}").status_code == 404
    assert browser.get(f"/cockpit/overview/{path}?unit=khong-co").status_code == 404


def test_ranking_is_the_provinces(hoa, browser_of):
    assert browser_of(hoa).get("/cockpit/overview/ranking/on_time_share/").status_code == 404


def test_an_unknown_figure_or_period_is_no_fault(hoa, browser_of):
    browser = browser_of(hoa)
    assert browser.get("/cockpit/overview/behind/khong_co/").status_code == 404
    assert browser.get("/cockpit/overview/?period=hom-qua").status_code == 200
    assert browser.get("/cockpit/overview/sheet/khac/-.csv").status_code == 404
    assert browser.get("/cockpit/overview/sheet/board/-.exe").status_code == 404


@pytest.mark.parametrize("period", ["2024-01", "2024-Q2", "2024-H1", "2024-9M", "2024", "2024-Q2&cumulative=1"])
def test_every_kind_of_period_has_its_board(hoa, browser_of, october, period):
    answer = browser_of(hoa).get(f"/cockpit/overview/?period={period}")
    assert answer.status_code == 200
    assert "chưa có số liệu" in answer.content.decode()


def test_the_board_asks_little(hoa, browser_of, ngu_kien, october, django_assert_max_num_queries):
    fill([ngu_kien, ngu_kien.parent], period_of("2024-Q3"))
    browser = browser_of(hoa)
    browser.get("/cockpit/overview/")
    with django_assert_max_num_queries(34):
        assert browser.get(f"/cockpit/overview/?{Q3}").status_code == 200


def test_the_next_page_shows_a_dossier_just_received(catalogue, minh, hoa, ngu_kien, browser_of):
    browser = browser_of(hoa)
    month = f"{clock.today():%Y-%m}"
    address = f"/cockpit/overview/behind/dossiers_received/?period={month}"
    assert "chưa có dòng dữ liệu nào" in browser.get(address).content.decode()
    dossier = received(minh, ngu_kien)
    page = browser.get(address).content.decode()
    assert "1 hồ sơ" in page
    assert dossier.number in page


def test_looking_at_rows_is_put_on_record(catalogue, minh, hoa, ngu_kien, browser_of):
    received(minh, ngu_kien)
    before = Entry.objects.count()
    browser = browser_of(hoa)
    browser.get(f"/cockpit/overview/behind/online_share/?period={clock.today():%Y}&part=denominator")
    browser.get(f"/cockpit/overview/rows/dossiers.received/?period={clock.today():%Y}")
    read = Entry.objects.order_by("pk")[before:]
    assert [(entry.actor_name, entry.unit_path) for entry in read] == [(hoa.name, ngu_kien.path)] * 2


def test_who_may_not_see_dossiers_sees_the_number_only(catalogue, minh, mai, ngu_kien, browser_of):
    dossier = received(minh, ngu_kien)
    page = (
        browser_of(mai).get(f"/cockpit/overview/behind/dossiers_received/?period={clock.today():%Y}").content.decode()
    )
    assert "1 hồ sơ" in page
    assert dossier.number not in page
    assert "không được giao xem từng dòng" in page


def test_rows_come_in_pages_of_twenty(catalogue, minh, hoa, ngu_kien, browser_of, django_assert_max_num_queries):
    for _ in range(23):
        received(minh, ngu_kien)
    browser = browser_of(hoa)
    address = f"/cockpit/overview/rows/dossiers.received/?period={clock.today():%Y}"
    browser.get(address)
    with django_assert_max_num_queries(10):
        page = browser.get(address)
    first = page.context["rows"]
    second = browser.get(page.context["next"]).context["rows"]
    names = [row.name for row in (*first.rows, *second.rows)]
    assert (len(first.rows), len(second.rows)) == (20, 3)
    assert len(set(names)) == 23


@pytest.mark.parametrize(("figure", "most"), [("on_time_share", 10), ("dossiers_received", 13)])
def test_a_figure_and_what_is_behind_it_ask_little(
    catalogue, minh, hoa, ngu_kien, browser_of, django_assert_max_num_queries, figure, most
):
    received(minh, ngu_kien)
    browser = browser_of(hoa)
    address = f"/cockpit/overview/behind/{figure}/?period={clock.today():%Y}"
    browser.get(address)
    with django_assert_max_num_queries(most):
        assert browser.get(address).status_code == 200


def test_a_page_of_rows_shows_what_was_done_a_moment_ago(catalogue, minh, hoa, ngu_kien, browser_of):
    browser = browser_of(hoa)
    addresses = [
        f"/cockpit/overview/{where}/?period={clock.today():%Y}"
        for where in ("behind/dossiers_received", "rows/dossiers.received")
    ]
    for address in addresses:
        dossier = received(minh, ngu_kien)
        page = browser.get(address)
        assert dossier.number in page.content.decode()
        assert len(page.context["rows"].rows) == Cell.objects.get(measure="dossiers.received").value


def test_the_target_nearest_to_the_unit_counts(hoa, ngu_kien, october):
    fill([ngu_kien.parent, ngu_kien], period_of("2024-Q3"))
    promised(ngu_kien.parent.parent, "on_time_share", 50, clock.now())
    period = period_of("2024-Q3")
    above = queries.shown_figures(["on_time_share"], ngu_kien, period)[0]
    promised(ngu_kien, "on_time_share", 101, clock.now())
    own = queries.shown_figures(["on_time_share"], ngu_kien, period)[0]
    assert [one.goal.number for one in (above, own)] == [50, 101]
    assert queries.shown_figures(["on_time_share"], ngu_kien.parent, period)[0].goal.number == 50


def test_a_declared_share_without_parts_is_marked(hoa, ngu_kien, browser_of, october):
    declared(
        ngu_kien, "households_fibre_share", 46, hoa, as_of=date(2024, 8, 30), at=clock.now(), comparator=">"
    )  # fmt: skip
    page = browser_of(hoa).get(f"/cockpit/overview/?{Q3}").content.decode()
    assert "hơn 46 %" in page
    assert "chưa kiểm chứng" in page
    assert "khai báo" in page


def test_a_target_stands_beside_its_figure(hoa, ngu_kien, october):
    fill([ngu_kien.parent, ngu_kien], period_of("2024-Q3"))
    promised(ngu_kien, "on_time_share", 101, clock.now())
    promised(ngu_kien, "online_share", 1, clock.now())
    shown = {
        one.kind.key: one
        for one in queries.shown_figures(["on_time_share", "online_share"], ngu_kien, period_of("2024-Q3"))
    }
    assert shown["on_time_share"].goal.verdict == "worse"
    assert "còn cách" in shown["on_time_share"].goal.sentence
    assert "vượt" in shown["online_share"].goal.sentence


def test_a_month_without_rows_is_a_hole_not_a_zero(hoa, ngu_kien, october):
    Cell.objects.create(measure="dossiers.received", unit_path=ngu_kien.path, month=202409, value=10)
    shown = queries.shown_figures(["online_share", "dossiers_late"], ngu_kien, period_of("2024-Q3"))
    assert [month.number for month in shown[0].trend][-2:] == [None, Decimal(0)]
    assert [month.number for month in shown[1].trend][-2:] == [None, Decimal(0)]


def test_the_province_in_ten_statements(whole, django_assert_max_num_queries):
    province, _, _ = whole
    with django_assert_max_num_queries(10):
        found = queries.province(province, period_of("2024-Q3"))
    assert len(found.sides) == 136
    assert len(found.tiles) == 13
    assert len(found.tiles[0].trend) == 24
    assert all(month.number is not None for month in found.tiles[0].trend)


def test_the_province_page(watcher, whole, django_assert_max_num_queries):
    watcher.get("/cockpit/overview/")
    with django_assert_max_num_queries(20):
        answer = watcher.get(f"/cockpit/overview/?{Q3}")
    assert len(answer.content) < 100_000
    assert len(answer.context["rows"]) == 136


def test_each_commune_shows_where_it_goes(watcher, whole):
    silent = whole[2]
    page = watcher.get(f"/cockpit/overview/?{Q3}")
    rows = {row["name"]: row["trend"] for row in page.context["rows"]}
    told = [trend for trend in rows.values() if trend is not None]
    assert rows[silent[1].name] is None
    assert len(told) > 120
    assert {trend.word for trend in told} >= {"tăng", "giảm"}
    assert all(trend.path.count("L") == 11 for trend in told)
    assert '<i aria-hidden="true">▲</i><span class="sr">tăng</span>' in page.content.decode()
    assert "so với quý 2 năm 2024" in page.content.decode()


def test_the_change_is_that_of_the_ranking(whole):
    province, _, _ = whole
    period = period_of("2024-Q3")
    moved = {side.unit.path: side.moving.change for side in queries.province(province, period).sides}
    ranked = {side.unit.path: side.change for side in queries.ranking("on_time_share", province, period).sides}
    assert {path: change and round(change, 4) for path, change in moved.items()} == {
        path: change and round(change, 4) for path, change in ranked.items()
    }
    assert len([change for change in moved.values() if change]) > 100


def test_a_declared_number_and_a_cumulative_period_tell_no_change(watcher, whole):
    _, units, _ = whole
    declared(
        units[1], "on_time_share", 100, officer("hoa", units[1]), as_of=date(2024, 9, 30), at=clock.now(),
        period_key="2024-Q3",
    )  # fmt: skip
    rows = {row["name"]: row["trend"] for row in watcher.get(f"/cockpit/overview/?{Q3}").context["rows"]}
    origin = queries.province(whole[0], period_of("2024-Q3")).sides[1].values["on_time_share"].value.origin
    assert (rows[units[1].name].word == "") == (origin == "declared")
    whole_year = watcher.get(f"/cockpit/overview/?{Q3}&cumulative=1").context["rows"]
    assert any(row["trend"] for row in whole_year)


def test_todays_map_has_no_column_of_trends(watcher):
    page = watcher.get(f"/cockpit/overview/?{Q3}&map=today")
    assert page.context["trend"] is None
    assert "Cột Xu hướng" not in page.content.decode()
    assert page.context["head"][-1] != "Xu hướng"


@pytest.mark.parametrize("name", ["ranking", "map", "behind"])
def test_pages_of_one_figure_stay_small(watcher, name):
    for more in ("", "&map=today", "&type=ward"):
        answer = watcher.get(f"/cockpit/overview/{name}/on_time_share/?{Q3}{more}")
        assert answer.status_code == 200
        assert len(answer.content) < 100_000


def test_who_said_nothing_is_listed_and_never_zero(whole):
    province, _, silent = whole
    found = queries.province(province, period_of("2024-Q3"))
    assert [unit.path for unit in found.without] == [unit.path for unit in silent]
    last = queries.ranking("dossiers_received", province, period_of("2024-Q3")).sides[-len(silent) :]
    assert {side.unit.path for side in last} == {unit.path for unit in silent}
    assert {side.values["dossiers_received"].value.number for side in last} == {None}
    assert {side.rank for side in last} == {None}


def test_silent_communes_are_named_on_the_page(watcher, whole):
    page = watcher.get("/cockpit/overview/?period=2024-9M").content.decode()
    assert "chưa ký: <b>136</b>" in page
    assert all(str(unit) in page for unit in whole[2])


def test_the_whole_is_the_sum_of_its_communes(whole):
    province, _, _ = whole
    found = queries.province(province, period_of("2024-Q3"))
    numbers = [side.values["dossiers_received"].value.number for side in found.sides]
    total = queries.ranking("dossiers_received", province, period_of("2024-Q3")).whole.value.number
    assert total == sum(number for number in numbers if number is not None)


def test_ranks_count_within_the_kind_of_unit(whole):
    province, _, _ = whole
    wards = queries.ranking("on_time_share", province, period_of("2024-Q3"), kind_of_unit="ward")
    assert {side.unit.kind for side in wards.sides} == {"ward"}
    assert min(side.rank for side in wards.sides if side.rank) == 1


def test_a_number_far_from_the_others_is_told(whole):
    province, units, _ = whole
    found = queries.province(province, period_of("2024-Q3"))
    side = next(side for side in found.sides if side.unit.path == units[5].path)
    assert "thấp khác thường" in side.values["online_share"].odd


def test_everything_whole_without_parts_is_told(whole, watcher):
    province, _, silent = whole
    boaster = officer("hoa", silent[0])
    for key in ("on_time_share", "online_share", "digitised_share", "e_result_share"):
        declared(silent[0], key, 100, boaster, as_of=date(2024, 9, 30), at=clock.now(), period_key="2024-Q3")
    page = watcher.get(f"/cockpit/overview/?{Q3}").content.decode()
    assert queries.TOO_GOOD in page
    ranked = queries.ranking("on_time_share", province, period_of("2024-Q3"))
    side = next(side for side in ranked.sides if side.unit.path == silent[0].path)
    assert side.rank is None


def test_todays_map_moves_counts_to_the_units_of_today(whole):
    province, _, _ = whole
    with time_machine.travel(datetime(2026, 11, 20, 9, 0, tzinfo=clock.VIETNAM), tick=False):
        period = period_of("2024-Q3")
        then = queries.ranking("dossiers_received", province, period)
        now = queries.ranking("dossiers_received", province, period, todays_map=True)
    assert now.whole.value.number == then.whole.value.number == sum(now.known)
    assert len(now.sides) < len(then.sides)
    assert {side.unit.path[:3] for side in now.sides} == {"25."}


def test_todays_map_is_the_same_in_whatever_order_the_history_was_written(whole):
    """A unit that was renamed and later merged has two rows of history under one path."""
    province, _, _ = whole
    with time_machine.travel(datetime(2026, 11, 20, 9, 0, tzinfo=clock.VIETNAM), tick=False):
        before = queries.ranking("dossiers_received", province, period_of("2024-Q3"), todays_map=True)
        kept = Succession.objects.filter(predecessor__path=F("successor__path"))
        rewritten = list(kept)
        kept.delete()
        for link in rewritten:
            link.pk = None
        Succession.objects.bulk_create(rewritten)
        after = queries.ranking("dossiers_received", province, period_of("2024-Q3"), todays_map=True)
    assert rewritten
    assert [(side.unit.path, side.values) for side in after.sides] == [
        (side.unit.path, side.values) for side in before.sides
    ]


@pytest.mark.parametrize("what", ["province/-", "ranking/on_time_share", "trend/on_time_share", "board/-"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_tables_are_taken_home(watcher, what, form):
    answer = watcher.get(f"/cockpit/overview/sheet/{what}.{form}?{Q3}")
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    assert len(answer.content) > 200

"""The pages: who may open them, what they say, and how few statements they ask."""

import csv
from datetime import date
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from xaso.core.access import SYSTEM
from xaso.modules.indicators import queries
from xaso.modules.indicators.actions import load_sets
from xaso.modules.indicators.tests.test_definitions import GOOD, put

pytestmark = pytest.mark.django_db
INDEX, DTI = "/desk/indicators/", "/desk/indicators/dti-xa/"


@pytest.fixture
def known(sets, state):
    state(households=1000, households_fibre=450, households_digital_address=500, steering_head="head", lan=1, tslcd=0)
    state(systems=0, systems_level_approved=0, systems_plan_deployed=0)


def test_the_list(known, browser_of, mai, django_assert_max_num_queries):
    browser = browser_of(mai)
    browser.get(INDEX)
    with django_assert_max_num_queries(30):
        page = browser.get(INDEX).content.decode()
    assert "Chỉ số chuyển đổi số cấp xã" in page
    assert "Nông thôn mới 2021–2025" in page
    assert "Nông thôn mới 2026–2030" not in page
    assert "cần kiểm chứng" in page


def test_a_set_page(known, browser_of, mai, django_assert_max_num_queries):
    browser = browser_of(mai)
    browser.get(DTI)
    with django_assert_max_num_queries(30):
        response = browser.get(DTI + "?nhom=3")
    page = response.content.decode()
    assert "điểm đã có số liệu" in page
    assert "chưa tính không phải là 0" in page
    assert "450/1.000 = 45 %, đủ điểm từ 90 %" in page
    assert "<strong>10</strong> / 20" in page
    assert "/desk/figures/so/households_fibre/?don-vi=09157&amp;ky=2024" in page
    assert "khai báo" in page
    assert len(response.content) < 100_000


def test_three_actions_on_the_page(known, browser_of, mai):
    page = browser_of(mai).get(DTI).content.decode()
    assert "Ba việc tăng điểm nhiều nhất đến 31/12/2024" in page
    assert "từ 450 lên 900" in page
    assert "Phòng Kinh tế" in page
    assert "2.500.000 đồng" in page


def test_a_year_that_is_over_has_no_actions(known, browser_of, mai):
    assert "Ba việc" not in browser_of(mai).get(DTI + "?ky=2023").content.decode()


def test_points_that_moved_are_told(known, browser_of, mai):
    page = browser_of(mai).get(DTI + "?nhom=5").content.decode()
    assert "điểm chia lại trong nhóm" in page
    assert "chia lại từ 25" in page


def test_passing_or_not(known, browser_of, mai):
    page = browser_of(mai).get("/desk/indicators/ntm-8/").content.decode()
    assert "Chưa đủ số liệu để kết luận" in page
    assert "Ba việc" not in page


def test_another_commune_is_not_shown(known, browser_of, oanh):
    assert browser_of(oanh).get(DTI + "?don-vi=09157").status_code == 403


def test_residents_and_clerks_have_no_door(known, browser_of, minh, client):
    assert browser_of(minh).get(INDEX).status_code == 403
    assert client.get(INDEX).status_code == 302


def test_the_province_chooses_a_commune(known, browser_of, son, ngu_kien, lien_chau):
    browser = browser_of(son)
    page = browser.get(DTI).content.decode()
    assert "Chọn một xã, phường" in page
    assert "Xã Ngũ Kiên" in page
    page = browser.get(DTI + "?don-vi=09157&ky=2024").content.decode()
    assert "điểm đã có số liệu" in page
    assert "Xã Liên Châu" in page


@pytest.mark.parametrize("query", ["?ky=rác", "?ky=2099", "?nhom=99", "?don-vi=khong-co", "?ky=2024-Q1"])
def test_odd_addresses_are_answered(known, browser_of, mai, query):
    assert browser_of(mai).get(DTI + query).status_code in (200, 404)


def test_download_as_csv(known, browser_of, mai):
    response = browser_of(mai).get(DTI + "tai/?ky=2024")
    rows = list(csv.reader(StringIO(response.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0][:4] == ["Mã", "Nhóm, thành phần", "Điểm tối đa", "Điểm"]
    assert sum(1 for row in rows if len(row) > 4 and "." in row[0]) == 78
    fibre = next(row for row in rows if row and row[0] == "3.5")
    assert fibre[2:5] == ["20", "10,00", "đã chấm"]
    empty = next(row for row in rows if row and row[0] == "1.5")
    assert empty[3:5] == ["", "chưa có số liệu"]


def test_download_as_xlsx(known, browser_of, mai):
    response = browser_of(mai).get(DTI + "tai/?ky=2024&dang=xlsx")
    sheet = load_workbook(BytesIO(response.content)).active
    lines = {row[0].value: row for row in sheet.iter_rows()}
    assert lines["3.5"][3].value == 10
    assert lines["1.5"][3].value is None
    assert "attachment" in response["Content-Disposition"]


def test_versions_side_by_side(tmp_path, settings, browser_of, kien):
    (tmp_path / "indicators").mkdir()
    text = GOOD.replace("a: a, b: b, share: ab", "a: cnscd_teams, b: villages").replace(
        "figure: a, most: b", "figure: cnscd_teams"
    )
    text = text.replace("figure: n\n", "figure: broadcasts\n").replace("figure: x", "figure: lan")
    settings.CONTENT_DIRS = [*settings.CONTENT_DIRS, put(tmp_path, text)]
    load_sets(SYSTEM)
    old = queries.set_named("thu", date(2023, 5, 1))
    put(tmp_path, text.replace("threshold: 80", "threshold: 90"))
    load_sets(SYSTEM)
    new = queries.set_named("thu", date(2023, 5, 1))
    browser = browser_of(kien)
    page = browser.get("/desk/indicators/thu/phien-ban/").content.decode()
    assert "đã thay" in page
    assert f"/desk/indicators/thu/so-sanh/{old.uuid}/{new.uuid}/" in page
    page = browser.get(f"/desk/indicators/thu/so-sanh/{old.uuid}/{new.uuid}/").content.decode()
    assert "threshold 80" in page
    assert "threshold 90" in page
    other = queries.set_named("dti-xa", date(2024, 5, 1))
    assert browser.get(f"/desk/indicators/thu/so-sanh/{old.uuid}/{other.uuid}/").status_code == 404

"""What the pages show, to whom, and at what cost."""

from datetime import date, datetime
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
import time_machine
from django.test import Client

from xaso.core.units.models import Unit
from xaso.kit import clock
from xaso.modules.assessments import actions
from xaso.modules.assessments.models import Assessment, Exclusion, Round, Standing
from xaso.modules.assessments.rules import State
from xaso.modules.assessments.tests.staging import appraised, assessment_of, fresh, item, opened, self_scored, submitted

pytestmark = pytest.mark.django_db
JANUARY = datetime(2025, 1, 6, 9, tzinfo=clock.VIETNAM)


@pytest.fixture(autouse=True)
def january():
    with time_machine.travel(JANUARY, tick=False) as now:
        yield now


@pytest.fixture
def communes(district):
    return Unit.objects.bulk_create(
        Unit(
            code=f"1{number:04d}", name=f"Xã {number}", kind="ward" if number % 5 == 0 else "commune", parent=district,
            path=f"26.252.1{number:04d}.", valid_from=date(2020, 1, 1),
        )
        for number in range(136)
    )  # fmt: skip


@pytest.fixture
def found(son, province, ngu_kien) -> Assessment:
    return assessment_of(opened(son, province), ngu_kien)


def page(browser, url, most, limit) -> str:
    with limit(most):
        answer = browser.get(url)
    text = answer.content.decode()
    assert answer.status_code == 200, text
    assert len(text) < 100_000
    return text


def test_the_unit_sees_its_work(found, villages, declared, mai, browser_of, django_assert_max_num_queries):
    declared("t_teams", 3)
    browser = browser_of(mai)
    listed = page(browser, "/desk/assessments/", 14, django_assert_max_num_queries)
    assert str(found.uuid) in listed
    text = page(browser, f"/desk/assessments/{found.uuid}/", 32, django_assert_max_num_queries)
    assert "Lấy điểm máy tính" in text
    assert "Thông tin chung còn thiếu" in text
    assert "Ký và nộp" not in text
    one = page(browser, f"/desk/assessments/items/{item(found, '1.1').uuid}/", 30, django_assert_max_num_queries)
    assert "Thôn có tổ" in one
    assert "Cần có: Quyết định" in one


def test_each_reader_gets_the_own_buttons(found, mai, hoa, binh, cuong, son, browser_of):
    url = f"/desk/assessments/{found.uuid}/"

    def seen(by) -> str:
        return browser_of(by).get(url).content.decode()

    submitted(mai, hoa, found)
    assert "Bắt đầu thẩm định" in seen(binh)
    for other in (mai, hoa, cuong, son):
        assert "Bắt đầu thẩm định" not in seen(other)
    appraised(binh, found)
    assert "Từ chối" in seen(cuong)
    assert "Từ chối" not in seen(binh)
    assert "niêm phong" in seen(mai)


def test_what_was_typed_comes_back_with_the_sentence(found, mai, browser_of):
    url = f"/desk/assessments/items/{item(found, '1.1').uuid}/"
    typed = {"what": "self_score", "points": "41", "note": "Bốn thôn", "proof_title": "Quyết định", "proof_on": "1/2"}
    text = browser_of(mai).post(url, typed).content.decode()
    assert "Ghi ngày theo mẫu" in text
    text = browser_of(mai).post(url, typed | {"proof_on": "01/02/2024"}).content.decode()
    assert "Điểm phải từ 0 đến 40" in text
    for value in ("Bốn thôn", "Quyết định", 'value="41"'):
        assert value in text
    assert not item(found, "1.1").proofs.exists()


def test_a_decimal_comma_is_read(found, mai, browser_of):
    url = f"/desk/assessments/items/{item(found, '1.1').uuid}/"
    assert browser_of(mai).post(url, {"what": "self_score", "points": "12,5", "note": ""}).status_code == 302
    assert item(found, "1.1").self_points == Decimal("12.5")
    assert "abc" in browser_of(mai).post(url, {"what": "self_score", "points": "abc"}).content.decode()


def test_form_01_has_six_columns_and_no_invented_zero(found, mai, browser_of):
    self_scored(mai, found)
    actions.self_score_item(mai, item(found, "2.1"), points=None, note="")
    answer = browser_of(mai).get(f"/desk/assessments/{found.uuid}/form-01/")
    rows = list(openpyxl.load_workbook(BytesIO(answer.content)).active.values)
    head = next(number for number, row in enumerate(rows) if row[0] == "TT")
    assert rows[head] == ("TT", "Thành phần", "Điểm tối đa", "Cách chấm", "Điểm tự chấm", "Giải trình")
    lines = {row[0]: row for row in rows[head + 1 :]}
    assert lines["1.1"][2:] == (40, "Tỷ lệ đạt × điểm tối đa", 30, "Theo số liệu của xã")
    assert lines["2.1"][4] is None
    assert any(row[1] == "Số dân" and row[2] == 15763 for row in rows[:head])


def test_the_round_lists_its_units_in_pages(
    communes, son, binh, province, browser_of, django_assert_max_num_queries
):  # fmt: skip
    cycle = opened(son, province)
    assert Assessment.objects.count() == 136
    browser = browser_of(binh)
    first = page(browser, f"/desk/assessments/rounds/{cycle.uuid}/", 14, django_assert_max_num_queries)
    assert first.count("/desk/assessments/") > 50
    following = browser.get(f"/desk/assessments/rounds/{cycle.uuid}/?sau={communes[49].path}").content.decode()
    assert "Xã 50<" in following
    assert "Xã 49<" not in following


def test_everybody_above_the_communes_finds_the_round(found, mai, binh, cuong, son, browser_of):
    url = f"/desk/assessments/rounds/{found.round.uuid}/"
    for by in (binh, cuong, son):
        assert url in browser_of(by).get("/desk/assessments/").content.decode()
        assert browser_of(by).get(url).status_code == 200
    assert url not in browser_of(mai).get("/desk/assessments/").content.decode()


def test_the_province_opens_a_round(province, ngu_kien, lien_chau, son, browser_of):
    opened(son, province, year=2023)
    browser = browser_of(son)
    text = browser.get("/desk/assessments/rounds/new/").content.decode()
    chosen = next(line for line in text.split('value="') if line[36:42] == '@2024"')[:41]
    typed = {
        "chosen_set": chosen, "title": "Đánh giá năm 2024", "self_score_until": "20/01/2025",
        "review_until": "28/02/2025", "publish_on": "31/03/2025", "appeal_days": "10", "excluded": [str(lien_chau.pk)],
    }  # fmt: skip
    assert "Hãy ghi lý do không xếp hạng" in browser.post("/desk/assessments/rounds/new/", typed).content.decode()
    typed |= {"exclusion_reason": "Đang sắp xếp"}
    assert browser.post("/desk/assessments/rounds/new/", typed).status_code == 302
    assert Round.objects.get(year=2024).assessments.get().unit == ngu_kien
    assert Exclusion.objects.get(round__year=2024).unit == lien_chau


@pytest.fixture
def published(communes, son, province) -> Round:
    """136 communes with made-up results, published."""
    cycle = opened(son, province)
    for number, one in enumerate(Assessment.objects.order_by("unit_path")):
        one.items.update(final_points=number % 20)
    Assessment.objects.update(state=State.APPROVED, final_total=1)
    return actions.publish_round(son, fresh(cycle))


def test_everybody_reads_the_published_ranking(published, django_assert_max_num_queries):
    browser = Client()
    listed = page(browser, "/portal/assessments/", 10, django_assert_max_num_queries)
    assert str(published.uuid) in listed
    url = f"/portal/assessments/{published.uuid}/"
    text = page(browser, url, 14, django_assert_max_num_queries)
    assert "<b>1</b>/108" in text
    assert "Phường" in text
    wards = page(browser, url + "?kind=ward&group=2", 14, django_assert_max_num_queries)
    assert "/28" in wards
    assert Standing.objects.count() == 136 * 3


def test_the_ranking_goes_on_where_the_page_ended(published):
    url = f"/portal/assessments/{published.uuid}/"
    seen, following = [], url
    while following:
        text = Client().get(following).content.decode()
        seen += [part.split("<")[0] for part in text.split('<th scope="row">')[1:]]
        more = text.split('rel="next" href="')
        following = url + more[1].split('"')[0].replace("&amp;", "&") if len(more) > 1 else ""
    assert len(seen) == len(set(seen)) == 108


def test_what_is_not_published_is_not_public(found):
    assert Client().get(f"/portal/assessments/{found.round.uuid}/").status_code == 404
    assert str(found.round.uuid) not in Client().get("/portal/assessments/").content.decode()


def test_ranks_of_136_units_take_few_statements(communes, son, province, django_assert_max_num_queries):
    cycle = opened(son, province)
    Assessment.objects.update(state=State.APPROVED, final_total=1)
    cycle = fresh(cycle)
    with django_assert_max_num_queries(25):
        actions.publish_round(son, cycle)

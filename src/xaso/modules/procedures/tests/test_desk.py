"""The officers' side: list, detail, review, settle, compare."""

from datetime import date

import pytest

from xaso.core.access import SYSTEM
from xaso.modules.procedures import queries
from xaso.modules.procedures.actions import import_procedures, load_procedures
from xaso.modules.procedures.models import Procedure
from xaso.modules.procedures.tests.test_actions import list_of, record, times

pytestmark = pytest.mark.django_db
__all__ = ["list_of"]
URL = "/desk/procedures/"


@pytest.fixture
def waiting(list_of):
    import_procedures(SYSTEM, list_of(record(channels=times(("5", ""), ("5", "")))))


def test_the_list_and_a_page(minh, browser_of):
    load_procedures(SYSTEM)
    browser = browser_of(minh)
    text = browser.get(URL + "?q=khai sinh").content.decode()
    assert "1.001193" in text
    text = browser.get(URL + "1.001193/").content.decode()
    assert "cần xác minh" in text
    assert "Ẩn thủ tục" not in text
    assert len(browser.get(URL).content) < 100_000


def test_residents_and_other_roles_are_turned_away(lan, minh, client, browser_of, waiting):
    assert client.get(URL).status_code == 302
    assert browser_of(lan).get(URL).status_code == 403
    for place in ("can-xem-lai/", "9.100001/xac-nhan/"):
        assert browser_of(minh).get(URL + place).status_code == 403
    answer = browser_of(minh).post(URL + "9.100001/an-hien/", {"reason": "x"})
    assert answer.status_code == 403
    assert Procedure.objects.get().state == "active"


def test_the_queue_leads_to_settling(kien, browser_of, waiting):
    browser = browser_of(kien)
    text = browser.get(URL + "can-xem-lai/").content.decode()
    assert "9.100001" in text
    assert "không có đơn vị" in text
    text = browser.get(URL + "9.100001/xac-nhan/").content.decode()
    assert 'value="5"' in text
    answer = browser.post(
        URL + "9.100001/xac-nhan/",
        {"label_0": "Thông thường", "amount_0": "5", "unit_0": "workday", "reason": "QĐ 12"},
        follow=True,
    )
    assert "Đã xác nhận" in answer.content.decode()
    assert queries.receivable("9.100001", date(2026, 8, 1))
    text = browser.get(URL + "9.100001/").content.decode()
    assert "5 ngày làm việc" in text
    link = next(part for part in text.split('"') if "/so-sanh/" in part)
    assert "cases.thuong.limit" in browser.get(link).content.decode()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"unit_0": ""}, "Hãy chọn đơn vị"),
        ({"amount_0": ""}, "Hãy ghi số của thời hạn"),
        ({"amount_0": "", "unit_0": ""}, "ít nhất một trường hợp"),
        ({"reason": ""}, "Hãy ghi căn cứ xác nhận"),
        ({"fee_status": "free"}, "phải có căn cứ"),
        ({"fee_status": "known"}, "Hãy ghi mức thu"),
        ({"unit_0": "week"}, "week"),
    ],
)
def test_a_wrong_form_comes_back_with_sentences(kien, browser_of, waiting, change, says):
    data = {"label_0": "Thường", "amount_0": "5", "unit_0": "day", "reason": "QĐ 12"} | change
    answer = browser_of(kien).post(URL + "9.100001/xac-nhan/", data)
    assert answer.status_code == 200
    assert says in answer.content.decode()
    assert Procedure.objects.get().needs_review


def test_the_keeper_hides_and_shows(kien, browser_of, waiting):
    browser = browser_of(kien)
    browser.post(URL + "9.100001/an-hien/", {"reason": "Bãi bỏ"})
    assert Procedure.objects.get().state == "hidden"
    assert "Hiện lại" in browser.get(URL + "9.100001/").content.decode()
    browser.post(URL + "9.100001/an-hien/", {"reason": "Nhầm", "visible": "True"})
    assert Procedure.objects.get().state == "active"


def test_lists_ask_few_questions(kien, browser_of, django_assert_max_num_queries):
    load_procedures(SYSTEM)
    browser = browser_of(kien)
    browser.get(URL)
    with django_assert_max_num_queries(12):
        browser.get(URL)
    with django_assert_max_num_queries(12):
        browser.get("/portal/procedures/1.001193/")


def test_versions_of_two_procedures_are_not_compared(kien, browser_of):
    load_procedures(SYSTEM)
    one, other = queries.current("1.001193"), queries.current("1.000656")
    assert browser_of(kien).get(f"{URL}1.001193/so-sanh/{one.uuid}/{other.uuid}/").status_code == 404

"""The outbox, one message, what came in, the month's cost."""

import re

import pytest

from xaso.core.access import SYSTEM
from xaso.core.audit.models import Entry as AuditEntry
from xaso.modules.audiences.actions import Entry, add_contact
from xaso.modules.sms import actions, carrying
from xaso.modules.sms.actions import Incoming
from xaso.modules.sms.models import Sms
from xaso.modules.sms.tests.conftest import queue, queue_many

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
BOX = "/desk/sms/"


def text(response):
    return response.content.decode()


@pytest.fixture
def some(ngu_kien):
    queue_many(SYSTEM, ngu_kien, [f"849123456{n:02d}" for n in range(60)], budget_line="=Truyền thông")
    return list(Sms.objects.order_by("id"))


def test_the_outbox_is_paged_filtered_and_masked(browser_of, quan, some, django_assert_max_num_queries):
    browser = browser_of(quan)
    browser.get(BOX)
    with django_assert_max_num_queries(14):
        page = browser.get(BOX)
    assert len(page.content) < 60_000
    assert "Trang sau" in text(page)
    assert "0912 ••• 659" in text(page)
    assert "84912345659" not in text(page)
    assert "Chưa nối tổng đài" in text(page)
    Sms.objects.filter(pk=some[3].pk).update(state="failed")
    assert text(browser.get(BOX, {"state": "failed"})).count("Không gửi được") >= 2
    assert "••• 603" in text(browser.get(BOX, {"words": "0912 345 603"}))
    tiles = re.sub(r"<[^>]*>|\s+", " ", text(browser.get(BOX, {"viec": "test:1"})))
    assert re.search("Đang gửi +59 ", tiles)
    assert re.search("Không tới +1 ", tiles)
    for odd in ({"state": "x"}, {"truoc": "x"}, {"viec": "x" * 300}, {"words": "'"}):
        assert browser.get(BOX, odd).status_code == 200


def test_who_may_see_what(browser_of, some, quan, tam, minh, lan, hoa):
    url = some[0].get_absolute_url()
    assert browser_of(quan).get(url).status_code == 200
    assert AuditEntry.objects.filter(verb="read", subject=f"sms.Sms:{some[0].pk}").exists()
    assert "Gửi lại" not in text(browser_of(hoa).get(url))
    for by in (tam, minh, lan):
        assert browser_of(by).get(url).status_code in (403, 404)
        assert browser_of(by).get(f"{BOX}chi-phi/").status_code == 403


def test_a_failed_message_is_sent_again_with_a_reason(browser_of, quan, some):
    one = some[0]
    Sms.objects.filter(pk=one.pk).update(state="failed", error="Số nhận không đúng")
    browser = browser_of(quan)
    page = text(browser.get(one.get_absolute_url()))
    assert "Số nhận không đúng" in page
    assert "0912 345 600" in page
    browser.post(f"{one.get_absolute_url()}gui-lai/", {"reason": ""})
    one.refresh_from_db()
    assert one.state == "failed"
    browser.post(f"{one.get_absolute_url()}gui-lai/", {"reason": "Đã sửa số"})
    one.refresh_from_db()
    assert one.state == "queued"
    again = browser.post(f"{one.get_absolute_url()}gui-lai/", {"reason": "nữa"})
    assert "không gửi lại" in text(again)


def test_a_doubt_is_decided_by_a_person(browser_of, quan, some):
    one = some[0]
    Sms.objects.filter(pk=one.pk).update(state="unknown")
    browser = browser_of(quan)
    assert "1 tin chưa rõ" in text(browser.get(BOX))
    url = f"{one.get_absolute_url()}ket-luan/"
    browser.post(url, {"delivered": "1", "reason": ""})
    one.refresh_from_db()
    assert one.state == "unknown"
    browser.post(url, {"delivered": "1", "reason": "Đã gọi, bà đã nhận"})
    one.refresh_from_db()
    assert one.state == "delivered"


def test_a_code_is_never_shown(browser_of, quan, ngu_kien):
    one = queue(SYSTEM, ngu_kien, to="0912345601", text="Ma cua ban 428913", kind="code", secret=True, key="k")
    Sms.objects.update(state="failed")
    page = text(browser_of(quan).get(one.get_absolute_url()))
    assert "428913" not in page
    assert "không lưu nội dung" in page
    assert "gui-lai" not in page


def test_what_residents_wrote(browser_of, quan, son, ngu_kien):
    add_contact(SYSTEM, ngu_kien, entry=Entry("Bà Tư", "0912345605"))
    for number, (sender, words) in enumerate([("84912345605", "Đèn hỏng <b>"), ("84912345606", "TU CHOI")]):
        actions.take_in(SYSTEM, None, message=Incoming(sender, "8088", words, "kannel", str(number)))
    mine = text(browser_of(quan).get(f"{BOX}den/"))
    assert "Đèn hỏng &lt;b&gt;" in mine
    assert "0912 ••• 605" in mine
    assert "TU CHOI</td>" not in mine
    assert "Từ chối nhận tin" in text(browser_of(son).get(f"{BOX}den/"))


def test_the_month_and_its_file(browser_of, hoa, quan, some):
    carrying.carry(seconds=60)
    browser = browser_of(hoa)
    page = text(browser.get(f"{BOX}chi-phi/"))
    assert "42.000" in page
    assert "cần kiểm chứng" in page
    assert "=Truyền thông" in page
    file = browser.get(f"{BOX}chi-phi/csv/?month=11/2026")
    lines = file.content.decode("utf-8-sig").splitlines()
    assert lines[1] == "'=Truyền thông;Khẩn cấp;60;60;42000;0"
    assert 'filename="chi-phi-sms-2026-11.csv"' in file["Content-Disposition"]
    assert "chưa gửi tin nào" in text(browser.get(f"{BOX}chi-phi/?month=01/2026"))
    for odd in ("13/2026", "x", "", "11/1999"):
        assert browser.get(f"{BOX}chi-phi/", {"month": odd}).status_code == 200

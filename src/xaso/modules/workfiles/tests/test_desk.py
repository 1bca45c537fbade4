"""Work files through the browser."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from xaso.kit import clock
from xaso.modules.workfiles import actions, rules
from xaso.modules.workfiles.actions import Paper
from xaso.modules.workfiles.models import WorkFile

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\nxref\n0 4\n0000000000 65535 f \n"
    b"0000000009 00000 n \n0000000052 00000 n \n0000000101 00000 n \ntrailer<</Size 4/Root 1 0 R>>\n"
    b"startxref\n163\n%%EOF\n"
)


@pytest.fixture
def opened(an, ngu_kien):
    return actions.open_workfile(an, ngu_kien, heading="CCHC", title="Chuyển đổi số")


def test_from_opening_to_closing(an, opened, browser_of):
    browser = browser_of(an)
    answer = browser.post("/desk/workfiles/new/", {"title": "Quý I", "heading": "TC"}, follow=True)
    assert "Đã lập hồ sơ công việc 02/" in answer.content.decode()
    made = WorkFile.objects.get(title="Quý I")
    page = f"/desk/workfiles/{made.uuid}/"
    file = SimpleUploadedFile("ke hoach.pdf", PDF, "application/pdf")
    typed = {"title": "Kế hoạch", "dated_on": "01/03/2026", "is_electronic": "on", "file": file}
    assert "Đã thêm tài liệu" in browser.post(f"{page}add/", typed, follow=True).content.decode()
    assert "Kế hoạch" in browser.get(page).content.decode()
    browser.post(f"{page}close/")
    made.refresh_from_db()
    assert (made.state, made.is_online) == (rules.CLOSED, True)


def test_what_was_typed_stays_when_it_is_refused(an, opened, browser_of):
    page = browser_of(an).post(f"/desk/workfiles/{opened.uuid}/add/", {"title": "Tờ trình", "is_electronic": "on"})
    text = page.content.decode()
    assert "Tài liệu điện tử phải có tệp" in text
    assert 'value="Tờ trình"' in text


def test_what_the_program_knows_is_found_and_added_once(an, ngu_kien, opened, browser_of):
    other = actions.open_workfile(an, ngu_kien, heading="TC", title="Dự toán chuyển đổi số")
    browser, address = browser_of(an), f"/desk/workfiles/{opened.uuid}/"
    offers = browser.get(address, {"q": "chuyen doi so"}).context["offers"]
    assert [one.subject for one in offers] == [f"workfiles.WorkFile:{other.pk}"]
    asked = {"subject": offers[0].subject, "q": "chuyen doi so"}
    browser.post(f"{address}add-found/", asked)
    page = browser.get(address, {"q": "chuyen doi so"})
    assert [(one.title, address) for one, address in page.context["items"]] == [
        (str(other), f"/desk/workfiles/{other.uuid}/")
    ]
    assert "Không thấy gì mới" in page.content.decode()
    assert browser.post(f"{address}add-found/", {"subject": "x.Y:1", "q": "số"}).status_code in {200, 302, 409, 422}
    assert opened.items.count() == 1


def test_the_clerk_sees_what_waits_and_takes_it(an, van, ngu_kien, opened, browser_of):
    actions.add_paper(an, opened, paper=Paper("Kế hoạch", is_electronic=True))
    actions.close_workfile(an, opened)
    browser_of(an).post("/desk/workfiles/offer/", {"file": [str(opened.uuid), "x"]})
    clerk = browser_of(van)
    assert "Hồ sơ chờ nhận vào lưu trữ" in clerk.get("/desk/").content.decode()
    opened.refresh_from_db()
    clerk.post(f"/desk/workfiles/transfers/{opened.transfer.uuid}/accept/")
    opened.refresh_from_db()
    assert opened.state == rules.ARCHIVED
    assert "Hồ sơ chờ nhận vào lưu trữ" not in clerk.get("/desk/").content.decode()


def test_another_unit_finds_no_page(tam, oanh, opened, browser_of):
    assert browser_of(tam).get(f"/desk/workfiles/{opened.uuid}/").status_code in {403, 404}
    assert browser_of(oanh).get(f"/desk/workfiles/{opened.uuid}/").status_code == 404


def test_the_list_goes_on_after_the_last_row(an, ngu_kien, browser_of):
    for number in range(35):
        actions.open_workfile(an, ngu_kien, heading="TC", title=f"Việc {number}")
    first = browser_of(an).get("/desk/workfiles/?muc=").context
    assert len(first["rows"]) == 30
    second = browser_of(an).get(f"/desk/workfiles/{first['next']}").context
    assert len(second["rows"]) == 5


@pytest.mark.parametrize("count", [3, 25])
def test_pages_ask_little(an, ngu_kien, browser_of, django_assert_max_num_queries, count):
    made = [actions.open_workfile(an, ngu_kien, heading="TC", title=f"Việc {n}") for n in range(count)]
    for number in range(count):
        actions.add_paper(an, made[0], paper=Paper(f"Tài liệu {number}", is_electronic=True, dated_on=clock.today()))
    browser = browser_of(an)
    with django_assert_max_num_queries(8):
        browser.get("/desk/workfiles/?muc=")
    with django_assert_max_num_queries(10):
        browser.get(f"/desk/workfiles/{made[0].uuid}/")

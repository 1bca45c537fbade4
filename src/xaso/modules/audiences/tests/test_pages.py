"""The officers' book and the resident's page: shown to whom they belong, masked, on record, and few statements."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from xaso.core.access import SYSTEM
from xaso.core.accounts.models import Person
from xaso.core.audit.models import Entry as AuditEntry
from xaso.kit import clock
from xaso.modules.audiences import actions
from xaso.modules.audiences.actions import Entry
from xaso.modules.audiences.models import Consent, Contact, Import, RefusalList
from xaso.modules.audiences.tests.test_imports import GOOD

pytestmark = pytest.mark.django_db
BOOK = "/desk/audiences/"


def text(response):
    return response.content.decode()


@pytest.fixture
def contact(ngu_kien):
    return actions.add_contact(SYSTEM, ngu_kien, entry=Entry("Ông Năm", "0912345678"))


@pytest.fixture
def many(ngu_kien, village):
    now = clock.now()
    Contact.objects.bulk_create(
        Contact(unit=village, unit_path=village.path, name=f"Người {n}", folded_name=f"nguoi {n}",
                phone=f"8491{n:07d}", source="import", created_at=now, changed_at=now)
        for n in range(80)
    )  # fmt: skip


def test_the_book_is_paged_searched_and_masked(browser_of, quan, contact, many, django_assert_max_num_queries):
    browser = browser_of(quan)
    browser.get(BOOK)
    with django_assert_max_num_queries(12):
        page = browser.get(BOOK)
    assert text(page).count("<tr>") <= 32
    assert len(page.content) < 60_000
    assert "Trang sau" in text(page)
    assert "84910000079" not in text(page)
    assert "0910 ••• 079" in text(page)
    found = text(browser.get(BOOK, {"q": "ong nam"}))
    assert "Ông Năm" in found
    assert "Người 7" not in found
    assert "Ông Năm" in text(browser.get(BOOK, {"q": "0912 345 678"}))
    assert "Không có ai khớp" in text(browser.get(BOOK, {"q": "khong co ai"}))
    for odd in ({"truoc": "abc"}, {"truoc": "9" * 30}, {"q": "%_'\"<script>"}, {"state": "made_up"}):
        assert browser.get(BOOK, odd).status_code == 200


def test_looking_at_a_number_is_on_record(browser_of, quan, contact):
    page = text(browser_of(quan).get(contact.get_absolute_url()))
    assert "0912 345 678" in page
    seen = AuditEntry.objects.filter(verb="read").last()
    assert seen.subject == f"audiences.Contact:{contact.pk}"
    assert seen.actor_name == quan.name


def test_pages_are_for_those_who_may(browser_of, contact, minh, tam, lan, an):
    assert browser_of(minh).get(contact.get_absolute_url()).status_code == 200
    assert browser_of(tam).get(contact.get_absolute_url()).status_code == 404
    for by in (an, lan):
        assert browser_of(by).get(BOOK).status_code == 403
    for path in ("nhap/", "trung/", "khong-nhan/", "bang-chung/"):
        assert browser_of(minh).get(BOOK + path).status_code == 403


def test_a_new_entry_and_a_refusal_that_keeps_what_was_typed(browser_of, quan, ngu_kien, village):
    browser = browser_of(quan)
    typed = {"name": "Bà Tư", "phone": "912345678", "unit": str(village.pk), "note": "hộ nghèo"}
    page = text(browser.post(BOOK + "them/", typed))
    assert "9 chữ số" in page
    assert 'value="912345678"' in page
    assert "hộ nghèo" in page
    done = browser.post(BOOK + "them/", typed | {"phone": "+84 912 345 678"})
    made = Contact.objects.get()
    assert done["Location"] == made.get_absolute_url()
    assert (made.phone, made.unit) == ("84912345678", village)
    browser.post(f"{made.get_absolute_url()}sua/", typed | {"phone": "0912345679", "unit": str(ngu_kien.pk)})
    made.refresh_from_db()
    assert (made.phone, made.unit) == ("84912345679", ngu_kien)
    assert browser.post(BOOK + "them/", typed | {"unit": "999999"}).status_code == 200


def test_a_refusal_at_the_counter(browser_of, minh, contact):
    browser = browser_of(minh)
    said = {"given": "0", "topic": "health", "channel": "sms", "how": "counter", "evidence": ""}
    page = text(browser.post(f"{contact.get_absolute_url()}y-muon/", said))
    assert not Consent.objects.exists()
    assert "form-errors" in page or "Bằng chứng" in page
    browser.post(f"{contact.get_absolute_url()}y-muon/", said | {"evidence": "Phiếu 12/2026"})
    one = Consent.objects.get()
    assert (one.given, one.topic, one.by_name) == (False, "health", minh.name)
    page = text(browser.get(contact.get_absolute_url()))
    assert "Từ chối: Y tế, Tin nhắn SMS" in page
    assert "Phiếu 12/2026" in page
    assert "Đưa ra khỏi sổ" not in page


def test_import_from_the_page(browser_of, quan, ngu_kien, village):
    browser = browser_of(quan)
    assert browser.get(f"{BOOK}nhap/mau/")["Content-Type"].endswith("sheet")
    bad = browser.post(f"{BOOK}nhap/", {"file": SimpleUploadedFile("a.csv", b"abc")})
    assert "thiếu cột" in text(bad)
    done = browser.post(f"{BOOK}nhap/", {"file": SimpleUploadedFile("ds.csv", GOOD.encode())})
    batch = Import.objects.get()
    assert done["Location"] == batch.get_absolute_url()
    page = text(browser.get(batch.get_absolute_url()))
    assert "2 người mới" in page
    assert "84912345678" not in page
    browser.post(f"{batch.get_absolute_url()}ghi/")
    assert Contact.objects.count() == 2
    assert "Huỷ lần nhập này" in text(browser.get(batch.get_absolute_url()))
    browser.post(f"{batch.get_absolute_url()}huy/")
    assert Contact.objects.count() == 0
    assert browser.post(f"{batch.get_absolute_url()}huy/").status_code == 409
    assert browser.get(f"{batch.get_absolute_url()}ghi/").status_code == 405


def test_duplicates_are_merged_from_the_page(browser_of, quan, contact, village):
    other = actions.add_contact(SYSTEM, village, entry=Entry("Ông Năm (thôn)", "0912345678"))
    browser = browser_of(quan)
    assert "Ông Năm (thôn)" in text(browser.get(f"{BOOK}trung/"))
    assert "còn ở 1 mục khác" in text(browser.get(contact.get_absolute_url()))
    browser.post(f"{contact.get_absolute_url()}gop/")
    other.refresh_from_db()
    assert other.merged_into == contact
    assert "Không có số nào trùng" in text(browser.get(f"{BOOK}trung/"))
    assert "đã gộp vào" in text(browser.get(other.get_absolute_url()))


def test_a_list_of_refused_numbers_from_the_page(browser_of, quan, ngu_kien):
    browser = browser_of(quan)
    file = SimpleUploadedFile("ds.csv", b"0912345678\n12\n")
    page = browser.post(f"{BOOK}khong-nhan/", {"file": file, "as_of": "01/03/2025", "title": "Quý I"})
    assert "1 dòng sai" in text(page)
    assert 'value="01/03/2025"' in text(page)
    file = SimpleUploadedFile("ds.csv", b"0912345678\n")
    browser.post(f"{BOOK}khong-nhan/", {"file": file, "as_of": "01/03/2025", "title": "Quý I"})
    assert RefusalList.objects.get().numbers == 1
    assert "Quý I" in text(browser.get(f"{BOOK}khong-nhan/"))


def test_the_proof_is_a_file_and_its_taking_is_on_record(browser_of, quan, contact):
    actions.give_consent(quan, contact, topic="health", channel="", how="paper", evidence="=HYPERLINK(1)")
    answer = browser_of(quan).get(f"{BOOK}bang-chung/")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Số;Ngày ghi")
    assert ";Ông Năm;0912 345 678;Xã Ngũ Kiên;Có;Y tế;Tất cả;" in lines[1]
    assert "'=HYPERLINK" in lines[1]
    assert AuditEntry.objects.filter(verb="read", details__reason="Xuất bằng chứng đồng ý nhận tin").exists()


def test_out_of_the_book_with_a_reason(browser_of, quan, contact):
    url = f"{contact.get_absolute_url()}dua-ra/"
    browser_of(quan).post(url, {"reason": ""})
    contact.refresh_from_db()
    assert contact.is_active
    browser_of(quan).post(url, {"reason": "Đã chuyển đi"})
    contact.refresh_from_db()
    assert not contact.is_active


def test_a_resident_chooses_on_the_own_page(browser_of, lan, ngu_kien, village, django_assert_max_num_queries):
    browser = browser_of(lan)
    assert "Bạn chưa đăng ký nhận tin" in text(browser.get("/portal/audiences/"))
    first = browser.get("/portal/audiences/noi-o/")
    assert first["Location"] == f"/portal/audiences/noi-o/?xa={ngu_kien.pk}"
    assert "Thôn Đồng Mới" in text(browser.get(first["Location"]))
    browser.post(first["Location"], {"unit": str(village.pk)})
    mine = Contact.objects.get()
    assert (mine.unit, mine.person_id, mine.source) == (village, lan.person_id, "portal")
    browser.get("/portal/audiences/")
    with django_assert_max_num_queries(12):
        page = text(browser.get("/portal/audiences/"))
    assert "0912 ••• 601" in page
    assert page.count("checked") == 3 * 8
    browser.post("/portal/audiences/", {"muon": ["weather:sms", "made_up:fax", "x"]})
    page = text(browser.get("/portal/audiences/"))
    assert page.count("checked") == 1
    assert Consent.objects.filter(how="portal", given=False).count() == 3 * 8 - 1


def test_a_resident_without_a_number_is_told_what_to_do(browser_of, lan, ngu_kien):
    Person.objects.filter(pk=lan.person_id).update(phone="")
    assert "chưa có số điện thoại" in text(browser_of(lan).get("/portal/audiences/"))
    assert (
        browser_of(lan).post(f"/portal/audiences/noi-o/?xa={ngu_kien.pk}", {"unit": str(ngu_kien.pk)}).status_code
        == 409
    )
    assert browser_of(lan).get("/portal/audiences/noi-o/?xa=abc").status_code in (200, 302)

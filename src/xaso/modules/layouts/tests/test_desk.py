"""The pages: who may, what they show, what they cost, and that nothing is kept."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from xaso.core.files.models import Blob
from xaso.modules.layouts.queries import docx_of
from xaso.modules.layouts.tests.samples import sheet_of

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CHECK, KINDS = "desk-layouts:check", "desk-layouts:kinds"
pytestmark = pytest.mark.django_db


def sent(browser, content, *, name="to-trinh.docx", kind=""):
    uploaded = SimpleUploadedFile(name, content, DOCX)
    return browser.post(reverse(CHECK), {"file": uploaded, "kind": kind})


def test_a_clerk_sees_what_is_wrong_and_where(browser_of, van):
    page = sent(browser_of(van), docx_of(sheet_of("to-trinh", symbol="BC-UBND", recipients=("Như trên",))))
    text = page.content.decode()
    assert page.status_code == 200
    assert "to-trinh.docx" in text
    assert "Phải sửa (1)" in text
    assert "Ký hiệu của tờ trình phải bắt đầu bằng “TTr-”" in text
    assert "Số: 07/BC-UBND" in text


def test_a_right_document_is_called_right(browser_of, van):
    text = sent(browser_of(van), docx_of(sheet_of("quyet-dinh"))).content.decode()
    assert "Đúng thể thức." in text
    assert "Phải sửa" not in text


def test_nothing_is_kept(browser_of, van):
    before = Blob.objects.count()
    sent(browser_of(van), docx_of(sheet_of("cong-van")))
    assert Blob.objects.count() == before


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"hello", "a.txt", "Chỉ kiểm tra được tệp Word (.docx) và PDF"),
        (b"", "a.docx", "Tệp rỗng"),
        (b"%PDF-1.7 broken", "a.pdf", "Không mở được tệp PDF này"),
    ],
)
def test_what_cannot_be_checked_is_told(browser_of, van, content, name, says):
    assert says in sent(browser_of(van), content, name=name).content.decode()


def test_without_a_file_it_asks_for_one(browser_of, van):
    assert "Hãy chọn tệp Word (.docx) hoặc PDF." in browser_of(van).post(reverse(CHECK), {}).content.decode()


def test_the_kind_may_be_told(browser_of, van):
    text = sent(browser_of(van), docx_of(sheet_of("cong-van")), kind="to-trinh").content.decode()
    assert "Thiếu tên loại “TỜ TRÌNH”" in text


def test_the_list_names_every_kind_and_says_it_is_unverified(browser_of, van):
    text = browser_of(van).get(reverse(KINDS)).content.decode()
    assert "29 loại văn bản hành chính và 3 loại bản sao" in text
    assert "cần kiểm chứng" in text
    assert all(word in text for word in ("QyĐ", "07/UBND-VP", "TrS", "không đánh số", "SAO LỤC"))


@pytest.mark.parametrize("name", [CHECK, KINDS])
def test_pages_ask_little(browser_of, van, name, django_assert_max_num_queries):
    browser = browser_of(van)
    browser.get(reverse(name))
    with django_assert_max_num_queries(6):
        page = browser.get(reverse(name))
    assert len(page.content) < 100_000


@pytest.mark.parametrize("name", [CHECK, KINDS])
def test_who_may(browser_of, van, an, thu, hoa, mai, lan, minh, client, name):
    assert all(browser_of(one).get(reverse(name)).status_code == 200 for one in (van, an, thu, hoa, mai))
    assert all(browser_of(one).get(reverse(name)).status_code == 403 for one in (lan, minh))
    assert client.get(reverse(name)).status_code == 302


def test_a_file_that_is_too_large_is_refused_before_it_is_read(browser_of, van):
    assert "Hãy bỏ bớt ảnh" in sent(browser_of(van), b"PK\x03\x04" + bytes(31 * 1024 * 1024)).content.decode()

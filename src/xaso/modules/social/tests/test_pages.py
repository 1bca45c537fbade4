"""Pages of the register and of posts: who sees what, what a refusal keeps, what they cost, the list to take away."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from xaso.core.outbox.actions import deliver_all
from xaso.kit import clock
from xaso.modules.social.actions.register import add_page
from xaso.modules.social.models import Page, Post
from xaso.modules.social.tests.conftest import entry
from xaso.modules.social.tests.test_posting import photo

pytestmark = pytest.mark.django_db
HOME = "/desk/social/"


def text(response, status=200) -> str:
    assert response.status_code == status, response.content.decode()[:1500]
    assert len(response.content) < 100_000
    return response.content.decode()


def typed(unit, **more):
    return {
        "unit": unit.pk, "kind": "zalo_group", "name": "Nhóm thôn Đồng Mới", "address": "", "run_by": "Bảy",
        "run_by_phone": "0912345618", "members": "210", "since_on": "2024-03-01", "page_key": "",
    } | more  # fmt: skip


def test_a_village_head_writes_the_group_down(browser_of, bay, village, ngu_kien):
    browser = browser_of(bay)
    page = text(browser.post(f"{HOME}them/", typed(village, kind="youtube")))
    assert "phải có địa chỉ" in page
    assert "Nhóm thôn Đồng Mới" in page
    page = text(browser.post(f"{HOME}them/", typed(village), follow=True))
    assert "210" in page
    assert "Thôn Đồng Mới" in page
    text(browser.post(f"{HOME}them/", typed(ngu_kien, name="Nhóm khác")))
    assert Page.objects.get().unit == village


def test_the_list_filters_and_shows_only_what_one_may_see(browser_of, phuc, tam, page):
    browser = browser_of(phuc)
    assert "Xã Ngũ Kiên" in text(browser.get(HOME))
    assert "Xã Ngũ Kiên" in text(browser.get(f"{HOME}?words=ngu kien&kind=facebook"))
    assert "Không có kênh nào như vậy" in text(browser.get(f"{HOME}?kind=youtube"))
    assert browser_of(tam).get(HOME).status_code == 403
    assert browser_of(tam).get(f"{HOME}kenh/{page.uuid}/").status_code == 403


def test_the_list_to_take_away(browser_of, phuc, ngu_kien, page):
    add_page(phuc, ngu_kien, entry=entry(kind="youtube", name="=HYPERLINK(1)", run_by="@Phúc"))
    answer = browser_of(phuc).get(f"{HOME}tai-ve/")
    assert "attachment" in answer["Content-Disposition"]
    body = answer.content.decode()
    assert body.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(body.lstrip("\ufeff"))))
    assert rows[0][0] == "Đơn vị"
    assert len(rows) == 3
    assert not [cell for row in rows for cell in row if cell[:1] in {"=", "@", "+", "-"}]


def test_a_page_is_checked_amended_and_closed(browser_of, phuc, page):
    browser = browser_of(phuc)
    page.checked_on = clock.today() - timedelta(days=100)
    page.save()
    path = f"{HOME}kenh/{page.uuid}/"
    assert "Lâu chưa kiểm tra" in text(browser.get(path))
    assert "còn hoạt động" in text(browser.post(f"{path}kiem-tra/", {"lives": "1", "members": "1300"}, follow=True))
    page.refresh_from_db()
    assert (page.members, page.checked_on) == (1300, clock.today())
    assert browser.post(f"{path}kiem-tra/", {"lives": "1", "members": "nhiều"}).status_code == 409
    changed = typed(page.unit, kind="facebook", name="Xã Ngũ Kiên mới", address="https://facebook.com/nk")
    assert "Xã Ngũ Kiên mới" in text(browser.post(f"{path}sua/", changed, follow=True))
    text(browser.post(f"{path}dong/", follow=True))
    assert "Đã đóng ngày" in text(browser.get(path))


def test_villages_without_a_page(browser_of, phuc, village, bay):
    assert "Thôn Đồng Mới" in text(browser_of(phuc).get(f"{HOME}thon/"))
    add_page(bay, village, entry=entry(kind="zalo_group", address=""))
    assert "đều đã có kênh" in text(browser_of(phuc).get(f"{HOME}thon/"))


def test_a_post_without_facebook_from_draft_to_by_hand(browser_of, phuc, page):
    browser = browser_of(phuc)
    form = {"page": page.pk, "text": "Mời bà con họp thôn\nlúc 19 giờ", "link": "https://nk.example/1", "key": "f1"}
    made = text(browser.post(f"{HOME}bai/moi/", form, follow=True))
    assert "Chưa nối Facebook" in made
    text(browser.post(f"{HOME}bai/moi/", form, follow=True))
    post = Post.objects.get()
    path = f"{HOME}bai/{post.uuid}/"
    assert "Mời bà con họp thôn" in text(browser.get(path))
    page_text = text(browser.post(f"{path}dang-tay/", {"address": "facebook.com/1"}))
    assert "dán địa chỉ" in page_text
    assert "facebook.com/1" in page_text
    assert "Đã đăng tay" in text(browser.post(f"{path}dang-tay/", {"address": "https://facebook.com/1"}, follow=True))


def test_a_post_through_facebook_with_a_picture(browser_of, phuc, hoa, connected, facebook):
    browser = browser_of(phuc)
    picture = SimpleUploadedFile("anh.jpg", photo(), content_type="image/jpeg")
    form = {"page": connected.pk, "text": "Ảnh ra quân", "link": "", "key": "f2", "picture": picture}
    text(browser.post(f"{HOME}bai/moi/", form, follow=True))
    deliver_all()
    post = Post.objects.get()
    path = f"{HOME}bai/{post.uuid}/"
    assert "Tải ảnh về" in text(browser.get(path))
    leader = browser_of(hoa)
    assert "Đăng ngay" in text(leader.get(path))
    text(leader.post(f"{path}dang/", follow=True))
    deliver_all()
    assert "https://facebook.example/" in text(leader.get(path))
    assert leader.post(f"{path}huy/").status_code == 409


def test_a_refusal_keeps_what_was_typed(browser_of, phuc, page):
    form = {"page": page.pk, "text": "Bài hẹn giờ", "link": "", "key": "f3", "publish_at": "2020-01-01T08:00"}
    answer = text(browser_of(phuc).post(f"{HOME}bai/moi/", form))
    assert "10 phút đến 30 ngày" in answer
    assert "Bài hẹn giờ" in answer
    bad = SimpleUploadedFile("anh.jpg", b"%PDF-1.4", content_type="image/jpeg")
    answer = text(browser_of(phuc).post(f"{HOME}bai/moi/", form | {"publish_at": "", "picture": bad}))
    assert "Bài hẹn giờ" in answer
    assert not Post.objects.exists()


def test_without_any_facebook_page_the_form_says_so(browser_of, phuc, ngu_kien):
    assert "Chưa có trang Facebook nào" in text(browser_of(phuc).get(f"{HOME}bai/moi/"))


@pytest.mark.parametrize(("path", "most"), [("", 14), ("bai/", 12), ("thon/", 13), ("bai/moi/", 12), ("them/", 12)])
def test_a_page_costs_the_same_however_many_rows(
    browser_of, phuc, ngu_kien, page, drafted, path, most, django_assert_max_num_queries
):
    for number in range(5):
        add_page(phuc, ngu_kien, entry=entry(name=f"Kênh {number}"))
        drafted(page, text=f"Bài {number}")
    browser = browser_of(phuc)
    browser.get(HOME)
    with django_assert_max_num_queries(most):
        text(browser.get(HOME + path))

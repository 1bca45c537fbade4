"""The administrator's pages: who sees what, what a refusal keeps, what they cost."""

import pytest

from xaso.core.outbox.actions import deliver_all
from xaso.modules.zalo.models import Message, Template
from xaso.modules.zalo.tests.conftest import given

pytestmark = pytest.mark.django_db
HOME = "/desk/zalo/"


def text(response, status=200) -> str:
    assert response.status_code == status, response.content.decode()[:1500]
    assert len(response.content) < 100_000
    return response.content.decode()


def test_before_anything_is_connected(browser_of, quan, phuc, ngu_kien):
    page = text(browser_of(quan).get(HOME))
    assert "Chưa nối trang Zalo OA nào" in page
    assert "XASO_ZALO_APP_ID" in page
    assert "/api/v1/zalo/webhook" in page
    assert "Nhờ người quản trị đơn vị" in text(browser_of(phuc).get(HOME))


def test_the_account_and_its_health(browser_of, quan, connected, monkeypatch):
    page = text(browser_of(quan).get(HOME))
    assert "Xã Ngũ Kiên" in page
    assert "Đang nối" in page
    monkeypatch.delenv("XASO_ZALO_OA_SECRET")
    assert "Chưa nhận được báo của Zalo" in text(browser_of(quan).get(HOME))
    monkeypatch.setenv("XASO_ZALO_MODE", "development")
    assert "chế độ thử" in text(browser_of(quan).get(HOME))


def test_another_unit_sees_nothing(browser_of, tam, minh, quan, template, queued):
    message = queued()
    for stranger in (tam, minh):
        for path in ("", "mau/", f"mau/{template.uuid}/", "tin/", f"tin/{message.uuid}/", "han-muc/", "muc-dich/"):
            assert browser_of(stranger).get(HOME + path).status_code in {403, 404}


def test_a_template_is_registered_approved_and_tried(browser_of, quan, oa):
    browser = browser_of(quan)
    values = {name: getattr(given(), name) for name in ("code", "zalo_id", "title", "text", "params", "price")}
    page = text(browser.post(f"{HOME}mau/them/", values | {"params": "ten name"}))
    assert "chưa khai kiểu" in page
    assert "hồ sơ &lt;ma_ho_so&gt;" in page
    for wrong, sentence in (
        ({"code": "Kết quả"}, "chữ thường không dấu"), ({"zalo_id": "abc"}, "chỉ gồm chữ số"),
        ({"params": "ten name\nma_ho_so mau"}, "Không có kiểu"), ({"params": "ten"}, "không đúng"),
        ({"params": "ten name\nma_ho_so code\nthua code"}, "không có chỗ điền"),
    ):  # fmt: skip
        assert sentence in text(browser.post(f"{HOME}mau/them/", values | wrong))
    page = text(browser.post(f"{HOME}mau/them/", values, follow=True))
    assert "Chờ Zalo duyệt" in page
    made = Template.objects.get()
    assert "đã có mẫu mã" in text(browser.post(f"{HOME}mau/them/", values))
    page = text(browser.get(f"{HOME}mau/{made.uuid}/", {"v_ten": "L" * 31, "v_ma_ho_so": "H1"}))
    assert "dài 31 ký tự, Zalo nhận nhiều nhất 30" in page
    assert "hồ sơ H1 đã có kết quả" in page
    page = text(browser.get(f"{HOME}mau/{made.uuid}/", {"v_ten": "Lan", "v_ma_ho_so": "H1"}))
    assert "Đủ và vừa" in page
    page = text(browser.post(f"{HOME}mau/{made.uuid}/tinh-trang/", {"state": "approved"}, follow=True))
    assert "Gửi thử" in page
    assert browser.post(f"{HOME}mau/{made.uuid}/tinh-trang/", {"state": "x"}).status_code == 409
    changed = values | {"title": "Kết quả hồ sơ 2"}
    page = text(browser.post(f"{HOME}mau/{made.uuid}/sua/", changed, follow=True))
    assert "Kết quả hồ sơ 2" in page
    assert "Chờ Zalo duyệt" in page


def test_a_trial_goes_to_a_number_and_says_how_it_ended(browser_of, quan, template, connected, oa):
    browser = browser_of(quan)
    path = f"{HOME}mau/{template.uuid}/gui-thu/"
    page = text(browser.post(path, {"v_ten": "L" * 40, "v_ma_ho_so": "H1", "to": "0912345601"}))
    assert "nhiều nhất 30" in page
    assert "0912345601" in page
    text(browser.post(path, {"v_ten": "Quân", "v_ma_ho_so": "H1", "to": "0912345601"}, follow=True))
    deliver_all()
    message = Message.objects.get()
    page = text(browser.get(f"{HOME}tin/{message.uuid}/"))
    assert "Gửi thử" in page
    assert "không có tài khoản Zalo" in page


def test_messages_by_purpose_and_state(browser_of, quan, queued, oa):
    oa.control("phone", phone="84912345602", code=-139)
    queued()
    bad = queued(to="0912345602")
    deliver_all()
    browser = browser_of(quan)
    page = text(browser.get(f"{HOME}tin/"))
    assert "0912345601" in page
    assert "0912345602" in page
    page = text(browser.get(f"{HOME}tin/?state=failed"))
    assert "0912345601" not in page
    assert "đã từ chối loại tin này" in page
    assert "Của một việc" in text(browser.get(f"{HOME}tin/?purpose=test:1"))
    assert "Không có tin nào như vậy" in text(browser.get(f"{HOME}tin/?state=seen"))
    assert "Việc không còn tên" in text(browser.get(f"{HOME}muc-dich/"))
    assert "Gửi lại" in text(browser.get(f"{HOME}tin/{bad.uuid}/"))
    answer = browser.post(f"{HOME}tin/{bad.uuid}/gui-lai/", follow=True)
    assert "Đang gửi lại" in text(answer)


def test_quota_and_errors_say_what_is_to_be_verified(browser_of, quan, queued, oa):
    queued()
    deliver_all()
    page = text(browser_of(quan).get(f"{HOME}han-muc/"))
    assert "còn 499 trên 500 tin" in page
    assert "cần kiểm chứng" in page
    assert "300 đ" in page
    assert "-14020" in page


@pytest.mark.parametrize(("path", "most"), [("", 14), ("mau/", 12), ("tin/", 13), ("muc-dich/", 13), ("han-muc/", 15)])
def test_a_page_costs_the_same_however_many_rows(
    browser_of, quan, queued, oa, path, most, django_assert_max_num_queries
):
    for _ in range(5):
        queued()
    deliver_all()
    browser = browser_of(quan)
    browser.get(HOME)
    with django_assert_max_num_queries(most):
        text(browser.get(HOME + path))

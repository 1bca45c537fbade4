"""The clerk's pages: parcels, organisations, connections; who may see them; what they cost."""

import pytest

from xaso.core.access import SYSTEM
from xaso.kit import clock
from xaso.modules.exchange.actions import organisations
from xaso.modules.exchange.models import Organisation, Parcel

pytestmark = pytest.mark.django_db
HOME = "/desk/exchange/"


@pytest.fixture
def parcel_of():
    def make(unit, **values):
        given = {
            "unit": unit, "unit_path": unit.path, "direction": "out", "state": "failed", "organ_code": "H62.27.11",
            "organ_name": "UBND xã Liên Châu", "subject": "Phối hợp rà soát hộ nghèo", "notation": "45/UBND-VP",
            "error": "Cơ quan nhận đang bị khoá trên trục.", "created_at": clock.now(),
        }  # fmt: skip
        return Parcel.objects.create(**given | values)

    return make


def text(response) -> str:
    assert response.status_code == 200, response.content.decode()[:1500]
    assert len(response.content) < 100_000
    return response.content.decode()


def test_the_list_shows_what_is_wrong(browser_of, van, ngu_kien, parcel_of):
    parcel_of(ngu_kien)
    parcel_of(ngu_kien, direction="in", state="received", error="", notation="9/QĐ-UBND")
    page = text(browser_of(van).get(HOME))
    assert "45/UBND-VP" in page
    assert "đang bị khoá" in page
    page = text(browser_of(van).get(f"{HOME}?direction=in"))
    assert "9/QĐ-UBND" in page
    assert "45/UBND-VP" not in page
    assert "Không có gói nào như vậy" in text(browser_of(van).get(f"{HOME}?state=queued"))


def test_another_unit_sees_nothing(browser_of, van, lien_chau, parcel_of, minh, tam):
    parcel = parcel_of(lien_chau)
    assert "Chưa có gói nào" in text(browser_of(van).get(HOME))
    assert browser_of(van).get(f"{HOME}goi/{parcel.uuid}/").status_code == 404
    assert browser_of(van).post(f"{HOME}goi/{parcel.uuid}/gui-lai/").status_code == 404
    assert browser_of(tam).get(HOME).status_code == 403
    assert browser_of(minh).get(HOME).status_code == 403


def test_a_parcel_says_what_to_do_and_is_sent_again(browser_of, van, ngu_kien, parcel_of):
    parcel = parcel_of(ngu_kien)
    browser = browser_of(van)
    page = text(browser.get(f"{HOME}goi/{parcel.uuid}/"))
    assert "Sửa nguyên nhân rồi bấm gửi lại" in page
    assert "Gửi lại" in page
    answer = browser.post(f"{HOME}goi/{parcel.uuid}/gui-lai/", follow=True)
    assert "Đang gửi lại" in text(answer)
    parcel.refresh_from_db()
    assert (parcel.state, parcel.error) == ("queued", "")
    Parcel.objects.update(state="sent")
    assert "Gửi lại<" not in text(browser.get(f"{HOME}goi/{parcel.uuid}/"))
    assert browser.post(f"{HOME}goi/{parcel.uuid}/gui-lai/").status_code == 409


def test_hostile_words_are_words(browser_of, van, ngu_kien, parcel_of):
    parcel = parcel_of(ngu_kien, subject="<script>alert(1)</script>", remarks=["<img src=x>"])
    page = text(browser_of(van).get(f"{HOME}goi/{parcel.uuid}/"))
    assert "<script>alert" not in page
    assert "<img src=x>" not in page


def test_the_register_is_kept_by_people(browser_of, quan, ngu_kien):
    browser = browser_of(quan)
    assert "Danh bạ còn trống" in text(browser.get(f"{HOME}co-quan/"))
    answer = browser.post(f"{HOME}co-quan/them/", {"code": "000.00.01.H62", "name": "Sở Nội vụ"}, follow=True)
    assert "Sở Nội vụ" in text(answer)
    assert browser.post(f"{HOME}co-quan/them/", {"code": "000.00.01.H62", "name": "Khác"}).status_code == 409
    row = Organisation.objects.get()
    browser.post(f"{HOME}co-quan/{row.uuid}/xac-nhan/", {"active": "0"})
    row.refresh_from_db()
    assert not row.is_active
    assert "Sở Nội vụ" in text(browser.get(f"{HOME}co-quan/?words=so noi vu&unknown=on"))
    assert "Không có cơ quan nào như vậy" in text(browser.get(f"{HOME}co-quan/?words=khong co"))
    assert "XASO_AXIS" not in text(browser.get(f"{HOME}co-quan/them/"))


def test_codes_are_text_of_both_forms(quan, ngu_kien):
    for code in ("000.00.01.H22", "H22.01.05", "A" * 35):
        assert organisations.add_organisation(quan, ngu_kien, code=code, name="X").code == code


def test_the_register_comes_from_the_axis(browser_of, quan, connected):
    page = text(browser_of(quan).post(f"{HOME}co-quan/dong-bo/", follow=True))
    assert "Đã đồng bộ 3 cơ quan" in page
    assert "UBND xã Liên Châu" in page
    organisations.set_active(
        quan, quan_unit(quan), organisation=Organisation.objects.get(code="H62.27.11"), is_active=False
    )
    organisations.sync_organisations(SYSTEM, quan_unit(quan), agencies=[("H62.27.11", "Tên mới")])
    row = Organisation.objects.get(code="H62.27.11")
    assert (row.name, row.is_active) == ("Tên mới", False)


def quan_unit(quan):
    from xaso.core.units.models import Unit

    return Unit.objects.get(pk=quan.unit_id)


def test_connections_are_told_in_sentences(browser_of, quan, connected):
    browser = browser_of(quan)
    page = text(browser.get(f"{HOME}ket-noi/"))
    assert "X-Road" in page
    assert "Trục liên thông của tỉnh" in page
    assert "key-" not in page
    assert "nối được" in text(browser.post(f"{HOME}ket-noi/kiem-tra/", follow=True))
    connected.fault("error", "/v1/syncReceivedEdocList", code=20)
    assert "Trục đang lỗi" in text(browser.post(f"{HOME}ket-noi/kiem-tra/", follow=True))


def test_without_a_connection_the_page_says_what_is_missing(browser_of, quan, monkeypatch):
    monkeypatch.delenv("XASO_AXIS_FILE", raising=False)
    assert "Chưa cấu hình" in text(browser_of(quan).get(f"{HOME}ket-noi/"))


def test_lists_are_pages_of_thirty(browser_of, van, ngu_kien, parcel_of):
    for number in range(35):
        parcel_of(ngu_kien, notation=f"{number:03d}/UBND-VP")
    first = text(browser_of(van).get(HOME))
    assert "034/UBND-VP" in first
    assert "003/UBND-VP" not in first
    older = first.partition("?truoc=")[2].partition('"')[0]
    assert "003/UBND-VP" in text(browser_of(van).get(f"{HOME}?truoc={older}"))
    assert text(browser_of(van).get(f"{HOME}?truoc={'9' * 40}"))


@pytest.mark.parametrize(("path", "most"), [("", 8), ("co-quan/", 8), ("ket-noi/", 9)])
def test_pages_ask_little(browser_of, van, ngu_kien, parcel_of, django_assert_max_num_queries, path, most):
    for number in range(20):
        parcel_of(ngu_kien, notation=f"{number}/A")
        Organisation.objects.create(
            code=f"H{number}", name="x", folded="x", origin="hand", changed_at=clock.now()
        )  # fmt: skip
    browser = browser_of(van)
    browser.get(f"{HOME}{path}")
    with django_assert_max_num_queries(most):
        text(browser.get(f"{HOME}{path}"))


def test_a_parcel_page_asks_little(browser_of, van, ngu_kien, parcel_of, django_assert_max_num_queries):
    parcel = parcel_of(ngu_kien)
    browser = browser_of(van)
    with django_assert_max_num_queries(16):
        text(browser.get(f"{HOME}goi/{parcel.uuid}/"))


def test_the_first_page_points_at_what_did_not_go(browser_of, van, ngu_kien, parcel_of):
    parcel_of(ngu_kien)
    assert "1 gói liên thông cần người xem" in text(browser_of(van).get("/desk/"))

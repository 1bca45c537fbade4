"""The pages of reports, through their addresses."""

import pytest
from django.urls import reverse

from xaso.core.outbox.actions import deliver_all
from xaso.modules.dossiers.tests import many
from xaso.modules.reports.actions.exporting import ask_export
from xaso.modules.reports.actions.signing import content_of
from xaso.modules.reports.models import Export, Report
from xaso.modules.reports.tests.conftest import KIND, Q1, on
from xaso.modules.reports.tests.test_signing import finish

pytestmark = pytest.mark.django_db


def text(response) -> str:
    assert response.status_code == 200, response.content.decode()[:3000]
    assert len(response.content) < 100_000
    return response.content.decode()


def test_the_calendar_shows_what_is_due_and_begins_a_report(browser_of, mai, ngu_kien, sets):
    with on(4, 12):
        browser = browser_of(mai)
        page = text(browser.get("/desk/reports/"))
        assert "Lịch báo cáo năm 2024" in page
        assert "10/04/2024" in page
        assert "Quá hạn" in page
        answer = browser.post("/desk/reports/begin/", {"kind": KIND, "period": Q1}, follow=True)
        assert "Chưa viết" in text(answer)
        assert "Còn" in text(answer)
        assert text(browser.get("/desk/reports/?year=2024")).count("Mở báo cáo") == 1
        assert "Lịch báo cáo năm 2024" in text(browser.get("/desk/reports/?year=9999"))


def test_a_report_goes_from_the_first_word_to_the_files(browser_of, mai, hoa, begun, dossiers):
    here = f"/desk/reports/{begun.uuid}/"
    with on(4, 5):
        writer, leader = browser_of(mai), browser_of(hoa)
        typed = {"revision": 0, "chi-dao": "Đã họp 02 cuộc", "ket-qua": "Tốt", "ky-toi": "Tập huấn"}
        assert "Đã lưu nội dung" in text(writer.post(f"{here}write/", typed, follow=True))
        assert "Đã trình ký" in text(writer.post(f"{here}submit/", follow=True))
        page = text(leader.get(here))
        assert "Ký báo cáo" in page
        assert "Viết nội dung" not in page
        page = text(leader.post(f"{here}return/", {"reason": ""}))
        assert "Hãy ghi lý do trả lại" in page
        leader.post(f"{here}return/", {"reason": "Ghi rõ ngày họp"})
        assert "Ghi rõ ngày họp" in text(writer.get(here))
        writer.post(f"{here}submit/")
        page = text(leader.post(f"{here}sign/", follow=True))
        assert "Đã ký báo cáo số 01/BC-UBND" in page
        report = Report.objects.get()
        for form in ("pdf", "docx", "xlsx"):
            answer = writer.get(f"{here}file/{form}/")
            assert answer.content == content_of(report, form)
        assert writer.get(f"{here}file/exe/").status_code == 404
        page = text(writer.post(f"{here}sent/", {"to": "Sở KH&CN", "on": "06/04/2024"}))
        assert "chưa đến" in page
        assert "Sở KH&amp;CN" in page
        assert "Đã gửi" in text(writer.post(f"{here}sent/", {"to": "Sở KH&CN", "on": "05/04/2024"}, follow=True))


def test_what_was_typed_is_kept_when_somebody_else_saved(browser_of, mai, begun):
    here = f"/desk/reports/{begun.uuid}/write/"
    browser = browser_of(mai)
    browser.post(here, {"revision": 0, "chi-dao": "Bản của chị"})
    page = text(browser.post(here, {"revision": 0, "chi-dao": "Bản của tôi", "ket-qua": "Dài dòng"}))
    for part in ("Người khác vừa lưu", "Bản của tôi", "Bản của chị", "Dài dòng"):
        assert part in page
    assert 'name="revision" value="1"' in page
    browser.post(here, {"revision": 1, "chi-dao": "Bản chung"})
    assert Report.objects.get().texts["chi-dao"] == "Bản chung"


def test_too_much_text_is_refused_and_kept(browser_of, mai, begun):
    here = f"/desk/reports/{begun.uuid}/write/"
    answer = browser_of(mai).post(here, {"revision": 0, "chi-dao": "ă" * 20_001})
    assert "dài quá 20.000 ký tự" in text(answer)
    assert "ă" * 20_001 in answer.content.decode()


def test_a_change_after_the_signature_is_shown(browser_of, mai, dossiers, minh, an, thu, hoa, van, signed):
    with on(4, 8):
        finish(dossiers[0], minh, an, thu, hoa, van)
        page = text(browser_of(mai).get(f"/desk/reports/{signed.uuid}/"))
    assert "Sau khi ký: Hồ sơ đã giải quyết từ 0 hồ sơ thành 1 hồ sơ, ngày 08/04/2024." in page


def test_the_list_is_seen_from_above_and_not_from_beside(browser_of, begun, son, binh, oanh, minh):
    for above in (son, binh):
        browser = browser_of(above)
        page = text(browser.get("/desk/reports/", follow=True))
        assert "Xã Ngũ Kiên" in page
        assert browser.get(f"/desk/reports/{begun.uuid}/").status_code == 200
    assert "Không có báo cáo nào" in text(browser_of(oanh).get("/desk/reports/all/"))
    assert browser_of(oanh).get(f"/desk/reports/{begun.uuid}/").status_code == 404
    assert browser_of(minh).get("/desk/reports/").status_code == 403


def test_the_list_is_filtered_and_paged(browser_of, son, begun, ngu_kien):
    rows = [
        Report(
            unit=ngu_kien, unit_path=ngu_kien.path, kind="cu", title="Cũ", period_key=f"{year}", due_on=begun.due_on,
            begun_at=begun.begun_at, begun_by="Mai",
        )
        for year in range(2000, 2025)
    ]  # fmt: skip
    Report.objects.bulk_create(rows)
    browser = browser_of(son)
    page = text(browser.get("/desk/reports/all/"))
    assert "Trang sau" in page
    after = page.split("after=")[1].split('"')[0]
    assert "Khoa học" in text(browser.get(f"/desk/reports/all/?after={after}"))
    assert "Không có báo cáo nào" in text(browser.get("/desk/reports/all/?state=sent"))
    assert text(browser.get(f"/desk/reports/all/?kind={KIND}&after=x")).count("Xã Ngũ Kiên") == 1


def test_the_desk_shows_what_waits_for_whom(browser_of, mai, hoa, waiting):
    with on(4, 8):
        assert "Tự đánh giá DTI, quý 1 năm 2024" in text(browser_of(mai).get("/desk/"))
        page = text(browser_of(hoa).get("/desk/"))
    assert "Khoa học, công nghệ và chuyển đổi số, quý 1 năm 2024" in page
    assert "Tự đánh giá DTI" not in page


def test_an_export_is_ordered_watched_and_taken_away(browser_of, hoa, ngu_kien):
    many.a_mixed_month(ngu_kien)
    browser = browser_of(hoa)
    assert "Chưa có bản xuất nào" in text(browser.get("/desk/reports/exports/"))
    new = "/desk/reports/exports/new/"
    assert 'value="dossiers.online" selected' in text(browser.get(f"{new}?measure=dossiers.online&period=2026-11"))
    order = {"unit": "09157", "measure": "dossiers.received", "period": "2026-11", "form": "csv", "reason": ""}
    assert "Hãy ghi lý do" in text(browser.post(new, order))
    assert "2026-11" in text(browser.post(new, order))
    assert "chọn kỳ" in text(browser.post(new, order | {"reason": "Đối chiếu", "period": "tháng 11"}))
    answer = browser.post(new, order | {"reason": "Đối chiếu"}, follow=True)
    assert "tự cập nhật" in text(answer)
    assert answer.headers["Refresh"] == "5"
    deliver_all()
    page = text(browser.get(answer.redirect_chain[-1][0]))
    assert Export.objects.get().rows_sha256 in page
    assert "31" in text(browser.get("/desk/reports/exports/"))


def test_who_may_not_export_finds_no_form(browser_of, mai, minh):
    for other in (mai, minh):
        assert browser_of(other).get("/desk/reports/exports/new/").status_code == 403


def test_a_signed_report_stays_readable_when_its_kind_is_asked_for_no_longer(browser_of, mai, signed):
    Report.objects.update(kind="khong-con")
    page = text(browser_of(mai).get(f"/desk/reports/{signed.uuid}/"))
    assert "Kết quả thực hiện nhiệm vụ" in page
    assert "Sở Khoa học và Công nghệ" in page


@pytest.mark.parametrize(
    ("name", "most"), [("calendar", 14), ("listed", 12), ("exports", 12), ("new_export", 14)]
)  # fmt: skip
def test_pages_ask_few_questions(browser_of, django_assert_max_num_queries, hoa, ngu_kien, begun, name, most):
    ask_export(
        hoa, ngu_kien, measure="dossiers.received", period="2024", form="csv", is_personal=False, reason="Đối chiếu"
    )
    browser = browser_of(hoa)
    with on(4, 8), django_assert_max_num_queries(most):
        text(browser.get(reverse(f"desk-reports:{name}")))


@pytest.mark.parametrize("kind", [KIND, "dti"])
def test_a_report_page_asks_few_questions(browser_of, django_assert_max_num_queries, sets, mai, ngu_kien, kind):
    browser = browser_of(mai)
    with on(4, 8):
        browser.post("/desk/reports/begin/", {"kind": kind, "period": Q1})
        address = reverse("desk-reports:show", args=[Report.objects.get().uuid])
        text(browser.get(address))
        with django_assert_max_num_queries(30):
            text(browser.get(address))


def test_a_signed_report_page_asks_few_questions(browser_of, django_assert_max_num_queries, signed, mai):
    browser = browser_of(mai)
    address = reverse("desk-reports:show", args=[signed.uuid])
    with on(4, 8):
        text(browser.get(address))
        with django_assert_max_num_queries(30):
            text(browser.get(address))

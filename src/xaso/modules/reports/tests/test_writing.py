"""From the first word to the signature: what each may do, and the sentences of every "no"."""

from datetime import date

import pytest

from xaso.core.audit.models import Entry
from xaso.kit.errors import Forbidden, Refused
from xaso.modules.reports.actions.signing import sign_report
from xaso.modules.reports.actions.writing import (
    WrittenMeanwhile,
    begin_report,
    mark_report_sent,
    return_report,
    submit_report,
    write_report,
)
from xaso.modules.reports.models import Report
from xaso.modules.reports.tests.conftest import KIND, Q1, on

pytestmark = pytest.mark.django_db


def test_beginning_twice_is_the_same_report(begun, mai, ngu_kien):
    with on(4, 2):
        assert begin_report(mai, ngu_kien, kind=KIND, period=Q1) == begun
    assert (begun.due_on, begun.state) == (date(2024, 4, 10), "being_written")


@pytest.mark.parametrize(
    ("kind", "period", "says"),
    [
        ("khac", Q1, "Không có loại báo cáo “khac”"),
        (KIND, "2024-Q2", "không lập cho kỳ này"),
        (KIND, "2024-02", "không lập cho kỳ này"),
        (KIND, "xx", "không lập cho kỳ này"),
        (KIND, "2023", "không lập cho kỳ này"),
        (KIND, "2025", "chưa bắt đầu"),
    ],
)
def test_a_report_nobody_asks_for_is_not_begun(mai, ngu_kien, kind, period, says):
    with on(4, 2), pytest.raises(Refused, match=says):
        begin_report(mai, ngu_kien, kind=kind, period=period)


def test_another_commune_may_not(oanh, minh, ngu_kien, begun):
    for stranger in (oanh, minh):
        with on(4, 2), pytest.raises(Forbidden):
            begin_report(stranger, ngu_kien, kind=KIND, period=Q1)
        with pytest.raises(Forbidden):
            write_report(stranger, begun, texts={}, revision=0)


def test_of_two_who_write_the_second_is_told(begun, mai):
    write_report(mai, begun, texts={"chi-dao": "Bản thứ nhất"}, revision=0)
    with pytest.raises(WrittenMeanwhile, match="Người khác vừa lưu"):
        write_report(mai, begun, texts={"chi-dao": "Bản thứ hai"}, revision=0)
    assert Report.objects.get().texts["chi-dao"] == "Bản thứ nhất"


def test_only_declared_parts_are_kept_and_none_too_long(begun, mai):
    write_report(mai, begun, texts={"chi-dao": "  Có\x00 chữ\nhai dòng ", "la": "?"}, revision=0)
    assert Report.objects.get().texts["chi-dao"] == "Có chữ\nhai dòng"
    assert "la" not in Report.objects.get().texts
    with pytest.raises(Refused, match=r"dài quá 20\.000 ký tự"):
        write_report(mai, begun, texts={"chi-dao": "a" * 20_001}, revision=1)


def test_a_required_part_must_be_written_before_signing(begun, mai):
    write_report(mai, begun, texts={"chi-dao": "Đã chỉ đạo"}, revision=0)
    with pytest.raises(Refused, match=r"còn thiếu: II\. Kết quả thực hiện; IV\. Nhiệm vụ"):
        submit_report(mai, begun)


def test_a_report_is_returned_with_a_reason_and_handed_in_again(waiting, mai, hoa):
    with pytest.raises(Refused, match="lý do"):
        return_report(hoa, waiting, reason="  ")
    returned = return_report(hoa, waiting, reason="Thiếu số cuộc họp")
    assert (returned.state, returned.return_reason) == ("being_written", "Thiếu số cuộc họp")
    write_report(mai, returned, texts=returned.texts | {"chi-dao": "02 cuộc họp"}, revision=returned.revision)
    assert submit_report(mai, returned).return_reason == ""


def test_what_is_handed_in_is_not_written_on(waiting, mai):
    with pytest.raises(Refused, match="không còn ở bước viết"):
        write_report(mai, waiting, texts={}, revision=waiting.revision)
    with pytest.raises(Refused, match="đang ở bước “Chờ ký”"):
        submit_report(mai, waiting)


def test_only_the_leader_signs_and_only_what_was_handed_in(written, waiting, mai, oanh, son, hoa):
    for other in (mai, oanh, son):
        with pytest.raises(Forbidden):
            sign_report(other, waiting)
    return_report(hoa, waiting, reason="Sửa")
    with on(4, 5), pytest.raises(Refused, match="đang ở bước “Đang viết”"):
        sign_report(hoa, waiting)


def test_a_page_that_is_old_moves_nothing(waiting, mai, hoa):
    old = Report.objects.get()
    return_report(hoa, waiting, reason="Sửa")
    with pytest.raises(Refused, match="vừa được người khác chuyển bước"):
        return_report(hoa, old, reason="Sửa nữa")


def test_a_signed_report_is_sent_once(signed, mai):
    with on(4, 8):
        with pytest.raises(Refused, match="nơi nhận"):
            mark_report_sent(mai, signed, to=" ", on=date(2024, 4, 8))
        with pytest.raises(Refused, match="chưa đến"):
            mark_report_sent(mai, signed, to="Sở", on=date(2024, 4, 9))
        with pytest.raises(Refused, match="không thể gửi trước ngày đó"):
            mark_report_sent(mai, signed, to="Sở", on=date(2024, 4, 4))
        sent = mark_report_sent(mai, signed, to="Sở Khoa học và Công nghệ", on=date(2024, 4, 8))
        assert (sent.state, sent.sent_to) == ("sent", "Sở Khoa học và Công nghệ")
        with pytest.raises(Refused, match="đang ở bước “Đã gửi”"):
            mark_report_sent(mai, sent, to="Sở", on=date(2024, 4, 8))


def test_every_step_is_on_record(signed):
    verbs = list(Entry.objects.filter(verb__startswith="reports.").order_by("id").values_list("verb", flat=True))
    assert verbs == ["reports.begin", "reports.write", "reports.submit", "reports.sign", "reports.keep_files"]

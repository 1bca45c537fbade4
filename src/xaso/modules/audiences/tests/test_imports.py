"""A list of a whole commune: every bad cell is named, nothing is half taken, and all of it can be undone."""

import io
from datetime import date

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xaso.core.access import SYSTEM
from xaso.kit.errors import Forbidden, Refused
from xaso.modules.audiences import actions, sheet
from xaso.modules.audiences import queries as audiences
from xaso.modules.audiences.actions import Entry
from xaso.modules.audiences.models import Consent, Contact, Import

pytestmark = pytest.mark.django_db
HEAD = "Họ và tên;Số điện thoại;Thôn, tổ dân phố;Ghi chú;Chủ đề đồng ý;Bằng chứng đồng ý;Ngày đồng ý\n"
GOOD = HEAD + "Ông Năm;0912 345 678;Thôn Đồng Mới;;;;\nBà Tư;01201234567;;hộ nghèo;Y tế; Phiếu 3;01/03/2025\n"


def xlsx(rows):
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    made = book.add_worksheet("Danh sách")
    for number, row in enumerate(rows):
        made.write_row(number, 0, row)
    book.close()
    return target.getvalue()


def preview(by, unit, data, name="ds.csv"):
    return actions.preview_import(by, unit, name=name, data=data if isinstance(data, bytes) else data.encode())


def test_shown_first_then_taken_then_undone(quan, ngu_kien, village):
    batch = preview(quan, ngu_kien, GOOD)
    assert (len(batch.rows), batch.faults, Contact.objects.count()) == (2, [], 0)
    actions.apply_import(quan, batch)
    assert [(c.name, c.phone, c.unit) for c in Contact.objects.order_by("id")] == [
        ("Ông Năm", "84912345678", village), ("Bà Tư", "84701234567", ngu_kien),
    ]  # fmt: skip
    said = Consent.objects.get()
    assert (said.topic, said.how, said.evidence, said.said_on) == ("health", "import", "Phiếu 3", date(2025, 3, 1))
    with pytest.raises(Refused, match="đã được nhập"):
        actions.apply_import(quan, batch)
    with pytest.raises(Refused, match="không có ai mới"):
        preview(quan, ngu_kien, GOOD)
    batch = actions.undo_import(quan, batch)
    assert (Contact.objects.count(), Consent.objects.count(), batch.kept) == (0, 0, 0)
    with pytest.raises(Refused, match="không ở trạng thái đã nhập"):
        actions.undo_import(quan, batch)


def test_undoing_keeps_whoever_was_touched_since(quan, ngu_kien, village):
    rows = "".join(f"Người {n};09123456{n:02d};;;;;\n" for n in range(5))
    batch = actions.apply_import(quan, preview(quan, ngu_kien, HEAD + rows))
    amended, spoke, merged, *_ = Contact.objects.order_by("id")
    actions.amend_contact(quan, amended, entry=Entry("Tên mới", amended.phone), unit=village)
    actions.withdraw_consent(quan, spoke, topic="", channel="", how="phone", evidence="Gọi 9 giờ")
    twin = actions.add_contact(SYSTEM, village, entry=Entry("Trùng", merged.phone))
    actions.merge_contacts(quan, merged, others=[twin])
    batch = actions.undo_import(quan, batch)
    assert batch.kept == 3
    assert set(Contact.objects.filter(is_active=True)) == {amended, spoke, merged}


def test_every_bad_cell_is_named_and_nothing_is_taken(quan, ngu_kien, village):
    data = HEAD + (
        ";0912345678;;;;;\n"
        "Ông Hai;912345678;;;;;\n"
        "Ông Ba;0211388888;;;;;\n"
        "Bà Tư;0912345671;Thôn Không Có;;;;\n"
        "Ông Năm;0912345672;;;Bóng đá;Phiếu 1;01/01/2025\n"
        "Ông Sáu;0912345673;;;Y tế;;01/01/2025\n"
        "Ông Bảy;0912345674;;;Y tế;Phiếu 2;31/02/2025\n"
        "Ông Tám;0912345675;;;Y tế;Phiếu 2;01/01/2999\n"
        "Ông Chín;0912345676;;;;;\n"
        "Ông Mười;+84 912 345 676;;;;;\n"
    )
    batch = preview(quan, ngu_kien, data)
    begins = [fault.split(" (")[0] for fault in batch.faults]
    assert begins == ["Ô A2", "Ô B3", "Ô B4", "Ô C5", "Ô E6", "Ô F7", "Ô G8", "Ô G9", "Ô B11"]
    assert "0912345678" in batch.faults[1]
    assert "trùng số điện thoại với dòng 10" in batch.faults[-1]
    with pytest.raises(Refused, match="còn 9 chỗ sai"):
        actions.apply_import(quan, batch)
    assert not Contact.objects.exists()


def test_a_spreadsheet_that_ate_the_zero_is_understood(quan, ngu_kien, village):
    rows = [["Họ và tên", "Số điện thoại", "Thôn, tổ dân phố"], ["Ông Năm", 912345678, "Đồng Mới"],
            ["Bà Tư", "0912345679", "thôn đồng mới"], ["Bà Sáu", 84912345670, ""]]  # fmt: skip
    batch = actions.apply_import(quan, preview(quan, ngu_kien, xlsx(rows), "ds.xlsx"))
    assert batch.added == 3
    assert set(Contact.objects.values_list("phone", flat=True)) == {"84912345678", "84912345679", "84912345670"}


def test_the_form_we_give_is_the_form_we_take(quan, ngu_kien, village):
    batch = preview(quan, ngu_kien, sheet.template(["Thôn Đồng Mới"]), "mau.xlsx")
    assert batch.faults == []
    [row] = batch.rows
    assert row["topics"] == ["health", "weather"]


def test_a_number_added_meanwhile_stops_the_whole_file(quan, ngu_kien, village):
    batch = preview(quan, ngu_kien, GOOD)
    actions.add_contact(SYSTEM, village, entry=Entry("Vừa thêm", "0912345678"))
    with pytest.raises(Refused, match="vừa được ghi"):
        actions.apply_import(quan, batch)
    assert Contact.objects.count() == 1
    assert Import.objects.get().state == "previewed"


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.csv", b"", "trống|rỗng|không có"),
        ("a.csv", HEAD.encode(), "chưa có dòng nào"),
        ("a.csv", "Tên;Điện thoại\nA;0912345678\n".encode(), "thiếu cột Họ và tên, Số điện thoại"),
        ("a.csv", HEAD.encode("utf-16"), "không đọc được"),
        ("a.csv", b"\x00\x01" * 100, "."),
        ("a.xlsx", b"PK\x03\x04" + b"\0" * 200, "."),
        ("a.csv", b"x" * (sheet.SHAPE.most_bytes + 1), "lớn|MB"),
        ("a.csv", (HEAD + 'A;"0912345678\n').encode(), "không đọc được"),
    ],
)
def test_a_file_that_is_none_is_refused_with_a_sentence(quan, ngu_kien, name, data, says):
    with pytest.raises(Refused, match=says):
        preview(quan, ngu_kien, data, name)
    assert not Import.objects.exists()


def test_too_many_lines_are_refused(quan, ngu_kien):
    rows = "".join(f"N;09{n:08d};;;;;\n" for n in range(sheet.SHAPE.most_lines + 2))
    with pytest.raises(Refused, match="hơn 20000 dòng"):
        preview(quan, ngu_kien, HEAD + rows)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=400))
def test_whatever_the_bytes_are_the_answer_is_a_sentence(data):
    place = (1, "26.252.09157.", "Xã Ngũ Kiên")
    try:
        found = sheet.read_sheet("a.csv", HEAD.encode() + data, {}, place)
    except Refused as refusal:
        found = None
        assert refusal.message  # noqa: PT017 - hypothesis asks for either
    assert found is None or found.lines or found.faults


def test_only_whoever_may(minh, tam, quan, ngu_kien):
    for by in (minh, tam):
        with pytest.raises(Forbidden):
            preview(by, ngu_kien, GOOD)
    with pytest.raises(Forbidden):
        actions.apply_import(minh, preview(quan, ngu_kien, GOOD.replace("Thôn Đồng Mới", "")))
    assert not audiences.imports(tam).exists()

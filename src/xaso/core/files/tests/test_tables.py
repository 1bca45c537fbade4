"""A table somebody uploads: its lines are read, and whatever else was sent is answered with a sentence."""

import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xaso.core.files import tables
from xaso.core.files.tables import Shape
from xaso.core.files.tests import samples
from xaso.core.files.tests.samples import sent
from xaso.kit import clock
from xaso.kit.errors import Refused

SHAPE = Shape(
    {"name": "Họ và tên", "born": "Ngày sinh", "note": "Ghi chú"},
    needed=("name", "born"),
    sheet="Danh sách",
    most_bytes=1024 * 1024,
    most_lines=50,
)
HEAD = "Họ và tên;Ngày sinh;Ghi chú\n"


def book(*rows, sheet="Danh sách", before=()):
    made = openpyxl.Workbook()
    for title in before:
        made.create_sheet(title, 0).append(["khác"])
    made["Sheet"].title = sheet
    for row in rows:
        made[sheet].append(row)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def damaged(content: bytes, change) -> bytes:
    """The same book with its first sheet's XML changed, packed anew."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.namelist():
            inside = old.read(one)
            new.writestr(one, change(inside) if one == "xl/worksheets/sheet1.xml" else inside)
    return target.getvalue()


def squeezed(content: bytes) -> bytes:
    """The same book with the packed bytes of its first sheet overwritten."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        one = archive.getinfo("xl/worksheets/sheet1.xml")
    at = one.header_offset + 30 + len(one.filename)
    return content[: at + 10] + b"\xff" * 30 + content[at + 40 :]


def bomb() -> bytes:
    """An Excel file of some hundred KB that would unpack to 250 MB."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as member:
            for _ in range(250):
                member.write(b"\0" * 1024 * 1024)
    return target.getvalue()


def lines_of(data, name="ds.xlsx", shape=SHAPE):
    return list(tables.read_table(name, data, shape).lines)


LAN = {"name": "Lan", "born": "08/03/1985", "note": None}


@pytest.mark.parametrize(
    "data",
    [
        (HEAD + "Lan;08/03/1985\n").encode("utf-8-sig"),
        b"Ngay sinh,x,HO VA TEN\r\n08/03/1985,,Lan\r\n",
        "Họ và tên\tNgày sinh\nLan\t08/03/1985\n\n".encode(),
        book(["Họ và tên", "Ngày sinh"], ["Lan", "08/03/1985"]),
        book(["x", "Họ và tên", None, "Ngày sinh"], [1, "Lan", 2, "08/03/1985"], ["thừa", " ", None, ""]),
        book(["Họ và tên", "Ngày sinh"], ["Lan", "08/03/1985"], before=("Hướng dẫn",)),
        book(["Họ và tên", "Ngày sinh"], ["Lan", "08/03/1985"], sheet="Trang 1"),
    ],
)
def test_a_table_is_read_however_it_was_saved(data):
    assert lines_of(data) == [(2, LAN)]


def test_it_is_known_where_a_column_stands_and_which_line_was_left_empty():
    table = tables.read_table("C:\\thư mục\\ds.csv", "Ngày sinh;Họ và tên\n;\n;Lan\n".encode(), SHAPE)
    assert (table.file, table.columns) == ("ds.csv", {"name": 1, "born": 0})
    assert list(table.lines) == [(3, {"name": "Lan", "born": "", "note": None})]


def test_a_list_without_headings_is_read_line_by_line():
    shape = Shape({}, most_lines=3)
    assert list(tables.read_rows("so.csv", b"0912\n0913\n", shape)) == [(1, ["0912"]), (2, ["0913"])]
    firsts = [(number, row[0]) for number, row in tables.read_rows("so.xlsx", book([912], [913]), shape)]
    assert firsts == [(1, 912), (2, 913)]


GOOD = book(["Họ và tên", "Ngày sinh"], ["Lan", "08/03/1985"])


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("ds.xlsx", b"", "rỗng"),
        ("ds.csv", b"a;b\n" * 300_000, "quá mức 1 MB"),
        ("ds.xlsx", bomb(), "nén bất thường"),
        ("ds.xlsx", samples.docx(), "không phải bảng tính Excel"),
        ("ds.xlsx", samples.zipped({"a": b"a"}), "không phải bảng tính Excel"),
        ("ds.xlsx", samples.xlsx(), "hỏng"),
        ("ds.xlsx", GOOD[: len(GOOD) // 2], "hỏng"),
        ("ds.xlsx", squeezed(GOOD), "hỏng"),
        ("ds.xlsx", damaged(GOOD, lambda xml: xml[:-40]), "hỏng"),
        ("ds.xlsx", damaged(GOOD, lambda _: b""), "hỏng"),
        ("ds.xlsx", samples.PROGRAM, "không đọc được"),
        ("ds.csv", samples.pdf(), "không đọc được"),
        ("ds.csv", HEAD.encode("utf-16"), "không đọc được"),
        ("ds.csv", (HEAD + 'Lan;"08/03').encode(), "không đọc được"),
        ("ds.csv", (HEAD + "Lan;08\x00").encode(), "hỏng"),
        ("ds.csv", (HEAD + "x" * 200_000).encode(), "không đọc được"),
        ("ds.csv", (HEAD + "Lan;08/03/1985\n" * 51).encode(), "hơn 50 dòng"),
        ("ds.xlsx", book(["Họ và tên", "Ngày sinh"], *[["Lan", "1"]] * 51), "hơn 50 dòng"),
        ("ds.csv", "Tên;Ghi chú\nLan;x\n".encode(), "thiếu cột Họ và tên, Ngày sinh"),
        ("ds.xlsx", book([], ["Họ và tên", "Ngày sinh"]), "thiếu cột Họ và tên, Ngày sinh"),
        ("ds.csv", HEAD.encode(), "chưa có dòng nào"),
        ("ds.csv", (HEAD + ";;\n ;;\n").encode(), "chưa có dòng nào"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(name, data, said):
    with pytest.raises(Refused) as refusal:
        lines_of(data, name)
    assert said in refusal.value.message
    assert name in refusal.value.message
    assert "Hãy" in refusal.value.message


def test_as_many_lines_as_are_allowed_are_read():
    assert len(lines_of((HEAD + "Lan;08/03/1985\n" * 50).encode(), "ds.csv")) == 50


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_whatever_the_bytes_are_the_answer_is_lines_or_a_sentence(data):
    for content in (data, HEAD.encode() + data, GOOD[: len(data)] + data + GOOD[2 * len(data) :]):
        try:
            assert lines_of(content)
        except Refused as refusal:
            assert refusal.message  # noqa: PT017 - hypothesis asks for either


def test_what_is_too_large_is_refused_unread():
    class Unread(io.BytesIO):
        name, size = "ds.csv", 1024 * 1024 + 1

        def read(self, *_):
            raise AssertionError

    with pytest.raises(Refused, match=r"“ds\.csv” nặng .* quá mức 1 MB"):
        tables.content_of(Unread(), SHAPE)
    assert tables.content_of(sent("ds.csv", b"Lan"), SHAPE) == b"Lan"


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("08/03/1985", date(1985, 3, 8)),
        (" 8/3/1985 ", date(1985, 3, 8)),
        ("8-3-1985", date(1985, 3, 8)),
        ("1985-03-08", date(1985, 3, 8)),
        (datetime(1985, 3, 8, 17, 30, tzinfo=clock.VIETNAM), date(1985, 3, 8)),
        (date(1985, 3, 8), date(1985, 3, 8)),
        ("31/02/1985", None),
        ("03/85", None),
        (31113, None),
        ("", None),
        (None, None),
    ],
)
def test_a_day_is_read_as_people_write_it(cell, day):
    assert tables.day_of(cell) == day


def test_the_form_given_is_the_form_taken():
    form = tables.empty_form(SHAPE, ["Lan", "08/03/1985", "=1+1"])
    assert lines_of(form)[0][1]["name"] == "Lan"
    assert openpyxl.load_workbook(io.BytesIO(form)).sheetnames == ["Danh sách"]

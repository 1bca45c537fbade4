"""Spreadsheets: shown first, taken whole or not at all, taken back whole; whatever could be misread is refused."""

import io
from contextlib import suppress
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from xaso.core.files.queries import files_of
from xaso.core.measures.periods import period_of
from xaso.kit.errors import Forbidden, Refused
from xaso.kit.subject import ref
from xaso.modules.figures import queries as figures
from xaso.modules.figures.actions import (
    apply_import,
    approve_figure,
    approve_import,
    preview_import,
    undo_import,
    withdraw_figure,
)
from xaso.modules.figures.models import Declared, Import
from xaso.modules.figures.sheets import read_sheet, template_of
from xaso.modules.figures.tests.books import HEAD, book, line, text, with_part

SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def preview(own_content, mai, ngu_kien):
    def run(data, name="thu.xlsx", period="2024", by=mai):
        return preview_import(by, ngu_kien, period=period_of(period), name=name, data=data)

    return run


def now(key, unit, period="2024"):
    return figures.value(key, unit, period_of(period)).number


def verdicts(batch):
    return [row["verdict"] for row in batch.rows]


def only_fault(batch):
    [row] = batch.rows
    assert row["verdict"] == "faulty"
    return row["fault"]


def test_a_good_file_goes_all_the_way(preview, state, mai, hoa, ngu_kien):
    state("t_people", "2024", number=Decimal(8000))
    data = book(
        line("t_people", "8.100"),
        line("t_pair", "", "27", "27"),
        line("t_spent", "gần 90 triệu"),
        line("t_online", "hơn 46 %"),
        line("t_cameras", ""),
    )
    batch = preview(data)
    assert verdicts(batch) == ["replaces", "new", "new", "new"]
    assert [(row["shown"], row["was"]) for row in batch.rows][:2] == [("8.100 người", "8.000 người"), ("27/27", "")]
    assert now("t_people", ngu_kien) == 8000
    assert [one.name for one in files_of(ref(batch))] == ["thu.xlsx"]
    apply_import(mai, batch)
    assert now("t_people", ngu_kien) == 8000
    approve_import(hoa, batch)
    assert (now("t_people", ngu_kien), now("t_spent", ngu_kien)) == (8100, 90_000_000)
    again = preview(data)
    assert set(verdicts(again)) == {"same"}
    with pytest.raises(Refused, match="không có gì mới"):
        apply_import(mai, again)


def test_undoing_brings_everything_back(preview, state, mai, hoa, ngu_kien):
    state("t_people", "2024", number=Decimal(8000))
    batch = preview(book(line("t_people", "8.100"), line("t_firms", "7"), line("t_persons", "5")))
    apply_import(mai, batch)
    approve_figure(hoa, batch.declared.get(key="t_people"))
    approve_figure(hoa, batch.declared.get(key="t_firms"))
    state("t_firms", "2024", number=Decimal(9))
    undo_import(mai, batch)
    assert (now("t_people", ngu_kien), now("t_firms", ngu_kien), now("t_persons", ngu_kien)) == (8000, 9, None)
    assert set(batch.declared.values_list("state", flat=True)) == {"withdrawn"}
    with pytest.raises(Refused, match="đã được xử lý"):
        undo_import(mai, batch)
    with pytest.raises(Refused, match="đã được xử lý"):
        apply_import(mai, batch)


def test_one_wrong_row_and_nothing_is_taken(preview, mai):
    batch = preview(book(line("t_people", "8.100"), line("t_firms", "1,234.5")))
    assert verdicts(batch) == ["new", "faulty"]
    assert batch.rows[1]["fault"].startswith("D3: ")
    with pytest.raises(Refused, match="còn 1 dòng sai"):
        apply_import(mai, batch)
    assert not Declared.objects.exists()
    batch.refresh_from_db()
    assert batch.state == Import.State.PREVIEWED


def test_who_may(preview, oanh, hoa, mai, ngu_kien):
    with pytest.raises(Forbidden):
        preview(book(line("t_people", "1")), by=oanh)
    batch = apply_import(mai, preview(book(line("t_people", "1"))))
    with pytest.raises(Forbidden):
        approve_import(mai, batch)
    with pytest.raises(Forbidden):
        undo_import(hoa, batch)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (line("t_people", "8.1"), "D2: “8.1”: viết phần lẻ bằng dấu phẩy"),
        (line("t_people", 8.1), "D2: 8,1 không phải là số nguyên"),
        (line("t_people", "8,100"), "D2: “8,100” đọc được hai cách"),
        (line("t_people", "tám nghìn"), "D2: “tám nghìn” không phải là số"),
        (line("t_people", "5 triệu"), "D2: đơn vị “triệu” không đúng"),
        (line("t_people", "5", unit="tấn"), "C2: đơn vị “tấn” không đúng; số liệu này tính bằng người"),
        (line("t_people", date(2024, 1, 5)), "D2: là ngày tháng"),
        (line("t_people", "=1+1"), "D2: là công thức"),
        (line("t_people", "5", source=""), "I2: ghi nguồn"),
        (line("t_people", "5", day="32/01/2024"), "H2: “32/01/2024” không phải là ngày"),
        (line("t_people", "5", day="01/01/2023"), "nằm ngoài"),
        (line("no_such", "5"), "A2: không có số liệu nào mang khoá “no_such”"),
        (line("", "5"), "A2: thiếu khoá"),
        (line("t_pair", "", "28", "27"), "D2: tử số 28 lớn hơn mẫu số 27"),
        (line("t_pair", "", "27", ""), "phải ghi cùng nhau"),
        (line("t_online", "98", "1", "2"), "1/2 là 50 %, không phải 98 %"),
        (line("t_online", "101"), "lớn hơn 100 %"),
        (line("t_rank", "3"), "không dùng cho cấp"),
        (line("t_trend", "5"), "ghi một trong: tăng"),
        (line("t_trend", 5), "D2: là số, cần chữ"),
        (line("t_cameras", "chắc là có"), "ghi có hoặc không"),
        (line("t_people", "khoảng 5"), "“khoảng”"),
        (line("t_people", "-5"), "số âm"),
        (line("t_people", 1e300), "lớn quá mức"),
        (line("t_pair", "", 1e300, 1e300), "lớn quá mức"),
        (line("t_pair", "", -1, 5), "không thể âm"),
    ],
)
def test_a_wrong_cell_is_named_with_the_reason(preview, row, says):
    assert says in only_fault(preview(book(row)))


def test_a_row_said_twice_is_named_with_the_other(preview):
    batch = preview(book(line("t_people", "5"), line("t_people", "6", day="31/12/2024")))
    assert batch.rows[1]["fault"] == "D3: trùng với ô D2, cùng một số liệu và cùng ngày"
    apart = preview(
        book(line("t_people", "5", group="nữ"), line("t_people", "6"), line("t_people", "4", day="30/06/2024"))
    )
    assert verdicts(apart) == ["new", "new", "new"]


def test_numbers_and_percents_of_the_spreadsheet_itself(preview):
    def as_percent(page):
        page["D2"].number_format = "0.0%"
        page["D5"].number_format = "0%"

    batch = preview(
        book(
            line("t_online", 0.986),
            line("t_people", 8100),
            line("t_spent", 90, unit="triệu đồng"),
            line("t_firms", 0.5),
            change=as_percent,
        )
    )
    assert [row.get("shown") for row in batch.rows[:3]] == ["98,6 %", "8.100 người", "90 triệu đồng"]
    assert batch.rows[3]["fault"] == "D5: là phần trăm, số liệu này tính bằng chữ ký"


def refusal(preview, data, name="thu.xlsx", period="2024"):
    with pytest.raises(Refused) as refused:
        preview(data, name=name, period=period)
    assert not Import.objects.exists()
    assert name in refused.value.message
    return refused.value.message


def test_merged_cells(preview):
    data = book(line("t_people", "5"), line("t_firms", "6"), change=lambda page: page.merge_cells("D2:D3"))
    assert "ô D2:D3: các ô bị gộp" in refusal(preview, data)


def test_the_wrong_sheet(preview):
    assert "không có trang tính “Số liệu” (chỉ có “Sheet1”)" in refusal(
        preview, book(line("t_people", "5"), sheet="Sheet1")
    )


def test_wrong_columns(preview):
    assert "không có cột nào tên “Màu”" in refusal(preview, book(head=[*HEAD, "Màu"]))
    assert "ô J1: cột “Nguồn” có hai lần" in refusal(preview, book(head=[*HEAD, "Nguồn"]))
    assert "thiếu cột “Giá trị”" in refusal(preview, book(head=["Khoá", "Nguồn"]))
    assert "không thấy dòng tiêu đề" in refusal(preview, book(head=["Mã", "Nguồn"]))
    assert "ô J2: có nội dung ở cột không có tiêu đề" in refusal(preview, book([*line("t_people", "5"), "?"]))


def test_the_form_of_another_commune_or_quarter(preview, ngu_kien):
    notes = [["Đơn vị", "09055", "Xã Liên Châu"], ["Kỳ", "2024-Q1"]]
    assert "ô B1: ghi “09055” nhưng bạn đang nhập cho Xã Ngũ Kiên" in refusal(
        preview, book(line("t_people", "5"), notes=notes)
    )
    notes = [["Đơn vị", ngu_kien.code], ["Kỳ", "2024-Q1"]]
    assert "ô B2: ghi “2024-Q1”" in refusal(preview, book(line("t_people", "5"), notes=notes))
    assert verdicts(preview(book(line("t_people", "5"), notes=notes), period="2024-Q1")) == ["new"]


def test_files_that_are_no_spreadsheet(preview):
    good = book(line("t_people", "5"))
    assert refusal(preview, b"")
    assert refusal(preview, b"%PDF-1.4 nothing")
    assert refusal(preview, good[: len(good) // 2])
    assert refusal(preview, with_part(good, SHEET, lambda xml: xml[: len(xml) // 2]))
    assert refusal(preview, with_part(good, "xl/workbook.xml", lambda xml: b"<x/>"))
    assert "2 MB" in refusal(preview, b"a" * (2 * 1024 * 1024 + 1), name="to.csv")
    assert refusal(preview, b"Kho\xe1;Gi\xe1", name="ansi.csv")


def test_a_bomb_is_not_unpacked(preview):
    good = book(line("t_people", "5"))
    assert refusal(preview, with_part(good, SHEET, lambda xml: xml + b" " * 60 * 1024 * 1024))
    assert refusal(preview, with_part(good, "docProps/core.xml", lambda xml: b" " * 30 * 1024 * 1024 + xml))


def test_xml_that_defines_entities(preview):
    lol = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]>'
    good = book(line("t_people", "5"))
    assert refusal(preview, with_part(good, SHEET, lambda xml: lol + xml.split(b"?>", 1)[-1]))


def test_too_many_rows_are_refused_and_gaps_are_not(preview):
    assert "hơn 2000 dòng" in refusal(preview, book(*[line("t_people", "5")] * 2011))
    assert "kéo dài quá dòng 20000" in refusal(preview, book(change=lambda page: page.cell(90_000, 1, "t_people")))
    far = preview(book(change=lambda page: [page.cell(900, c + 1, v) for c, v in enumerate(line("t_people", "5"))]))
    assert far.rows[0]["cell"] == "D900"


def test_an_empty_form_says_nothing(preview):
    assert "chưa điền giá trị nào" in refusal(preview, book(line("t_people", "")))


def test_csv_in_the_spellings_of_excel(preview):
    row = line("t_online", "98,6")
    for mark in (";", "\t"):
        assert preview(text(row, mark=mark), name="a.csv").rows[0]["shown"] == "98,6 %"
    quoted = text(line("t_online", '"98,6"'), mark=",")
    assert preview(b"\xef\xbb\xbf" + quoted, name="a.csv").rows[0]["shown"] == "98,6 %"
    assert "là công thức" in only_fault(preview(text(line("t_people", "=SUM(A1)")), name="a.csv"))
    Import.objects.all().delete()
    assert "dấu ngoặc kép không khép" in refusal(preview, text(['"không khép', "5"]), name="a.csv")


def test_the_form_comes_back_the_same(state, preview, ngu_kien):
    state("t_people", "2024", number=Decimal(8000), comparator=">", as_of=date(2024, 6, 30), supplier="Công an xã")
    state("t_pair", "2024", numerator=Decimal(27), denominator=Decimal(27))
    state("t_spent", "2024", number=Decimal(90_000_000), comparator="~<")
    state("t_spent", "2024-03", number=Decimal(5))
    state("t_online", "2024", number=Decimal("12.345"), comparator=">")
    state("t_trend", "2024", text="up")
    state("t_cameras", "2024", number=Decimal(0))
    state("t_since", "2024", text="2022-10-04")
    year = period_of("2024")
    made = template_of((ngu_kien.code, str(ngu_kien)), (year.key, year.label), figures.form_lines(ngu_kien, year))
    batch = preview(made)
    assert {row["key"]: row["verdict"] for row in batch.rows} == dict.fromkeys(
        ["t_people", "t_pair", "t_spent", "t_online", "t_trend", "t_cameras", "t_since"], "same"
    )
    page = openpyxl.load_workbook(io.BytesIO(made))["Số liệu"]
    assert page["B1"].value == ngu_kien.code
    keys = {row[0].value for row in page.iter_rows(min_row=5)}
    assert "t_people" in keys
    assert not {"villages", "t_team_share", "t_rank"} & keys


def test_a_formula_in_a_source_stays_text_in_the_form(state, ngu_kien):
    state("t_people", "2024", number=Decimal(1), source="=HYPERLINK(1)")
    year = period_of("2024")
    made = template_of(("1", "1"), (year.key, year.label), figures.form_lines(ngu_kien, year))
    page = openpyxl.load_workbook(io.BytesIO(made))["Số liệu"]
    assert all(cell.data_type != "f" for row in page.iter_rows() for cell in row)


def test_withdrawn_rows_of_a_file_do_not_come_back(preview, mai, hoa, ngu_kien):
    batch = apply_import(mai, preview(book(line("t_people", "5"))))
    withdraw_figure(mai, batch.declared.get(), reason="nhầm")
    with pytest.raises(Refused, match="không còn số liệu nào"):
        approve_import(hoa, batch)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400), st.integers(0, 6000), st.sampled_from(["a.xlsx", "a.csv"]))
@example(bytes(3) + b"\x08" + bytes(18) + b"\x12", 4, "a.xlsx")
def test_broken_bytes_are_refused_and_never_break_us(noise, where, name):
    good = book(line("t_people", "5"))
    for data in (noise, good[:where] + noise + good[where + len(noise) :]):
        with suppress(Refused):
            assert read_sheet(name, data).file == name

"""Reading and showing numbers as Vietnamese write them."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xaso.modules.figures.rules.given import Given, completed, fault, read_value
from xaso.modules.figures.rules.numbers import (
    Unreadable,
    read_comparator,
    read_number,
    show_money,
    show_number,
    write_number,
)
from xaso.modules.figures.rules.showing import shown
from xaso.modules.figures.rules.values import Value


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", "0"), ("14", "14"), ("1412", "1412"), ("1.412", "1412"), ("11.250", "11250"), ("625.200", "625200"),
        ("1.234.567", "1234567"), ("1 234 567", "1234567"), ("98,6", "98.6"), ("0,895", "0.895"), ("1.234,5", "1234.5"),
        (" 46 ", "46"), ("1.234,567", "1234.567"),
    ],
)  # fmt: skip
def test_is_read(text, number):
    assert read_number(text) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    ["", " ", "1,234.5", "98.6", "1.41", "12.34.567", "1,234,567", "-5", "một trăm", "1e5", "NaN", "٣٤", "1..000",
     "9" * 40, "1 2", "1.4 12", ",5", "5,", "1,234", "0x10", "½", "²"],
)  # fmt: skip
def test_is_refused_with_a_sentence(text):
    with pytest.raises(Unreadable) as refusal:
        read_number(text)
    assert len(str(refusal.value)) > 10


def test_a_decimal_point_is_told_how_to_write_it():
    with pytest.raises(Unreadable, match="dấu phẩy, ví dụ 98,6"):
        read_number("98.6")
    with pytest.raises(Unreadable, match="chấm tách nghìn, phẩy trước phần lẻ"):
        read_number("1,234.5")
    with pytest.raises(Unreadable, match="đọc được hai cách"):
        read_number("1,234")


@given(st.decimals(min_value=0, max_value=10**14, places=2))
def test_what_is_shown_is_read_back(number):
    assert read_number(show_number(number)) == number


@given(st.decimals(min_value=0, max_value=10**14, places=4))
def test_what_is_written_is_read_back_to_the_last_digit(number):
    assert read_number(write_number(number)) == number


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text):
    for value_type in ("percent", "ratio", "count", "money", "rank", "date", "yes_no", "label", "trend"):
        with suppress(Unreadable):
            said = completed(read_value(text, value_type, "hồ sơ"), value_type)
            assert fault(said, value_type, {}) or said.text or said.number is not None or said.denominator == 0


@pytest.mark.parametrize(
    ("text", "comparator", "rest"),
    [
        ("hơn 46 %", ">", "46 %"), ("Trên 46", ">", "46"), ("> 98", ">", "98"), ("≥60", ">=", "60"),
        ("ít nhất 60", ">=", "60"),
        ("gần 90 triệu", "~<", "90 triệu"), ("dưới 5", "<", "5"), ("không quá 10", "<=", "10"), ("14", "=", "14"),
    ],
)  # fmt: skip
def test_words_that_compare(text, comparator, rest):
    assert read_comparator(text) == (comparator, rest)


def test_about_is_no_comparator():
    with pytest.raises(Unreadable, match="khoảng"):
        read_comparator("khoảng 90")


@pytest.mark.parametrize(
    ("text", "value_type", "unit", "number", "comparator"),
    [
        ("hơn 46 %", "percent", "%", "46", ">"),
        ("98,6%", "percent", "%", "98.6", "="),
        ("gần 90 triệu đồng", "money", "đồng", "90000000", "~<"),
        ("hơn 134 tỷ", "money", "đồng", "134000000000", ">"),
        ("8,5 tỷ đồng", "money", "đồng", "8500000000", "="),
        ("90.000.000", "money", "đồng", "90000000", "="),
        ("hơn 1.400 hồ sơ", "count", "hồ sơ", "1400", ">"),
        ("có", "yes_no", "", "1", "="),
    ],
)
def test_values_with_words_and_units(text, value_type, unit, number, comparator):
    said = read_value(text, value_type, unit)
    assert (said.number, said.comparator) == (Decimal(number), comparator)


@pytest.mark.parametrize(
    ("text", "value_type", "unit"),
    [("90 triệu", "count", "hồ sơ"), ("5 %", "count", "hồ sơ"), ("5 đồng", "percent", "%"), ("9 vạn", "money", "đồng")],
)
def test_a_wrong_unit_is_refused(text, value_type, unit):
    with pytest.raises(Unreadable, match="không đúng"):
        read_value(text, value_type, unit)


def test_words():
    assert read_value("tăng", "trend").text == "up"
    assert read_value("Chủ tịch", "label", options={"head": "Chủ tịch"}).text == "head"
    assert read_value("04/10/2022", "date").text == "2022-10-04"
    assert read_value("4/2022", "date").text == "2022-04"
    ratio = read_value("14/14", "percent", "%")
    assert (ratio.numerator, ratio.denominator) == (14, 14)


@pytest.mark.parametrize(
    ("given", "value_type", "says"),
    [
        (Given(number=Decimal("14.5")), "count", "không phải là số nguyên"),
        (Given(number=Decimal(101)), "percent", "lớn hơn 100 %"),
        (Given(number=Decimal(-1)), "money", "không thể âm"),
        (Given(number=Decimal("Infinity")), "count", "không thể âm"),
        (Given(number=Decimal(10) ** 20), "count", "lớn quá mức"),
        (Given(numerator=Decimal(15), denominator=Decimal(14)), "ratio", "lớn hơn mẫu số"),
        (Given(numerator=Decimal(15)), "percent", "phải ghi cùng nhau"),
        (Given(), "count", "chưa có giá trị"),
        (Given(number=Decimal(0)), "rank", "bắt đầu từ 1"),
        (Given(number=Decimal(2)), "yes_no", "có hoặc không"),
        (Given(comparator=">", number=Decimal(1)), "yes_no", "không đi cùng"),
        (Given(comparator="?", number=Decimal(1)), "count", "không phải là cách so sánh"),
        (Given(text="sideways"), "trend", "tăng"),
        (Given(text="2022-13-01"), "date", "không phải là ngày"),
        (Given(text="x"), "label", "chọn một trong"),
        (Given(number=Decimal(98)), "ratio", "cả tử số và mẫu số"),
    ],
)
def test_what_is_wrong_is_said(given, value_type, says):
    assert says in fault(given, value_type, {"a": "A"} if value_type == "label" else {})


def test_a_share_is_calculated_from_its_parts():
    both = Given(numerator=Decimal(2), denominator=Decimal(3))
    assert completed(both, "percent").number == Decimal("66.6667")
    agreeing = Given(number=Decimal("66.7"), numerator=Decimal(2), denominator=Decimal(3))
    assert completed(agreeing, "percent").number == Decimal("66.6667")
    with pytest.raises(Unreadable, match="66,67 %, không phải 70 %"):
        completed(Given(number=Decimal(70), numerator=Decimal(2), denominator=Decimal(3)), "percent")


def value(value_type, number=None, **more):
    return Value("k", value_type, "26.", "2024", number=number and Decimal(number), origin="declared", **more)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (value("percent", "46", comparator=">"), "hơn 46 %"),
        (value("percent", "98.6"), "98,6 %"),
        (value("percent", "66.66666"), "66,67 %"),
        (value("ratio", "100", numerator=Decimal(14), denominator=Decimal(14)), "14/14"),
        (value("money", "90000000", comparator="~<"), "gần 90 triệu đồng"),
        (value("money", "134000000000", comparator=">"), "hơn 134 tỷ đồng"),
        (value("money", "1234567891"), "1.234.567.891 đồng"),
        (value("count", "11250"), "11.250"),
        (value("rank", "10", comparator="<="), "không quá 10"),
        (value("yes_no", "1"), "có"),
        (value("trend", text="up"), "tăng"),
        (value("date", text="2022-10-04"), "04/10/2022"),
        (value("date", text="2022-04"), "04/2022"),
        (Value("k", "count", "26.", "2024"), "chưa có số liệu"),
        (Value("k", "percent", "26.", "2024", text="không áp dụng"), "không áp dụng"),
    ],
)
def test_is_shown(given, says):
    assert shown(given) == says


def test_a_count_takes_its_unit():
    assert shown(value("count", "1400", comparator=">"), "hồ sơ") == "hơn 1.400 hồ sơ"
    assert show_money(Decimal(0)) == "0 đồng"

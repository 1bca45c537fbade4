"""How numbers, days, symbols, authority and lists are written."""

from datetime import date

import pytest

from xaso.modules.layouts import rules
from xaso.modules.layouts.definitions import kind_of


@pytest.mark.parametrize(
    ("kind", "agency", "unit", "symbol"),
    [
        ("quyet-dinh", "UBND", "VP", "QĐ-UBND"),
        ("quyet-dinh", "Ủy ban nhân dân xã Ngũ Kiên", "", "QĐ-UBND"),
        ("nghi-quyet", "Hội đồng nhân dân xã Ngũ Kiên", "", "NQ-HĐND"),
        ("cong-van", "Ủy ban nhân dân xã Ngũ Kiên", "VP", "UBND-VP"),
        ("cong-van", "UBND", "", "UBND"),
        ("bao-cao", "Phòng Văn hóa - Xã hội xã Ngũ Kiên", "", "BC-PVHXH"),
        ("sao-y", "UBND", "", "SY-UBND"),
    ],
)
def test_symbols(kind, agency, unit, symbol):
    assert rules.symbol_of(kind_of(kind), agency, unit) == symbol


@pytest.mark.parametrize(
    ("mode", "titles", "lines"),
    [
        ("TM", ["Ủy ban nhân dân"], ("TM. ỦY BAN NHÂN DÂN",)),
        ("KT", ["Chủ tịch"], ("KT. CHỦ TỊCH",)),
        ("KT", ["Ủy ban nhân dân", "Chủ tịch"], ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH")),
        ("TL.", ["Chủ tịch"], ("TL. CHỦ TỊCH",)),
        ("TUQ", ["Chủ tịch"], ("TUQ. CHỦ TỊCH",)),
        ("Q", ["Chủ tịch"], ("Q. CHỦ TỊCH",)),
        ("TM", [], ()),
    ],
)
def test_authority(mode, titles, lines):
    assert rules.authority_lines(mode, titles) == lines


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 2, 5), "ngày 05 tháng 02 năm 2026"),
        (date(2026, 3, 5), "ngày 05 tháng 3 năm 2026"),
        (date(2026, 12, 31), "ngày 31 tháng 12 năm 2026"),
    ],
)
def test_days(day, words):
    assert rules.dated_words(day) == words


def test_numbers_below_ten_have_a_zero():
    assert [rules.shown_number(one) for one in ("7", "07", "12", "", " 3 ")] == ["07", "07", "12", "", "03"]


def test_lists_end_as_they_must_and_say_where_it_is_kept():
    assert rules.recipient_lines(["- Như trên;", "Các thôn"], "Lưu: VT") == ("- Như trên;", "- Các thôn;", "- Lưu: VT.")
    assert rules.recipient_lines(["Lưu: VT, VP", "Như trên."], "Lưu: VT") == ("- Như trên;", "- Lưu: VT, VP.")
    assert rules.base_lines(["Căn cứ Luật A", " Căn cứ Luật B. ", " "]) == ("Căn cứ Luật A;", "Căn cứ Luật B.")


def test_a_long_name_stands_on_two_lines():
    assert rules.name_lines("Ủy ban nhân dân  xã Ngũ Kiên") == ("ỦY BAN NHÂN DÂN", "XÃ NGŨ KIÊN")
    assert rules.name_lines("") == ()


def test_an_annex_refers_to_its_document_even_before_it_has_a_number():
    line = rules.reference_line("Kế hoạch", "UBND xã", ("", "KH-UBND", None))
    assert line == "(Kèm theo Kế hoạch số ....../KH-UBND ngày ...... tháng ...... năm ......... của UBND xã)"

"""Typed text becomes blocks, and nothing typed is lost."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xaso.kit.errors import Refused
from xaso.modules.layouts.tests.samples import BASES, DECISION, LETTER, PLAN
from xaso.modules.layouts.typed import MAX_LETTERS, sheet_from

HEAD = {"kind": "quyet-dinh", "agency": "UBND xã"}


def styles(text):
    return [(one.style, one.label) for one in sheet_from(text, **HEAD).body]


def test_a_decision():
    sheet = sheet_from(BASES + "QUYẾT ĐỊNH:\n" + DECISION, **HEAD)
    assert len(sheet.bases) == 3
    assert [(one.style, one.label, one.is_title) for one in sheet.body] == [
        ("article", "Điều 1.", False), ("clause", "1.", False), ("clause", "2.", False), ("article", "Điều 2.", False),
        ("article", "Điều 3.", False),
    ]  # fmt: skip


def test_a_regulation_has_titles():
    text = (
        "Chương I\nQUY ĐỊNH CHUNG\nĐiều 1. Phạm vi điều chỉnh\nQuy chế này quy định …\nChương II. Tổ chức\nMục 1\nHỒ SƠ"
        "\nĐiều 2: Hồ sơ\n1. Gồm:\na) Đơn;\nđ) Giấy tờ."
    )
    assert styles(text) == [
        ("chapter", "Chương I"), ("article", "Điều 1."), ("paragraph", ""), ("chapter", "Chương II"),
        ("section", "Mục 1"), ("article", "Điều 2."), ("clause", "1."), ("point", "a)"), ("point", "đ)"),
    ]  # fmt: skip
    body = sheet_from(text, **HEAD).body
    assert [one.text for one in body if one.style in {"chapter", "section"}] == ["QUY ĐỊNH CHUNG", "Tổ chức", "HỒ SƠ"]
    assert [one.is_title for one in body if one.style == "article"] == [True, True]


def test_a_plan_with_annexes():
    sheet = sheet_from(PLAN, kind="ke-hoach", agency="UBND xã")
    assert [(one.label, one.title, one.is_landscape) for one in sheet.annexes] == [
        ("Phụ lục I", "DANH MỤC NHIỆM VỤ", False), ("Phụ lục II", "PHÂN BỔ KINH PHÍ THEO THÔN", True),
    ]  # fmt: skip
    assert sheet.annexes[0].body[0].rows[1] == (
        "1",
        "Lập điểm hỗ trợ dịch vụ công trực tuyến tại các thôn",
        "Văn phòng",
        "15/3/2026",
    )
    assert [one.label for one in sheet.body if one.style == "heading"] == ["I.", "II.", "III."]


def test_a_letter_that_carries_out_another_has_no_bases():
    assert sheet_from(LETTER, kind="cong-van", agency="UBND xã").bases == ()
    assert sheet_from("Căn cứ Luật A, UBND xã báo cáo.\nNội dung.", **HEAD).bases == ()
    assert sheet_from("Căn cứ Luật A.\nĐiều 1. B.", **HEAD).bases == ("Căn cứ Luật A.",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("\n \t \n", []),
        ("Mục 2 của Quyết định này được sửa.", [("paragraph", "")]),
        ("Phụ lục I", [("paragraph", "")]),  # nothing stands before it
        ("12. Hai", [("clause", "12.")]),
        ("2026. Một năm", [("paragraph", "")]),
        ("1.2.3. Ba", [("clause", "1.2.3.")]),
        ("a | b\n--- | ---\n1", [("table", ""), ("paragraph", "")]),
        ("một dấu |", [("paragraph", "")]),
        ("|", [("paragraph", "")]),
        ("ĐIỀU 1. A.", [("article", "Điều 1.")]),
        ("PHỤ LỤC CÁC BẢNG", [("paragraph", "")]),
    ],
)
def test_odd_lines(text, expected):
    assert styles(text) == expected


def test_other_spellings_of_the_same_letters_are_the_same():
    decomposed = unicodedata.normalize("NFD", BASES + DECISION)
    assert sheet_from(decomposed, **HEAD) == sheet_from(BASES + DECISION, **HEAD)
    spaced = DECISION.replace(" ", "\u00a0 \t").replace("\n", "\r\n")
    assert sheet_from(spaced, **HEAD).body == sheet_from(DECISION, **HEAD).body


def test_a_table_has_as_many_cells_in_every_row():
    rows = sheet_from("a | b | c\n1\t| 2\n| 3 | 4 | 5 | 6 |", **HEAD).body[0].rows
    assert {len(row) for row in rows} == {4}


def test_a_text_that_is_too_long_is_refused_and_a_long_one_is_read():
    with pytest.raises(Refused, match="quá dài"):
        sheet_from("a" * (MAX_LETTERS + 1), **HEAD)
    assert len(sheet_from("Dòng.\n" * 15_000, **HEAD).body) == 15_000


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.sampled_from("aĐđ1I.)|\n\t ều lục Phụ Chương Mục Điều Căn cứ;:"), max_size=300))
def test_no_letter_is_lost(text):
    sheet = sheet_from("Nội dung đầu.\n" + text, **HEAD)
    told = "".join(
        [*sheet.bases]
        + [one.label + one.text + "".join(c for row in one.rows for c in row) for one in sheet.body]
        + [
            a.label + a.title + "".join(b.label + b.text + "".join(c for r in b.rows for c in r) for b in a.body)
            for a in sheet.annexes
        ]
    )

    def letters(words):
        return sorted(c for c in unicodedata.normalize("NFC", words).lower() if c.isalnum())

    assert letters(told) == letters("Nội dung đầu.\n" + text)

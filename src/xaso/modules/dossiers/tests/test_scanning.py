"""What scanners type, one case a line."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xaso.modules.dossiers import scanning
from xaso.modules.dossiers.scanning import Card, is_personal_id, read_cccd, split_address

FULL = "026185001234|135672345|Nguyễn Thị Lan|08031985|Nữ|Thôn Đông, Ngũ Kiên, Vĩnh Tường, Vĩnh Phúc|15042021"
LAN = Card(
    "026185001234", "Nguyễn Thị Lan", date(1985, 3, 8), "female", "Thôn Đông, Ngũ Kiên, Vĩnh Tường, Vĩnh Phúc",
    "135672345", date(2021, 4, 15),
)  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        FULL,
        FULL + "\n",
        FULL + "\r\n",
        "\t" + FULL + "\t",
        FULL.replace("|", " | "),
        unicodedata.normalize("NFD", FULL),
    ],
)
def test_the_same_card_however_it_is_typed(text):
    assert read_cccd(text) == (LAN, "")


@pytest.mark.parametrize(
    ("text", "old_id", "sex", "issued_on"),
    [
        ("026080004321||Trần Văn Nam|01021980|Nam|Ngũ Kiên, Vĩnh Phúc|02032022", "", "male", date(2022, 3, 2)),
        ("026080004321|Trần Văn Nam|01021980|Nam|Ngũ Kiên, Vĩnh Phúc|02032022", "", "male", date(2022, 3, 2)),
        ("026080004321||Trần Văn Nam|01021980|NAM|Ngũ Kiên, Vĩnh Phúc", "", "male", None),
        ("026080004321||Trần Văn Nam|01021980|nữ|Ngũ Kiên|", "", "female", None),
        ("026080004321|123456789|Trần Văn Nam|01021980||Ngũ Kiên|99999999", "123456789", "", None),
    ],
)
def test_cards_that_leave_something_out(text, old_id, sex, issued_on):
    card, sentence = read_cccd(text)
    assert sentence == ""
    assert (card.full_name, card.personal_id) == ("Trần Văn Nam", "026080004321")
    assert (card.old_id, card.sex, card.issued_on) == (old_id, sex, issued_on)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", scanning.NOT_A_CARD),
        ("https://vidu.vn/qr", scanning.NOT_A_CARD),
        ("000201010212|38", scanning.NOT_A_CARD),
        (FULL + "|thừa", scanning.NOT_A_CARD),
        ("x" * 10_000, scanning.NOT_A_CARD),
        (FULL + "|" * 10_000, scanning.NOT_A_CARD),
        (FULL[1:], scanning.BAD_ID),
        ("٠٢٦١٨٥٠٠١٢٣٤" + FULL[12:], scanning.BAD_ID),
        (FULL.replace("Nguyễn Thị Lan", ""), scanning.BAD_NAME),
        (FULL.replace("Nguyễn Thị Lan", "12 34"), scanning.BAD_NAME),
        (FULL.replace("Nguyễn Thị Lan", "a" * 200), scanning.BAD_NAME),
        (FULL.replace("08031985", "31021985"), scanning.BAD_DAY),
        (FULL.replace("08031985", "1985"), scanning.BAD_DAY),
    ],
)
def test_a_bad_scan_is_answered_with_what_to_do(text, sentence):
    assert read_cccd(text) == (None, sentence)


@given(st.text(max_size=1500))
def test_no_text_breaks_it(text):
    card, sentence = read_cccd(text)
    assert (card is None) == bool(sentence)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", {}),
        ("Ngũ Kiên", {"line": "Ngũ Kiên"}),
        ("Ngũ Kiên, Vĩnh Phúc", {"commune": "Ngũ Kiên", "province": "Vĩnh Phúc"}),
        ("Thôn Đông, Ngũ Kiên, Phú Thọ", {"village": "Thôn Đông", "commune": "Ngũ Kiên", "province": "Phú Thọ"}),
        (
            "Thôn Đông, Ngũ Kiên, Vĩnh Tường, Vĩnh Phúc",
            {"village": "Thôn Đông", "commune": "Ngũ Kiên, Vĩnh Tường", "province": "Vĩnh Phúc"},
        ),
        (
            "Số 5, Thôn Đông, Ngũ Kiên, Phú Thọ",
            {"line": "Số 5", "village": "Thôn Đông", "commune": "Ngũ Kiên", "province": "Phú Thọ"},
        ),
        (
            "Số 5, Tổ 2, Ngũ Kiên, Vĩnh Tường, Vĩnh Phúc",
            {"line": "Số 5", "village": "Tổ 2", "commune": "Ngũ Kiên, Vĩnh Tường", "province": "Vĩnh Phúc"},
        ),
    ],
)
def test_an_address_in_the_parts_a_form_asks_for(text, parts):
    assert split_address(text) == parts


@pytest.mark.parametrize(("text", "answer"), [("026185001234", True), ("026 185 001 234\n", True), ("0261850", False)])
def test_a_number_typed_by_hand(text, answer):
    assert is_personal_id(text) is answer

"""Parts of a text against two other ways of counting: brute force over bytes, and smpplib."""

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smpplib.gsm import make_parts

from xaso.modules.sms.rules.segments import (
    ALPHABET,
    EXTENDED,
    GSM7,
    UCS2,
    octets,
    segments,
    spelled,
    split,
    without_marks,
)

VIETNAMESE = "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵđ"
KINDS = [
    "abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789 .,:;!?'\"()-/@$£¥§¿¡",
    "abc xyz 0123 {}[]~^|\\€",
    f"xin chào bà con {VIETNAMESE} 0123456789 .,:",
    "Đường số 5 😀🏠👨‍👩‍👧 𝐀 ngập nước",
    "ΔΦΓΛΩΠΨΣΘΞ ÆæßÉ ÄÖÑÜäöñüà ØøÅå",
]


def table(count=10_000):
    """Always the same strings: lengths around every limit, letters of every kind, composed and decomposed."""
    dice = random.Random(20261122)
    limits = [1, 2, 66, 67, 68, 69, 70, 71, 134, 135, 152, 153, 154, 159, 160, 161, 201, 306, 307, 459, 460]
    for number in range(count):
        letters = KINDS[number % len(KINDS)]
        length = max(1, dice.choice(limits) + dice.randint(-3, 3)) if number % 3 else dice.randint(1, 500)
        text = "".join(dice.choice(letters) for _ in range(length))
        yield unicodedata.normalize("NFD", text) if number % 7 == 0 else text


def by_brute_force(text):
    """(alphabet, units, parts), the long way: pack letter after letter and look whether it still fits."""
    text = unicodedata.normalize("NFC", text).strip()
    if not text:
        return "gsm7", 0, 0
    sizes = []
    for letter in text:
        if letter in ALPHABET and letter != "\x1b":
            sizes.append(1)
        elif letter in EXTENDED:
            sizes.append(2)
        else:
            sizes = None
            break
    name, single, each = ("gsm7", 160, 153) if sizes is not None else ("ucs2", 140, 134)
    if sizes is None:
        sizes = [len(letter.encode("utf-16-be")) for letter in text]
    units = sum(sizes) if name == "gsm7" else sum(sizes) // 2
    if sum(sizes) <= single:
        return name, units, 1
    room, parts = each, 1
    for size in sizes:
        if size > room:
            room, parts = each, parts + 1
        room -= size
    return name, units, parts


@pytest.mark.long
def test_ten_thousand_strings_are_counted_as_by_brute_force():
    wrong = []
    for text in table():
        found = segments(text)
        if (found.encoding, found.units, found.parts) != by_brute_force(text):
            wrong.append((text, found, by_brute_force(text)))
    assert not wrong[:3]


@pytest.mark.long
def test_smpplib_agrees_wherever_it_cannot_cut_a_letter_in_two():
    """Its cuts may fall between an escape and its letter; without those letters it must say what we say."""
    compared = 0
    for written in table(4000):
        text = segments(written).text
        if not text or "`" in text or "§" in text or any(c in EXTENDED or ord(c) > 0xFFFF for c in text):
            continue
        parts, coding, esm_class = make_parts(text)
        assert (len(parts), coding) == (segments(text).parts, 8 if segments(text).encoding == UCS2 else 0)
        bare = [part[6:] if esm_class else part for part in parts]
        assert bare == [octets(part, segments(text).encoding) for part in split(text)]
        compared += 1
    assert compared > 1500


@pytest.mark.parametrize(
    ("text", "encoding", "units", "parts"),
    [
        ("", GSM7, 0, 0),
        ("a" * 160, GSM7, 160, 1),
        ("a" * 161, GSM7, 161, 2),
        ("a" * 306, GSM7, 306, 2),
        ("a" * 307, GSM7, 307, 3),
        ("€" * 80, GSM7, 160, 1),
        ("€" * 81, GSM7, 162, 2),
        ("a" * 152 + "€" + "a" * 10, GSM7, 164, 2),
        ("ạ" * 70, UCS2, 70, 1),
        ("ạ" * 71, UCS2, 71, 2),
        ("ạ" * 134, UCS2, 134, 2),
        ("ạ" * 135, UCS2, 135, 3),
        ("à" * 160, GSM7, 160, 1),
        ("😀" * 35, UCS2, 70, 1),
        ("😀" * 36, UCS2, 72, 2),
        ("ạ" * 66 + "😀" + "ạ" * 66, UCS2, 134, 3),
        ("a\r\nb", GSM7, 3, 1),
        (unicodedata.normalize("NFD", "ậ" * 70), UCS2, 70, 1),
    ],
)
def test_the_limits(text, encoding, units, parts):
    found = segments(text)
    assert (found.encoding, found.units, found.parts) == (encoding, units, parts)


@given(st.text(max_size=700))
def test_no_letter_is_cut_lost_or_changed(text):
    found = segments(text)
    if not found.text:
        return
    parts = split(found.text)
    assert "".join(parts) == found.text
    single, each = (160, 153) if found.encoding == GSM7 else (140, 134)
    for part in parts:
        data = octets(part, found.encoding)
        assert len(data) <= (single if len(parts) == 1 else each)
        assert not data.endswith(b"\x1b") or found.encoding == UCS2
        assert spelled(octets(part, found.encoding), found.encoding) == part


def test_without_marks_fits_the_cheap_alphabet():
    text = "Ngày 23/11 – “họp thôn” tại Nhà văn hoá… Đường Nguyễn Trãi • 50.000₫ 😀"
    bare = without_marks(text)
    assert bare == 'Ngay 23/11 - "hop thon" tai Nha van hoa... Duong Nguyen Trai - 50.000d'
    assert segments(bare).encoding == GSM7
    assert segments(without_marks(VIETNAMESE + VIETNAMESE.upper())).encoding == GSM7


def test_room_left_is_told():
    assert segments("a" * 150).room == 10
    assert segments("a" * 161).room == 145
